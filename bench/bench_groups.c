/* SPDX-License-Identifier: Apache-2.0 */
/* From a packed log to groups, all stages, beside libdeflate that only unpacks it. */
#include <libdeflate.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "gunzip.h"
#include "measuring.h"

#define MOST_ROUNDS 99
#define PIECE (256 << 10)

typedef enum task {
    TASK_INFLATE,
    TASK_OWNERS,
    TASK_OWNERS_UNPACKED,
    TASK_OWNERS_TEXT,
    TASK_PAIRS,
    TASK_PAIRS_UNPACKED,
    N_TASKS
} task;

/* Who unpacks: the library, the tool's own inflater, or nobody. */
typedef enum form { FORM_PACKED, FORM_UNPACKED, FORM_TEXT } form;

static const char owners[] = "encoder: none\n"
                             "aggregate: {by: [client.tags.app, server.tags.app]}\n";
static const char pairs[] =
    "enrich: false\nencoder: none\n"
    "aggregate: {by: [srcaddr, dstaddr], measures: [records, packets, bytes]}\n";

static const struct {
    const char *name, *yaml;
    form input;
} tasks[N_TASKS] = {
    [TASK_INFLATE] = { "libdeflate, gzip -6", NULL, FORM_PACKED },
    [TASK_OWNERS] = { ".gz to groups of both ends' apps", owners, FORM_PACKED },
    [TASK_OWNERS_UNPACKED] = { "the same, unpacked as by the tool", owners, FORM_UNPACKED },
    [TASK_OWNERS_TEXT] = { "the same of plain text", owners, FORM_TEXT },
    [TASK_PAIRS] = { ".gz to groups of addresses, unnamed", pairs, FORM_PACKED },
    [TASK_PAIRS_UNPACKED] = { "the same, unpacked as by the tool", pairs, FORM_UNPACKED },
};

typedef struct bench {
    size_t records;
    made_up_text log, packed;
    char *inflated;
    flowenrich_snapshot *snapshot;
    flowenrich_pipeline *pipelines[N_TASKS];
} bench;

static void set_up(bench *b)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    flowenrich_error error;

    b->log = made_up_log(b->records, 0);
    b->inflated = made_up_pages(b->log.len);
    b->packed.data = made_up_pages(b->log.len);
    b->packed.len =
        libdeflate_gzip_compress(compressor, b->log.data, b->log.len, b->packed.data, b->log.len);
    libdeflate_free_compressor(compressor);
    b->snapshot = make_snapshot();
    for (size_t t = TASK_OWNERS; t < N_TASKS; t++) {
        check(flowenrich_pipeline_new(&b->pipelines[t], tasks[t].yaml, strlen(tasks[t].yaml), NULL,
                                      &error),
              &error);
        if (tasks[t].yaml == owners)
            check(flowenrich_pipeline_set_snapshot(b->pipelines[t], b->snapshot, &error), &error);
    }
}

static void tear_down(bench *b)
{
    for (size_t t = TASK_OWNERS; t < N_TASKS; t++)
        flowenrich_pipeline_free(b->pipelines[t]);
    flowenrich_snapshot_free(b->snapshot);
    free(b->packed.data);
    free(b->inflated);
    free(b->log.data);
}

static void inflate(bench *b)
{
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    size_t len;

    if (libdeflate_gzip_decompress(decompressor, b->packed.data, b->packed.len, b->inflated,
                                   b->log.len, &len) != LIBDEFLATE_SUCCESS ||
        len != b->log.len)
        exit(1);
    libdeflate_free_decompressor(decompressor);
}

static uint64_t counted(const flowenrich_pipeline *pipeline, const char *name)
{
    flowenrich_stat all[128];
    const size_t n = flowenrich_pipeline_stats(pipeline, all, 128);

    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].value;
    return 0;
}

/* A piece at a time, as programs read files. */
static void feed(flowenrich_pipeline *pipeline, const char *data, size_t len)
{
    flowenrich_error error;

    for (size_t at = 0, used; at < len; at += used) {
        const size_t left = len - at;

        check(flowenrich_pipeline_feed(pipeline, data + at, left < PIECE ? left : PIECE, &used,
                                       &error),
              &error);
    }
}

static void unpack_and_feed(flowenrich_pipeline *pipeline, const made_up_text *packed)
{
    static unsigned char plain[PIECE];
    const unsigned char *at = (const unsigned char *)packed->data;
    size_t left = packed->len, len;
    gunzip unpacker = { 0 };

    gunzip_begin(&unpacker);
    while ((len = gunzip_step(&unpacker, &at, &left, plain, sizeof plain)) > 0)
        feed(pipeline, (const char *)plain, len);
    gunzip_free(&unpacker);
}

/* Groups are told at the end, and taken. */
static void sum_up(bench *b, task t)
{
    flowenrich_pipeline *pipeline = b->pipelines[t];
    const uint64_t before = counted(pipeline, "aggregated");
    flowenrich_error error;
    int32_t is_over = 0;

    check(flowenrich_pipeline_begin(pipeline, NULL, &error), &error);
    if (tasks[t].input == FORM_UNPACKED)
        unpack_and_feed(pipeline, &b->packed);
    else if (tasks[t].input == FORM_PACKED)
        feed(pipeline, b->packed.data, b->packed.len);
    else
        feed(pipeline, b->log.data, b->log.len);
    while (!is_over)
        check(flowenrich_pipeline_end(pipeline, &is_over, &error), &error);
    for (is_over = 0; !is_over;)
        check(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &is_over, &error), &error);
    if (counted(pipeline, "aggregated") - before != b->records) {
        fputs("bench: not all records were added\n", stderr);
        exit(1);
    }
}

static double pass(bench *b, task t)
{
    const clock_t start = clock();

    if (t == TASK_INFLATE)
        inflate(b);
    else
        sum_up(b, t);
    return (double)(clock() - start + 1) / CLOCKS_PER_SEC;
}

/* [RECORDS [ROUNDS]] */
int main(int argc, char **argv)
{
    bench b = { .records = number(argc > 1 ? argv[1] : "250000", 20000000) };
    const size_t rounds = number(argc > 2 ? argv[2] : "5", MOST_ROUNDS);
    double seconds[N_TASKS][MOST_ROUNDS], rates[N_TASKS][MOST_ROUNDS];

    set_up(&b);
    for (size_t round = 0; round < rounds; round++)
        for (size_t t = 0; t < N_TASKS; t++) {
            seconds[t][round] = pass(&b, (task)t);
            rates[t][round] = seconds[TASK_INFLATE][round] / seconds[t][round];
        }
    printf("%zu records of 14 fields, %.1f MB, packed %.1f\n"
           "  %-40s %9s %18s\n",
           b.records, (double)b.log.len / 1e6, (double)b.packed.len / 1e6, "", "ns/record",
           "of inflate's rate");
    for (size_t t = 0; t < N_TASKS; t++)
        printf("  %-40s %9.0f %17.1f%%\n", tasks[t].name,
               1e9 * median(seconds[t], rounds) / (double)b.records,
               100 * median(rates[t], rounds));
    tear_down(&b);
    return 0;
}
