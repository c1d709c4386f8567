/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that records show on their witness's side, beyond its primary one. */
#include "record/sightings.h"

#define PERIOD_BITS 10 /* 1,024 s: what is known within is known as a whole */
#define ENTRY_BYTES (sizeof(fle_seen) + sizeof(key) + 48)

/* Without padding: all its bytes count. */
typedef struct key {
    fle_address address;
    int64_t period;
    uint32_t witness, is_behind;
} key;

bool fle_sightings_init(fle_sightings *sightings, const fle_allocator *allocator,
                        uint64_t hash_seed, uint64_t max_bytes)
{
    memset(sightings, 0, sizeof *sightings);
    fle_arena_init(&sightings->keys, allocator);
    sightings->max_bytes = max_bytes;
    sightings->gap_from = INT64_MAX;
    sightings->gap_until = INT64_MIN;
    sightings->by_key = fle_map_new(allocator, hash_seed);
    return sightings->by_key != NULL;
}

void fle_sightings_free(fle_sightings *sightings)
{
    if (sightings->items)
        fle_free(sightings->keys.allocator, sightings->items);
    fle_map_free(sightings->by_key);
    fle_arena_free(&sightings->keys);
}

static void extend(fle_seen *known, const fle_seen *seen)
{
    if (seen->first_start < known->first_start)
        known->first_start = seen->first_start;
    if (seen->first_end < known->first_end)
        known->first_end = seen->first_end;
    if (seen->last_start > known->last_start)
        known->last_start = seen->last_start;
    if (seen->last_end > known->last_end)
        known->last_end = seen->last_end;
}

static void drop(fle_sightings *sightings, const fle_seen *seen)
{
    sightings->dropped++;
    if (seen->first_start < sightings->gap_from)
        sightings->gap_from = seen->first_start;
    if (seen->last_end > sightings->gap_until)
        sightings->gap_until = seen->last_end;
}

bool fle_sightings_add(fle_sightings *sightings, const fle_seen *seen)
{
    const key k = { seen->address, seen->first_start >> PERIOD_BITS, seen->witness,
                    seen->is_behind };
    const uint32_t *found = fle_map_find(sightings->by_key, &k, sizeof k);
    fle_seen *items;
    key *kept;

    if (found) {
        extend(&sightings->items[*found], seen);
        return true;
    }
    if ((sightings->n + 1) * ENTRY_BYTES > sightings->max_bytes || sightings->n >= UINT32_MAX - 1) {
        drop(sightings, seen);
        return true;
    }
    items = fle_grow(sightings->keys.allocator, sightings->items, &sightings->capacity,
                     sightings->n + 1, sizeof *items);
    if (!items)
        return false;
    sightings->items = items;
    kept = fle_arena_alloc(&sightings->keys, sizeof *kept);
    if (!kept)
        return false;
    *kept = k;
    if (!fle_map_add(sightings->by_key, kept, sizeof *kept, (uint32_t)sightings->n))
        return false;
    items[sightings->n++] = *seen;
    return true;
}
