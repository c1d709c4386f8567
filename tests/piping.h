/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of the pipeline share: inputs fed in pieces, output gathered. */
#ifndef TESTS_PIPING_H
#define TESTS_PIPING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/pipeline.h"

#define PIPING_HEADER                                                                              \
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "      \
    "start end action log-status\n"
#define PIPING_LINE                                                                                \
    "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT "    \
    "OK\n"
#define PIPING_OTHER                                                                               \
    "2 123456789012 eni-0a2 10.0.0.9 10.0.0.5 5432 40000 6 3 640 1772452800 1772452860 REJECT "    \
    "OK\n"

static inline void piping_must(flowenrich_status status, const flowenrich_error *error)
{
    if (status == FLOWENRICH_OK)
        return;
    fprintf(stderr, "%s: %s (line %u, column %u)\n", flowenrich_status_name(status), error->message,
            (unsigned)error->line, (unsigned)error->column);
    abort();
}

static inline flowenrich_pipeline *piping_new(const char *yaml)
{
    flowenrich_error error = { 0 };
    flowenrich_pipeline *pipeline;

    piping_must(flowenrich_pipeline_new(&pipeline, yaml, strlen(yaml), NULL, &error), &error);
    return pipeline;
}

/* Move what was put out to the end of 'out': encoded bytes, or of rows their numbers of bytes. */
static inline void piping_take(flowenrich_pipeline *pipeline, fle_buffer *out)
{
    flowenrich_batch *batch = flowenrich_pipeline_batch(pipeline);
    flowenrich_column bytes = { .size = sizeof bytes };

    fle_buffer_text(out, flowenrich_pipeline_output(pipeline));
    if (!batch || pipeline->encoder ||
        flowenrich_batch_column(batch, "bytes", &bytes, NULL) != FLOWENRICH_OK)
        return;
    for (size_t row = 0; row < bytes.rows; row++) {
        fle_buffer_u64(out, ((const uint64_t *)bytes.values)[row]);
        fle_buffer_char(out, '\n');
    }
}

/* Feed a piece in pieces of 'size'. The first failure is returned, and what came before is out. */
static inline flowenrich_status piping_feed(flowenrich_pipeline *pipeline, const char *data,
                                            size_t len, size_t size, fle_buffer *out,
                                            flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;

    while (len > 0 && status == FLOWENRICH_OK) {
        size_t used;

        status = flowenrich_pipeline_feed(pipeline, data, len < size ? len : size, &used, error);
        piping_take(pipeline, out);
        data += used;
        len -= used;
    }
    return status;
}

static inline flowenrich_status piping_end(flowenrich_pipeline *pipeline, fle_buffer *out,
                                           flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    int32_t done = 0;

    while (!done && status == FLOWENRICH_OK) {
        status = flowenrich_pipeline_end(pipeline, &done, error);
        piping_take(pipeline, out);
    }
    return status;
}

static inline flowenrich_status piping_flush(flowenrich_pipeline *pipeline, fle_buffer *out,
                                             flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    int32_t done = 0;

    while (!done && status == FLOWENRICH_OK) {
        status = flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, error);
        piping_take(pipeline, out);
    }
    return status;
}

/* All that comes of an input, fed in pieces of 'size', ending in a zero. */
static inline char *piping_run(flowenrich_pipeline *pipeline, const char *data, size_t len,
                               size_t size)
{
    static const fle_allocator *allocator;
    static fle_allocator memory;
    flowenrich_error error = { 0 };
    fle_buffer out;

    if (!allocator && fle_allocator_init(&memory, NULL))
        allocator = &memory;
    fle_buffer_init(&out, allocator);
    piping_must(flowenrich_pipeline_begin(pipeline, NULL, &error), &error);
    piping_must(piping_feed(pipeline, data, len, size, &out, &error), &error);
    piping_must(piping_end(pipeline, &out, &error), &error);
    piping_must(piping_flush(pipeline, &out, &error), &error);
    fle_buffer_char(&out, '\0');
    return out.data;
}

static inline uint64_t piping_stat(const flowenrich_pipeline *pipeline, const char *name)
{
    flowenrich_stat stats[128];
    const size_t n = flowenrich_pipeline_stats(pipeline, stats, 128);

    for (size_t i = 0; i < n && i < 128; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return UINT64_MAX;
}

#endif
