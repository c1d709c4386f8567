/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the filter of chunks. The first byte chooses how the pipeline is set and whether lines
 * are kept; the rest is a chunk. What was MessagePack must be so afterwards, of no more values, and
 * what stands behind the place where it isn't must be as it was.
 */
#include "chunk.h"
#include "msgpack.h"

static const char *const configurations[] = {
    "input: text\nencoder: msgpack-flat\nenrich: false\n",
    ("input: text\nencoder: msgpack-flat\nenrich: false\nfields: [bytes, action]\n"
     "filter: {action: ACCEPT}\n"),
    "input: text\nencoder: msgpack\nlimits: {rows: 2}\n",
    "input: text\nencoder: msgpack-flat\nfields: [start, client.addr, server.type, x]\n",
};

#define N_CONFIGURATIONS (sizeof configurations / sizeof *configurations)

static void must(bool holds)
{
    if (!holds)
        abort();
}

static flowenrich_pipeline *make(const char *yaml)
{
    flowenrich_pipeline *pipeline;

    must(flowenrich_pipeline_new(&pipeline, yaml, strlen(yaml), NULL, NULL) == FLOWENRICH_OK);
    return pipeline;
}

/* How many values there are up to the first that can't be read, which `*rest` is set to. */
static size_t count(const char *data, size_t len, const char **rest)
{
    size_t n = 0;

    *rest = data;
    while (*rest < data + len && msgpack_skip(rest, data + len, 1))
        n++;
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A pipeline is for any number of chunks, and one of them must not harm the next. */
    static flowenrich_pipeline *pipelines[N_CONFIGURATIONS];
    const char *chunk = (const char *)data + 1, *rest, *rest_out;
    chunk_filter filter = { .key = { "log", 3 } };
    flowenrich_error error;
    size_t n, left, out_len;
    chunk_outcome outcome;
    size_t which;
    void *out;

    if (size == 0)
        return 0;
    which = data[0] % N_CONFIGURATIONS;
    filter.keeps = data[0] / N_CONFIGURATIONS % 2;
    if (!pipelines[which])
        pipelines[which] = make(configurations[which]);
    outcome = chunk_run(&filter, pipelines[which], chunk, size - 1, &out, &out_len, &error);
    must(outcome != CHUNK_FAILED);
    must((outcome == CHUNK_CHANGED) || (!out && out_len == 0));
    if (outcome == CHUNK_CHANGED) {
        const char *changed = out ? out : "";

        n = count(chunk, size - 1, &rest);
        left = (size_t)(chunk + size - 1 - rest);
        must(count(changed, out_len, &rest_out) <= n);
        must((size_t)(changed + out_len - rest_out) == left);
        must(left == 0 || memcmp(rest_out, rest, left) == 0);
    }
    free(out);
    chunk_free(&filter);
    return 0;
}
