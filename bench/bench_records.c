/* SPDX-License-Identifier: Apache-2.0 */
/* Records a second of parse, enrich and encode, beside memchr over the same bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measuring.h"

#define BATCH_ROWS 2048
#define OUTPUT_BYTES (128 << 10)
#define MOST_ROUNDS 99

/* Each stage does what those before it do, except for the yardstick. */
typedef enum stage { STAGE_MEMCHR, STAGE_PARSE, STAGE_ENRICH, STAGE_ENCODE, N_STAGES } stage;

static const char *const stage_names[N_STAGES] = { "memchr per line", "parse", "parse, enrich",
                                                   "parse, enrich, encode" };

typedef struct bench {
    flowenrich_snapshot *snapshot;
    flowenrich_batch *batch;
    flowenrich_encoder *encoder;
    char *output;
    uint64_t records, output_bytes; /* of the last pass */
} bench;

static void set_up(bench *b)
{
    flowenrich_error error;

    b->snapshot = make_snapshot();
    b->output = made_up_pages(OUTPUT_BYTES);
    check(flowenrich_batch_new(&b->batch, BATCH_ROWS, NULL, &error), &error);
    check(flowenrich_encoder_new(&b->encoder, "json", NULL, &error), &error);
}

static void tear_down(bench *b)
{
    flowenrich_encoder_free(b->encoder);
    flowenrich_batch_free(b->batch);
    flowenrich_snapshot_free(b->snapshot);
    free(b->output);
}

/* Not inlined, for callgrind to find it. */
__attribute__((noinline)) static size_t count_lines(const made_up_text *log)
{
    const char *end = log->data + log->len;
    size_t n = 0;

    for (const char *at = log->data; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        n++;
    return n;
}

static void use_batch(bench *b, flowenrich_enricher *enricher, stage last)
{
    const size_t rows = flowenrich_batch_rows(b->batch);
    flowenrich_error error;
    size_t row = 0, len;

    b->records += rows;
    if (last >= STAGE_ENRICH)
        check(flowenrich_enricher_enrich(enricher, b->batch, &error), &error);
    while (last >= STAGE_ENCODE && row < rows) {
        check(flowenrich_encoder_encode(b->encoder, b->batch, &row, b->output, OUTPUT_BYTES, &len,
                                        &error),
              &error);
        b->output_bytes += len;
    }
    flowenrich_batch_clear(b->batch);
}

static void pass(bench *b, const made_up_text *log, stage last)
{
    flowenrich_enricher *enricher;
    flowenrich_parser *parser;
    flowenrich_error error;
    size_t done = 0, used;

    b->records = b->output_bytes = 0;
    if (last == STAGE_MEMCHR) {
        b->records = count_lines(log);
        return;
    }
    check(flowenrich_parser_new(&parser, NULL, &error), &error);
    check(flowenrich_enricher_new(&enricher, NULL, &error), &error);
    check(flowenrich_enricher_set_snapshot(enricher, b->snapshot, &error), &error);
    check(flowenrich_parser_begin(parser, NULL, &error), &error);
    for (; done < log->len; done += used) {
        check(flowenrich_parser_parse(parser, log->data + done, log->len - done, &used, b->batch,
                                      &error),
              &error);
        use_batch(b, enricher, last);
    }
    flowenrich_enricher_free(enricher);
    flowenrich_parser_free(parser);
}

/* Every stage once a round, so that whatever slows the machine down slows all of them. */
static void measure(bench *b, const char *name, const made_up_text *log, size_t rounds)
{
    double seconds[N_STAGES][MOST_ROUNDS], ratios[N_STAGES][MOST_ROUNDS];
    uint64_t records[N_STAGES];

    for (size_t round = 0; round < rounds; round++)
        for (stage s = 0; s < N_STAGES; s++) {
            const clock_t start = clock();

            pass(b, log, s);
            seconds[s][round] = (double)(clock() - start) / CLOCKS_PER_SEC;
            ratios[s][round] = seconds[STAGE_MEMCHR][round] / seconds[s][round];
            records[s] = b->records;
        }
    printf("%s: %llu records, %.1f MB, %.0f bytes a record of JSON\n", name,
           (unsigned long long)records[STAGE_PARSE], (double)log->len / 1e6,
           (double)b->output_bytes / (double)b->records);
    printf("  %-24s %12s %14s %8s %12s\n", "", "ns/record", "records/s", "GB/s", "of memchr");
    for (stage s = 0; s < N_STAGES; s++) {
        const double took = median(seconds[s], rounds);

        printf("  %-24s %12.1f %14.0f %8.2f %11.1f%%\n", stage_names[s],
               1e9 * took / (double)records[s], (double)records[s] / took,
               (double)log->len / took / 1e9, 100 * median(ratios[s], rounds));
    }
}

/* [RECORDS [ROUNDS]], or once v2|v5 RECORDS: each stage once, for callgrind. */
int main(int argc, char **argv)
{
    const int once = argc == 4 && strcmp(argv[1], "once") == 0;
    const size_t records = number(once ? argv[3] : argc > 1 ? argv[1] : "250000", 5000000);
    const size_t rounds = number(!once && argc > 2 ? argv[2] : "7", MOST_ROUNDS);
    bench b = { 0 };

    set_up(&b);
    for (int v5 = 0; v5 < 2; v5++) {
        const char *name = v5 ? "v5" : "v2";
        made_up_text log;

        if (once && strcmp(argv[2], name) != 0)
            continue;
        log = made_up_log(records, v5);
        if (once) {
            for (stage s = 0; s < N_STAGES; s += STAGE_ENCODE) {
                pass(&b, &log, s);
                printf("%s: %llu\n", stage_names[s], (unsigned long long)b.records);
            }
        } else {
            measure(&b, v5 ? "29 fields (version 5)" : "14 fields (version 2)", &log, rounds);
        }
        free(log.data);
    }
    tear_down(&b);
    return 0;
}
