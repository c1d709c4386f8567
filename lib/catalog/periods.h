/* SPDX-License-Identifier: Apache-2.0 */
/* The times for which a thing was one way, and those between, when nobody knows. */
#ifndef FLE_CATALOG_PERIODS_H
#define FLE_CATALOG_PERIODS_H

#include "catalog/states.h"

/* Times at which something is asked for; what is said holds at all of them. */
typedef struct fle_when {
    const flowenrich_time *times;
    size_t n;
} fle_when;

/* Both ends belong to it. One between two states may have no time in it. As it lies in an image. */
typedef struct fle_period {
    flowenrich_time from, until;
    uint32_t entry;     /* what it was */
    uint32_t is_silent; /* nothing is logged, as far as is known */
} fle_period;

/* One after another, from ever until ever: those with an odd index lie between two states. */
typedef struct fle_periods {
    const fle_period *items;
    size_t n; /* 0 if there is no change */
} fle_periods;

/* Changes: pairs of when something was last seen to be one way, and first another. */
typedef struct fle_changes {
    flowenrich_time *times;
    size_t n; /* of pairs */
} fle_changes;

/* Add those between states. False if memory ran out. */
bool fle_changes_add(fle_changes *changes, const fle_states *states, fle_arena *arena);

/*
 * The periods that changes make, in 'arena', and for each of them in '*when', in
 * 'scratch', times that stand for it: what is so at all of those is so
 * throughout the period. Puts the changes in order. False if memory ran out.
 */
bool fle_periods_build(fle_period **out, size_t *n, fle_when **when, fle_changes *changes,
                       fle_arena *arena, fle_arena *scratch);

/* The one of a time; NULL if there were changes that nothing was made for. There must be one. */
const fle_period *fle_periods_ask(const fle_periods *periods, flowenrich_time from,
                                  flowenrich_time until);

#endif
