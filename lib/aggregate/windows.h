/* SPDX-License-Identifier: Apache-2.0 */
/* Which windows are due, and their groups in the order in which they come out. */
#ifndef FLE_AGGREGATE_WINDOWS_H
#define FLE_AGGREGATE_WINDOWS_H

#include "aggregate/group.h"
#include "aggregate/ranking.h"
#include "aggregate/store.h"

typedef struct fle_due {
    bool is_active;
    flowenrich_time from, until; /* windows that end after 'from', up to 'until', are due */
    uint32_t *panes;             /* late ones, then the others by time, those without one last */
    size_t n_late, n_timed, n;
    uint32_t *groups; /* by their panes; those of panes[i] are from begins[i] on */
    uint32_t *begins;

    size_t at;            /* the first pane that a window to come has */
    flowenrich_time next; /* the earliest start of the next window */
    bool in_late;

    bool in_window; /* one is being told */
    flowenrich_time start;
    bool is_late;
    fle_order order;
    const fle_store *from_store; /* what 'order' has the numbers of */
    const unsigned char *other;  /* what didn't fit; NULL: nothing */
    bool is_other_told, is_half_told;
    fle_store view; /* of a window of several panes: their groups together */
    unsigned char *view_other;
} fle_due;

/*
 * Find out what is due up to a time; nothing more is added until it was told. False, and nothing
 * is due, if memory ran out.
 */
bool fle_due_begin(flowenrich_aggregator *aggregator, flowenrich_time until);

/* Get the next window ready. '*more' false: there is none. False if memory ran out. */
bool fle_due_next(flowenrich_aggregator *aggregator, bool *more);

/* All is told: forget what no window to come has. False if memory ran out. */
bool fle_due_end(flowenrich_aggregator *aggregator);

void fle_due_free(fle_due *due, const fle_layout *layout, const fle_allocator *allocator);

#endif
