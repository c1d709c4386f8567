/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes through a whole pipeline. The first byte chooses its configuration, the second
 * the size of pieces; a byte 1 parts the inputs. In those pieces and in one, the same
 * comes out, the same lines are refused, and the same is counted.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "flowenrich.h"

#define MOST_STATS 128

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const configs[] = {
    "limits: {rows: 3}\n",
    "enrich: false\nlimits: {rows: 1, line: 100}\n",
    "enrich: false\nfields: [bytes, srcaddr]\nfilter: {action: [ACCEPT, null]}\n",
    "formats: ['${srcaddr} ${dstaddr} ${bytes}']\nfields: [client.addr, uploaded]\n",
    "filter: {client.rfc1918: true}\nlimits: {rows: 2, payload: 300}\nencoder: json-flat\n",
    "input: text\nnetworks: [{cidr: 10.0.0.0/8, name: x}]\nlimits: {bad_lines: 3}\n",
    "hold: 60\nlimits: {rows: 2}\nfilter: {client.port: {not: 1}}\n",
    "hold: auto\nlimits: {rows: 3, held: 1}\nencoder: json-flat\n",
    "level: conversation\nlimits: {rows: 2}\n",
    "level: conversation\nenrich: false\nhold: 60\npair: {active: 60, idle: 100}\n",
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* All that a run gave. */
typedef struct result {
    fle_buffer out;
    uint64_t refused, failed;
    flowenrich_stat stats[MOST_STATS];
    size_t n_stats;
} result;

/* Take what the last call gave. Is the pipeline still usable? */
static bool take(result *into, const flowenrich_pipeline *pipeline, flowenrich_status status)
{
    fle_buffer_text(&into->out, flowenrich_pipeline_output(pipeline));
    into->refused += flowenrich_pipeline_rejects(pipeline);
    into->failed += status != FLOWENRICH_OK;
    must(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_SYNTAX ||
         status == FLOWENRICH_ERR_LIMIT || status == FLOWENRICH_ERR_UNSUPPORTED);
    return status == FLOWENRICH_OK || status != FLOWENRICH_ERR_LIMIT;
}

/* One input. False if too many lines were bad: the rest of them is nobody's. */
static bool run_input(result *into, flowenrich_pipeline *pipeline, const char *data, size_t len,
                      size_t piece)
{
    flowenrich_error error = { 0 };
    int32_t done = 0;
    bool is_over = false;

    must(flowenrich_pipeline_begin(pipeline, NULL, NULL) == FLOWENRICH_OK);
    while (len > 0 && !is_over) {
        const size_t most = len < piece ? len : piece;
        size_t used = 0;
        const flowenrich_status status =
            flowenrich_pipeline_feed(pipeline, data, most, &used, &error);

        must(used <= most);
        is_over = !take(into, pipeline, status) && used < most;
        data += used;
        len -= used;
    }
    while (!done && !is_over) {
        const flowenrich_status status = flowenrich_pipeline_end(pipeline, &done, &error);

        is_over = !take(into, pipeline, status) && strstr(error.message, "bad lines");
    }
    return !is_over;
}

static void run(result *into, const char *yaml, const char *data, size_t len, size_t piece)
{
    flowenrich_pipeline *pipeline;
    int32_t done = 0;
    bool goes_on = true;

    must(flowenrich_pipeline_new(&pipeline, yaml, strlen(yaml), NULL, NULL) == FLOWENRICH_OK);
    while (goes_on) {
        const char *end = len > 0 ? memchr(data, 1, len) : NULL;
        const size_t of_input = end ? (size_t)(end - data) : len;

        goes_on = run_input(into, pipeline, data, of_input, piece) && end;
        data += end ? of_input + 1 : of_input;
        len -= end ? of_input + 1 : of_input;
    }
    while (!done) {
        const flowenrich_status status =
            flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, NULL);

        must(status == FLOWENRICH_OK);
        take(into, pipeline, status);
    }
    into->n_stats = flowenrich_pipeline_stats(pipeline, into->stats, MOST_STATS);
    flowenrich_pipeline_free(pipeline);
}

static void must_be_equal(const result *a, const result *b)
{
    must(a->out.len == b->out.len && a->refused == b->refused && a->failed == b->failed);
    must(a->out.len == 0 || memcmp(a->out.data, b->out.data, a->out.len) == 0);
    must(a->n_stats == b->n_stats && a->n_stats <= MOST_STATS);
    for (size_t i = 0; i < a->n_stats; i++)
        must(a->stats[i].value == b->stats[i].value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    result whole = { .n_stats = 0 }, pieces = { .n_stats = 0 };
    fle_allocator allocator;
    const char *yaml, *text;

    if (size < 2)
        return 0;
    yaml = configs[data[0] % (sizeof configs / sizeof *configs)];
    text = (const char *)data + 2;
    must(fle_allocator_init(&allocator, NULL));
    fle_buffer_init(&whole.out, &allocator);
    fle_buffer_init(&pieces.out, &allocator);
    run(&whole, yaml, text, size - 2, SIZE_MAX);
    run(&pieces, yaml, text, size - 2, (size_t)data[1] + 1);
    must_be_equal(&whole, &pieces);
    fle_buffer_free(&whole.out);
    fle_buffer_free(&pieces.out);
    return 0;
}
