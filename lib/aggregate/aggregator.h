/* SPDX-License-Identifier: Apache-2.0 */
/* An aggregator from the inside. */
#ifndef FLE_AGGREGATE_AGGREGATOR_H
#define FLE_AGGREGATE_AGGREGATOR_H

#include "aggregate/windows.h"
#include "aggregate/group.h"
#include "aggregate/key.h"
#include "aggregate/panes.h"
#include "aggregate/store.h"

#define FLE_LATENESS 900    /* seconds for which a window takes more, beside the longest record */
#define FLE_STATE_VERSION 2 /* of what is saved; another one isn't read */
#define FLE_MOST_TIME (INT64_MAX / 4) /* no window begins or ends beyond what a time can be */

typedef enum fle_aggregate_stat {
    FLE_AGGREGATE_ROWS,
    FLE_AGGREGATE_GROUPS,
    FLE_AGGREGATE_EVICTED,
    FLE_AGGREGATE_TOO_LATE,
    FLE_AGGREGATE_UNSPREAD,
    FLE_AGGREGATE_OVERFLOWS,
    FLE_AGGREGATE_UNDERFLOWS,
    FLE_AGGREGATE_N_STATS
} fle_aggregate_stat;

struct flowenrich_aggregator {
    fle_allocator allocator;
    fle_request request;
    fle_keys keys;
    uint64_t max_bytes;

    fle_sum_level level; /* of what is held; the layout is that level's */
    const fle_measure *measures;
    size_t n_measures;
    fle_measure core[FLE_MOST_CORE];
    fle_sketches sketches;
    fle_layout layout;
    fle_store store;
    fle_panes panes;
    uint32_t *block; /* room for the keys of FLE_BLOCK entries */
    uint64_t extra;  /* what values of keys count for in the budget */
    uint64_t more;   /* and what groups hold beside their width */

    flowenrich_time watermark, closed; /* windows that end by then were told */
    uint32_t longest;                  /* seconds of the longest row */
    uint32_t sequence;                 /* of what was late and told last */
    fle_due due;
    uint64_t stats[FLE_AGGREGATE_N_STATS];
};

/* Let an empty aggregator hold groups of a level. False if memory ran out. */
bool fle_aggregator_begin(flowenrich_aggregator *aggregator, fle_sum_level level);

/* Give back what groups hold, and the store. It may be all zero. */
void fle_aggregator_free_store(const fle_layout *layout, fle_store *store);

/* Hold nothing, as when it was made. False if memory ran out. */
bool fle_aggregator_clear(flowenrich_aggregator *aggregator);

/* The number of a group's pane: the first word of its key, if there are windows. */
static inline uint32_t fle_aggregator_pane(const flowenrich_aggregator *aggregator,
                                           const unsigned char *group)
{
    uint32_t number = 0;

    if (aggregator->keys.first > 0)
        memcpy(&number, group, sizeof number);
    return number;
}

/*
 * The group of a key, made if it isn't there, for which others may have to go. NULL if memory
 * ran out.
 */
unsigned char *fle_aggregator_group(flowenrich_aggregator *aggregator, const uint32_t *key,
                                    uint64_t hash);

#endif
