/* SPDX-License-Identifier: Apache-2.0 */
/* Records that come again, in another object or the same: copies, of which only one counts. */
#ifndef FLE_PAIR_COPIES_H
#define FLE_PAIR_COPIES_H

#include "pair/notice.h"

/* A record that was read. */
typedef struct fle_copied {
    uint64_t print;  /* seeded hash of all it says: nobody can make two look alike */
    uint32_t object; /* 0 = an empty place */
    uint32_t line;   /* of the object */
} fle_copied;

typedef struct fle_copied_table {
    fle_copied *records;
    size_t n_slots, n; /* a power of two, or 0 */
} fle_copied_table;

/*
 * Those that were read lately. Once there are as many young ones as may be, they become the
 * old ones, which are forgotten: that depends on how many came, and on no hash.
 */
typedef struct fle_copies {
    const fle_allocator *allocator;
    uint64_t hash_seed;
    size_t most_slots; /* of one table */
    fle_copied_table young, old;
} fle_copies;

/* 'max_bytes' is what it may take, at least 32 KiB. False if memory ran out. */
bool fle_copies_init(fle_copies *copies, const fle_allocator *allocator, uint64_t hash_seed,
                     size_t max_bytes);
void fle_copies_free(fle_copies *copies);
size_t fle_copies_bytes(const fle_copies *copies);

/* What a record is known by. */
fle_copied fle_copies_name(const fle_copies *copies, const fle_notice *notice);

/* Have the memory come that looking for it needs. */
void fle_copies_expect(const fle_copies *copies, const fle_copied *record);

/*
 * Did another object have that very record, or this one on the same line? If not, it is
 * remembered. Within one object two that are equal are two flows. Without an object nothing is
 * known.
 */
bool fle_copies_have(fle_copies *copies, const fle_copied *record);

#endif
