/* SPDX-License-Identifier: Apache-2.0 */
/* Route tables and prefix lists, to facts. */
#ifndef FLE_CATALOG_DESTINATIONS_H
#define FLE_CATALOG_DESTINATIONS_H

#include "catalog/loader.h"

/* A route of a table, as documents or events have it. */
void fle_add_route(fle_loader *l, const fle_json *route, fle_thing s);

void fle_add_route_table(fle_loader *l, const fle_json *item, fle_thing s);

/* Whose table an association is about, a subnet's or a VPC's main one; it never changes. */
void fle_add_route_association(fle_loader *l, flowenrich_text id, fle_thing of);

/* One that is Amazon's own may be listed with its blocks. */
void fle_add_prefix_list(fle_loader *l, const fle_json *item, fle_thing s);

/* The entries of one prefix list, whose id only a collector may have written beside them. */
bool fle_is_entries(const fle_json *page);
void fle_add_entries(fle_loader *l, const fle_json *page);

#endif
