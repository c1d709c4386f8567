/* SPDX-License-Identifier: Apache-2.0 */
/* Calls about elastic addresses, NAT gateways and endpoints, to facts. */
#ifndef FLE_CATALOG_GATEWAY_CALLS_H
#define FLE_CATALOG_GATEWAY_CALLS_H

#include "catalog/calls.h"

/* Add what a call changed. False if it is none of these. */
bool fle_gateway_call_load(fle_loader *l, flowenrich_text name, const fle_call *call);

#endif
