/* SPDX-License-Identifier: Apache-2.0 */
/* The items of AWS's documents to facts. */
#ifndef FLE_CATALOG_ITEMS_H
#define FLE_CATALOG_ITEMS_H

#include "catalog/loader.h"

/* The key of a kind of listing, "NetworkInterfaces"; NULL past the last. */
const char *fle_listing_key(size_t index);

/* Add the facts of all items under that key. What it must be, "a list", if it isn't; else NULL. */
const char *fle_listing_load(fle_loader *l, size_t index, const fle_json *value);

/* The same by the key; "Instances" too, which no document begins with. */
void fle_listing_load_key(fle_loader *l, const char *key, const fle_json *list);

#endif
