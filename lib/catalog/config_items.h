/* SPDX-License-Identifier: Apache-2.0 */
/* Items of AWS Config: each one resource as it was, at its own time. */
#ifndef FLE_CATALOG_CONFIG_ITEMS_H
#define FLE_CATALOG_CONFIG_ITEMS_H

#include "catalog/loader.h"

/* Is it an item, whatever it is of? */
bool fle_is_config_item(const fle_json *object);

/* The items in a snapshot or a history; NULL if it is neither. */
const fle_json *fle_config_items(const fle_json *page);

/*
 * Add what an item says, if it is of a resource that documents are read of. One
 * without a time, or that can't be read, is skipped. The loader's time is the
 * item's afterwards. What it needs meanwhile lies in 'arena'.
 */
void fle_config_item_load(fle_loader *l, const fle_json *item, fle_arena *arena);

#endif
