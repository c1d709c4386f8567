/* SPDX-License-Identifier: Apache-2.0 */
/* Interfaces to facts, in whichever document they are: their addresses, and whose they are. */
#ifndef FLE_CATALOG_INTERFACE_ITEMS_H
#define FLE_CATALOG_INTERFACE_ITEMS_H

#include "catalog/loader.h"

/* Sets of an interface, and to what it is attached. */
void fle_add_interface(fle_loader *l, const fle_json *item, fle_thing s);

/* Those of an instance, of a NAT gateway, and of an elastic address. */
void fle_add_instance(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_nat_gateway(fle_loader *l, const fle_json *item, fle_thing s);
void fle_add_elastic(fle_loader *l, const fle_json *item, fle_thing s);

#endif
