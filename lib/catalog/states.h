/* SPDX-License-Identifier: Apache-2.0 */
/* One thing over time: what it was, and when it was seen to be that. */
#ifndef FLE_CATALOG_STATES_H
#define FLE_CATALOG_STATES_H

#include "catalog/facts.h"

/*
 * Known to be one way from first to last, and no other way in between. Of one that
 * events began and ended within their slack, last may come before first.
 */
typedef struct fle_state {
    flowenrich_time first, last;
    fle_about set; /* of a set all facts, with its mark; of a single value that one fact */
} fle_state;

/* In the order of time. */
typedef struct fle_states {
    fle_state *items;
    size_t n;
} fle_states;

/*
 * The states of one predicate of one subject, by what documents saw and events
 * changed. They live in 'arena'. False if memory ran out.
 */
bool fle_states_find(fle_states *out, const fle_facts *facts, fle_about observed, fle_arena *arena);

/*
 * What it was at a time: between two states the former, before all of them the
 * first. Nothing, if nothing was ever observed.
 */
fle_about fle_states_at(const fle_states *states, flowenrich_time time);

/* The single value at a time; 0 if there is none. */
uint32_t fle_states_value(const fle_states *states, flowenrich_time time);

#endif
