/* SPDX-License-Identifier: Apache-2.0 */
/** @file Groups to alarms. */
#ifndef FLOWENRICH_WATCH_H
#define FLOWENRICH_WATCH_H

#include "batch.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Watches groups, window by window: what is far from a group's own past, and who talks to
 * whom though nothing allows it. What comes out are alarms, as rows.
 *
 * The past of a group is bounded (`max_bytes`): where there is no room, spikes of further groups
 * aren't seen (`untracked`), and unexpected groups are told again and again.
 */
typedef struct flowenrich_watcher flowenrich_watcher;

typedef struct flowenrich_watcher_options {
    size_t size; /**< sizeof(flowenrich_watcher_options). */
    const flowenrich_allocator *allocator;
    uint64_t hash_seed;
    /** YAML (docs/watch.md); NULL = spikes of `rejects`, of each group.
     *
     *      spikes: [{measure: bytes, minimum: 1GB, windows: 24, warmup: 6, times: 8}]
     *      edges:
     *        where: server.tags.tier == "database"
     *        allow:
     *          - client.tags.app == "orders" and server.tags.app == "orders-db"
     */
    const char *policy;
    size_t policy_len;
    const char *const *by; /**< What the groups are by, as the aggregator has it. Copied. */
    size_t by_count;
    uint64_t max_bytes; /**< What the past of groups may hold. 0 = 64 MiB. */
    uint32_t slide;     /**< As the aggregator has it. */
} flowenrich_watcher_options;

#define FLOWENRICH_WATCHER_OPTIONS_INIT                                                            \
    {                                                                                              \
        sizeof(flowenrich_watcher_options), NULL, 0, NULL, 0, NULL, 0, 0, 0                        \
    }

/** @return OK, ERR_ARG, ERR_SYNTAX (`policy`, with line and column), ERR_NOMEM, ERR_UNSUPPORTED. */
FLOWENRICH_API flowenrich_status flowenrich_watcher_new(flowenrich_watcher **out,
                                                        const flowenrich_watcher_options *options,
                                                        flowenrich_error *error);
FLOWENRICH_API void flowenrich_watcher_free(flowenrich_watcher *watcher);

/**
 * Look at groups that an aggregator with windows gave out, in the order it gave them.
 *
 * An alarm has `alarm.kind` (`spike` or `unexpected`), of a spike also `alarm.rule`,
 * `alarm.measure`, `alarm.value`, `alarm.usual` (the median of the windows before) and
 * `alarm.limit` (what was still usual); then all columns of the group. Alarms are in the order of
 * the groups. What comes late is added to its window, as far as that is remembered.
 *
 * @param row     Where to begin; moved past what was looked at. Less than the rows of `groups`:
 *                take the alarms and call again.
 * @param alarms  Cleared, then filled up to its capacity, which is that of one for each rule of
 *                the policy at least.
 * @return OK; ERR_ARG (groups without windows, or of another length than before, or without
 *         a measure or path of the policy's); ERR_NOMEM: the watcher may only be freed.
 */
FLOWENRICH_API flowenrich_status flowenrich_watcher_watch(flowenrich_watcher *watcher,
                                                          const flowenrich_batch *groups,
                                                          size_t *row, flowenrich_batch *alarms,
                                                          flowenrich_error *error);

/**
 * Count since the watcher was made: `rows` that were looked at, `spikes` and `unexpected` that
 * were told, `repeated` (alarms of a group that was told of not long ago), `untracked` (groups
 * there was no room for), `too_late` (windows that were forgotten); and what there is now: `held`
 * (groups) and `bytes`. See flowenrich_parser_stats().
 */
FLOWENRICH_API size_t flowenrich_watcher_stats(const flowenrich_watcher *watcher,
                                               flowenrich_stat *out, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_WATCH_H */
