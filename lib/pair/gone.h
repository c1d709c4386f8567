/* SPDX-License-Identifier: Apache-2.0 */
/* What had to be let go of: tuples, and the time of which their bytes were told. */
#ifndef FLE_PAIR_GONE_H
#define FLE_PAIR_GONE_H

#include "base/alloc.h"
#include "pair/notice.h"

/* One tuple, by a hash without a seed: what is forgotten may not depend on it. */
typedef struct fle_gone_one {
    uint64_t print;
    uint32_t begin, end; /* end 0: nobody */
} fle_gone_one;

/*
 * A conversation that gave way may have other observers, whose records of the same time are
 * still to come. A cache with places for four tuples of one hash, of which the one that ended
 * first gives way; it takes no memory before something has to go.
 */
typedef struct fle_gone {
    const fle_allocator *allocator;
    fle_gone_one *items;
    size_t n, most; /* powers of two; n is 0 before the first */
} fle_gone;

/* 'max_bytes' is what they may take, at least a few KiB. */
void fle_gone_init(fle_gone *gone, const fle_allocator *allocator, size_t max_bytes);
void fle_gone_free(fle_gone *gone);

static inline size_t fle_gone_bytes(const fle_gone *gone)
{
    return gone->n * sizeof *gone->items;
}

/* Note a tuple that was told of some time. False if memory ran out. */
bool fle_gone_note(fle_gone *gone, const fle_key *key, uint32_t begin, uint32_t end);

/* Were bytes of some of that record's time told? */
bool fle_gone_has(const fle_gone *gone, const fle_notice *notice);

#endif
