/* SPDX-License-Identifier: Apache-2.0 */
/* Hash tables that lie in an image: numbers of items, by the hash of what those are found by. */
#ifndef FLE_CATALOG_SLOTS_H
#define FLE_CATALOG_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

/* The number counts from 1; 0 is an empty slot. */
typedef struct fle_slot {
    uint32_t hash, number;
} fle_slot;

/* Open addressing; at most half of them are taken. */
typedef struct fle_slots {
    fle_slot *items;
    size_t n; /* 0, or a power of two */
} fle_slots;

/* Room for 'n' items. False if memory ran out. */
bool fle_slots_init(fle_slots *slots, size_t n, fle_arena *arena);

void fle_slots_add(const fle_slots *slots, uint32_t hash, uint32_t index);

/*
 * Goes through the items that may have a hash. Ends in any case: an image may have no
 * empty slot.
 */
typedef struct fle_probe {
    const fle_slots *slots;
    uint32_t hash;
    size_t at, left;
} fle_probe;

static inline fle_probe fle_probe_begin(const fle_slots *slots, uint32_t hash)
{
    const fle_probe probe = { slots, hash, hash, slots->n };

    return probe;
}

/* The index of the next one; false if there is none. */
static inline bool fle_probe_next(fle_probe *probe, uint32_t *index)
{
    for (; probe->left > 0; probe->left--) {
        const fle_slot *slot = &probe->slots->items[probe->at++ & (probe->slots->n - 1)];

        if (slot->number == 0)
            return false;
        if (slot->hash == probe->hash) {
            probe->left--;
            *index = slot->number - 1;
            return true;
        }
    }
    return false;
}

#endif
