/* SPDX-License-Identifier: Apache-2.0 */
/* Where a VPC's packets go by their destination, over time. */
#ifndef FLE_CATALOG_ROUTES_H
#define FLE_CATALOG_ROUTES_H

#include "catalog/spaces.h"

/*
 * Does any table of a space lead an address into another one, by something that joins them?
 * Yes also where the tables aren't known.
 */
bool fle_routes_lead(const fle_spaces *spaces, uint32_t from, uint32_t to,
                     const fle_address *address, fle_span when);

#endif
