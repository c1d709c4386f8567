/* SPDX-License-Identifier: Apache-2.0 */
/* What of a snapshot new facts touch, and all the facts that matter to that. */
#ifndef FLE_CATALOG_TOUCH_H
#define FLE_CATALOG_TOUCH_H

#include "catalog/ledger.h"
#include "catalog/sets.h"
#include "catalog/snapshot.h"

/*
 * Interfaces and VPCs by the numbers of their ids. An address is asked for by the number of its
 * text, above which there is a space, or FLE_PUBLIC for all of them: all who were ever seen
 * with it are changed or related.
 */
typedef struct fle_touched {
    const fle_ledger *ledger;
    const flowenrich_snapshot *last; /* what was published before */
    fle_arena *arena;
    fle_set changed;  /* interfaces that may be something else now */
    fle_set related;  /* others with an address that is asked for */
    fle_set asked;    /* addresses whose holders may be others now */
    fle_set vpcs;     /* that may have something else now */
    fle_set links;    /* associations of route tables with their subnets */
    fle_set subjects; /* of which facts were looked up: kinds and numbers */
    fle_about *facts; /* of each of them */
    size_t facts_capacity, n_facts;
    bool has_joins; /* something that joins VPCs was told of */
    bool is_wide;   /* it touches too much: the snapshot is to be made as a whole */
    bool failed;    /* memory ran out */
} fle_touched;

/* By the facts from 'begin' on, which are in the ledger. */
void fle_touch(fle_touched *out, const fle_ledger *ledger, size_t begin,
               const flowenrich_snapshot *last, fle_arena *arena);

/* Is an address asked for in a space, or FLE_PUBLIC? 'ctx' are those touched. */
bool fle_touched_asks(const void *ctx, uint32_t address, uint32_t space);

/* The space of an interface by what documents say; 0 if they don't. */
uint32_t fle_touched_space(fle_touched *t, uint32_t interface);

/*
 * All facts that were looked up, in order, in 'out', whose items are to be freed. False if
 * memory ran out.
 */
bool fle_touched_facts(const fle_touched *t, fle_facts *out);

#endif
