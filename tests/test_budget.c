/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what gives way when memory is full, against plain sums of all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "aggregate/budget.h"
#include "grouping.h"

#define N_ROWS 40000
#define N_ADDRESSES 6000
#define MAX_BYTES 40000

static grouping_row rows[N_ROWS];

/* Groups by address only: the sums of each, and whether it came out. */
typedef struct truth {
    uint64_t bytes[N_ADDRESSES], records[N_ADDRESSES];
    uint64_t total_bytes, total_records, total_rejects;
} truth;

static truth reference(void)
{
    static truth t;

    memset(&t, 0, sizeof t);
    for (size_t i = 0; i < N_ROWS; i++) {
        t.bytes[rows[i].address] += rows[i].bytes;
        t.records[rows[i].address]++;
        t.total_bytes += rows[i].bytes;
        t.total_records++;
        t.total_rejects += rows[i].is_reject;
    }
    return t;
}

/* A few addresses have most bytes, and some of those come late. */
static void make_rows(uint64_t seed, bool is_flood)
{
    grouping_rows(rows, N_ROWS, seed, 5, N_ADDRESSES);
    for (size_t i = 0; i < N_ROWS; i++) {
        rows[i].bytes = 1 + grouping_draw(&seed, 100);
        if (!is_flood && i % 5 == 0) {
            rows[i].address = grouping_draw(&seed, i > N_ROWS / 2 ? 40 : 20);
            rows[i].bytes = 3000;
        }
    }
}

static flowenrich_aggregator *by_address(uint64_t seed)
{
    static const char *const by[] = { "srcaddr" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;

    opt.by = by;
    opt.by_count = 1;
    opt.hash_seed = seed;
    opt.max_bytes = MAX_BYTES;
    return grouping_new(opt);
}

/* The number in an address that grouping_put() made; N_ADDRESSES if the row has none. */
static size_t address_of(const flowenrich_batch *batch, size_t row)
{
    const fle_address *address =
        fle_column_address(fle_batch_find(batch, FLE_TEXT("srcaddr")), row);

    if (!address)
        return N_ADDRESSES;
    if (fle_address_is_v4(address))
        return address->bytes[14] * 250U + address->bytes[15];
    return (address->bytes[12] * 256U + address->bytes[13]) * 250U + address->bytes[14] * 256U +
           address->bytes[15];
}

/* Does each row say the truth, and is each address there that has more than 'least' bytes? */
static void check(flowenrich_aggregator *aggregator, const truth *t, uint64_t least)
{
    static bool seen[N_ADDRESSES];
    uint64_t bytes = 0, records = 0, rejects = 0;
    flowenrich_batch *out;

    memset(seen, 0, sizeof seen);
    assert_int_equal(flowenrich_batch_new(&out, 1000, NULL, NULL), FLOWENRICH_OK);
    do {
        assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
        for (size_t row = 0; row < out->rows; row++) {
            const size_t address = address_of(out, row);
            const uint64_t has = grouping_u64(out, "bytes", row);

            bytes += has;
            records += grouping_u64(out, "records", row);
            rejects += grouping_u64(out, "rejects", row);
            assert_int_equal(grouping_is(out, "other", row), address == N_ADDRESSES);
            if (address == N_ADDRESSES)
                continue;
            assert_false(seen[address]);
            seen[address] = true;
            if (has > t->bytes[address] ||
                t->bytes[address] - has > grouping_u64(out, "error", row))
                fail_msg("address %zu has %lu of %lu bytes, error %lu", address, (unsigned long)has,
                         (unsigned long)t->bytes[address],
                         (unsigned long)grouping_u64(out, "error", row));
            assert_true(grouping_u64(out, "error", row) <= least);
        }
    } while (out->rows > 0);
    for (size_t i = 0; i < N_ADDRESSES; i++)
        if (t->bytes[i] > least && !seen[i])
            fail_msg("address %zu has %lu bytes, and isn't there", i, (unsigned long)t->bytes[i]);
    assert_int_equal(bytes, t->total_bytes);
    assert_int_equal(records, t->total_records);
    assert_int_equal(rejects, t->total_rejects);
    flowenrich_batch_free(out);
}

/* The fewest groups that were kept: of those that fit, if each had a value that is no number. */
static uint64_t kept(const flowenrich_aggregator *aggregator)
{
    return MAX_BYTES / (aggregator->layout.width + 12 + 16 + 64) / 2 - 2;
}

static void rows_say_how_much_they_lack_and_heavy_ones_are_there(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        flowenrich_aggregator *aggregator = by_address(seed);
        truth t;
        uint64_t m;

        make_rows(seed, seed % 2 == 0);
        t = reference();
        for (size_t i = 0; i < N_ROWS; i += 500)
            grouping_add(aggregator, rows + i, 500);
        m = kept(aggregator);
        assert_true(m > 50);
        assert_true(grouping_stat(aggregator, "evicted") > N_ADDRESSES);
        check(aggregator, &t, t.total_bytes / m);
        flowenrich_aggregator_free(aggregator);
    }
}

static void merged_rows_say_how_much_they_lack(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        flowenrich_aggregator *parts[3];
        uint64_t m;
        truth t;

        make_rows(seed, seed % 3 == 0);
        t = reference();
        for (size_t i = 0; i < 3; i++)
            parts[i] = by_address(seed + i);
        for (size_t i = 0; i < N_ROWS; i += 100)
            grouping_add(parts[grouping_draw(&seed, 3)], rows + i, 100);
        seed %= 16;
        m = kept(parts[0]);
        assert_int_equal(flowenrich_aggregator_merge(parts[1], parts[2], NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_aggregator_merge(parts[0], parts[1], NULL), FLOWENRICH_OK);
        assert_true(grouping_stat(parts[0], "held") <=
                    MAX_BYTES / (parts[0]->layout.width + 12)); /* without any values */
        check(parts[0], &t, t.total_bytes / m);
        for (size_t i = 0; i < 3; i++)
            flowenrich_aggregator_free(parts[i]);
    }
}

/* What gives way is decided row by row, so the bytes are those of any cut and any hash. */
static void what_gives_way_depends_on_rows_only(void **state)
{
    static const size_t cuts[] = { 1, 127, 128, 129, 1000, N_ROWS / 10 };
    fle_buffer expected = grouping_buffer();
    (void)state;

    make_rows(1, false);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
        flowenrich_aggregator *aggregator;
        fle_buffer out = grouping_buffer();

        opt.hash_seed = i * 77;
        opt.max_bytes = MAX_BYTES;
        aggregator = grouping_new(opt);
        for (size_t at = 0; at < N_ROWS / 10; at += cuts[i])
            grouping_add(aggregator, rows + at,
                         at + cuts[i] <= N_ROWS / 10 ? cuts[i] : N_ROWS / 10 - at);
        assert_true(grouping_stat(aggregator, "evicted") > 100);
        grouping_take(aggregator, i == 0 ? &expected : &out);
        if (i > 0 &&
            !fle_text_equal(fle_text(out.data, out.len), fle_text(expected.data, expected.len)))
            fail_msg("cuts of %zu rows", cuts[i]);
        fle_buffer_free(&out);
        flowenrich_aggregator_free(aggregator);
    }
    fle_buffer_free(&expected);
}

/* 200,000 texts, of which few are heavy: what they take is bounded, and none of those is lost. */
static void a_flood_of_texts_takes_no_more_than_it_may(void **state)
{
    enum { N = 200, FLOOD = 1000, MAX = 200000 };
    static const char *const by[] = { "az_id" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *aggregator;
    flowenrich_batch *out;
    size_t heavy = 0;
    (void)state;

    opt.by = by;
    opt.by_count = 1;
    opt.max_bytes = MAX;
    aggregator = grouping_new(opt);
    for (uint32_t i = 0; i < N; i++) {
        for (uint32_t n = 0; n < FLOOD; n++) {
            rows[n].text = n % 10 == 0 ? 1 + n % 7 : 100 + i * FLOOD + n;
            rows[n].bytes = n % 10 == 0 ? 500 : 1;
        }
        grouping_add(aggregator, rows, FLOOD);
    }
    assert_true(grouping_stat(aggregator, "held") < MAX / 100);
    assert_true(grouping_stat(aggregator, "bytes") < 4 * MAX); /* and first blocks of each kind */
    assert_int_equal(flowenrich_batch_new(&out, 5000, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    for (size_t row = 0; row < 7; row++)
        heavy += grouping_u64(out, "bytes", row) + grouping_u64(out, "error", row) >=
                 N * (FLOOD / 10 / 7) * 500;
    assert_int_equal(heavy, 7);
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(aggregator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_say_how_much_they_lack_and_heavy_ones_are_there),
        cmocka_unit_test(merged_rows_say_how_much_they_lack),
        cmocka_unit_test(what_gives_way_depends_on_rows_only),
        cmocka_unit_test(a_flood_of_texts_takes_no_more_than_it_may),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
