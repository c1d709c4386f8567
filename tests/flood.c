/* SPDX-License-Identifier: Apache-2.0 */
/* A flood of ever new tuples, among which a few large groups: do the bounds of sums hold? */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "flowenrich.h"

#define ROWS 2048
#define LINE 80
#define LARGE 64    /* groups, each half as large as the one before, and again from the first */
#define HALVINGS 16 /* of the largest */
#define BYTES_OF_LARGEST UINT64_C(100000)
#define MOST_BYTES 1500 /* of a record of the flood */

typedef struct flood {
    uint64_t records, made, seed;
    flowenrich_aggregator *aggregator;
    flowenrich_batch *batch;
    flowenrich_parser *parser;
    uint64_t total;        /* bytes of all */
    uint64_t large[LARGE]; /* bytes of each of them */
    uint64_t held;         /* groups at most */
    uint64_t bytes;        /* of memory at most */
} flood;

static void fail(const char *what)
{
    fprintf(stderr, "flood: %s\n", what);
    exit(1);
}

static void check(flowenrich_status status, const flowenrich_error *error)
{
    if (status != FLOWENRICH_OK)
        fail(error->message);
}

static uint64_t draw(flood *f, uint64_t below)
{
    f->seed = f->seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (f->seed >> 33) % below;
}

/* printf() would take longer than all else. */
static size_t put_number(char *to, uint64_t number, char behind)
{
    char digits[21];
    size_t n = 0, len = 0;

    do
        digits[n++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (n > 0)
        to[len++] = digits[--n];
    to[len++] = behind;
    return len;
}

static size_t put_address(char *to, uint32_t number)
{
    size_t len = 0;

    for (int shift = 24; shift >= 0; shift -= 8)
        len += put_number(to + len, number >> shift & 255, shift ? '.' : ' ');
    return len;
}

/* Of a thousand records one is of a large group; each other one has a tuple of its own. */
static size_t put_record(flood *f, char *line)
{
    const bool is_large = draw(f, 1000) == 0;
    const uint64_t number = is_large ? draw(f, LARGE) : f->made;
    const uint64_t bytes =
        is_large ? BYTES_OF_LARGEST >> number % HALVINGS : 1 + draw(f, MOST_BYTES);
    size_t len = put_address(line, is_large ? 0 : 1 + (uint32_t)(number >> 16));

    len +=
        put_address(line + len, (uint32_t)number * 2654435761U); /* an odd factor: no two alike */
    len += put_number(line + len, number & 65535, ' ');
    len += put_number(line + len, bytes, '\n');
    f->total += bytes;
    if (is_large)
        f->large[number] += bytes;
    f->made++;
    return len;
}

static uint64_t stat(const flood *f, const char *name)
{
    flowenrich_stat all[32];
    const size_t n = flowenrich_aggregator_stats(f->aggregator, all, 32);

    for (size_t i = 0; i < n && i < 32; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].value;
    fail(name);
    return 0;
}

static void add_batch(flood *f)
{
    static char text[ROWS * LINE];
    flowenrich_error error;
    size_t len = 0, used;
    uint64_t now;

    for (size_t row = 0; row < ROWS && f->made < f->records; row++)
        len += put_record(f, text + len);
    flowenrich_batch_clear(f->batch);
    check(flowenrich_parser_parse(f->parser, text, len, &used, f->batch, &error), &error);
    check(flowenrich_aggregator_add(f->aggregator, f->batch, &error), &error);
    now = stat(f, "held");
    f->held = now > f->held ? now : f->held;
    now = stat(f, "bytes");
    f->bytes = now > f->bytes ? now : f->bytes;
}

static void make(flood *f, uint64_t max_bytes)
{
    static const char fields[] = "srcaddr,dstaddr,dstport,bytes";
    static const char *const by[] = { "srcaddr", "dstaddr", "dstport" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_format *format;
    flowenrich_error error;

    opt.by = by;
    opt.by_count = 3;
    opt.max_bytes = max_bytes;
    check(flowenrich_aggregator_new(&f->aggregator, &opt, &error), &error);
    check(flowenrich_batch_new(&f->batch, ROWS, NULL, &error), &error);
    check(flowenrich_parser_new(&f->parser, NULL, &error), &error);
    check(flowenrich_format_new(&format, fields, strlen(fields), NULL, &error), &error);
    check(flowenrich_parser_add_format(f->parser, format, &error), &error);
    flowenrich_format_free(format);
}

/* ---- What came out. ---- */

typedef struct columns {
    flowenrich_column source, destination, bytes, records, error, other;
} columns;

typedef struct found {
    uint64_t bytes, records, error; /* of all rows; the largest error */
    bool large[LARGE];
} found;

static void open_column(flood *f, const char *path, flowenrich_column *out)
{
    flowenrich_error error;

    *out = (flowenrich_column){ .size = sizeof *out };
    check(flowenrich_batch_column(f->batch, path, out, &error), &error);
}

static bool is_present(const flowenrich_column *column, size_t row)
{
    return column->validity == NULL || (column->validity[row / 8] >> row % 8 & 1);
}

static uint64_t number(const flowenrich_column *column, size_t row)
{
    return ((const uint64_t *)column->values)[row];
}

/* The number of the large group that a row is; LARGE: none. */
static size_t large_at(const columns *of, size_t row)
{
    static const unsigned char none[4] = { 0 };
    const unsigned char *source = (const unsigned char *)of->source.values + row * 16 + 12;
    const unsigned char *destination =
        (const unsigned char *)of->destination.values + row * 16 + 12;
    uint32_t address = 0;

    if (!is_present(&of->source, row) || memcmp(source, none, sizeof none) != 0)
        return LARGE;
    for (size_t i = 0; i < 4; i++)
        address = address << 8 | destination[i];
    for (uint32_t i = 0; i < LARGE; i++)
        if (i * 2654435761U == address)
            return i;
    fail("there is a group that no record has");
    return LARGE;
}

static void look_at_row(const flood *f, const columns *of, size_t row, found *all)
{
    const size_t large = large_at(of, row);
    const uint64_t bytes = number(&of->bytes, row), error = number(&of->error, row);

    all->bytes += bytes;
    all->records += number(&of->records, row);
    all->error = error > all->error ? error : all->error;
    if (large == LARGE)
        return;
    all->large[large] = true;
    if (bytes > f->large[large] || f->large[large] > bytes + error)
        fail("a large group has not the bytes that it is said to have");
}

static found look_at_all(flood *f)
{
    found all = { 0 };

    for (;;) {
        flowenrich_error error;
        columns of;

        check(flowenrich_aggregator_take(f->aggregator, f->batch, &error), &error);
        if (flowenrich_batch_rows(f->batch) == 0)
            return all;
        open_column(f, "srcaddr", &of.source);
        open_column(f, "dstaddr", &of.destination);
        open_column(f, "bytes", &of.bytes);
        open_column(f, "records", &of.records);
        open_column(f, "error", &of.error);
        for (size_t row = 0; row < flowenrich_batch_rows(f->batch); row++)
            look_at_row(f, &of, row, &all);
    }
}

/* [RECORDS [MIB]] */
int main(int argc, char **argv)
{
    flood f = { .records = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000, .seed = 1 };
    const uint64_t max_bytes = (argc > 2 ? strtoull(argv[2], NULL, 10) : 8) << 20;
    uint64_t most, above = 0;
    struct rusage usage;
    found all;

    make(&f, max_bytes);
    while (f.made < f.records)
        add_batch(&f);
    all = look_at_all(&f);
    most = f.total / (f.held / 2);
    if (f.bytes > max_bytes)
        fail("more memory was held than may be");
    if (stat(&f, "evicted") == 0)
        fail("there was room for all: ask for more records");
    if (all.bytes != f.total || all.records != f.records)
        fail("the totals differ");
    if (all.error > most)
        fail("an error is larger than a group may have without being there");
    for (size_t i = 0; i < LARGE; i++) {
        above += f.large[i] > most;
        if (f.large[i] > most && !all.large[i])
            fail("a large group isn't there");
    }
    if (above == 0)
        fail("no group is large: ask for more memory");
    getrusage(RUSAGE_SELF, &usage);
    printf("%" PRIu64 " tuples: %" PRIu64 " groups held at most in %.1f of %.0f MiB (the process: "
           "%.1f); totals exact;\nall %" PRIu64 " groups above 1/%" PRIu64 " of %" PRIu64
           " bytes are there; errors are at most %.2f of that\n",
           f.records, f.held, (double)f.bytes / (1 << 20), (double)max_bytes / (1 << 20),
           (double)usage.ru_maxrss / 1024, above, f.held / 2, f.total,
           (double)all.error / (double)most);
    flowenrich_aggregator_free(f.aggregator);
    flowenrich_batch_free(f.batch);
    flowenrich_parser_free(f.parser);
    return 0;
}
