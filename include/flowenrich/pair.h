/* SPDX-License-Identifier: Apache-2.0 */
/** @file Records to conversations. */
#ifndef FLOWENRICH_PAIR_H
#define FLOWENRICH_PAIR_H

#include "snapshot.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes conversations of records: both directions of one exchange, once, however many
 * observers logged it.
 *
 * Records go in, rows come out when they are due:
 *
 *     flowenrich_pairer_pair(pairer, records, &error);
 *     do
 *         flowenrich_pairer_take(pairer, rows, &error);   (then enrich them, encode them...)
 *     while (flowenrich_batch_rows(rows) > 0);
 *     flowenrich_pairer_advance(pairer, now, &error);
 *     (take them again)
 *
 * A row says what came since the conversation's last row (`id`, `sequence`, `final`): to
 * have the whole, add them up. What rows came out of the same records and the same calls
 * of flowenrich_pairer_advance() depends neither on how the records were cut into batches
 * nor on the hash seed.
 */
typedef struct flowenrich_pairer flowenrich_pairer;

typedef struct flowenrich_pairer_options {
    size_t size; /**< sizeof(flowenrich_pairer_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    const char *config; /**< A configuration whose `listeners:` are added to the built-in table. */
    size_t config_len;
    /** About what conversations and what they refer to may take. When it is full, those that
     *  were idle longest are let go as they are, and are counted (`evicted`). What waits to be
     *  taken comes on top. 0 = 1 GiB. */
    uint64_t max_bytes;
    uint32_t active_timeout; /**< Seconds of a conversation that a row covers. 0 = 1800. */
    /** Seconds without a record after which it is over. 0 = twice the longest record, the slack,
     *  and 10 minutes, since files hold records in any order. */
    uint32_t idle_timeout;
    /** Seconds for which it is kept then: a record that comes so late makes one more row of
     *  it, which says `late`. Later, it is a new conversation marked `late`. 0 = the longest
     *  record, and 15 minutes. */
    uint32_t lateness;
    int32_t slack; /**< Seconds that start and end may be late. 0 = 60, -1 = none. */
    /** Two ends that counted packets farther apart are marked `meter_mismatch`. 0 = 20. */
    uint32_t mismatch_percent;
} flowenrich_pairer_options;

#define FLOWENRICH_PAIRER_OPTIONS_INIT                                                             \
    {                                                                                              \
        sizeof(flowenrich_pairer_options), NULL, 0, NULL, 0, 0, 0, 0, 0, 0, 0                      \
    }

/** @return OK, ERR_SYNTAX (the configuration), ERR_ARG, ERR_NOMEM, ERR_UNSUPPORTED. */
FLOWENRICH_API flowenrich_status flowenrich_pairer_new(flowenrich_pairer **out,
                                                       const flowenrich_pairer_options *options,
                                                       flowenrich_error *error);
FLOWENRICH_API void flowenrich_pairer_free(flowenrich_pairer *pairer);

/**
 * Use `snapshot` from the next record on; takes a reference of its own. NULL = none.
 *
 * It tells in which VPCs observers are, and which addresses lie in those, so that two
 * networks with the same addresses aren't taken for one. Ends aren't named here:
 * flowenrich_enricher_enrich() names those of the rows.
 *
 * @return OK, ERR_ARG, or ERR_NOMEM: the pairer may only be freed then.
 */
FLOWENRICH_API flowenrich_status flowenrich_pairer_set_snapshot(flowenrich_pairer *pairer,
                                                                flowenrich_snapshot *snapshot,
                                                                flowenrich_error *error);

/**
 * Add records to their conversations.
 *
 * Rows without traffic only tell what is missing; those without addresses or times are
 * counted and passed over.
 *
 * @param records  As they were parsed; enriched or not.
 * @return OK; ERR_ARG (rows are due, or these are conversations): nothing was done;
 *         ERR_NOMEM: the pairer may only be freed.
 */
FLOWENRICH_API flowenrich_status flowenrich_pairer_pair(flowenrich_pairer *pairer,
                                                        const flowenrich_batch *records,
                                                        flowenrich_error *error);

/**
 * Say until when all records have come, but for late ones: what is over by then, or has
 * lasted as long as a row covers, is due.
 *
 * @param watermark  In the time of the records. FLOWENRICH_TIME_END: nothing more comes;
 *                   all is due, and nothing is kept. One before the last does nothing.
 * @return as flowenrich_pairer_pair().
 */
FLOWENRICH_API flowenrich_status flowenrich_pairer_advance(flowenrich_pairer *pairer,
                                                           flowenrich_time watermark,
                                                           flowenrich_error *error);

/**
 * Take the rows that are due, in the order in which they were.
 *
 * docs/output.md describes their columns. Bytes of a direction are the largest total of
 * any one observer, so never above the truth; a direction that nobody logged is absent.
 * Where a later record shows that the client is the other end, a row with `reversal` takes
 * back what rows before it said, and the next one says all of it again.
 *
 * @param out  Cleared, then filled up to its capacity. No rows: none are due.
 * @return OK, ERR_ARG, or ERR_NOMEM: the pairer may only be freed.
 */
FLOWENRICH_API flowenrich_status flowenrich_pairer_take(flowenrich_pairer *pairer,
                                                        flowenrich_batch *out,
                                                        flowenrich_error *error);

/**
 * Count since the pairer was made: `records`, `records_without_address`,
 * `records_without_time`, `duplicate_records` (that another object had, too, or the same one on
 * the same line, among the last 1.5 million at 1 GiB of `max_bytes`), `duplicate_messages` (of a
 * pipeline, with the identity of one of the last 32,768), `conversations`, `rows`,
 * `reversals`, `evicted`, `late_records`, `late_conversations`, `reused` (tuples, too soon to be
 * told apart), `ambiguous` (that could have been joined to more than one), `other_space` (of a
 * tuple that another VPC has, too), `overlapping_records` (of a second flow log, or of an object
 * that is delivered again), `uncounted_records` (of too many observers at once; without packet
 * addresses where another log of the observer has them; of a time that was told of an evicted
 * one), `joined_legs` (sides of load balancers and of gateways that were joined to the other
 * side), `joined_outside_legs` (of these, what NAT gateways said under their own address),
 * `refused_observers` (records without room for their observer); and what there is now,
 * `open` and `bytes`. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_pairer_stats(const flowenrich_pairer *pairer, flowenrich_stat *out,
                                              size_t n);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_PAIR_H */
