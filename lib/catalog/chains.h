/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of numbers, each list by a number, in memory that grows. */
#ifndef FLE_CATALOG_CHAINS_H
#define FLE_CATALOG_CHAINS_H

#include "base/alloc.h"

typedef struct fle_chained {
    uint32_t item, kind;
    uint32_t next; /* its index and 1; 0 if it is the last */
} fle_chained;

typedef struct fle_chains {
    const fle_allocator *allocator;
    uint32_t *heads; /* by the number of a list, as 'next' */
    size_t n_heads, heads_capacity;
    fle_chained *items;
    size_t n, capacity;
} fle_chains;

void fle_chains_init(fle_chains *chains, const fle_allocator *allocator);
void fle_chains_free(fle_chains *chains);

/* Put it first, unless it is first already. False if memory ran out. */
bool fle_chains_add(fle_chains *chains, uint32_t list, uint32_t kind, uint32_t item);

/* The first of a list, and the one behind another; NULL if there is none. */
const fle_chained *fle_chains_first(const fle_chains *chains, uint32_t list);
const fle_chained *fle_chains_next(const fle_chains *chains, const fle_chained *item);

#endif
