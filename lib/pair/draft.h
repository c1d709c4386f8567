/* SPDX-License-Identifier: Apache-2.0 */
/* A row of a conversation, while it is written. */
#ifndef FLE_PAIR_DRAFT_H
#define FLE_PAIR_DRAFT_H

#include "pair/deltas.h"
#include "pair/tally.h"
#include "record/list.h"

typedef enum fle_outcome {
    FLE_ACCEPTED,
    FLE_DENIED,
    FLE_LATE_OR_UNTRACKED,
    FLE_DROPPED_AT_NAT,
    FLE_N_OUTCOMES
} fle_outcome;

typedef enum fle_refuser {
    FLE_REFUSED_BY_CLIENT,
    FLE_REFUSED_BY_HOP,
    FLE_REFUSED_BY_SERVER,
    FLE_N_REFUSERS
} fle_refuser;

/* It is written from the client's end. */
typedef struct fle_draft {
    fle_deltas *deltas;
    const fle_conversation *c;
    const fle_telling *telling;
    fle_course course;
    fle_tally tally;
    fle_pole client, server;
    size_t number;
    bool failed;
} fle_draft;

/* The stop with a number, counted from the client. */
static inline const fle_stop *fle_draft_stop(const fle_draft *row, size_t i)
{
    return &row->course.stops[row->client == FLE_LOW ? i : row->course.n - 1 - i];
}

/* One more of a list: a text that lives as long as the rows. */
static inline void fle_draft_put_item(fle_draft *row, fle_delta output, flowenrich_text text)
{
    row->failed =
        row->failed ||
        !fle_list_add_kept(row->deltas->batch, row->deltas->columns[output], row->number, text);
}

/* ---- fate.c ---- */

/* What became of it, and what is to be known of its numbers. */
void fle_draft_write_fate(fle_draft *row);

#endif
