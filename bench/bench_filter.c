/* SPDX-License-Identifier: Apache-2.0 */
/* CPU time a record of Fluent Bit's filter, beside that of pipelines that do less and more. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "chunk.h"
#include "measuring.h"
#include "msgpack.h"

#define MOST_ROUNDS 99

typedef struct bench {
    made_up_text log;
    size_t records;
    buffer chunks;
    size_t *ends; /* of each chunk */
    size_t n_chunks;
    flowenrich_snapshot *snapshot;
} bench;

/* As in_tail writes them: [[EventTime, {}], {"log": line}], with heads of map32. */
static void make_chunks(bench *b, size_t size)
{
    static const char head[] = "\x92\x92\xd7\0\x6b\x02\x08\x64\x2a\x7f\xf6\x26\xdf\0\0\0\0\xdf\0\0"
                               "\0\1\xa3log";
    const char *at = b->log.data, *end = at + b->log.len;
    size_t start = 0;

    buffer_clear(&b->chunks);
    b->n_chunks = 0;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const size_t len = (size_t)(newline - at);
        char text[MSGPACK_MOST];

        buffer_append(&b->chunks, head, sizeof head - 1);
        buffer_append(&b->chunks, text, (size_t)(msgpack_put_string_head(text, len) - text));
        buffer_append(&b->chunks, at, len);
        at = newline + 1;
        if (b->chunks.len - start >= size || at == end)
            b->ends[b->n_chunks++] = start = b->chunks.len;
    }
}

static flowenrich_pipeline *make_pipeline(const bench *b, const char *yaml)
{
    flowenrich_pipeline *pipeline;
    flowenrich_error error;

    check(flowenrich_pipeline_new(&pipeline, yaml, strlen(yaml), NULL, &error), &error);
    check(flowenrich_pipeline_set_snapshot(pipeline, b->snapshot, &error), &error);
    return pipeline;
}

static size_t run_pipeline(const bench *b, const char *yaml)
{
    flowenrich_pipeline *pipeline = make_pipeline(b, yaml);
    size_t at = 0, used, out = 0;
    flowenrich_error error;
    int32_t done = 0;

    for (; at < b->log.len; at += used) {
        check(flowenrich_pipeline_feed(pipeline, b->log.data + at, b->log.len - at, &used, &error),
              &error);
        out += flowenrich_pipeline_output(pipeline).len;
    }
    while (!done) {
        check(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error), &error);
        out += flowenrich_pipeline_output(pipeline).len;
    }
    flowenrich_pipeline_free(pipeline);
    return out;
}

static size_t run_filter(const bench *b, const char *yaml)
{
    flowenrich_pipeline *pipeline = make_pipeline(b, yaml);
    chunk_filter filter = { .key = { "log", 3 } };
    size_t start = 0, total = 0;
    flowenrich_error error;

    for (size_t i = 0; i < b->n_chunks; start = b->ends[i++]) {
        size_t len;
        void *out;

        if (chunk_run(&filter, pipeline, b->chunks.data + start, b->ends[i] - start, &out, &len,
                      &error) != CHUNK_CHANGED) {
            fprintf(stderr, "bench: a chunk stays as it is\n");
            exit(1);
        }
        total += len;
        free(out);
    }
    chunk_free(&filter);
    flowenrich_pipeline_free(pipeline);
    return total;
}

typedef enum way { NAMED, JSON, MSGPACK, FILTER, N_WAYS } way;

/* In turns, so that whatever slows the machine down slows all. */
static void measure(const bench *b, const char *name, const char *fields, size_t rounds)
{
    static const char *const encoders[N_WAYS] = { "none", "json", "msgpack", "msgpack" };
    double took[N_WAYS][MOST_ROUNDS];
    size_t bytes[N_WAYS];

    for (size_t round = 0; round < rounds; round++) {
        for (int i = 0; i < N_WAYS; i++) {
            clock_t start;
            char yaml[512];

            snprintf(yaml, sizeof yaml, "input: text\nencoder: %s%s\n%s", encoders[i],
                     *fields && i != NAMED ? "-flat" : "", fields);
            start = clock();
            bytes[i] = i == FILTER ? run_filter(b, yaml) : run_pipeline(b, yaml);
            took[i][round] = 1e9 * (double)(clock() - start) / CLOCKS_PER_SEC / (double)b->records;
        }
    }
    printf("  %-34s", name);
    for (int i = 0; i < N_WAYS; i++)
        printf(" %9.0f", median(took[i], rounds));
    printf(" %9zu %9zu\n", bytes[JSON] / b->records, bytes[MSGPACK] / b->records);
}

/* [RECORDS [ROUNDS]] */
int main(int argc, char **argv)
{
    static const char eight[] = "fields: [start, client.tags.app, client.addr, server.tags.app, "
                                "server.addr, server.port, uploaded, downloaded]\n";
    static const struct {
        const char *name;
        size_t chunk;
        const char *fields;
    } cases[] = {
        { "all of a record, chunks of 1 MiB", 1 << 20, "" },
        { "the same, 32 KiB", 1 << 15, "" },
        { "eight fields, 1 MiB", 1 << 20, eight },
        { "eight fields, 32 KiB", 1 << 15, eight },
    };
    const size_t rounds = number(argc > 2 ? argv[2] : "7", MOST_ROUNDS);
    bench b = { .records = number(argc > 1 ? argv[1] : "250000", 5000000) };

    b.log = made_up_log(b.records, 0);
    b.ends = calloc(b.records, sizeof *b.ends);
    b.snapshot = make_snapshot();
    if (!b.ends)
        return 1;
    printf("Fluent Bit's filter, 14 fields (version 2): %zu records, both ends named\n"
           "  %-34s %9s %9s %9s %9s %9s %9s\n",
           b.records, "ns a record", "named", "JSON", "msgpack", "filter", "JSON, B", "msgpack, B");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_chunks(&b, cases[i].chunk);
        measure(&b, cases[i].name, cases[i].fields, rounds);
    }
    flowenrich_snapshot_free(b.snapshot);
    buffer_free(&b.chunks);
    free(b.ends);
    free(b.log.data);
    return 0;
}
