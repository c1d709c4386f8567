/* SPDX-License-Identifier: Apache-2.0 */
/* CPU time and memory of a record that is added to groups, beside a plain hash of the same. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measuring.h"

#define BATCH_ROWS 2048
#define MOST_LINE 160
#define MOST_ROUNDS 99

typedef struct bench {
    size_t groups, records;
    flowenrich_batch **batches;
    size_t n_batches;
} bench;

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *seed >> 33;
}

/* Records of so many groups: the number of one makes its addresses and port. */
static size_t put_record(const bench *b, char *line, uint64_t *seed)
{
    const uint64_t group = draw(seed) % b->groups, start = 1700000000 + draw(seed) % 3600;

    return (size_t)snprintf(
        line, MOST_LINE, "10.%u.%u.%u 10.9.%u.%u %u %u %u %" PRIu64 " %" PRIu64 "\n",
        (unsigned)(group >> 16 & 255), (unsigned)(group >> 8 & 255), (unsigned)(group & 255),
        (unsigned)(group % 251), (unsigned)(group % 241), (unsigned)(group % 65521),
        (unsigned)(1 + draw(seed) % 100), (unsigned)(draw(seed) % 100000), start, start + 60);
}

static flowenrich_batch *make_batch(const bench *b, flowenrich_parser *parser, uint64_t *seed)
{
    static char text[BATCH_ROWS * MOST_LINE];
    flowenrich_batch *batch;
    flowenrich_error error;
    size_t len = 0, used;

    for (size_t row = 0; row < BATCH_ROWS; row++)
        len += put_record(b, text + len, seed);
    check(flowenrich_batch_new(&batch, BATCH_ROWS, NULL, &error), &error);
    check(flowenrich_parser_parse(parser, text, len, &used, batch, &error), &error);
    if (flowenrich_batch_rows(batch) != BATCH_ROWS)
        exit(1);
    return batch;
}

static void make_batches(bench *b)
{
    static const char fields[] = "srcaddr,dstaddr,dstport,packets,bytes,start,end";
    flowenrich_parser *parser;
    flowenrich_format *format;
    flowenrich_error error;
    uint64_t seed = 1;

    check(flowenrich_format_new(&format, fields, strlen(fields), NULL, &error), &error);
    check(flowenrich_parser_new(&parser, NULL, &error), &error);
    check(flowenrich_parser_add_format(parser, format, &error), &error);
    b->n_batches = (b->records + BATCH_ROWS - 1) / BATCH_ROWS;
    b->batches = calloc(b->n_batches, sizeof(flowenrich_batch *));
    if (!b->batches)
        exit(1);
    for (size_t i = 0; i < b->n_batches; i++)
        b->batches[i] = make_batch(b, parser, &seed);
    flowenrich_parser_free(parser);
    flowenrich_format_free(format);
}

/* ---- The plain hash: what one writes first. ---- */

typedef struct plain_key {
    unsigned char source[16], destination[16];
    uint64_t port;
} plain_key;

typedef struct plain_group {
    plain_key key;
    uint64_t records, packets, bytes;
    flowenrich_time first, last;
} plain_group;

/* Open addressing over groups, at most half full; 'records' 0 is a free slot. */
typedef struct plain {
    plain_group *slots;
    size_t n_slots, n;
} plain;

static plain_group *find_plain(const plain *p, const plain_key *key)
{
    uint64_t words[5], hash = 0;

    memcpy(words, key, sizeof words);
    for (size_t i = 0; i < 5; i++)
        hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15), hash ^= hash >> 29;
    for (size_t i = hash & (p->n_slots - 1);; i = (i + 1) & (p->n_slots - 1))
        if (p->slots[i].records == 0 || memcmp(&p->slots[i].key, key, sizeof *key) == 0)
            return &p->slots[i];
}

static void grow_plain(plain *p)
{
    const plain old = *p;

    p->n_slots = old.n_slots ? old.n_slots * 2 : 1024;
    p->slots = calloc(p->n_slots, sizeof *p->slots);
    if (!p->slots)
        exit(1);
    for (size_t i = 0; i < old.n_slots; i++)
        if (old.slots[i].records > 0)
            *find_plain(p, &old.slots[i].key) = old.slots[i];
    free(old.slots);
}

static const void *values(flowenrich_batch *batch, const char *path)
{
    flowenrich_column column = { .size = sizeof column };
    flowenrich_error error;

    check(flowenrich_batch_column(batch, path, &column, &error), &error);
    return column.values;
}

static void add_plain(plain *p, flowenrich_batch *batch)
{
    const unsigned char *sources = values(batch, "srcaddr");
    const unsigned char *destinations = values(batch, "dstaddr");
    const uint32_t *ports = values(batch, "dstport");
    const uint64_t *packets = values(batch, "packets"), *bytes = values(batch, "bytes");
    const flowenrich_time *starts = values(batch, "start"), *ends = values(batch, "end");

    for (size_t row = 0; row < BATCH_ROWS; row++) {
        plain_group *group;
        plain_key key;

        memcpy(key.source, sources + row * 16, 16);
        memcpy(key.destination, destinations + row * 16, 16);
        key.port = ports[row];
        if (p->n * 2 >= p->n_slots)
            grow_plain(p);
        group = find_plain(p, &key);
        if (group->records == 0) {
            *group = (plain_group){ key, 0, 0, 0, INT64_MAX, INT64_MIN };
            p->n++;
        }
        group->records++;
        group->packets += packets[row];
        group->bytes += bytes[row];
        group->first = starts[row] < group->first ? starts[row] : group->first;
        group->last = ends[row] > group->last ? ends[row] : group->last;
    }
}

static double seconds_since(clock_t start)
{
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static uint64_t stat(const flowenrich_aggregator *aggregator, const char *name)
{
    flowenrich_stat stats[16];
    const size_t n = flowenrich_aggregator_stats(aggregator, stats, 16);

    for (size_t i = 0; i < n && i < 16; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return 0;
}

static double add_all(const bench *b, flowenrich_aggregator *aggregator)
{
    const clock_t start = clock();
    flowenrich_error error;

    for (size_t i = 0; i < b->n_batches; i++)
        check(flowenrich_aggregator_add(aggregator, b->batches[i], &error), &error);
    return 1e9 * seconds_since(start) / (double)(b->n_batches * BATCH_ROWS);
}

static double add_all_plain(const bench *b, plain *p)
{
    const clock_t start = clock();

    for (size_t i = 0; i < b->n_batches; i++)
        add_plain(p, b->batches[i]);
    return 1e9 * seconds_since(start) / (double)(b->n_batches * BATCH_ROWS);
}

/* The first pass makes the groups; those after it, in turns, find them there. */
static void measure(bench *b, size_t rounds)
{
    static const char *const by[] = { "srcaddr", "dstaddr", "dstport" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    double ours[MOST_ROUNDS], theirs[MOST_ROUNDS], ratios[MOST_ROUNDS], made, made_plain;
    flowenrich_aggregator *aggregator;
    flowenrich_error error;
    plain p = { 0 };

    opt.by = by;
    opt.by_count = 3;
    opt.max_bytes = UINT64_C(8) << 30;
    check(flowenrich_aggregator_new(&aggregator, &opt, &error), &error);
    made = add_all(b, aggregator);
    made_plain = add_all_plain(b, &p);
    for (size_t i = 0; i < rounds; i++) {
        ours[i] = add_all(b, aggregator);
        theirs[i] = add_all_plain(b, &p);
        ratios[i] = ours[i] / theirs[i];
    }
    printf("  %10lu %9.0f %9.0f %9.0f %9.0f %9.2f %9.1f\n", (unsigned long)stat(aggregator, "held"),
           made, median(ours, rounds), made_plain, median(theirs, rounds), median(ratios, rounds),
           (double)stat(aggregator, "bytes") / (double)stat(aggregator, "held"));
    flowenrich_aggregator_free(aggregator);
    free(p.slots);
}

/* [RECORDS [ROUNDS [GROUPS]]] */
int main(int argc, char **argv)
{
    static const size_t groups[] = { 1000, 100000, 1000000, 5000000 };
    const size_t rounds = number(argc > 2 ? argv[2] : "5", MOST_ROUNDS);
    const size_t most = number(argc > 3 ? argv[3] : "1000000", 16777216);

    printf("groups by srcaddr, dstaddr, dstport; core measures; ns a record\n"
           "  %10s %9s %9s %9s %9s %9s %9s\n",
           "groups", "made", "found", "hash,made", "found", "ratio", "bytes");
    for (size_t i = 0; i < sizeof groups / sizeof *groups && groups[i] <= most; i++) {
        bench b = { .groups = groups[i] };

        b.records = number(argc > 1 ? argv[1] : "1000000", 50000000);
        if (b.records < 4 * groups[i])
            b.records = 4 * groups[i];
        make_batches(&b);
        measure(&b, rounds);
        for (size_t n = 0; n < b.n_batches; n++)
            flowenrich_batch_free(b.batches[n]);
        free(b.batches);
    }
    return 0;
}
