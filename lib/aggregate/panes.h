/* SPDX-License-Identifier: Apache-2.0 */
/* Panes: the stretches of time that windows are made of, and what each has lost. */
#ifndef FLE_AGGREGATE_PANES_H
#define FLE_AGGREGATE_PANES_H

#include "aggregate/group.h"
#include "base/hash.h"

/*
 * Where windows slide, each row lies in several. It is counted once, in the pane of its time,
 * which is as long as windows are apart; a window is some panes in a row. Where they don't, a
 * pane is a window; without windows, there is one. Rows that come after a window of theirs was
 * told are counted in a late pane, beside the one of those that came in time.
 */
typedef struct fle_pane {
    flowenrich_time start; /* absent: of rows without a time, or all of time */
    bool is_late;
    uint64_t floor;       /* no group of this pane that isn't held has more bytes */
    unsigned char *other; /* sums of what isn't held, as a group's; NULL: nothing */
} fle_pane;

typedef struct fle_panes {
    const fle_allocator *allocator;
    const fle_layout *layout;
    fle_pane *items;
    uint32_t n, most;
    size_t capacity;
    fle_arena keys;
    fle_map *numbers; /* of starts */
    uint32_t last;    /* the one that was found before */
    uint64_t lost;    /* bytes of panes there was no room for */
} fle_panes;

/* 'most' panes at a time. False if memory ran out; what there is then may be freed. */
bool fle_panes_init(fle_panes *panes, const fle_allocator *allocator, uint64_t seed,
                    const fle_layout *layout, uint32_t most);
void fle_panes_free(fle_panes *panes);

/*
 * The number of a pane, made if it isn't there. Where there are too many, it is that of rows
 * without time, and '*is_full' is set. FLE_ABSENT if memory ran out.
 */
uint32_t fle_panes_find(fle_panes *panes, flowenrich_time start, bool is_late, bool *is_full);

/* Where a pane's other groups are summed; NULL if memory ran out. */
unsigned char *fle_panes_other(fle_panes *panes, uint32_t number);

/*
 * Drop the panes whose new number, in 'numbers', is FLE_ABSENT; those of the others ascend
 * from 0. False if memory ran out.
 */
bool fle_panes_renumber(fle_panes *panes, const uint32_t *numbers);

#endif
