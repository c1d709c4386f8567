/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers by hashes: open addressing, in which those of one hash keep their order. */
#ifndef FLE_PAIR_INDEX_H
#define FLE_PAIR_INDEX_H

#include "base/alloc.h"
#include "pair/slab.h"

typedef struct fle_indexed {
    uint32_t hash, number; /* FLE_NONE: empty */
} fle_indexed;

typedef struct fle_index {
    const fle_allocator *allocator;
    fle_indexed *slots;
    size_t n_slots, n; /* a power of two; numbers in it */
} fle_index;

/* False if memory ran out; free it in any case. */
bool fle_index_init(fle_index *index, const fle_allocator *allocator);
void fle_index_free(fle_index *index);

static inline size_t fle_index_bytes(const fle_index *index)
{
    return index->n_slots * sizeof *index->slots;
}

/* Have room for one more. False if memory ran out. */
bool fle_index_reserve(fle_index *index);

/* There is room for it. */
void fle_index_add(fle_index *index, uint32_t hash, uint32_t number);
void fle_index_drop(fle_index *index, uint32_t hash, uint32_t number);

/* Where a search for a hash begins. */
static inline size_t fle_index_begin(const fle_index *index, uint32_t hash)
{
    return hash & (index->n_slots - 1);
}

/* The next number of a hash from a place on, which is moved behind it; FLE_NONE after the last. */
static inline uint32_t fle_index_next(const fle_index *index, uint32_t hash, size_t *at)
{
    for (;;) {
        const fle_indexed slot = index->slots[*at];

        if (slot.number == FLE_NONE)
            return FLE_NONE;
        *at = (*at + 1) & (index->n_slots - 1);
        if (slot.hash == hash)
            return slot.number;
    }
}

#endif
