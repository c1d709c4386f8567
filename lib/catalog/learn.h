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

/* Records that were learned from, and that there was no room for. */
uint64_t fle_learned_records(const fle_learned *learned);
uint64_t fle_learned_dropped(const fle_learned *learned);

#endif
