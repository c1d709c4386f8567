/* SPDX-License-Identifier: Apache-2.0 */
/* How large values were: a histogram of u64 whose quantiles are right within 1 / 128. */
#ifndef FLE_AGGREGATE_QUANTILES_H
#define FLE_AGGREGATE_QUANTILES_H

#include "base/text.h"

/*
 * The buckets are the same everywhere: one for each value below 128, then 64 for each power of
 * two. So a value is known exactly or within 0.8 % (1 / 128), and states merge by adding counts.
 * Only buckets that hold something take memory: 8 bytes each, 30 KB if all 3776 do. What is kept
 * depends on nothing but the values and how often each came. All zero is the empty histogram.
 */
typedef struct fle_quantiles {
    uint64_t *buckets; /* in ascending order: a bucket's number, and how many values it has */
    uint16_t n, capacity;
} fle_quantiles;

/* The value came 'times' more times. False if memory ran out; all is then as it was. */
bool fle_quantiles_add(fle_quantiles *quantiles, const fle_allocator *allocator, uint64_t value,
                       uint64_t times);
/* False if memory ran out; a part may have been merged. */
bool fle_quantiles_merge(fle_quantiles *into, const fle_quantiles *from,
                         const fle_allocator *allocator);

/*
 * The least value that so many of 1000 values don't exceed (500: the median), as the middle of
 * its bucket. False if there are no values.
 */
bool fle_quantiles_at(const fle_quantiles *quantiles, uint32_t per_mille, uint64_t *out);

/* What it holds of memory, itself not included. */
size_t fle_quantiles_bytes(const fle_quantiles *quantiles);
void fle_quantiles_free(fle_quantiles *quantiles, const fle_allocator *allocator);

/* Equal histograms are equal bytes. */
void fle_quantiles_save(const fle_quantiles *quantiles, fle_buffer *out);
/* Take one off the front, over an empty one, which stays empty after ERR_CORRUPT or ERR_NOMEM. */
flowenrich_status fle_quantiles_load(fle_quantiles *quantiles, const fle_allocator *allocator,
                                     flowenrich_text *from);

#endif
