/* SPDX-License-Identifier: Apache-2.0 */
/* Who held an address when: sightings made into intervals. */
#ifndef FLE_CATALOG_HOLDERS_H
#define FLE_CATALOG_HOLDERS_H

#include "base/address.h"
#include "catalog/clusters.h"
#include "catalog/entries.h"
#include "catalog/journal.h"

#define FLE_N_LENGTHS 129
#define FLE_PUBLIC UINT32_MAX /* the space of addresses that are one and the same everywhere */

/* What a sighting tells. In this order, if they are of one time. */
typedef enum fle_sighted {
    FLE_SIGHTED,         /* it was seen on the interface */
    FLE_SIGHTED_LEAVING, /* an event took it away */
    FLE_SIGHTED_ENDING,  /* an event took away all that the interface had: this too, had it it */
    FLE_SIGHTED_COMING   /* an event gave it to the interface */
} fle_sighted;

/* A document showed an address, or a prefix, on an interface; or an event moved it. */
typedef struct fle_sighting {
    flowenrich_time time;
    uint32_t space;
    uint32_t interface;
    uint32_t roll; /* the times at which all of that interface's addresses were listed */
    fle_cidr cidr;
    uint8_t sighted; /* fle_sighted */
} fle_sighting;

/* The times when a whole set was listed, in ascending order. */
typedef struct fle_roll {
    const flowenrich_time *times;
    size_t n;
} fle_roll;

/*
 * One interface, known to hold an address from first to last, and nobody else in
 * between. When it was last known without it before, and next known without it
 * after: where an event says so, within its slack of it. As it lies in an image.
 */
typedef struct fle_run {
    flowenrich_time first, last;
    flowenrich_time absent_before, absent_after;
    uint32_t interface;
    uint8_t began, ended; /* by an event */
    uint8_t reserved[2];
} fle_run;

/*
 * An address or prefix of a space, and its runs. As it lies in an image: most have one run, and
 * that is read with the key, in one line of a cache.
 */
typedef struct fle_held_key {
    fle_address base;
    uint32_t space;
    uint8_t bits;
    uint8_t has_one;
    uint8_t reserved[2];
    union {
        fle_run only;
        struct {
            uint32_t runs, n_runs; /* the first of them */
        };
    };
} fle_held_key;

typedef struct fle_holders {
    const fle_held_key *keys; /* by space, base, and length */
    size_t n_keys;
    fle_clusters clusters;
    uint64_t seed;
    const fle_run *runs; /* of keys with other than one, in the order of time */
    size_t n_runs;
    size_t n_intervals;     /* all there are */
    const uint8_t *lengths; /* of prefixes there are, longest first */
    size_t n_lengths;
    const fle_journal *journal; /* of keys that shadow these; NULL if there are none */
    const fle_held_key *newer;
    const fle_run *newer_runs;
} fle_holders;

/*
 * 'compare' orders interfaces, for sightings of one time. 'sightings' are put in
 * order. What is made lives in 'arena'. False if memory ran out.
 */
typedef struct fle_holders_input {
    fle_sighting *sightings;
    size_t n;
    const fle_roll *rolls;
    int (*compare)(uint32_t a, uint32_t b, const void *ctx);
    const void *ctx;
    int64_t event_slack;
} fle_holders_input;
bool fle_holders_build(fle_holders *holders, fle_holders_input *input, fle_arena *arena,
                       fle_arena *scratch, uint64_t hash_seed);

/* Longest first. 'lengths' has room for FLE_N_LENGTHS. */
void fle_holders_note_length(uint8_t *lengths, size_t *n, uint8_t bits);

/* Let keys be found, which are in order. False if memory ran out. */
bool fle_holders_index(fle_holders *holders, fle_arena *arena);

/* Where a key may lie in the arrays. */
fle_visit fle_holders_visit(const fle_holders *holders, const fle_held_key *key);

/* The hash by which a key is noted. */
uint32_t fle_holders_hash(const fle_holders *holders, const fle_held_key *key);

/* All that is known of one address or prefix, in the order of time. */
typedef struct fle_runs {
    const fle_run *items;
    size_t n;
} fle_runs;

/* Let a key have runs: one in itself, or else in an array that has so many, which has room. */
void fle_holders_keep(fle_held_key *key, fle_runs runs, fle_run *array, size_t *n);

/* Those of a key of theirs. */
fle_runs fle_holders_runs(const fle_holders *holders, const fle_held_key *key);

/* Those of the prefix of some length that an address is in; none if nobody ever held it. */
fle_runs fle_holders_find(const fle_holders *holders, uint32_t space, const fle_address *address,
                          uint8_t bits);

/* An address of a space, and its own runs if they were found already. */
typedef struct fle_sought {
    uint32_t space;
    const fle_address *address;
    fle_trail trail;
} fle_sought;

/* What is known of an address by its key, if it is the one with this number. */
void fle_holders_follow(const fle_holders *holders, uint32_t number, uint32_t space,
                        const fle_address *address, fle_trail *trail);

/* Keys, by a number less than this; not each number has one. */
size_t fle_holders_keys(const fle_holders *holders);
const fle_held_key *fle_holders_key(const fle_holders *holders, size_t number);

/* What is known of an address during some time. */
typedef struct fle_held {
    uint32_t interface; /* FLE_NOBODY if none is named */
    uint32_t sure;
    fle_reason reason;           /* if none is named */
    flowenrich_time first, last; /* of the run of the named one, or else of the rival */
    uint32_t rival;              /* another that may have held it, or did at another time */
    bool prefix;                 /* by a delegated prefix */
    fle_lasting lasting;         /* of the named one, as in fle_finding */
} fle_held;

/*
 * Who held an address throughout a time? 'assume' is how many seconds past a
 * sighting its holder may be assumed.
 */
void fle_holders_ask(const fle_holders *holders, const fle_sought *sought, flowenrich_time from,
                     flowenrich_time until, int64_t assume, fle_held *out);

/* Has anybody ever been seen to hold it? 'interface' may be FLE_NOBODY: anybody at all. */
bool fle_holders_has(const fle_holders *holders, const fle_sought *sought, uint32_t interface);

/*
 * May an interface that was seen to hold it at some time have held it at a moment of this time,
 * for all that is known? At an absent time it may. Then '*had' tells what else it may be true of.
 */
bool fle_holders_may_have(const fle_holders *holders, const fle_sought *sought, uint32_t interface,
                          flowenrich_time from, flowenrich_time until, fle_lasting *had);

/* Was it taken from an interface that got it back, and was that gone during some of this time? */
bool fle_holders_get_back(const fle_holders *holders, uint32_t space, const fle_address *address,
                          uint32_t interface, flowenrich_time from, flowenrich_time until);

#endif
