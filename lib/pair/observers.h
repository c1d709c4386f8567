/* SPDX-License-Identifier: Apache-2.0 */
/* Who logged, and what is known of them: observers, their VPCs, and flow logs, by numbers. */
#ifndef FLE_PAIR_OBSERVERS_H
#define FLE_PAIR_OBSERVERS_H

#include "base/hash.h"
#include "pair/index.h"
#include "record/directory.h"
#include "record/observed.h"

#define FLE_OBSERVER_SKIPS 4

/* Whether an observer's logs have addresses of packets, or of interfaces only. */
typedef enum fle_tells { FLE_TELLS_NOTHING, FLE_TELLS_HOPS, FLE_TELLS_PACKETS } fle_tells;

typedef struct fle_observer {
    fle_observed told;          /* texts of 'arena' below */
    uint16_t vpc;               /* its number; 0 = unknown */
    bool is_gateway;            /* of transit: an attachment, which has no side of its own */
    bool is_regional;           /* a NAT gateway that has no interface */
    const fle_entry *interface; /* in the snapshot; NULL if no document has it */
    /* Of one that is known by public addresses: the last of these, and its own; zero before. */
    fle_address public_address, own_address;
    /* Times of which AWS says that records are missing; the oldest gives way. */
    uint32_t skip_from[FLE_OBSERVER_SKIPS], skip_until[FLE_OBSERVER_SKIPS];
    uint32_t forgotten_until; /* and of any time before this nobody knows any more */
    uint8_t skips;            /* how many there were */
    uint8_t tells;            /* fle_tells */
} fle_observer;

/* What each record asks of its observer, so close together that it stays in a cache. */
typedef struct fle_badge {
    char id[24];  /* if it isn't longer */
    uint32_t len; /* of the id */
    bool is_told; /* something of the observer was kept */
    bool is_nat;  /* it is a NAT gateway */
} fle_badge;

/* Number 0 is nobody: what a record without an observer has, or one there is no room for. */
typedef struct fle_observers {
    const fle_allocator *allocator;
    const flowenrich_snapshot *snapshot;
    uint64_t hash_seed;
    size_t max_bytes;
    fle_arena arena; /* texts, each once */
    fle_map *texts;  /* to their number in 'names' */
    flowenrich_text *names;
    size_t n_names, names_capacity;
    fle_observer *items;
    size_t n, capacity;
    fle_badge *badges; /* of the items */
    size_t badges_capacity;
    fle_index by_id;
    fle_map *by_vpc, *by_flow_log;
    flowenrich_text *vpcs;
    size_t n_vpcs, vpcs_capacity;
    flowenrich_text *flow_logs;
    size_t n_flow_logs, flow_logs_capacity;
    bool tells_hops, tells_packets; /* interfaces have such logs */
    bool has_new_gateway;           /* of NAT, which may have logged before that was known */
    uint64_t refused;               /* records of observers there was no room for */
} fle_observers;

/* 'max_bytes' is about what they may take. False if memory ran out; free it in any case. */
bool fle_observers_init(fle_observers *observers, const fle_allocator *allocator,
                        uint64_t hash_seed, size_t max_bytes);
void fle_observers_free(fle_observers *observers);
size_t fle_observers_bytes(const fle_observers *observers);

/* Look everybody up in another snapshot, which may be NULL. False if memory ran out. */
bool fle_observers_set_snapshot(fle_observers *observers, const flowenrich_snapshot *snapshot);

/* The hash of an id, for the calls below. */
static inline uint32_t fle_observers_hash(const fle_observers *observers, flowenrich_text id)
{
    return (uint32_t)fle_hash(id.data, id.len, observers->hash_seed);
}

/*
 * Have the memory come that is needed to find somebody: first the one, some time later the other,
 * which tells who it most likely is, if it isn't nobody.
 */
void fle_observers_expect(const fle_observers *observers, uint32_t hash);
uint32_t fle_observers_expect_badge(const fle_observers *observers, uint32_t hash);

/* Is that the observer of an id? Nobody has none. */
bool fle_observers_is(const fle_observers *observers, uint32_t number, flowenrich_text id);

/* The number of an observer, made if it isn't there. False if memory ran out. */
bool fle_observers_find(fle_observers *observers, flowenrich_text id, uint32_t hash,
                        bool is_gateway, uint32_t *out);

/* Keep what a record says of its observer, where it says something. False if memory ran out. */
bool fle_observers_tell(fle_observers *observers, uint32_t number, const fle_observed *told);

/* Note that records of some time are missing, and ask whether some of a time are. */
void fle_observer_skip(fle_observer *observer, uint32_t from, uint32_t until);
bool fle_observer_skipped(const fle_observer *observer, uint32_t from, uint32_t until);

/* Might some be, although it isn't known any more? */
static inline bool fle_observer_may_have_skipped(const fle_observer *observer, uint32_t from,
                                                 uint32_t until)
{
    return from <= observer->forgotten_until || fle_observer_skipped(observer, from, until);
}

/* The number of a VPC; 0 of none, and of more than 65,535. False if memory ran out. */
bool fle_observers_vpc(fle_observers *observers, flowenrich_text id, uint16_t *out);

/* The number of a flow log; 0 of none, and of more than 65,535. False if memory ran out. */
bool fle_observers_flow_log(fle_observers *observers, flowenrich_text id, uint16_t *out);

#endif
