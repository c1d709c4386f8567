/* SPDX-License-Identifier: Apache-2.0 */
/* What is watched for: the policy of a watcher. */
#ifndef FLE_WATCH_POLICY_H
#define FLE_WATCH_POLICY_H

#include "record/filter.h"

#define FLE_POLICY_MOST_WINDOWS 1000
#define FLE_POLICY_MOST_SEASONS 52

/* Alarm when a measure of a group is far more than it used to be. */
typedef struct fle_spike_rule {
    flowenrich_text name;
    const char *measure;
    fle_filter where; /* of groups */
    uint32_t season;  /* seconds: a day, a week; 0: the windows just before are looked at */
    uint32_t windows; /* of the past that are looked at; where there is a season, how many of it */
    uint32_t warmup;  /* at least so many must be known */
    uint32_t times;   /* how many deviations are too far */
    uint32_t cooldown;
    uint64_t minimum;
} fle_spike_rule;

/* Alarm when a group is none of those that are allowed. */
typedef struct fle_edge_rule {
    bool is_given;
    fle_filter where;
    fle_filter *allow;
    size_t n_allow;
    uint32_t cooldown;
    uint64_t minimum; /* bytes */
} fle_edge_rule;

typedef struct fle_policy {
    fle_spike_rule *spikes;
    size_t n_spikes;
    fle_edge_rule edges;
} fle_policy;

/*
 * Read a policy (docs/watch.md) into 'arena'; of one that says nothing, spikes of `rejects`.
 * ERR_SYNTAX with its place, ERR_NOMEM, ERR_UNSUPPORTED. Free it in any case.
 */
flowenrich_status fle_policy_read(fle_policy *out, const char *yaml, size_t len, fle_arena *arena,
                                  flowenrich_error *error);
void fle_policy_free(fle_policy *policy);

#endif
