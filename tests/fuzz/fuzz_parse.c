/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzzes the parser. The first byte chooses formats, selection and source, the second the
 * size of the chunks; the rest is a log. However it is cut, and whichever variant of
 * the kernel reads it, the same must come out.
 */
#include <stdint.h>

#include "../parsing.h"
#include "parse/kernel.h"

#define CAPACITY 5 /* so that batches are full now and then */
#define MAX_LINE 300

static const char *const formats[] = {
    NULL, /* the two defaults */
    "default",
    "srcport dstport;dstport srcport new-field;srcaddr bytes",
    "srcaddr bytes;bytes srcaddr;instance-tag start",
};

static const char *const fields[] = { "bytes", "instance_tag", "new_field" };

typedef struct outcome {
    fle_buffer rows, rejects;
    size_t n_rejects;
    flowenrich_stat stats[32];
    size_t n_stats;
} outcome;

static const flowenrich_source source = {
    .size = sizeof source,
    .account = { "111122223333", 12 },
    .interface_id = { "eni-1", 5 },
};

static void check(int holds)
{
    if (!holds)
        abort();
}

/* Take the rows out of a batch, and count on. */
static void drain(outcome *out, flowenrich_batch *batch)
{
    const size_t rows = batch->rows;

    for (size_t row = 0; row < rows; row++)
        parsing_row(&out->rows, batch, row);
    batch->rows = 0;
    parsing_batch(&out->rejects, batch);
    out->n_rejects += flowenrich_batch_rejects(batch);
    flowenrich_batch_clear(batch);
}

static void parse(outcome *out, const fle_allocator *allocator, uint8_t choice, const uint8_t *data,
                  size_t size, size_t chunk)
{
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    int32_t done = 0;
    size_t used;

    fle_buffer_init(&out->rows, allocator);
    fle_buffer_init(&out->rejects, allocator);
    out->n_rejects = 0;
    options.max_line = MAX_LINE;
    options.fields = choice & 4 ? fields : NULL;
    options.field_count = choice & 4 ? sizeof fields / sizeof *fields : 0;
    check(flowenrich_batch_new(&batch, CAPACITY, NULL, NULL) == FLOWENRICH_OK);
    check(flowenrich_parser_new(&parser, &options, NULL) == FLOWENRICH_OK);
    check(flowenrich_parser_begin(parser, choice & 8 ? &source : NULL, NULL) == FLOWENRICH_OK);
    check(parsing_add_formats(parser, formats[choice & 3], NULL) == FLOWENRICH_OK);
    for (size_t at = 0; at < size; at += used) {
        const size_t len = size - at < chunk ? size - at : chunk;

        check(flowenrich_parser_parse(parser, data + at, len, &used, batch, NULL) == FLOWENRICH_OK);
        if (used < len) {
            check(batch->rows == CAPACITY);
            drain(out, batch);
        }
    }
    while (!done) {
        check(flowenrich_parser_finish(parser, batch, &done, NULL) == FLOWENRICH_OK);
        drain(out, batch);
    }
    out->n_stats = flowenrich_parser_stats(parser, out->stats, 32);
    flowenrich_parser_free(parser);
    flowenrich_batch_free(batch);
}

static uint64_t stat_of(const outcome *out, const char *prefix)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < out->n_stats; i++)
        if (strncmp(out->stats[i].name, prefix, strlen(prefix)) == 0)
            sum += out->stats[i].value;
    return sum;
}

static int same(const fle_buffer *a, const fle_buffer *b)
{
    return fle_text_equal(fle_text(a->data, a->len), fle_text(b->data, b->len));
}

static void compare(const outcome *whole, const outcome *cut)
{
    check(same(&whole->rows, &cut->rows));
    check(whole->n_rejects == cut->n_rejects);
    /* Which are kept depends on when batches are taken out, if there are more than one keeps. */
    if (whole->n_rejects <= FLE_REJECTS_KEPT)
        check(same(&whole->rejects, &cut->rejects));
    for (size_t i = 0; i < whole->n_stats; i++)
        check(whole->stats[i].value == cut->stats[i].value);
}

static void add_up(const outcome *out, const uint8_t *data, size_t size)
{
    uint64_t lines = size > 0 && data[size - 1] != '\n';
    uint64_t taken = stat_of(out, "bad_") + stat_of(out, "headers");

    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    check(stat_of(out, "lines") == lines);
    check(stat_of(out, "bad_") == out->n_rejects);
    taken += stat_of(out, "records") + stat_of(out, "nodata") + stat_of(out, "skipdata");
    check(taken <= lines); /* the others are empty */
}

static void drop(outcome *out)
{
    fle_buffer_free(&out->rows);
    fle_buffer_free(&out->rejects);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fle_allocator allocator;
    outcome whole, cut;

    if (size < 2)
        return 0;
    fle_allocator_init(&allocator, NULL);
    parse(&cut, &allocator, data[0], data + 2, size - 2, 1u + data[1] % 64);
    add_up(&cut, data + 2, size - 2);
    for (size_t i = 0; fle_kernel_at(i) != NULL; i++) {
        fle_kernel_choose(fle_kernel_at(i));
        parse(&whole, &allocator, data[0], data + 2, size - 2, size);
        compare(&whole, &cut);
        drop(&whole);
    }
    drop(&cut);
    return 0;
}
