/* SPDX-License-Identifier: Apache-2.0 */
/* How many different values there were: a HyperLogLog, exact while they are few. */
#ifndef FLE_AGGREGATE_DISTINCT_H
#define FLE_AGGREGATE_DISTINCT_H

#include "base/text.h"

/*
 * Up to FLE_DISTINCT_FEW values each takes 4 bytes, and the count is exact unless two share the
 * first 26 bits of their hashes: of n values n^2 / 2^27 do, of 768 those of one set in 228. Beyond,
 * 4096 registers tell it with a standard error of 1.04 / sqrt(4096) = 1.6 %, in 4 KiB.
 *
 * What is kept depends on nothing but the set of values: not on their order, on how
 * often each came, or on which machine each was added. All zero is the empty set.
 */
#define FLE_DISTINCT_FEW 768

typedef struct fle_distinct {
    void *data; /* entries in ascending order, or registers */
    uint16_t n, capacity;
    bool is_dense;
} fle_distinct;

/*
 * The hash of a value, the same on every machine and not seeded, so that states merge. Whoever
 * may choose values can thus mislead a count, of their own group, though not take memory or time.
 */
uint64_t fle_distinct_hash(const void *data, size_t len);

/* False if memory ran out; the set is then as it was. */
bool fle_distinct_add(fle_distinct *set, const fle_allocator *allocator, uint64_t hash);
/* False if memory ran out; a part may have been merged. */
bool fle_distinct_merge(fle_distinct *into, const fle_distinct *from,
                        const fle_allocator *allocator);
uint64_t fle_distinct_count(const fle_distinct *set);

/* What it holds of memory, itself not included. */
size_t fle_distinct_bytes(const fle_distinct *set);
void fle_distinct_free(fle_distinct *set, const fle_allocator *allocator);

/* Equal sets are equal bytes. */
void fle_distinct_save(const fle_distinct *set, fle_buffer *out);
/* Take a set off the front, over an empty one, which stays empty after ERR_CORRUPT or ERR_NOMEM. */
flowenrich_status fle_distinct_load(fle_distinct *set, const fle_allocator *allocator,
                                    flowenrich_text *from);

#endif
