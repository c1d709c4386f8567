/* SPDX-License-Identifier: Apache-2.0 */
/** @file Names both ends of records and conversations. */
#ifndef FLOWENRICH_ENRICH_H
#define FLOWENRICH_ENRICH_H

#include "resolver.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Names both ends of records and conversations. */
typedef struct flowenrich_enricher flowenrich_enricher;

typedef struct flowenrich_enricher_options {
    size_t size; /**< sizeof(flowenrich_enricher_options). */
    /** Batches point to answers that the enricher keeps for later ones, up to some 7 MiB, until
     *  they are cleared: so it must live as long as they do, and bear the thread they are on. */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    const char *config; /**< A configuration whose `listeners:` are added to the built-in table. */
    size_t config_len;
    int32_t slack;      /**< Seconds that start and end may be late. 0 = 60, -1 = none. */
    uint32_t strict;    /**< Not 0: what is only assumed is not named. */
    int64_t hold;       /**< Seconds that flowenrich_enricher_hold() keeps a record after its end.
                          0 = the longest that a record covered so far, and 15 minutes. */
    uint64_t max_bytes; /**< What held records and what is learned from them may take. 0 = 1 GiB. */
} flowenrich_enricher_options;

#define FLOWENRICH_ENRICHER_OPTIONS_INIT                                                           \
    {                                                                                              \
        sizeof(flowenrich_enricher_options), NULL, 0, NULL, 0, 0, 0, 0, 0                          \
    }

FLOWENRICH_API flowenrich_status flowenrich_enricher_new(flowenrich_enricher **out,
                                                         const flowenrich_enricher_options *options,
                                                         flowenrich_error *error);
FLOWENRICH_API void flowenrich_enricher_free(flowenrich_enricher *enricher);

/** Use `snapshot` from the next batch on; takes a reference of its own. NULL = none. */
FLOWENRICH_API flowenrich_status flowenrich_enricher_set_snapshot(flowenrich_enricher *enricher,
                                                                  flowenrich_snapshot *snapshot,
                                                                  flowenrich_error *error);

/** Ask `resolver` what the snapshot and the resolvers before it left open. Takes it over, also
 *  if this fails. */
FLOWENRICH_API flowenrich_status flowenrich_enricher_add_resolver(
    flowenrich_enricher *enricher, const flowenrich_resolver *resolver, flowenrich_error *error);

/**
 * Name both ends of every record with traffic, or of every conversation.
 *
 * Adds to the batch, in place, what docs/output.md describes: `client.*`,
 * `server.*`, `uploaded`, `downloaded`, `direction.by`, `direction.confidence`,
 * `scope`, `path`, `observer`, `verdict`. Rows that are no traffic (NODATA,
 * SKIPDATA) have none of these.
 *
 * @return OK, ERR_NOMEM, ERR_RESOLVER (a resolver failed; `error` is its own).
 *         After a failure the batch can be cleared and used again.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_enrich(flowenrich_enricher *enricher,
                                                            flowenrich_batch *batch,
                                                            flowenrich_error *error);

/**
 * Keep records until the other end's record of the same packets may have come, and learn
 * from them meanwhile: what two passes do for files, for a stream that passes once.
 *
 * An end that logged the packets itself is then named by its own record, whatever became
 * of its address. A record is due once the newest one ended so much later, `hold` of the
 * options, or advance() says that it is as late as that. Take what is due after each call:
 *
 *     for (row = 0; row < flowenrich_batch_rows(records);) {
 *         flowenrich_enricher_hold(enricher, records, &row, &error);
 *         while (flowenrich_enricher_take(enricher, out, &error) == FLOWENRICH_OK &&
 *                flowenrich_batch_rows(out) > 0) {
 *             ...
 *             flowenrich_batch_clear(out);
 *         }
 *     }
 *
 * Over `max_bytes` the oldest are due before their time, which costs names and is counted
 * as `hurried`. What was learned is forgotten once no record that is in time can need it.
 * Records without times wait for nobody, but stay in line. Nor is one waited for, or learned
 * from, that ended more than a day after all before: it is counted as `ahead`, and the time
 * moves on as soon as the next one of another window confirms it.
 *
 * @param records  As they were parsed. They are copied.
 * @param row      The first row to take in, 0 for a new batch; receives that of the next
 *                 call: fewer than all are taken in where some become due.
 * @return OK, ERR_ARG, or ERR_NOMEM: the enricher can only be freed.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_hold(flowenrich_enricher *enricher,
                                                          const flowenrich_batch *records,
                                                          size_t *row, flowenrich_error *error);

/**
 * Say how late it is, in the time of the records: for when none come. Then take().
 *
 * @param now  Seconds since 1970. Less than before changes nothing.
 *             FLOWENRICH_TIME_END: all that is held is due, as at the end of a stream.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_advance(flowenrich_enricher *enricher,
                                                             flowenrich_time now,
                                                             flowenrich_error *error);

/**
 * Take records that are due, enriched, in the order they came.
 *
 * @param out  Without rows; filled up to its capacity. None: nothing is due.
 * @return As flowenrich_enricher_enrich(); ERR_ARG if `out` has rows.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_take(flowenrich_enricher *enricher,
                                                          flowenrich_batch *out,
                                                          flowenrich_error *error);

/**
 * Say in English why the ends of a row are named as they are, and why that one
 * is the client.
 *
 * @param batch  As it came from flowenrich_enricher_enrich().
 * @param buf    Receives at most `cap` bytes, lines ending in newlines. May be
 *               NULL if `cap` is 0.
 * @param len    Receives how many bytes the whole explanation has.
 * @return OK, ERR_ARG (no such row, not enriched), ERR_LIMIT (`cap` is less than
 *         *len), ERR_NOMEM. The enricher stays usable in any case.
 */
FLOWENRICH_API flowenrich_status flowenrich_enricher_explain(flowenrich_enricher *enricher,
                                                             flowenrich_batch *batch, size_t row,
                                                             char *buf, size_t cap, size_t *len,
                                                             flowenrich_error *error);

/**
 * Count since the enricher was made: `records`, `ends`, `named_…` by what,
 * `sure_…`, `unnamed_…` by reason, `internet` (ends that are public addresses
 * of nobody here), `waited` (records that were held), `held` (that still are), `hurried` (that
 * were let go before their time, for want of room) and `ahead` (that ended more than a day
 * after all before). See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_enricher_stats(const flowenrich_enricher *enricher,
                                                flowenrich_stat *out, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_ENRICH_H */
