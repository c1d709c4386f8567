/* SPDX-License-Identifier: Apache-2.0 */
/* What the examples of resolvers share: a log from stdin, JSON lines to stdout. */
#ifndef EXAMPLES_PASSING_H
#define EXAMPLES_PASSING_H

#include <stdio.h>

#include <flowenrich.h>

static inline void put(const flowenrich_pipeline *pipeline)
{
    const flowenrich_text out = flowenrich_pipeline_output(pipeline);

    fwrite(out.data, 1, out.len, stdout);
}

/* All of stdin. 'resolver' is taken over. */
static inline flowenrich_status pass_stdin(const flowenrich_resolver *resolver,
                                           flowenrich_error *error)
{
    static const char yaml[] = "encoder: json\n";
    static char piece[65536];
    flowenrich_pipeline *pipeline;
    flowenrich_status status =
        flowenrich_pipeline_new(&pipeline, yaml, sizeof yaml - 1, NULL, error);
    size_t len;
    int32_t done = 0;

    if (status == FLOWENRICH_OK)
        status = flowenrich_pipeline_add_resolver(pipeline, resolver, error);
    while (status == FLOWENRICH_OK && (len = fread(piece, 1, sizeof piece, stdin)) > 0)
        for (size_t used, at = 0; at < len && status == FLOWENRICH_OK; at += used) {
            status = flowenrich_pipeline_feed(pipeline, piece + at, len - at, &used, error);
            put(pipeline);
        }
    while (status == FLOWENRICH_OK && !done) {
        status = flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, error);
        put(pipeline);
    }
    flowenrich_pipeline_free(pipeline);
    return status;
}

#endif
