/* SPDX-License-Identifier: Apache-2.0 */
/* The catalog of an instance: read from files, and again when they change. */
#ifndef PLUGIN_INVENTORY_H
#define PLUGIN_INVENTORY_H

#include "settings.h"

/* Reads files in a thread of its own, while the flow goes on with what was read before. */
typedef struct inventory inventory;

/*
 * Read the catalog that the settings name, and look after it from then on. They must outlive it.
 *
 * `*out` is NULL if there is none. False: `why` has a sentence.
 */
bool inventory_new(inventory **out, const settings *s, uint64_t hash_seed, char why[SENTENCE]);

/* What was read since the last call, a reference of the caller's; NULL: nothing. */
flowenrich_snapshot *inventory_take(inventory *i);

/* Waits for what is being read. */
void inventory_free(inventory *i);

#endif
