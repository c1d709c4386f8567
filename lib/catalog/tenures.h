/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface was attached to when: a secondary one can be moved. */
#ifndef FLE_CATALOG_TENURES_H
#define FLE_CATALOG_TENURES_H

#include "catalog/facts.h"
#include "record/identity.h"

/* A time for which an interface was attached to one instance. */
typedef struct fle_tenure {
    flowenrich_time from, until; /* what was logged between was this instance's, */
    flowenrich_time after,
        before;                   /* and another may have had it before 'after', or past 'before' */
    uint32_t instance;            /* number of its id */
    const fle_identity *identity; /* the interface at that time */
} fle_tenure;

/* Of one interface, in the order of time; none if all documents agree. */
typedef struct fle_tenures {
    fle_tenure *items;
    size_t n;
} fle_tenures;

/* 'attached' are the facts on what it was attached to. False if memory ran out. */
bool fle_tenures_find(fle_tenures *out, fle_about attached, fle_arena *arena, fle_arena *scratch);

/* Who had it throughout a time; NULL if that isn't known, or it has no tenures. */
const fle_identity *fle_tenures_ask(const fle_tenures *tenures, flowenrich_time from,
                                    flowenrich_time until);

#endif
