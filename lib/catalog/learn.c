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

/* What ends since, of another's. False if memory ran out. */
static bool add(fle_learned *to, const fle_learned *from, flowenrich_time since)
{
    const size_t n = fle_mirrors_witnesses(from->mirrors);
    uint32_t *numbers = fle_alloc(to->allocator, (n + 1) * sizeof *numbers);
    const bool done = numbers && own_mirrors(to) &&
                      fle_mirrors_merge(to->mirrors, from->mirrors, since, numbers) &&
                      fle_sightings_merge(&to->sightings, &from->sightings, since, numbers);

    fle_free(to->allocator, numbers);
    return done;
}

bool fle_learned_merge(fle_learned *learned, fle_learned *other)
{
    fle_learned both;

    if (!other->mirrors)
        return true;
    if (learned->mirrors) {
        fle_learned_init(&both, learned->allocator, learned->hash_seed, learned->max_bytes);
        if (!add(&both, learned, INT64_MIN) || !add(&both, other, INT64_MIN)) {
            fle_learned_free(&both);
            return false;
        }
        fle_learned_free(other);
        *other = both;
    }
    fle_learned_free(learned);
    *learned = *other;
    other->mirrors = NULL;
    return true;
}

bool fle_learned_since(fle_learned *out, const fle_learned *learned, flowenrich_time since)
{
    const flowenrich_time reach = 2 * FLE_MIRRORS_REACH;

    fle_learned_init(out, learned->allocator, learned->hash_seed, learned->max_bytes);
    return !learned->mirrors ||
           add(out, learned, since > INT64_MIN + reach ? since - reach : INT64_MIN);
}

bool fle_learned_unpack(fle_learned *out, flowenrich_text mirrors, flowenrich_text sightings,
                        bool *corrupt)
{
    out->mirrors =
        fle_mirrors_unpack(out->allocator, out->hash_seed, out->max_bytes, mirrors, corrupt);
    if (!out->mirrors)
        return false;
    return fle_sightings_init(&out->sightings, out->allocator, out->hash_seed,
                              out->max_bytes / SIGHTINGS_SHARE) &&
           fle_sightings_unpack(&out->sightings, sightings, fle_mirrors_witnesses(out->mirrors),
                                corrupt);
}

uint64_t fle_learned_records(const fle_learned *learned)
{
    return learned->mirrors ? fle_mirrors_kept(learned->mirrors) : 0;
}

uint64_t fle_learned_dropped(const fle_learned *learned)
{
    return learned->mirrors ? fle_mirrors_dropped(learned->mirrors) : 0;
}
