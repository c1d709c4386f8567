/* SPDX-License-Identifier: Apache-2.0 */
/* Who logged records, and what those say of him. */
#ifndef FLE_RECORD_WITNESS_H
#define FLE_RECORD_WITNESS_H

#include "base/address.h"
#include "base/text.h"

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

/* Addresses that belong together, by the least and the greatest. */
typedef struct fle_reach {
    fle_address low, high;
    bool is_known;
} fle_reach;

void fle_reach_extend(fle_reach *reach, const fle_address *address);

/* No time of a life is further from 0: a record may claim any, and they are reckoned with. */
#define FLE_LATEST_LIFE (INT64_MAX / 2)

/* Between two records of an interface it was there all the time. */
typedef struct fle_life {
    flowenrich_time from, until; /* the earliest end of a record, the latest start */
    flowenrich_time first, last; /* the earliest and the latest end */
} fle_life;

#define FLE_MOST_STRAYS 2

/* An interface that logged records. It stays where it is as long as the table. */
typedef struct fle_witness {
    flowenrich_text id;
    uint32_t number;
    flowenrich_text told[FLE_N_TOLD]; /* empty if nothing is, or not always the same */
    uint32_t disputed;                /* bits of those that weren't always the same */
    fle_constant ingress, egress; /* its own IPv4 address, as records of either direction have it */
    fle_life life;
    fle_life strays[FLE_MOST_STRAYS]; /* records that are more than a day from all others */
    uint32_t n_strays;
    flowenrich_time skipped_from, skipped_until; /* around all times of which records were lost */
    bool has_own;     /* its primary IPv4 address was on its side of a wire */
    bool is_placed;   /* its subnet is known to reach to that address */
    fle_reach passed; /* others that were: secondary ones, a pod's, or somebody else's */
} fle_witness;

/*
 * Take note that a witness logged something, if only that there was nothing. What is more than a
 * day from all else may be wrong, as is a record of 2038: nobody lives until then by that alone,
 * but by two that end at different times. In whatever order they come.
 */
void fle_witness_lives(fle_witness *witness, flowenrich_time start, flowenrich_time end);

/* The same of all that another table has of it. */
void fle_witness_merge_life(fle_witness *to, const fle_witness *from);

/* Take note that of some time not all records were written: SKIPDATA. */
void fle_witness_skips(fle_witness *witness, flowenrich_time start, flowenrich_time end);

/* May records of some time be among those that weren't written? */
static inline bool fle_witness_skipped(const fle_witness *witness, flowenrich_time from,
                                       flowenrich_time until)
{
    return until >= witness->skipped_from && from <= witness->skipped_until;
}

/* Take note of its own IPv4 address, as a record labels it. */
void fle_witness_label(fle_witness *witness, bool is_ingress, const fle_address *address);

/*
 * Is this the one primary IPv4 address that it has as long as it lives? A record of
 * ingress has no other; one of egress may have others, so they must all be the same.
 */
bool fle_witness_is_primary(const fle_witness *witness, const fle_address *address);

#endif
