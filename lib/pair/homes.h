/* SPDX-License-Identifier: Apache-2.0 */
/* Public addresses of ours: the interface that has one stands in its place in keys. */
#ifndef FLE_PAIR_HOMES_H
#define FLE_PAIR_HOMES_H

#include "pair/notice.h"
#include "pair/observers.h"

/*
 * Two of ours that talk by public addresses each see the other's public one and their own
 * private one, so neither tuple is the other's. Where an address was an interface's public
 * one at that time, both ends are keyed by their interfaces, written as an address
 * that no packet has: multicast with the hash of the interface's id.
 */
typedef struct fle_homes {
    const fle_allocator *allocator;
    fle_arena keys;
    fle_map *by_hash;         /* to the observer's number */
    fle_address foreign[256]; /* known not to be ours: by a hash without a seed */
    uint8_t *ports;           /* bits of those that documents of load balancers tell of */
    bool has_ports;           /* any */
} fle_homes;

/* False if memory ran out; free it in any case. */
bool fle_homes_init(fle_homes *homes, const fle_allocator *allocator, uint64_t hash_seed);
void fle_homes_free(fle_homes *homes);
size_t fle_homes_bytes(const fle_homes *homes);

/* Forget what was looked up in another snapshot. It may be NULL. */
void fle_homes_set_snapshot(fle_homes *homes, const flowenrich_snapshot *snapshot);

/* Does a load balancer listen on that port, or send to it, by what documents say? */
static inline bool fle_homes_is_balanced(const fle_homes *homes, uint16_t port)
{
    return homes->ports[port / 8] >> port % 8 & 1;
}

/* Put interfaces into a notice's key, if it is such a one. False if memory ran out. */
bool fle_homes_enter(fle_homes *homes, fle_observers *observers, uint32_t slack, uint64_t hash_seed,
                     fle_notice *notice);

/*
 * Put who may have them into a notice's key, at those poles of which a bit is set. False if
 * memory ran out.
 */
bool fle_homes_rename(fle_homes *homes, const fle_observers *observers, uint64_t hash_seed,
                      unsigned poles, fle_notice *notice);

/*
 * Of a key in which interfaces stand for their addresses: has one of these another log by now, that
 * tells whose packets they are?
 */
bool fle_homes_are_outdone(const fle_homes *homes, const fle_observers *observers,
                           const fle_key *key);

/* Is it a private address, or an interface's stand-in? */
bool fle_homes_is_private(const fle_homes *homes, const fle_address *address);

/* Is that an interface's stand-in? Its number; 0 if it isn't. */
uint32_t fle_homes_find(const fle_homes *homes, const fle_address *address);

#endif
