/* SPDX-License-Identifier: Apache-2.0 */
/** @file Who had which address when, as it was published: shared, looked up, kept as an image. */
#ifndef FLOWENRICH_SNAPSHOT_H
#define FLOWENRICH_SNAPSHOT_H

#include "batch.h"
#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A catalog as it was when published. Immutable, counted, shared between threads. */
typedef struct flowenrich_snapshot flowenrich_snapshot;

/** Take one more reference. From any thread. @return `snapshot`. */
FLOWENRICH_API flowenrich_snapshot *flowenrich_snapshot_ref(flowenrich_snapshot *snapshot);

/** Drop a reference. From any thread. */
FLOWENRICH_API void flowenrich_snapshot_free(flowenrich_snapshot *snapshot);

/**
 * The ids of the VPCs a snapshot has interfaces in, for messages.
 *
 * @return The VPC with number `index`, empty past the last. Lives as long as the snapshot.
 */
FLOWENRICH_API flowenrich_text flowenrich_snapshot_vpc(const flowenrich_snapshot *snapshot,
                                                       size_t index);

/**
 * The formats that logs may have which come from somewhere, by describe-flow-logs: for
 * flowenrich_parser_expect(). A pipeline asks by itself.
 *
 * @param source  Its `flow_log`, or else its `log_group` and what is known of its
 *                `interface_id`, decide.
 * @return The format with number `index`, the likeliest first, as AWS spells it; empty past
 *         the last. Lives as long as the snapshot.
 */
FLOWENRICH_API flowenrich_text flowenrich_snapshot_format(const flowenrich_snapshot *snapshot,
                                                          const flowenrich_source *source,
                                                          size_t index);

/** What is asked about. */
typedef enum flowenrich_key_kind {
    FLOWENRICH_KEY_ADDRESS = 1,  /**< `address` in `space` */
    FLOWENRICH_KEY_INTERFACE = 2 /**< `id`, an interface id */
} flowenrich_key_kind;

/**
 * One question: who was this, throughout this time, seen from there?
 *
 * `from` and `until` are the record's bounds widened by the slack, so whoever is
 * named must have held the address throughout, or nobody is to be named.
 */
typedef struct flowenrich_key {
    size_t size;    /**< sizeof(flowenrich_key). */
    uint32_t kind;  /**< A flowenrich_key_kind. */
    uint32_t space; /**< Number of the observer's address space in the snapshot; 0 = unknown. */
    uint8_t address[16];      /**< IPv4 as ::ffff:a.b.c.d. */
    flowenrich_text id;       /**< Interface id; empty for an address. */
    flowenrich_text observer; /**< Who logged it: interface id, resource-id/az-id, or attachment. */
    flowenrich_text vpc;      /**< The observer's VPC; empty if unknown. */
    flowenrich_time from, until; /**< FLOWENRICH_TIME_ABSENT if the log has no times. */
} flowenrich_key;

#define FLOWENRICH_KEY_INIT                                                                        \
    {                                                                                              \
        sizeof(flowenrich_key), FLOWENRICH_KEY_ADDRESS, 0, { 0 }, { NULL, 0 }, { NULL, 0 },        \
            { NULL, 0 }, FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT                            \
    }

/**
 * Count what a snapshot has: `interfaces`, `addresses` (and prefixes, of each VPC), `intervals`
 * (of who held them), `vpcs`, `subnets`, `ranges` (of Amazon's), `contradictions`: how often
 * two interfaces were seen with one address at a time; `flow_logs` that documents tell of,
 * `partial_flow_logs` that record only what is accepted, or refused, and `longest_window`, the
 * seconds a record of any of them covers. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_snapshot_stats(const flowenrich_snapshot *snapshot,
                                                flowenrich_stat *out, size_t n);

/**
 * Write a snapshot as an image, which flowenrich_snapshot_from_image() reads in place: to
 * load it in no time, or share it between processes.
 *
 * What was learned of who logged which packets is in it, too, some 36 bytes a record, and takes
 * its time when the image is opened. The documents aren't: nothing can be added to it, unlike to
 * one of flowenrich_catalog_image(). The same documents in the same order, with the same
 * `hash_seed`, give the same bytes. An image is for machines of the same byte order and
 * libraries that read its version: it is made from documents again, not kept in their place.
 *
 * @param buf  Receives the image. May be NULL if `cap` is 0: that asks for the size.
 * @param len  Receives how many bytes the image has.
 * @return OK, ERR_ARG, or ERR_LIMIT: `cap` is less than *len, and not 0.
 */
FLOWENRICH_API flowenrich_status flowenrich_snapshot_image(const flowenrich_snapshot *snapshot,
                                                           void *buf, size_t cap, size_t *len,
                                                           flowenrich_error *error);

/**
 * Make a snapshot of an image, without reading more of it than its table of contents.
 *
 * Look-ups read it in place and follow nothing beyond its end, whoever wrote it.
 *
 * @param image   At a multiple of 8, as malloc and mmap give it. It must outlive the
 *                snapshot, and stay as it is.
 * @param verify  Not 0: first check that all of its bytes are those that were written.
 * @return OK; ERR_CORRUPT (no image, or not whole); ERR_UNSUPPORTED (of another version or
 *         byte order); ERR_ARG, ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_snapshot_from_image(flowenrich_snapshot **out,
                                                                const void *image, size_t len,
                                                                int32_t verify,
                                                                const flowenrich_options *options,
                                                                flowenrich_error *error);

/**
 * Look up who addresses or interfaces were, as the ends of records are named.
 *
 * Of a key count `kind`, `address` or `id`, `from` and `until`, and for addresses
 * `space`, or else `vpc`: as seen from there. A private address without either
 * is looked for in the only VPC that may have it. Where the times are absent, at
 * any time.
 *
 * @param keys  All of the same `size`, each from FLOWENRICH_KEY_INIT.
 * @param out   Cleared, then filled with a row a key. Columns: `address`; `since` and
 *              `until`, when the owner was first and last seen with the address;
 *              `rival`, another interface that may have held it; and what an end of
 *              a record has, without a prefix: `type`, `interface_id`, `arns`,
 *              `vpc_id`, `tags`, `tags.app`, `by`, `sure`, `reason`… It keeps a
 *              reference to the snapshot until it is cleared.
 * @return OK, ERR_ARG (a key, or more of them than the batch holds rows), ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_snapshot_lookup(flowenrich_snapshot *snapshot,
                                                            const flowenrich_key *keys, size_t n,
                                                            flowenrich_batch *out,
                                                            flowenrich_error *error);

/**
 * Everybody who ever held an address, or a prefix over it: a row an interval.
 *
 * Besides the columns of flowenrich_snapshot_lookup() there is `gone`: when the owner was next
 * known to be without it. Where that is absent nobody says that it isn't there any more.
 *
 * @param key     An address. Without `space` and `vpc`: in all VPCs. Its times don't count.
 *                NULL: all addresses, and prefixes by their first one, of all VPCs.
 * @param cursor  0 at first; moved past what was told. Call until no row comes.
 * @param out     Cleared, then filled up to its capacity, as by
 *                flowenrich_snapshot_lookup(): by VPC, longest prefix first, then by time;
 *                of all addresses, each one's intervals together.
 *                What the owner was is told as of the interval.
 * @return OK, ERR_ARG or ERR_NOMEM.
 */
FLOWENRICH_API flowenrich_status flowenrich_snapshot_history(flowenrich_snapshot *snapshot,
                                                             const flowenrich_key *key,
                                                             uint64_t *cursor,
                                                             flowenrich_batch *out,
                                                             flowenrich_error *error);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_SNAPSHOT_H */
