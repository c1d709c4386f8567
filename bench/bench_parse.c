/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing beside its limits: finding each newline, and inflating the same text. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if BENCH_WITH_LIBDEFLATE
#include <libdeflate.h>
#endif

#include "measuring.h"

#define BATCH_ROWS 2048
#define MEMBER_BYTES (16u << 20) /* of text in the gzip member that is inflated, as in S3 */
#define MOST_ROUNDS 99

/* What a pass does; the first two are the yardsticks. */
typedef enum task { TASK_MEMCHR, TASK_INFLATE, TASK_BYTES, TASK_SOME, TASK_ALL, N_TASKS } task;

static const char *const task_names[N_TASKS] = { "memchr per line", "libdeflate, gzip -6",
                                                 "parse: bytes only", "parse: 8 fields",
                                                 "parse: all fields" };

static const char *const some_fields[] = { "bytes",   "srcaddr", "dstaddr",  "srcport",
                                           "dstport", "start",   "protocol", "packets" };

/* What is wanted at least, and hoped for; nothing is if that is 0. */
typedef struct goal {
    double floor, target;
} goal;

typedef struct goals {
    goal of_memchr[N_TASKS], of_inflate[N_TASKS];
} goals;

static const goals v2_goals = {
    .of_memchr = { [TASK_BYTES] = { 30, 40 }, [TASK_ALL] = { 10, 14 } },
    .of_inflate = { [TASK_ALL] = { 1.5, 1.9 } },
};
static const goals v5_goals = {
    .of_memchr = { [TASK_BYTES] = { 30, 40 }, [TASK_ALL] = { 10, 15 } },
};
static const goal held_goal = { 4096, 1536 };

static const size_t n_fields[N_TASKS] = { [TASK_BYTES] = 1, [TASK_SOME] = 8 };

typedef struct bench {
    made_up_text log;
    char *member, *inflated; /* NULL without libdeflate */
    size_t member_len;
    size_t held, most_held; /* bytes that parser and batch have allocated */
} bench;

static void hold(bench *b, size_t more, size_t less)
{
    b->held += more - less;
    if (b->held > b->most_held)
        b->most_held = b->held;
}

/* In front of each piece stands its length. */
static void *counted_alloc(void *ctx, size_t len)
{
    size_t *piece = malloc(sizeof(max_align_t) + len);

    if (!piece)
        return NULL;
    *piece = len;
    hold(ctx, len, 0);
    return (char *)piece + sizeof(max_align_t);
}

static void counted_free(void *ctx, void *memory)
{
    size_t *piece = (size_t *)(void *)((char *)memory - sizeof(max_align_t));

    hold(ctx, 0, *piece);
    free(piece);
}

static void *counted_realloc(void *ctx, void *memory, size_t old_len, size_t len)
{
    void *moved = counted_alloc(ctx, len);

    if (!moved)
        return NULL;
    memcpy(moved, memory, old_len < len ? old_len : len);
    counted_free(ctx, memory);
    return moved;
}

static size_t count_lines(const made_up_text *log)
{
    const char *end = log->data + log->len;
    size_t n = 0;

    for (const char *at = log->data; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        n++;
    return n;
}

/* The first candidate's format stands for the header that a file would have. */
static flowenrich_parser *make_parser(const flowenrich_allocator *allocator, task t)
{
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_format *format;
    flowenrich_parser *parser;
    flowenrich_error error;

    options.allocator = allocator;
    options.fields = n_fields[t] ? some_fields : NULL;
    options.field_count = n_fields[t];
    check(flowenrich_parser_new(&parser, &options, &error), &error);
    check(flowenrich_format_new(&format, "default", 7, NULL, &error), &error);
    check(flowenrich_parser_add_format(parser, format, &error), &error);
    flowenrich_format_free(format);
    return parser;
}

static size_t parse(bench *b, task t)
{
    const flowenrich_allocator allocator = { sizeof allocator, b, counted_alloc, counted_realloc,
                                             counted_free };
    const flowenrich_options options = { sizeof options, &allocator, 0 };
    flowenrich_parser *parser = make_parser(&allocator, t);
    flowenrich_batch *batch;
    flowenrich_error error;
    size_t records = 0;

    check(flowenrich_batch_new(&batch, BATCH_ROWS, &options, &error), &error);
    for (size_t done = 0, used; done < b->log.len; done += used) {
        check(flowenrich_parser_parse(parser, b->log.data + done, b->log.len - done, &used, batch,
                                      &error),
              &error);
        records += flowenrich_batch_rows(batch);
        flowenrich_batch_clear(batch);
    }
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
    return records;
}

#if BENCH_WITH_LIBDEFLATE
static void compress(bench *b)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    const size_t len = b->log.len < MEMBER_BYTES ? b->log.len : MEMBER_BYTES;

    b->member = made_up_pages(len);
    b->inflated = made_up_pages(len);
    b->member_len = libdeflate_gzip_compress(compressor, b->log.data, len, b->member, len);
    libdeflate_free_compressor(compressor);
}

/* Over and over, until it was as much text as the log has; returns how much more. */
static double inflate(bench *b)
{
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    size_t done = 0, len;

    for (; done < b->log.len; done += len)
        if (libdeflate_gzip_decompress(decompressor, b->member, b->member_len, b->inflated,
                                       MEMBER_BYTES, &len) != LIBDEFLATE_SUCCESS)
            exit(1);
    libdeflate_free_decompressor(decompressor);
    return (double)done / (double)b->log.len;
}
#else
static void compress(bench *b)
{
    b->member = NULL;
}

static double inflate(bench *b)
{
    (void)b;
    return 1;
}
#endif

static double pass(bench *b, task t, size_t *records)
{
    const clock_t start = clock();
    double times = 1;

    if (t == TASK_INFLATE)
        times = inflate(b);
    else
        *records = t == TASK_MEMCHR ? count_lines(&b->log) : parse(b, t);
    /* One tick more, as a pass over a few lines may take none. */
    return (double)(clock() - start + 1) / CLOCKS_PER_SEC / times;
}

/* "(10, 14)", in a column so wide. */
static void print_goal(goal g, int width)
{
    char text[32] = "";

    if (g.floor > 0)
        snprintf(text, sizeof text, "(%g, %g)", g.floor, g.target);
    printf(" %-*s", width, text);
}

/* Every task once a round, so that whatever slows the machine down slows all of them. */
static void measure(bench *b, const char *name, const goals *wanted, size_t rounds)
{
    double seconds[N_TASKS][MOST_ROUNDS], of_memchr[N_TASKS][MOST_ROUNDS];
    double of_inflate[N_TASKS][MOST_ROUNDS];
    size_t records = 0;

    for (size_t round = 0; round < rounds; round++) {
        for (task t = 0; t < N_TASKS; t++)
            seconds[t][round] = pass(b, t, &records);
        for (task t = 0; t < N_TASKS; t++) {
            of_memchr[t][round] = seconds[TASK_MEMCHR][round] / seconds[t][round];
            of_inflate[t][round] = seconds[TASK_INFLATE][round] / seconds[t][round];
        }
    }
    printf("%s: %zu records, %.1f MB, at most %zu KiB held", name, records,
           (double)b->log.len / 1e6, b->most_held >> 10);
    print_goal(held_goal, 0);
    printf("\n  %-22s %10s %8s %10s %10s %11s\n", "(floor, target)", "ns/record", "GB/s",
           "of memchr", "", "of inflate");
    for (task t = 0; t < N_TASKS; t++) {
        const double took = median(seconds[t], rounds);

        if (t == TASK_INFLATE && !b->member)
            continue;
        printf("  %-22s %10.1f %8.2f %9.1f%%", task_names[t], 1e9 * took / (double)records,
               (double)b->log.len / took / 1e9, 100 * median(of_memchr[t], rounds));
        print_goal(wanted->of_memchr[t], 10);
        if (b->member)
            printf(" %10.2fx", median(of_inflate[t], rounds));
        print_goal(wanted->of_inflate[t], 0);
        printf("\n");
    }
}

/* [RECORDS [ROUNDS]] */
int main(int argc, char **argv)
{
    const size_t records = number(argc > 1 ? argv[1] : "500000", 5000000);
    const size_t rounds = number(argc > 2 ? argv[2] : "9", MOST_ROUNDS);

    for (int v5 = 0; v5 < 2; v5++) {
        bench b = { .log = made_up_log(records, v5) };

        compress(&b);
        measure(&b, v5 ? "29 fields (version 5)" : "14 fields (version 2)",
                v5 ? &v5_goals : &v2_goals, rounds);
        free(b.log.data);
        free(b.member);
        free(b.inflated);
    }
    return 0;
}
