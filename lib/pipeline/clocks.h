/* SPDX-License-Identifier: Apache-2.0 */
/* How late it is by the rows of each source: who is last is waited for, but not for ever. */
#ifndef FLE_PIPELINE_CLOCKS_H
#define FLE_PIPELINE_CLOCKS_H

#include "base/hash.h"
#include "record/batch.h"

/* One source's. */
typedef struct fle_source_clock {
    flowenrich_time newest; /* the latest end of its rows, and what has passed since */
    flowenrich_time ahead;  /* the end of a row alone that is far later; absent if there is none */
    int64_t heard;          /* seconds that had passed when it was heard of last */
} fle_source_clock;

/*
 * A source is a flow log; where its id isn't known, its log group; and all whose names aren't
 * known, either, are one. What has passed is counted in the records' own seconds, by whichever
 * source goes on fastest since it was heard of before: so a source that is hours behind, but
 * sends, isn't idle. While nothing comes, the owner's clock counts.
 */
typedef struct fle_clocks {
    const fle_allocator *allocator;
    fle_arena names;
    fle_map *by_name;
    fle_source_clock *items; /* the first is of those without a name */
    size_t n, capacity;
    int64_t idle;         /* seconds after which a silent source isn't waited for */
    int64_t passed;       /* seconds since the first row */
    flowenrich_time told; /* the owner's clock, at the last tell */
    bool has_moved;       /* something came since */
    bool is_over;         /* it is the end of time */
} fle_clocks;

/* False if memory ran out; free it in any case. */
bool fle_clocks_init(fle_clocks *clocks, const fle_allocator *allocator, uint64_t hash_seed,
                     int64_t idle);
void fle_clocks_free(fle_clocks *clocks);

/* Forget all of them: what comes now is another stream. */
void fle_clocks_clear(fle_clocks *clocks);

/* Rows have come. False if memory ran out. */
bool fle_clocks_note(fle_clocks *clocks, const flowenrich_batch *rows);

/*
 * It is so late by the owner's clock, which may be far ahead of the records', or of another year:
 * so only what passes between two calls counts, and only if nothing came. FLOWENRICH_TIME_END:
 * nothing comes any more.
 */
void fle_clocks_tell(fle_clocks *clocks, flowenrich_time now);

/*
 * Until when all rows have come, but for late ones: the least of the sources'. Absent before
 * anything came; and before others than the first named ones had as long to be heard of as is
 * waited for a silent one.
 */
flowenrich_time fle_clocks_time(const fle_clocks *clocks);

/* The latest that any source is at; absent before anything came. */
flowenrich_time fle_clocks_newest(const fle_clocks *clocks);

#endif
