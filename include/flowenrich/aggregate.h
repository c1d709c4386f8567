/* SPDX-License-Identifier: Apache-2.0 */
/** @file Rows to groups and their sums, over time and of many machines. */
#ifndef FLOWENRICH_AGGREGATE_H
#define FLOWENRICH_AGGREGATE_H

#include "batch.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Sums records, conversations, or what these are charged, by any paths: groups.
 *
 * Without windows, add batches, then take the groups out. With windows, say how far time
 * has gone on: flowenrich_aggregator_advance(), then take what is due. Sums merge: of
 * several threads, processes or machines (flowenrich_aggregator_merge(), _save(), _load()).
 * As long as memory holds all groups, what comes out is the same, byte for byte, however
 * the rows were cut, ordered and divided. docs/groups.md has more on all of it.
 *
 * Without memory (ERR_NOMEM) flowenrich_aggregator_advance() and _save() may be called again;
 * after any other call the aggregator may only be freed, as a row may be half added.
 */
typedef struct flowenrich_aggregator flowenrich_aggregator;

typedef struct flowenrich_aggregator_options {
    size_t size; /**< sizeof(flowenrich_aggregator_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    /** Paths; rows with equal values are one group. `client.addr/24` is the network of that
     *  length, "10.0.1.0/24". None: all rows are one group. Copied. */
    const char *const *by;
    size_t by_count;
    /** What to tell of each group, in order: names below, and `distinct(PATH)` (how many
     *  values, about), `p50(PATH)` to `p99.9(PATH)` (quantiles of a number, about; of
     *  `duration` the seconds), `top(PATH)` or `top10(PATH)` (values with most bytes);
     *  their columns are `distinct.PATH`, `p99_9.PATH`, `top.PATH` and `top_bytes.PATH`. NULL =
     *  of records `records`, `packets`, `bytes`, `rejects`, `first`, `last`; of conversations
     *  `conversations`, `records`, `uploaded`, `downloaded`, `uploaded_packets`,
     *  `downloaded_packets`, `packets`, `bytes`, `rejects`, `amount`, `uncosted_bytes`,
     *  `first`, `last`; of lines of charges `bytes` and `amount`. Copied. */
    const char *const *measures;
    size_t measure_count;
    const char *where; /**< Which rows count: an expression (docs/filter.md). NULL = all. */
    size_t where_len;
    /** What groups may hold. What doesn't fit goes to the group `other`, smallest first, and
     *  each group says how much of it may be there (`error`). 0 = 256 MiB. */
    uint64_t max_bytes;
    uint32_t window;   /**< Seconds of a window. 0 = all of time is one. */
    uint32_t slide;    /**< Seconds from one's start to the next's; divides it. 0 = `window`. */
    uint32_t lateness; /**< Seconds for which a window takes more after the watermark passed its
                        *   end. 0 = 15 minutes and as long as the longest record so far. */
    uint32_t spread;   /**< 0: a row belongs to the window of its start. 1: bytes, packets and
                        *   amounts are spread evenly over its time; they still add up exactly. */
} flowenrich_aggregator_options;

#define FLOWENRICH_AGGREGATOR_OPTIONS_INIT                                                         \
    {                                                                                              \
        sizeof(flowenrich_aggregator_options), NULL, 0, NULL, 0, NULL, 0, NULL, 0, 0, 0, 0, 0, 0   \
    }

/**
 * @return OK, ERR_ARG (a path or measure twice, or what isn't one; windows that don't divide),
 *         ERR_SYNTAX (`where`), ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status
flowenrich_aggregator_new(flowenrich_aggregator **out, const flowenrich_aggregator_options *options,
                          flowenrich_error *error);
FLOWENRICH_API void flowenrich_aggregator_free(flowenrich_aggregator *aggregator);

/**
 * Add the rows of a batch that are traffic. A path the batch lacks is an absent
 * value, which is a group of its own. What a reversal takes back is taken out.
 *
 * If a path is of a conversation's charges (`charges.meter`), each line of a row is
 * counted by itself, in the group of its own meter.
 *
 * @return OK; ERR_ARG (rows are due; a path has another type than in batches before, or
 *         these were records and now conversations): nothing was added; ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_add(flowenrich_aggregator *aggregator,
                                                           flowenrich_batch *batch,
                                                           flowenrich_error *error);

/**
 * Say until when all rows have come, but for late ones: windows that end `lateness` before
 * are due, and so are rows that came too late for their windows.
 *
 * @param watermark  In the time of the records: the least of all sources. One before the last
 *                   does nothing. FLOWENRICH_TIME_END: nothing more comes, all is due; what is
 *                   added after that was taken is another stream.
 * @return OK, ERR_ARG (rows are due), ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_advance(flowenrich_aggregator *aggregator,
                                                               flowenrich_time watermark,
                                                               flowenrich_error *error);

/**
 * Take the groups out that are due: by windows, then what costs most first, then with most
 * bytes, then by keys; `other` comes last. Without windows, all are due at the first call.
 * Call again until no row comes; then what came out is forgotten.
 *
 * Columns: with windows `window.start`, `window.end`, `sequence` and `late`: a window's
 * groups come once with sequence 0; what comes late for it has `late` and a higher
 * sequence, and is to be added. Of conversations and their charges `reversal`, too: true in a
 * row that is to be taken out, since rows of another window took it back. Then the paths;
 * `other`, true in the one row of a window for what didn't fit, which has no keys, and absent
 * in all others; the measures (`amount` in nano-units, cut off once for a group); and
 * `error`: as many bytes of this group, at most, are in `other`; 0 = it is exact.
 *
 * @param out  Cleared, then filled up to its capacity.
 * @return OK, ERR_ARG, ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_take(flowenrich_aggregator *aggregator,
                                                            flowenrich_batch *out,
                                                            flowenrich_error *error);

/**
 * Add all that another aggregator holds, which has the same options but for seed, allocator,
 * `max_bytes` and `lateness`.
 *
 * @param from  Left as it is. On the same thread, or on none, during the call.
 * @return OK; ERR_ARG (the options differ, or rows are due in one): nothing was added;
 *         ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_merge(flowenrich_aggregator *into,
                                                             const flowenrich_aggregator *from,
                                                             flowenrich_error *error);

/**
 * Write all that an aggregator holds as bytes, for another one on any machine.
 *
 * @param buf  Receives at most `cap` bytes. May be NULL if `cap` is 0.
 * @param len  Receives how many were written. On ERR_LIMIT, how many are needed.
 * @return OK, ERR_LIMIT, ERR_ARG (rows are due), ERR_NOMEM. The aggregator stays usable.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_save(const flowenrich_aggregator *aggregator,
                                                            void *buf, size_t cap, size_t *len,
                                                            flowenrich_error *error);

/**
 * Add what another aggregator saved: flowenrich_aggregator_merge() with it.
 *
 * @return OK; ERR_CORRUPT (no such bytes, or damaged), ERR_UNSUPPORTED (of a later version),
 *         ERR_ARG (as in _merge()): nothing was added; ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_aggregator_load(flowenrich_aggregator *into,
                                                            const void *state, size_t len,
                                                            flowenrich_error *error);

/**
 * Count since the aggregator was made: `overflows`, sums that are the most they can be, and
 * `underflows`, reversals that took more than was there, and left 0; `rows` that were added,
 * `groups` that came out, `evicted` (groups that went to `other`), `too_late` (rows that came
 * after their window), `unspread` (rows over too long a time to be spread); and what there is
 * now: `held` (groups) and `bytes`. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_aggregator_stats(const flowenrich_aggregator *aggregator,
                                                  flowenrich_stat *out, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_AGGREGATE_H */
