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
#define FLE_MIRROR_OVERWRITTEN 4U
#define FLE_MIRROR_REJECTED 8U
#define FLE_MIRROR_REST 16U
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

/*
 * A record. One that goes on beyond its period, and so ends at an earlier second of the next, has
 * an entry in each; the second says that it is the rest. 36 bytes.
 */
typedef struct fle_mirror {
    uint32_t key[FLE_MIRROR_WORDS]; /* IPv4 as it is, IPv6 by its number */
    uint32_t says;                  /* witness, rest, rejected, overwritten, own side */
    uint32_t next;                  /* of the same key */
    uint16_t start, end;            /* seconds of the periods they lie in */
    uint32_t packets;
} fle_mirror;

static inline flowenrich_time fle_mirror_start(const fle_mirror *e)
{
    const flowenrich_time period = e->key[FLE_MIRROR_PERIOD_OF];

    return ((period - (e->says & FLE_MIRROR_REST ? 1 : 0)) << FLE_MIRROR_PERIOD_BITS) + e->start;
}

static inline flowenrich_time fle_mirror_end(const fle_mirror *e)
{
    const flowenrich_time start = fle_mirror_start(e);
    const flowenrich_time end = (start - e->start) + e->end;

    return end < start ? end + FLE_MIRROR_PERIOD : end;
}

typedef struct fle_subnet {
    fle_reach primary; /* addresses of who are of it */
    bool is_disputed;  /* some are of another subnet, too, or have another primary address */
} fle_subnet;

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
    fle_subnet *placed; /* the subnets, by number */
    size_t placed_capacity;
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
