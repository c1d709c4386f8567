/* SPDX-License-Identifier: Apache-2.0 */
/* Mirrors from the inside: what who looks, copies and packs them has in common. */
#ifndef FLE_RECORD_MIRRORS_TABLE_H
#define FLE_RECORD_MIRRORS_TABLE_H

#include <stdatomic.h>

#include "base/hash.h"
#include "record/column.h"
#include "record/mirrors.h"

/*
 * Time is cut into periods, each of which begins anew: so what a look-up goes
 * through doesn't grow with the log. AWS's longest record covers ten minutes.
 */
#define FLE_MIRROR_PERIOD_BITS 12
#define FLE_MIRROR_PERIOD ((flowenrich_time)1 << FLE_MIRROR_PERIOD_BITS)

#define FLE_MOST_WITNESSES ((size_t)1 << 27)

/* Bits of what an entry says, below the number of its witness. */
#define FLE_MIRROR_OWN_MASK 3U
#define FLE_MIRROR_WITNESS_SHIFT 5

/* Bits of a key's last word, above the protocol. */
#define FLE_MIRROR_V6 0x100U
#define FLE_MIRROR_PORTS 0x200U

enum {
    FLE_MIRROR_SRC,
    FLE_MIRROR_DST,
    FLE_MIRROR_PORTS_OF,
    FLE_MIRROR_PERIOD_OF,
    FLE_MIRROR_PROTOCOL,
    FLE_MIRROR_WORDS
};

/* A record, or the part of it that is within a period. 36 bytes. */
typedef struct fle_mirror {
    uint32_t key[FLE_MIRROR_WORDS]; /* IPv4 as it is, IPv6 by its number */
    uint32_t says;                  /* witness, cut, rejected, overwritten, own side */
    uint32_t next;                  /* of the same key */
    uint16_t start, end;            /* seconds of the period */
    uint32_t packets;
} fle_mirror;

struct fle_mirrors {
    fle_allocator allocator;
    atomic_size_t references;
    uint64_t hash_seed, max_bytes;
    uint64_t kept, dropped;
    flowenrich_time since;               /* what ended before was left behind */
    flowenrich_time until;               /* what ended later may still come */
    flowenrich_time gap_from, gap_until; /* around all that there was no room for */
    fle_mirror *entries;
    size_t n, capacity;
    uint32_t *slots; /* open addressing: the first entry of each key, and 1; 0 is empty */
    size_t n_slots, n_keys;
    fle_witness **witnesses;
    size_t n_witnesses, witnesses_capacity;
    const fle_address **v6; /* by number */
    size_t v6_capacity;
    fle_map *by_id, *by_v6, *subnets;
    fle_arena arena; /* witnesses, their texts, IPv6 addresses */
};

/* A witness that isn't there yet; NULL if memory ran out. */
fle_witness *fle_mirrors_new_witness(fle_mirrors *mirrors, flowenrich_text id);

/* The number of an IPv6 address, which is added if it isn't there. False if memory ran out. */
bool fle_mirrors_number_v6(fle_mirrors *mirrors, const fle_address *address, uint32_t *out);

/* Is there room for one more record, be it in two parts, a witness or an address? */
bool fle_mirrors_has_room(const fle_mirrors *mirrors);

/* Add an entry, but for its 'next'. False if memory ran out. */
bool fle_mirrors_append(fle_mirrors *mirrors, const fle_mirror *new);

#endif
