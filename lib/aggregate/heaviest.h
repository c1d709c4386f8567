/* SPDX-License-Identifier: Apache-2.0 */
/* Which values weigh most: as many as fit, and a proof of how far each may be off. */
#ifndef FLE_AGGREGATE_HEAVIEST_H
#define FLE_AGGREGATE_HEAVIEST_H

#include "base/text.h"

/*
 * After Misra and Gries, with exact sums: at most 2 m values are kept. When one more comes, those
 * go whose weight and error are not among the m greatest, and 'floor' rises to the greatest that
 * goes: no value that isn't kept weighs more. A value that comes (again) has the floor as its
 * error, for what of it may have gone.
 *
 * So what a value weighs is at least its 'weight' and at most 'weight' + 'error'. As each rise of
 * the floor takes as much from m + 1 values, floor * (m + 1) <= all that was added: each value that
 * weighs more than an m-th of all is kept. The weights kept and 'other' add up to all, exactly.
 * While the floor is 0 nothing has gone, and parts merge to the same bytes in any order.
 *
 * What is taken back weighs less than nothing: a value whose weight is below 0 is kept until what
 * was taken back comes, and one that weighs 0 isn't kept. Once values have gone, the bounds hold if
 * nothing is taken back before it came.
 *
 * All zero is empty. 'm' is the same in all calls for one, and for those merged with it.
 */
typedef struct fle_heavy {
    int64_t weight; /* cut off at 2^63 - 1, on either side of 0 */
    uint64_t error;
    uint32_t at, len; /* the value, among 'values' */
} fle_heavy;

typedef struct fle_heaviest {
    fle_heavy *items; /* in the order of their values */
    char *values;
    size_t n, capacity;
    size_t values_len, values_capacity;
    uint64_t floor;
    int64_t other;
} fle_heaviest;

/* Enough that the k heaviest are told well unless weights are nearly even. */
static inline size_t fle_heaviest_m(size_t k)
{
    return 8 * k;
}

/* The value weighs so much more, or less. False if memory ran out; all is then as it was. */
bool fle_heaviest_add(fle_heaviest *heaviest, const fle_allocator *allocator, size_t m,
                      flowenrich_text value, int64_t weight);

/* False if memory ran out; 'into' is then as it was. */
bool fle_heaviest_merge(fle_heaviest *into, const fle_heaviest *from,
                        const fle_allocator *allocator, size_t m);

/*
 * Fill in the numbers of the heaviest items that weigh something, most weight first, then in the
 * order of values. Returns how many: k, or fewer.
 */
size_t fle_heaviest_top(const fle_heaviest *heaviest, uint32_t *out, size_t k);
flowenrich_text fle_heaviest_value(const fle_heaviest *heaviest, size_t i);

/* What it holds of memory, itself not included. */
size_t fle_heaviest_bytes(const fle_heaviest *heaviest);
void fle_heaviest_free(fle_heaviest *heaviest, const fle_allocator *allocator);

/* Equal ones are equal bytes. */
void fle_heaviest_save(const fle_heaviest *heaviest, fle_buffer *out);
/* Take one off the front, over an empty one, which stays empty after ERR_CORRUPT or ERR_NOMEM. */
flowenrich_status fle_heaviest_load(fle_heaviest *heaviest, const fle_allocator *allocator,
                                    size_t m, flowenrich_text *from);

#endif
