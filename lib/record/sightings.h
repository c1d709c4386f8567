/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that records show on their witness's side, beyond its primary one. */
#ifndef FLE_RECORD_SIGHTINGS_H
#define FLE_RECORD_SIGHTINGS_H

#include "base/hash.h"
#include "record/mirrors.h"

/* Within some period of time: all records of one witness that show an address. */
typedef struct fle_seen {
    uint32_t witness; /* its number */
    fle_address address;
    bool is_behind; /* overwritten: reached through the witness, be it its own or not */
    flowenrich_time first_start, first_end, last_start, last_end; /* the least and the greatest */
} fle_seen;

typedef struct fle_sightings {
    fle_seen *items;
    size_t n, capacity;
    uint64_t max_bytes;
    uint64_t dropped;                    /* records that there was no room for */
    flowenrich_time gap_from, gap_until; /* around all of these */
    fle_map *by_key;                     /* of witness, address, kind and period, to an index */
    fle_arena keys;
} fle_sightings;

/* 'max_bytes' is about what they may take. False if memory ran out; free it in any case. */
bool fle_sightings_init(fle_sightings *sightings, const fle_allocator *allocator,
                        uint64_t hash_seed, uint64_t max_bytes);
void fle_sightings_free(fle_sightings *sightings);

/* Add one record's; if there is no room it is only counted. False if memory ran out. */
bool fle_sightings_add(fle_sightings *sightings, const fle_seen *seen);

/*
 * Add another's that end at a time or later, and of what they tell of each address the last
 * before. 'numbers' are those that witnesses have here by those they had there, FLE_ABSENT
 * of who is left out. False if memory ran out.
 */
bool fle_sightings_merge(fle_sightings *to, const fle_sightings *from, flowenrich_time since,
                         const uint32_t *numbers);

/*
 * As bytes, and added from bytes of which witnesses there are 'n'. False if these are none:
 * '*corrupt' tells, or else memory ran out.
 */
void fle_sightings_pack(const fle_sightings *sightings, fle_buffer *out);
bool fle_sightings_unpack(fle_sightings *sightings, flowenrich_text bytes, size_t n, bool *corrupt);

#endif
