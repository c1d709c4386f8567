/* SPDX-License-Identifier: Apache-2.0 */
/* What it costs to give records out to Arrow, beside making them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measuring.h"

#define BATCH_ROWS 2048
#define LARGE_ROWS 1000000
#define MOST_ROUNDS 99

/* Each does what its base does, and more. */
typedef enum way {
    WAY_PARSE,   /* and clear the batch */
    WAY_NUMBERS, /* export what has no text, and release it */
    WAY_EXPORT,  /* all columns, and release them */
    WAY_WRITTEN, /* the same, with addresses in writing */
    WAY_TABLE,   /* keep all of it */
    WAY_ENRICH,  /* name the ends, and clear the batch */
    WAY_ENRICHED,
    N_WAYS
} way;

static const struct {
    const char *name;
    way base;
} ways[N_WAYS] = {
    [WAY_PARSE] = { "parse", WAY_PARSE },
    [WAY_NUMBERS] = { "parse, export without text", WAY_PARSE },
    [WAY_EXPORT] = { "parse, export", WAY_PARSE },
    [WAY_WRITTEN] = { "the same, addresses written", WAY_PARSE },
    [WAY_TABLE] = { "parse into a table", WAY_PARSE },
    [WAY_ENRICH] = { "parse, enrich", WAY_ENRICH },
    [WAY_ENRICHED] = { "parse, enrich, export", WAY_ENRICH },
};

static const char *const numbers[] = { "version",  "srcaddr", "dstaddr", "srcport", "dstport",
                                       "protocol", "packets", "bytes",   "start",   "end" };

/* The structs of Arrow's C data interface, which is all that is needed of it. */
struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children, *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children, *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static flowenrich_arrow_options options_of(way by)
{
    flowenrich_arrow_options options = FLOWENRICH_ARROW_OPTIONS_INIT;

    if (by == WAY_NUMBERS) {
        options.fields = numbers;
        options.field_count = sizeof numbers / sizeof *numbers;
    }
    options.addresses = by == WAY_WRITTEN;
    return options;
}

/* How long did the export alone take? */
static double export_batch(flowenrich_batch *batch, const flowenrich_arrow_options *options)
{
    struct ArrowSchema schema;
    struct ArrowArray array;
    flowenrich_error error;
    const double start = seconds();
    double took;

    check(flowenrich_batch_export(batch, options, &schema, &array, &error), &error);
    took = seconds() - start;
    array.release(&array);
    schema.release(&schema);
    return took;
}

/* What the ways work with. */
typedef struct bench {
    flowenrich_batch *batch;
    flowenrich_parser *parser;
    flowenrich_enricher *enricher;
    flowenrich_table *table;
} bench;

static void use_batch(const bench *b, way by)
{
    const flowenrich_arrow_options options = options_of(by);
    flowenrich_error error;

    if (by >= WAY_ENRICH)
        check(flowenrich_enricher_enrich(b->enricher, b->batch, &error), &error);
    if (by == WAY_PARSE || by == WAY_ENRICH)
        flowenrich_batch_clear(b->batch);
    else if (by == WAY_TABLE)
        check(flowenrich_table_add(b->table, b->batch, &error), &error);
    else
        export_batch(b->batch, &options);
}

/* Returns how long it took, without making and freeing what it works with. */
static double pass(const made_up_text *log, flowenrich_snapshot *snapshot, way by)
{
    flowenrich_error error;
    size_t done = 0, used;
    double start;
    bench b;

    check(flowenrich_batch_new(&b.batch, BATCH_ROWS, NULL, &error), &error);
    check(flowenrich_table_new(&b.table, NULL, NULL, &error), &error);
    check(flowenrich_parser_new(&b.parser, NULL, &error), &error);
    check(flowenrich_enricher_new(&b.enricher, NULL, &error), &error);
    check(flowenrich_enricher_set_snapshot(b.enricher, snapshot, &error), &error);
    start = seconds();
    for (; done < log->len; done += used) {
        check(flowenrich_parser_parse(b.parser, log->data + done, log->len - done, &used, b.batch,
                                      &error),
              &error);
        use_batch(&b, by);
    }
    start = seconds() - start;
    flowenrich_enricher_free(b.enricher);
    flowenrich_parser_free(b.parser);
    flowenrich_table_free(b.table);
    flowenrich_batch_free(b.batch);
    return start;
}

/* Every way once a round, so that whatever slows the machine down slows all of them. */
static void measure(const made_up_text *log, flowenrich_snapshot *snapshot, size_t records,
                    size_t rounds)
{
    double took[N_WAYS][MOST_ROUNDS], ratios[N_WAYS][MOST_ROUNDS];

    for (size_t round = 0; round < rounds; round++)
        for (way by = 0; by < N_WAYS; by++) {
            took[by][round] = pass(log, snapshot, by);
            ratios[by][round] = took[ways[by].base][round] / took[by][round];
        }
    printf("  %-28s %10s %18s\n", "", "ns/record", "of its base");
    for (way by = 0; by < N_WAYS; by++)
        printf("  %-28s %10.1f %17.0f%%\n", ways[by].name,
               1e9 * median(took[by], rounds) / (double)records, 100 * median(ratios[by], rounds));
}

/* One batch of many rows: the call alone, with text and without. */
static void measure_large(size_t rows, size_t rounds)
{
    static const way exports[] = { WAY_NUMBERS, WAY_EXPORT };
    const made_up_text log = made_up_log(rows, 0);
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    flowenrich_error error;
    double took[MOST_ROUNDS];
    size_t used;

    check(flowenrich_batch_new(&batch, rows, NULL, &error), &error);
    check(flowenrich_parser_new(&parser, NULL, &error), &error);
    for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
        const flowenrich_arrow_options options = options_of(exports[i]);

        for (size_t round = 0; round < rounds; round++) {
            check(flowenrich_parser_parse(parser, log.data, log.len, &used, batch, &error), &error);
            took[round] = export_batch(batch, &options);
        }
        printf("a batch of %zu rows, %s: %.2f ms to export\n", rows,
               exports[i] == WAY_EXPORT ? "all columns" : "without text",
               1e3 * median(took, rounds));
    }
    flowenrich_parser_free(parser);
    flowenrich_batch_free(batch);
    free(log.data);
}

/* [RECORDS [ROUNDS]] */
int main(int argc, char **argv)
{
    const size_t records = number(argc > 1 ? argv[1] : "250000", 5000000);
    const size_t rounds = number(argc > 2 ? argv[2] : "7", MOST_ROUNDS);
    flowenrich_snapshot *snapshot = make_snapshot();

    for (int v5 = 0; v5 < 2; v5++) {
        const made_up_text log = made_up_log(records, v5);

        printf("%s to Arrow, %d rows at a time\n", v5 ? "29 fields" : "14 fields", BATCH_ROWS);
        measure(&log, snapshot, records, rounds);
        free(log.data);
    }
    flowenrich_snapshot_free(snapshot);
    measure_large(records < LARGE_ROWS / 4 ? records : LARGE_ROWS, rounds);
    return 0;
}
