/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that change networks: what leads where, which blocks a VPC has, and its peerings. */
#ifndef FLE_CATALOG_NETWORK_CALLS_H
#define FLE_CATALOG_NETWORK_CALLS_H

#include "catalog/calls.h"

/* Add what a call changed. False if it is none of these. */
bool fle_network_call_load(fle_loader *l, flowenrich_text name, const fle_call *call);

#endif
