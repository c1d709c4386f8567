/* SPDX-License-Identifier: Apache-2.0 */
/* What flow records teach. */
#include "catalog/learn.h"

#include "record/testimony.h"

#define DEFAULT_BYTES ((uint64_t)1 << 30)
#define SIGHTINGS_SHARE 8 /* of the bytes, one in so many is for sightings */

void fle_learned_init(fle_learned *learned, const fle_allocator *allocator, uint64_t hash_seed,
                      uint64_t max_bytes)
{
    memset(learned, 0, sizeof *learned);
    learned->allocator = allocator;
    learned->hash_seed = hash_seed;
    learned->max_bytes = max_bytes > 0 ? max_bytes : DEFAULT_BYTES;
}

void fle_learned_free(fle_learned *learned)
{
    if (learned->mirrors)
        fle_sightings_free(&learned->sightings);
    fle_mirrors_free(learned->mirrors);
}

/* Mirrors of our own to write into: new ones, or a copy of those that snapshots have as well. */
static bool own_mirrors(fle_learned *learned)
{
    fle_mirrors *mirrors = learned->mirrors;

    if (mirrors && !fle_mirrors_is_shared(mirrors))
        return true;
    mirrors = mirrors ? fle_mirrors_copy(mirrors)
                      : fle_mirrors_new(learned->allocator, learned->hash_seed, learned->max_bytes);
    if (!mirrors)
        return false;
    if (!learned->mirrors &&
        !fle_sightings_init(&learned->sightings, learned->allocator, learned->hash_seed,
                            learned->max_bytes / SIGHTINGS_SHARE)) {
        fle_sightings_free(&learned->sightings);
        fle_mirrors_free(mirrors);
        return false;
    }
    fle_mirrors_free(learned->mirrors);
    learned->mirrors = mirrors;
    return true;
}

bool fle_learn(fle_learned *learned, const flowenrich_batch *records)
{
    return own_mirrors(learned) &&
           fle_testimony_take(learned->mirrors, &learned->sightings, records, 0, records->rows);
}

uint64_t fle_learned_records(const fle_learned *learned)
{
    return learned->mirrors ? fle_mirrors_kept(learned->mirrors) : 0;
}

uint64_t fle_learned_dropped(const fle_learned *learned)
{
    return learned->mirrors ? fle_mirrors_dropped(learned->mirrors) : 0;
}
