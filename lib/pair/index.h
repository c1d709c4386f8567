/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers by hashes: open addressing, in which those of one hash keep their order. */
#ifndef FLE_PAIR_INDEX_H
#define FLE_PAIR_INDEX_H

#include "base/alloc.h"
#include "base/prefetch.h"
#include "pair/slab.h"

typedef struct fle_indexed {
    uint32_t hash, number; /* FLE_NONE: empty */
} fle_indexed;

typedef struct fle_index {
    const fle_allocator *allocator;
    fle_indexed *slots;
    size_t n_slots, n; /* numbers in it */
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

/* Where a search for a hash begins: at the same share of all slots as it is of all hashes. */
static inline size_t fle_index_begin(const fle_index *index, uint32_t hash)
{
    return (size_t)((uint64_t)hash * index->n_slots >> 32);
}

static inline size_t fle_index_after(const fle_index *index, size_t at)
{
    return at + 1 < index->n_slots ? at + 1 : 0;
}

/* Have the memory come in which a search for a hash begins. */
static inline void fle_index_expect(const fle_index *index, uint32_t hash)
{
    fle_prefetch(&index->slots[fle_index_begin(index, hash)], sizeof *index->slots);
}

/* The next number of a hash from a place on, which is moved behind it; FLE_NONE after the last. */
static inline uint32_t fle_index_next(const fle_index *index, uint32_t hash, size_t *at)
{
    for (;;) {
        const fle_indexed slot = index->slots[*at];

        if (slot.number == FLE_NONE)
            return FLE_NONE;
        *at = fle_index_after(index, *at);
        if (slot.hash == hash)
            return slot.number;
    }
}

#endif
