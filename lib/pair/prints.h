/* SPDX-License-Identifier: Apache-2.0 */
/* What was counted on both sides of NAT gateways: by how many, and by whom if it is only one. */
#ifndef FLE_PAIR_PRINTS_H
#define FLE_PAIR_PRINTS_H

#include <stdint.h>

#include "base/alloc.h"

typedef enum fle_bank { FLE_INSIDE, FLE_OUTSIDE, FLE_N_BANKS } fle_bank;

/* The sum of one number is that number: so a thousand alike take no more than one. */
typedef struct fle_print {
    uint64_t of;
    uint32_t n[FLE_N_BANKS];
    uint32_t sum[FLE_N_BANKS];
} fle_print;

typedef struct fle_prints {
    const fle_allocator *allocator;
    fle_print *slots; /* open addressing; none before the first */
    size_t n_slots, n;
} fle_prints;

static inline void fle_prints_init(fle_prints *prints, const fle_allocator *allocator)
{
    *prints = (fle_prints){ .allocator = allocator };
}

void fle_prints_free(fle_prints *prints);
void fle_prints_clear(fle_prints *prints);

static inline size_t fle_prints_bytes(const fle_prints *prints)
{
    return prints->n_slots * sizeof *prints->slots;
}

/* Add a number to those of a print, which is a hash. False if memory ran out. */
bool fle_prints_add(fle_prints *prints, uint64_t of, fle_bank bank, uint32_t number);

/* Take out a number that was added. */
void fle_prints_drop(fle_prints *prints, uint64_t of, fle_bank bank, uint32_t number);

/* NULL if nobody has that print. */
const fle_print *fle_prints_find(const fle_prints *prints, uint64_t of);

#endif
