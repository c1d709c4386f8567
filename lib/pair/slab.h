/* SPDX-License-Identifier: Apache-2.0 */
/* Many entries of one size, known by numbers: they never move, and freed ones are used again. */
#ifndef FLE_PAIR_SLAB_H
#define FLE_PAIR_SLAB_H

#include <stdint.h>

#include "base/alloc.h"

#define FLE_NONE 0u /* no entry has this number */

#define FLE_SLAB_BITS 10
#define FLE_SLAB_MASK ((1u << FLE_SLAB_BITS) - 1)

typedef struct fle_slab {
    const fle_allocator *allocator;
    size_t width;
    void **blocks; /* of 1 << FLE_SLAB_BITS entries; each begins with a cache line */
    size_t n_blocks, capacity;
    uint32_t next; /* the first number that was never given out */
    uint32_t free; /* a chain of those that were given back */
    size_t taken;
} fle_slab;

/* 'width' is at least that of a uint32_t. */
void fle_slab_init(fle_slab *slab, const fle_allocator *allocator, size_t width);
void fle_slab_free(fle_slab *slab);

/* The number of an entry, which holds any bytes; FLE_NONE if memory ran out. */
uint32_t fle_slab_take(fle_slab *slab);
void fle_slab_give(fle_slab *slab, uint32_t number);

/* Bytes held, of all entries. */
size_t fle_slab_bytes(const fle_slab *slab);

/* An entry. 'width' is the slab's, said by the caller so that it is a constant. */
static inline void *fle_slab_at(const fle_slab *slab, uint32_t number, size_t width)
{
    return (char *)slab->blocks[number >> FLE_SLAB_BITS] + (number & FLE_SLAB_MASK) * width;
}

#endif
