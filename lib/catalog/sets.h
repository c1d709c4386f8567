/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of numbers, in the order in which they were added. */
#ifndef FLE_CATALOG_SETS_H
#define FLE_CATALOG_SETS_H

#include "catalog/slots.h"

/* Once memory ran out 'failed' stays set. */
typedef struct fle_set {
    fle_arena *arena;
    uint64_t *items;
    size_t n, capacity;
    fle_slots slots;
    bool failed;
} fle_set;

void fle_set_init(fle_set *set, fle_arena *arena);

/* The index of a number; SIZE_MAX if it isn't there. */
size_t fle_set_find(const fle_set *set, uint64_t number);

/* True if it wasn't there yet, and is now. */
bool fle_set_add(fle_set *set, uint64_t number);

static inline bool fle_set_has(const fle_set *set, uint64_t number)
{
    return fle_set_find(set, number) != SIZE_MAX;
}

#endif
