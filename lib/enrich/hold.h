/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that are kept until the other end's record of the same packets may have come. */
#ifndef FLE_ENRICH_HOLD_H
#define FLE_ENRICH_HOLD_H

#include "record/batch.h"
#include "record/mirrors.h"

/* Rows of a queue, in their order. */
typedef struct fle_chunk {
    struct fle_chunk *next;
    flowenrich_batch *rows;
    uint64_t bytes;
} fle_chunk;

/* How late it is, by the ends of records, or as told. */
typedef struct fle_clock {
    flowenrich_time now;  /* the step that the newest record has come to */
    flowenrich_time leap; /* far ahead of it: the end of records that none has confirmed */
    enum { FLE_CLOCK_UNSET, FLE_CLOCK_BY_ONE, FLE_CLOCK_BY_ALL } by; /* records */
} fle_clock;

/*
 * What becomes due, when, and what is known by then, follows from the rows and their order,
 * not from how they were cut into batches: the time moves on in steps, nothing is due
 * between them, and no more rows are taken in until those that are due were taken out.
 */
typedef struct fle_hold {
    const fle_allocator *allocator;
    uint64_t hash_seed, max_bytes;
    int64_t slack;
    int64_t seconds;      /* 0: by the longest record */
    fle_mirrors *mirrors; /* of these rows and of those before; NULL before the first */
    fle_chunk *head, *tail;
    size_t taken;    /* of the head's rows */
    size_t due;      /* the first so many rows are to be taken */
    uint64_t bytes;  /* of all chunks that are full */
    int64_t longest; /* seconds of a record */
    fle_clock clock;
    flowenrich_time judged; /* the step at which it was seen last what is old */
    flowenrich_time since;  /* what ended before is forgotten */
    /* Rows: all; still here; that went before their time, for want of room; that were far ahead. */
    uint64_t waited, held, hurried, ahead;
} fle_hold;

void fle_hold_init(fle_hold *hold, const fle_allocator *allocator, uint64_t hash_seed);
void fle_hold_free(fle_hold *hold);

/* Take rows from '*row' on, until some are due or '*row' is their number. False: no memory. */
bool fle_hold_rows(fle_hold *hold, const flowenrich_batch *records, size_t *row);

/* Let the time be at least so late; FLOWENRICH_TIME_END: all are due, for once. */
void fle_hold_advance(fle_hold *hold, flowenrich_time now);

/* Move rows that are due to a batch, as far as it has room. False if memory ran out. */
bool fle_hold_take(fle_hold *hold, flowenrich_batch *out);

#endif
