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

/* An interface that logged records. It stays where it is as long as the table. */
typedef struct fle_witness {
    flowenrich_text id;
    uint32_t number;
    flowenrich_text told[FLE_N_TOLD]; /* empty if nothing is, or not always the same */
    uint32_t disputed;                /* bits of those that weren't always the same */
    bool has_own;                     /* its primary IPv4 address was on its side of a wire */
    bool passes_on; /* and another was: a secondary one, a pod's, or somebody else's */
} fle_witness;

/* A record, as far as it bears witness. */
typedef struct fle_testimony {
    fle_tuple tuple;
    fle_side own;     /* the witness's side; FLE_N_SIDES if the record doesn't say */
    bool overwritten; /* the address of that side by the witness's primary one */
    flowenrich_time start, end;
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

/* Add a record of a witness's. False if memory ran out. */
bool fle_mirrors_add(fle_mirrors *mirrors, const fle_witness *witness,
                     const fle_testimony *testimony);

/* Records that were taken, and that weren't for want of room. */
uint64_t fle_mirrors_kept(const fle_mirrors *mirrors);
uint64_t fle_mirrors_dropped(const fle_mirrors *mirrors);

/*
 * Go through those who logged a tuple between two times; one may come more than
 * once, in no order that means anything.
 */
typedef struct fle_sight {
    const fle_witness *witness;
    fle_side own;
    bool overwritten;
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
