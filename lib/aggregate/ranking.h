/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting as far as anybody asks: the first of many come soon. */
#ifndef FLE_AGGREGATE_RANKING_H
#define FLE_AGGREGATE_RANKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

/*
 * A group to sort: what decides most often lies here, and not in the group. A greater rank comes
 * before a smaller one, and of equal ranks a smaller hint before a greater one.
 */
typedef struct fle_ranked {
    uint64_t rank;
    uint32_t number, hint;
} fle_ranked;

#define FLE_ORDER_PIVOTS 96
#define FLE_ORDER_FINE 6 /* bits of a rank that its bin goes by, behind the highest one */
#define FLE_ORDER_BINS ((65U << FLE_ORDER_FINE) + 1)

typedef struct fle_order {
    fle_ranked *items;
    size_t n, capacity, at;
    size_t sorted;                   /* those before are where they belong */
    uint32_t ends[FLE_ORDER_BINS];   /* of many: where ranks of each size end */
    size_t bin, n_bins;              /* the first that isn't over; 0: there are none */
    size_t pivots[FLE_ORDER_PIVOTS]; /* of items that are where they belong; the nearest last */
    size_t n_pivots;
    uint64_t draw;
    /* Does a group come before another of the same rank and hint? Of two that differ, one does. */
    bool (*comes_before)(const void *ctx, const fle_ranked *a, const fle_ranked *b);
    /* These few are next, in some order: let memory come that telling them takes. May be NULL. */
    void (*expect)(const void *ctx, const fle_ranked *items, size_t n);
    size_t expected; /* so many were */
    const void *ctx;
} fle_order;

/* Begin with no items; 'seed' keeps those who choose the input from slowing it down. */
void fle_order_begin(fle_order *order, uint64_t seed);

/* Fewer than 2^32. False if memory ran out. */
bool fle_order_add(fle_order *order, const fle_allocator *allocator, fle_ranked item);

/* The next item, in order; NULL: there are no more. It is the next again until it is passed. */
const fle_ranked *fle_order_next(fle_order *order);
static inline void fle_order_pass(fle_order *order)
{
    order->at++;
}

#endif
