/* SPDX-License-Identifier: Apache-2.0 */
/** @file Where flow log text comes from, and what the S3 key of a file tells of it. */
#ifndef FLOWENRICH_SOURCE_H
#define FLOWENRICH_SOURCE_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Where flow log text comes from. What isn't known is empty.
 *
 * `account` and `region` are those of the flow log, as the log group's owner or
 * the S3 key tells them; not those of a record's own fields, which may name the
 * other account of a shared VPC.
 */
typedef struct flowenrich_source {
    size_t size; /**< sizeof(flowenrich_source). */
    flowenrich_text
        identity; /**< Equal when the same thing is delivered again: the first log event's id. */
    flowenrich_text account;
    flowenrich_text region;
    flowenrich_text log_group;
    flowenrich_text log_stream;
    flowenrich_text interface_id; /**< "eni-…", if the log stream is an interface's. */
    flowenrich_text bucket;
    flowenrich_text key;      /**< Of the S3 object, as S3 itself spells it. */
    flowenrich_text flow_log; /**< "fl-…", as the S3 key tells it. */
} flowenrich_source;

#define FLOWENRICH_SOURCE_INIT                                                                     \
    {                                                                                              \
        sizeof(flowenrich_source), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },             \
            { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },                                    \
        {                                                                                          \
            NULL, 0                                                                                \
        }                                                                                          \
    }

/**
 * Read the S3 key of a flow log's file: its account, region and flow log id.
 *
 * All layouts AWS writes: plain or Hive style, with an hour or without, below any
 * prefix, behind an organisation's id; or the file's name alone.
 *
 * @param source  Its `account`, `region`, `flow_log` and `key` are set, and point
 *                into `key`. Untouched if the key is another's.
 * @param key     Not encoded as in an URL.
 * @return 1, or 0 if it isn't such a key.
 */
FLOWENRICH_API int32_t flowenrich_source_from_key(flowenrich_source *source, const char *key,
                                                  size_t len);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_SOURCE_H */
