/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that records show on their witness's side, beyond its primary one. */
#include "record/sightings.h"

#include "base/pack.h"
#include "record/column.h"

#define PERIOD_BITS 10 /* 1,024 s: what is known within is known as a whole */
#define ENTRY_BYTES (sizeof(fle_seen) + sizeof(key) + 48)
#define LATEST (INT64_MAX / 2) /* time that may be reckoned with */

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

static void drop(fle_sightings *sightings, uint64_t n, flowenrich_time from, flowenrich_time until)
{
    sightings->dropped += n;
    if (from < sightings->gap_from)
        sightings->gap_from = from;
    if (until > sightings->gap_until)
        sightings->gap_until = until;
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
        drop(sightings, 1, seen->first_start, seen->last_end);
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

/* ---- To another table. ---- */

/* The last of each witness's sightings of an address before a time, by a key without period. */
static bool note_last(const fle_sightings *from, flowenrich_time since, fle_map *last,
                      fle_arena *keys)
{
    for (size_t i = 0; i < from->n; i++) {
        const fle_seen *seen = &from->items[i];
        const key k = { seen->address, 0, seen->witness, seen->is_behind };
        uint32_t *known = fle_map_find(last, &k, sizeof k);
        key *kept;

        if (seen->last_end >= since)
            continue;
        if (known) {
            *known = from->items[*known].last_end < seen->last_end ? (uint32_t)i : *known;
            continue;
        }
        kept = fle_arena_alloc(keys, sizeof *kept);
        if (!kept)
            return false;
        *kept = k;
        if (!fle_map_add(last, kept, sizeof *kept, (uint32_t)i))
            return false;
    }
    return true;
}

static bool is_wanted(const fle_sightings *from, size_t i, flowenrich_time since,
                      const fle_map *last)
{
    const fle_seen *seen = &from->items[i];
    const key k = { seen->address, 0, seen->witness, seen->is_behind };
    const uint32_t *known = fle_map_find(last, &k, sizeof k);

    return seen->last_end >= since || (known && *known == i);
}

static bool merge(fle_sightings *to, const fle_sightings *from, flowenrich_time since,
                  const uint32_t *numbers, const fle_map *last)
{
    for (size_t i = 0; i < from->n; i++) {
        fle_seen seen = from->items[i];

        if (numbers[seen.witness] == FLE_ABSENT || !is_wanted(from, i, since, last))
            continue;
        seen.witness = numbers[seen.witness];
        if (!fle_sightings_add(to, &seen))
            return false;
    }
    return true;
}

bool fle_sightings_merge(fle_sightings *to, const fle_sightings *from, flowenrich_time since,
                         const uint32_t *numbers)
{
    fle_map *last = fle_map_new(from->keys.allocator, 0);
    fle_arena keys;
    bool done;

    fle_arena_init(&keys, from->keys.allocator);
    drop(to, from->dropped, from->gap_from, from->gap_until);
    done = last && note_last(from, since, last, &keys) && merge(to, from, since, numbers, last);
    fle_map_free(last);
    fle_arena_free(&keys);
    return done;
}

/* ---- As bytes. ---- */

void fle_sightings_pack(const fle_sightings *sightings, fle_buffer *out)
{
    fle_pack_number(out, sightings->dropped);
    if (sightings->dropped > 0) {
        fle_pack_signed(out, sightings->gap_from);
        fle_pack_signed(out, sightings->gap_until);
    }
    fle_pack_number(out, sightings->n);
    for (size_t i = 0; i < sightings->n; i++) {
        const fle_seen *seen = &sightings->items[i];

        fle_pack_number(out, (uint64_t)seen->witness << 1 | seen->is_behind);
        fle_buffer_append(out, (const char *)seen->address.bytes, sizeof seen->address.bytes);
        fle_pack_signed(out, seen->first_start);
        fle_pack_signed(out, seen->first_end);
        fle_pack_signed(out, seen->last_start);
        fle_pack_signed(out, seen->last_end);
    }
}

static bool read_time(flowenrich_text *from, flowenrich_time *out)
{
    return fle_unpack_signed(from, out) && *out >= -LATEST && *out <= LATEST;
}

static bool read_seen(flowenrich_text *from, size_t n_witnesses, fle_seen *out)
{
    uint64_t says;

    if (!fle_unpack_number(from, &says) || says >> 1 >= n_witnesses)
        return false;
    out->witness = (uint32_t)(says >> 1);
    out->is_behind = (says & 1) != 0;
    return fle_unpack_bytes(from, out->address.bytes, sizeof out->address.bytes) &&
           read_time(from, &out->first_start) && read_time(from, &out->first_end) &&
           read_time(from, &out->last_start) && read_time(from, &out->last_end);
}

static bool read_gap(flowenrich_text *from, fle_sightings *out)
{
    flowenrich_time begin, end;
    uint64_t dropped;

    if (!fle_unpack_number(from, &dropped))
        return false;
    if (dropped == 0)
        return true;
    if (!read_time(from, &begin) || !read_time(from, &end))
        return false;
    drop(out, dropped, begin, end);
    return true;
}

bool fle_sightings_unpack(fle_sightings *sightings, flowenrich_text bytes, size_t n, bool *corrupt)
{
    uint64_t count = 0;
    fle_seen seen;

    *corrupt = !read_gap(&bytes, sightings) || !fle_unpack_number(&bytes, &count);
    for (uint64_t i = 0; i < count && !*corrupt; i++) {
        *corrupt = !read_seen(&bytes, n, &seen);
        if (!*corrupt && !fle_sightings_add(sightings, &seen))
            return false;
    }
    *corrupt = *corrupt || bytes.len > 0;
    return !*corrupt;
}
