/* SPDX-License-Identifier: Apache-2.0 */
/* CPU time and memory of a record that is added to groups, beside a plain hash of the same. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "measuring.h"
#include "record/batch.h"

#define BATCH_ROWS 2048
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

static fle_column *column(flowenrich_batch *batch, const char *path, uint32_t type)
{
    fle_column *made = fle_batch_add(batch, fle_text_of(path), type);

    if (!made)
        exit(1);
    return made;
}

/* Records of so many groups: the number of one makes its addresses and port. */
static flowenrich_batch *make_batch(const bench *b, uint64_t *seed, size_t rows)
{
    static const char *const paths[] = { "srcaddr", "dstaddr", "dstport", "packets",
                                         "bytes",   "start",   "end" };
    static const uint32_t types[] = { FLOWENRICH_TYPE_ADDRESS, FLOWENRICH_TYPE_ADDRESS,
                                      FLOWENRICH_TYPE_U32,     FLOWENRICH_TYPE_U64,
                                      FLOWENRICH_TYPE_U64,     FLOWENRICH_TYPE_TIME,
                                      FLOWENRICH_TYPE_TIME };
    flowenrich_batch *batch;
    flowenrich_error error;

    check(flowenrich_batch_new(&batch, BATCH_ROWS, NULL, &error), &error);
    for (size_t i = 0; i < 7; i++)
        column(batch, paths[i], types[i]);
    for (size_t row = 0; row < rows; row++) {
        const uint64_t group = draw(seed) % b->groups;
        fle_address source = { { FLE_V4_PREFIX, 10, (uint8_t)(group >> 16), (uint8_t)(group >> 8),
                                 (uint8_t)group } };
        fle_address destination = { { FLE_V4_PREFIX, 10, 9, (uint8_t)(group % 251),
                                      (uint8_t)(group % 241) } };

        fle_column_set_address(column(batch, "srcaddr", types[0]), row, &source);
        fle_column_set_address(column(batch, "dstaddr", types[1]), row, &destination);
        fle_column_set_u32(column(batch, "dstport", types[2]), row, (uint32_t)(group % 65521));
        fle_column_set_u64(column(batch, "packets", types[3]), row, 1 + draw(seed) % 100);
        fle_column_set_u64(column(batch, "bytes", types[4]), row, draw(seed) % 100000);
        fle_column_set_time(column(batch, "start", types[5]), row,
                            1700000000 + (flowenrich_time)(draw(seed) % 3600));
        fle_column_set_time(column(batch, "end", types[6]), row,
                            1700003600 + (flowenrich_time)(draw(seed) % 60));
        batch->kinds[row] = FLE_ROW_TRAFFIC;
    }
    batch->rows = rows;
    return batch;
}

static void make_batches(bench *b)
{
    uint64_t seed = 1;

    b->n_batches = (b->records + BATCH_ROWS - 1) / BATCH_ROWS;
    b->batches = calloc(b->n_batches, sizeof(flowenrich_batch *));
    if (!b->batches)
        exit(1);
    for (size_t i = 0; i < b->n_batches; i++)
        b->batches[i] = make_batch(b, &seed, BATCH_ROWS);
}

/* ---- The plain hash: what one writes first. ---- */

typedef struct plain_key {
    fle_address source, destination;
    uint64_t port;
} plain_key;

typedef struct plain_group {
    plain_key key;
    uint64_t records, packets, bytes;
    flowenrich_time first, last;
} plain_group;

typedef struct plain {
    fle_allocator allocator;
    fle_map *numbers;
    fle_arena keys;
    plain_group *groups;
    size_t n, capacity;
} plain;

static void add_plain(plain *p, const flowenrich_batch *batch)
{
    const fle_address *sources = fle_batch_find(batch, FLE_TEXT("srcaddr"))->values;
    const fle_address *destinations = fle_batch_find(batch, FLE_TEXT("dstaddr"))->values;
    const uint32_t *ports = fle_batch_find(batch, FLE_TEXT("dstport"))->values;
    const uint64_t *packets = fle_batch_find(batch, FLE_TEXT("packets"))->values;
    const uint64_t *bytes = fle_batch_find(batch, FLE_TEXT("bytes"))->values;
    const flowenrich_time *starts = fle_batch_find(batch, FLE_TEXT("start"))->values;
    const flowenrich_time *ends = fle_batch_find(batch, FLE_TEXT("end"))->values;

    for (size_t row = 0; row < batch->rows; row++) {
        const plain_key key = { sources[row], destinations[row], ports[row] };
        const uint32_t *number = fle_map_find(p->numbers, &key, sizeof key);
        plain_group *group;

        if (!number) {
            plain_key *kept = fle_arena_alloc(&p->keys, sizeof key);

            p->groups =
                fle_grow(&p->allocator, p->groups, &p->capacity, p->n + 1, sizeof *p->groups);
            if (!kept || !p->groups)
                exit(1);
            *kept = key;
            p->groups[p->n] = (plain_group){ key, 0, 0, 0, INT64_MAX, INT64_MIN };
            if (!fle_map_add(p->numbers, kept, sizeof key, (uint32_t)p->n))
                exit(1);
            group = &p->groups[p->n++];
        } else {
            group = &p->groups[*number];
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

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
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
    fle_allocator_init(&p.allocator, NULL);
    fle_arena_init(&p.keys, &p.allocator);
    p.numbers = fle_map_new(&p.allocator, 1);
    made = add_all(b, aggregator);
    made_plain = add_all_plain(b, &p);
    for (size_t i = 0; i < rounds; i++) {
        ours[i] = add_all(b, aggregator);
        theirs[i] = add_all_plain(b, &p);
        ratios[i] = ours[i] / theirs[i];
    }
    qsort(ours, rounds, sizeof *ours, by_size);
    qsort(theirs, rounds, sizeof *theirs, by_size);
    qsort(ratios, rounds, sizeof *ratios, by_size);
    printf("  %10lu %9.0f %9.0f %9.0f %9.0f %9.2f %9.1f\n", (unsigned long)stat(aggregator, "held"),
           made, ours[rounds / 2], made_plain, theirs[rounds / 2], ratios[rounds / 2],
           (double)stat(aggregator, "bytes") / (double)stat(aggregator, "held"));
    flowenrich_aggregator_free(aggregator);
    fle_map_free(p.numbers);
    fle_arena_free(&p.keys);
    fle_free(&p.allocator, p.groups);
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
