/* SPDX-License-Identifier: Apache-2.0 */
/* Mirrors: who else logged the same packets. A bounded table that many may read. */
#ifndef FLE_RECORD_MIRRORS_H
#define FLE_RECORD_MIRRORS_H

#include "base/alloc.h"
#include "record/tuple.h"

/* What records say of the interface that logged them; AWS calls it best effort. */
typedef enum fle_told {
    FLE_TOLD_INSTANCE,
    FLE_TOLD_TASK,
    FLE_TOLD_KIND,
    FLE_TOLD_SUBNET,
    FLE_TOLD_VPC,
    FLE_TOLD_ACCOUNT,
    FLE_TOLD_ZONE,
    FLE_TOLD_REGION,
    FLE_N_TOLD
} fle_told;

/* An address that is always the same, as far as is seen. */
typedef struct fle_constant {
    fle_address address;
    bool is_known, is_disputed; /* seen; seen to be another one too */
} fle_constant;

/* An interface that logged records. It stays where it is as long as the table. */
typedef struct fle_witness {
    flowenrich_text id;
    uint32_t number;
    flowenrich_text told[FLE_N_TOLD]; /* empty if nothing is, or not always the same */
    uint32_t disputed;                /* bits of those that weren't always the same */
    fle_constant ingress, egress; /* its own IPv4 address, as records of either direction have it */
    flowenrich_time alive_from, alive_until; /* the earliest end of a record, the latest start */
    bool has_own;   /* its primary IPv4 address was on its side of a wire */
    bool passes_on; /* and another was: a secondary one, a pod's, or somebody else's */
} fle_witness;

/* A record, as far as it bears witness. */
typedef struct fle_testimony {
    fle_tuple tuple;
    fle_side own;     /* the witness's side; FLE_N_SIDES if the record doesn't say */
    bool overwritten; /* the address of that side by the witness's primary one */
    bool rejected;
    flowenrich_time start, end;
    uint64_t packets; /* 0 if the record doesn't say */
} fle_testimony;

typedef struct fle_mirrors fle_mirrors;

/*
 * 'max_bytes' is about what it may take: what comes when it is full isn't kept, and
 * is counted. NULL if memory ran out.
 */
fle_mirrors *fle_mirrors_new(const fle_allocator *allocator, uint64_t hash_seed,
                             uint64_t max_bytes);
fle_mirrors *fle_mirrors_ref(fle_mirrors *mirrors);
void fle_mirrors_free(fle_mirrors *mirrors); /* drops a reference */
bool fle_mirrors_is_shared(const fle_mirrors *mirrors);

/* A table with the same in it; NULL if memory ran out. */
fle_mirrors *fle_mirrors_copy(const fle_mirrors *mirrors);

/*
 * The witness of a record, by its id; made if it isn't there. '*out' is NULL if there is no
 * room for it: then the record is dropped. False if memory ran out.
 */
bool fle_mirrors_witness(fle_mirrors *mirrors, flowenrich_text id, fle_witness **out);

/* Take note of what is said of a witness. False if memory ran out. */
bool fle_mirrors_tell(fle_mirrors *mirrors, fle_witness *witness, fle_told what,
                      flowenrich_text text);

/* Take note that a witness logged something, if only that there was nothing. */
void fle_witness_lives(fle_witness *witness, flowenrich_time start, flowenrich_time end);

/* Take note of its own IPv4 address, as a record labels it. */
void fle_witness_label(fle_witness *witness, bool is_ingress, const fle_address *address);

/*
 * Is this the one primary IPv4 address that it has as long as it lives? A record of
 * ingress has no other; one of egress may have others, so they must all be the same.
 */
bool fle_witness_is_primary(const fle_witness *witness, const fle_address *address);

/* Add a record of a witness's. False if memory ran out. */
bool fle_mirrors_add(fle_mirrors *mirrors, const fle_witness *witness, const fle_testimony *t);

/* The witness with a number; NULL past the last. */
const fle_witness *fle_mirrors_witness_at(const fle_mirrors *mirrors, size_t number);

/* The witness with an id, NULL if there is none. */
const fle_witness *fle_mirrors_find(const fle_mirrors *mirrors, flowenrich_text id);

/* Records that were taken, and that weren't for want of room. */
uint64_t fle_mirrors_kept(const fle_mirrors *mirrors);
uint64_t fle_mirrors_dropped(const fle_mirrors *mirrors);

/* Go through the records of a tuple between two times, in no order that means anything. */
typedef struct fle_sight {
    const fle_witness *witness;
    fle_side own;
    bool overwritten, rejected;
    flowenrich_time start, end;
    uint32_t packets; /* of a record that is cut by a period's edge, in its first part */
} fle_sight;

typedef struct fle_look {
    const fle_mirrors *mirrors;
    uint32_t key[5];
    uint32_t period, last, entry;
    flowenrich_time from, until;
} fle_look;

void fle_look_begin(fle_look *look, const fle_mirrors *mirrors, const fle_tuple *tuple,
                    flowenrich_time from, flowenrich_time until);
bool fle_look_next(fle_look *look, fle_sight *out);

#endif
