/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot from the inside: what publish makes and look-ups read. */
#ifndef FLE_CATALOG_SNAPSHOT_H
#define FLE_CATALOG_SNAPSHOT_H

#include <stdatomic.h>

#include "base/hash.h"
#include "catalog/claims.h"
#include "catalog/flow_logs.h"
#include "catalog/holders.h"
#include "catalog/layer.h"
#include "catalog/periods.h"
#include "catalog/ports.h"
#include "catalog/ranges.h"
#include "catalog/spaces.h"
#include "record/directory.h"

struct flowenrich_snapshot {
    fle_allocator allocator;
    atomic_size_t references;
    int64_t assume;
    bool assumes_all;               /* else not of those that log: they would have shown */
    uint64_t seed;                  /* of the tables */
    bool owns_entries;              /* or else they are an image's, which is the caller's */
    fle_arena arena;                /* of what else was made, and isn't an image's */
    fle_entries entries;            /* first those of interfaces */
    uint32_t n_interfaces, n_named; /* of these some may have no id that documents know */
    fle_slots by_interface;         /* the id of the named */
    size_t n_addresses;
    fle_spaces spaces;
    fle_claims claims;
    fle_holders holders;
    fle_ranges ranges;
    fle_flow_logs flow_logs;
    fle_ports ports;
    fle_ranges networks;              /* of prefix lists, by the places of their names */
    fle_mirrors *mirrors;             /* a reference; NULL if nothing was learned */
    flowenrich_text learned, sources; /* of an image's: these mirrors; what the rest was made of */
    /* Of one that is a later version of a whole one, whose arrays it has: what shadows them. */
    flowenrich_snapshot *whole; /* a reference; NULL if it is one itself */
    fle_layer *layer;           /* a reference */
    fle_entries added;          /* of that, as is all below */
    fle_journal journal;
    const fle_claim *claimed;
    const uint8_t *claimed_lengths; /* of their blocks */
    size_t n_claimed_lengths;
};

/* One with nothing in it and a reference to it. NULL if memory ran out. */
flowenrich_snapshot *fle_snapshot_new(const fle_allocator *allocator);

/* Let a new one have all arrays of another, which are those of 'whole'; but not its layer. */
void fle_snapshot_share(flowenrich_snapshot *snapshot, const flowenrich_snapshot *from,
                        flowenrich_snapshot *whole);

/* What an interface is, by its number, which is that of its first entry; NULL if there is none. */
static inline const fle_entry *fle_snapshot_at(const flowenrich_snapshot *snapshot, uint32_t number)
{
    fle_reading reading = fle_journal_begin(&snapshot->journal, FLE_NOTED_ENTRY, number);
    uint32_t index = number;

    (void)fle_journal_next(&reading, &index);
    return fle_entries_at(&snapshot->entries, index);
}

/* The hash by which an interface is found. */
static inline uint32_t fle_snapshot_hash_id(const flowenrich_snapshot *snapshot, flowenrich_text id)
{
    return (uint32_t)fle_hash(id.data, id.len, snapshot->seed);
}

/* The number of an interface by its id, FLE_NOBODY if there is none. */
uint32_t fle_snapshot_number(const flowenrich_snapshot *snapshot, flowenrich_text id);

/* What names the holder of an address in a space: the address, a prefix over it, a public one. */
fle_by fle_named_by(uint32_t space, const fle_address *address, bool prefix);

/*
 * As fle_snapshot_owner(), but a private address that is asked for without a space is
 * looked for in the only one that may have it.
 */
void fle_snapshot_only_owner(const flowenrich_snapshot *snapshot, const fle_question *question,
                             fle_finding *out);

#endif
