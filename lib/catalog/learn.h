/* SPDX-License-Identifier: Apache-2.0 */
/* What flow records teach. */
#ifndef FLE_CATALOG_LEARN_H
#define FLE_CATALOG_LEARN_H

#include "record/batch.h"
#include "record/mirrors.h"
#include "record/sightings.h"

/* Snapshots share the mirrors: a catalog that goes on learning then makes a copy first. */
typedef struct fle_learned {
    const fle_allocator *allocator;
    uint64_t hash_seed, max_bytes;
    fle_mirrors *mirrors; /* NULL before the first record */
    fle_sightings sightings;
} fle_learned;

/* 'max_bytes' may be 0: the default. */
void fle_learned_init(fle_learned *learned, const fle_allocator *allocator, uint64_t hash_seed,
                      uint64_t max_bytes);
void fle_learned_free(fle_learned *learned);

/* False if memory ran out: some of the records may be in. */
bool fle_learn(fle_learned *learned, const flowenrich_batch *records);

/* Add what was learned elsewhere, which is spent. False if memory ran out: nothing was added. */
bool fle_learned_merge(fle_learned *learned, fle_learned *other);

/*
 * What of it is needed for records that end at a time or later, and none that proofs about
 * these need, in '*out'. False if memory ran out; free it in any case.
 */
bool fle_learned_since(fle_learned *out, const fle_learned *learned, flowenrich_time since);

/* From what fle_mirrors_pack() and fle_sightings_pack() wrote. As fle_mirrors_unpack(). */
bool fle_learned_unpack(fle_learned *out, flowenrich_text mirrors, flowenrich_text sightings,
                        bool *corrupt);

/* Records that were learned from, and that there was no room for. */
uint64_t fle_learned_records(const fle_learned *learned);
uint64_t fle_learned_dropped(const fle_learned *learned);

#endif
