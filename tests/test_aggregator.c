/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/aggregator.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "conversing.h"
#include "enriched.h"
#include "failing.h"

#define MOST_PATHS 4

static flowenrich_status new_aggregator(flowenrich_aggregator **out, const char *const *by,
                                        size_t n, uint64_t max_bytes,
                                        const flowenrich_allocator *allocator)
{
    flowenrich_aggregator_options options = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;

    options.by = by;
    options.by_count = n;
    options.max_bytes = max_bytes;
    options.allocator = allocator;
    return flowenrich_aggregator_new(out, &options, NULL);
}

static flowenrich_batch *new_batch(size_t capacity)
{
    flowenrich_batch *batch;

    assert_int_equal(flowenrich_batch_new(&batch, capacity, NULL, NULL), FLOWENRICH_OK);
    return batch;
}

/* Lines of "a text, a number, bytes"; a text of "-" and a number of 0 are absent. */
typedef struct line {
    const char *text;
    uint32_t number;
    uint64_t bytes;
} line;

static flowenrich_batch *batch_of(const line *lines, size_t n)
{
    flowenrich_batch *batch = new_batch(n);

    for (size_t i = 0; i < n; i++) {
        assert_true(strcmp(lines[i].text, "-") == 0 ||
                    enriched_text(batch, "action", i, lines[i].text));
        assert_true(lines[i].number == 0 || enriched_u32(batch, "dstport", i, lines[i].number));
        assert_true(enriched_u64(batch, "bytes", i, lines[i].bytes));
        assert_true(enriched_u64(batch, "packets", i, 1));
    }
    batch->rows = n;
    return batch;
}

static uint64_t u64_at(const flowenrich_batch *batch, const char *path, size_t row)
{
    return fle_column_u64(fle_batch_find(batch, fle_text_of(path)), row);
}

static void assert_row(const flowenrich_batch *out, size_t row, const char *text, uint32_t number,
                       uint64_t records, uint64_t bytes)
{
    const fle_column *action = fle_batch_find(out, FLE_TEXT("action"));
    const fle_column *port = fle_batch_find(out, FLE_TEXT("dstport"));
    const flowenrich_text got = fle_batch_text(out, action, row);

    if (!fle_text_is(got, text) || fle_column_valid(action, row) != (text[0] != '\0') ||
        fle_column_u32(port, row) != number || fle_column_valid(port, row) != (number != 0) ||
        u64_at(out, "records", row) != records || u64_at(out, "packets", row) != records ||
        u64_at(out, "bytes", row) != bytes)
        fail_msg("row %zu is '%.*s' %u, %u records, %u bytes", row, (int)got.len, got.data,
                 fle_column_u32(port, row), (unsigned)u64_at(out, "records", row),
                 (unsigned)u64_at(out, "bytes", row));
}

static const char *const by_both[] = { "action", "dstport" };

static void groups_come_out_by_bytes_and_then_by_keys(void **state)
{
    static const line lines[] = {
        { "REJECT", 22, 5 }, { "ACCEPT", 443, 10 }, { "ACCEPT", 443, 20 }, { "ACCEPT", 80, 30 },
        { "-", 80, 5 },      { "ACCEPT", 0, 5 },    { "ACCEPT", 9, 5 },
    };
    flowenrich_batch *in = batch_of(lines, sizeof lines / sizeof *lines), *out = new_batch(4);
    flowenrich_aggregator *aggregator;
    (void)state;

    assert_int_equal(new_aggregator(&aggregator, by_both, 2, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 4); /* its capacity */
    assert_row(out, 0, "ACCEPT", 80, 1, 30);
    assert_row(out, 1, "ACCEPT", 443, 2, 30);
    assert_row(out, 2, "", 80, 1, 5); /* absent is a group of its own, before all others */
    assert_row(out, 3, "ACCEPT", 0, 1, 5);
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 2);
    assert_row(out, 0, "ACCEPT", 9, 1, 5);
    assert_row(out, 1, "REJECT", 22, 1, 5);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 0);
    /* Empty again, and ready. */
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_row(out, 1, "ACCEPT", 443, 2, 30);
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(in);
    flowenrich_batch_free(out);
}

static void only_rows_that_are_wanted_count(void **state)
{
    static const char where[] = "action == 'ACCEPT' and not dstport in [22, 80]";
    static line lines[100]; /* more than are decided at once */
    flowenrich_aggregator_options options = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_batch *in, *out = new_batch(4);
    flowenrich_aggregator *aggregator;
    flowenrich_error error;
    (void)state;

    for (uint32_t i = 0; i < 100; i++)
        lines[i] = (line){ i % 2 ? "ACCEPT" : "REJECT", i % 4 == 1 ? 22 : 443, 10 };
    in = batch_of(lines, 100);
    options.by = by_both;
    options.by_count = 2;
    options.where = where;
    options.where_len = sizeof where - 1;
    assert_int_equal(flowenrich_aggregator_new(&aggregator, &options, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 1);
    assert_row(out, 0, "ACCEPT", 443, 25, 250);
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(in);
    flowenrich_batch_free(out);

    options.where_len = strlen("action ==");
    assert_int_equal(flowenrich_aggregator_new(&aggregator, &options, &error),
                     FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(error.column, 10);
}

static void columns_are_the_paths_and_then_the_sums(void **state)
{
    static const char *const by[] = { "client.tags.app", "protocol", "client.addr", "client.arns" };
    static const char *const columns[] = {
        "client.tags.app", "protocol", "client.addr", "client.arns", "other", "records",
        "packets",         "bytes",    "rejects",     "first",       "last",  "error",
    };
    flowenrich_batch *in = enriched_new(NULL), *out = new_batch(10);
    flowenrich_aggregator *aggregator;
    (void)state;

    assert_int_equal(new_aggregator(&aggregator, by, 4, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        assert_string_equal(flowenrich_batch_path(out, i), columns[i]);
    assert_null(flowenrich_batch_path(out, 12));
    assert_int_equal(out->rows, 2); /* the line without data isn't counted */
    assert_true(fle_text_is(fle_batch_text(out, &out->columns[0], 0), "x"));
    assert_int_equal(fle_column_u32(&out->columns[1], 0), 6);
    assert_int_equal(out->columns[2].type, FLOWENRICH_TYPE_ADDRESS);
    assert_int_equal(fle_column_address(&out->columns[2], 0)->bytes[12], 10);
    assert_true(fle_text_is(fle_batch_text(out, &out->columns[3], 0), "arn:1,arn:2"));
    assert_int_equal(fle_column_u64(&out->columns[5], 0), 1);
    assert_false(fle_column_valid(&out->columns[0], 1));
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(in);
    flowenrich_batch_free(out);
}

static void what_is_over_the_limit_is_other_and_no_byte_is_lost(void **state)
{
    /* Two groups fit: before a third one comes, all but the larger go. */
    static const line lines[] = {
        { "a", 1, 1 }, { "b", 2, 2 }, { "c", 3, 4 }, { "a", 1, 8 }, { "d", 4, 16 }, { "c", 3, 32 },
    };
    flowenrich_batch *in = batch_of(lines, sizeof lines / sizeof *lines), *out = new_batch(10);
    flowenrich_aggregator *aggregator;
    (void)state;

    assert_int_equal(new_aggregator(&aggregator, by_both, 2, 1, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 3);
    assert_row(out, 0, "c", 3, 1, 32);
    assert_int_equal(u64_at(out, "error", 0), 10); /* 'a' went with 8, and 2 before */
    assert_row(out, 1, "d", 4, 1, 16);
    assert_int_equal(u64_at(out, "error", 1), 5);
    assert_row(out, 2, "", 0, 4, 15);
    assert_int_equal(u64_at(out, "error", 2), 0);
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(in);
    flowenrich_batch_free(out);
}

static void sums_stop_at_the_largest_number(void **state)
{
    static const line lines[] = { { "a", 1, UINT64_MAX - 1 }, { "a", 1, 1 }, { "a", 1, 7 } };
    flowenrich_batch *in = batch_of(lines, 3), *out = new_batch(1);
    flowenrich_aggregator *aggregator;
    (void)state;

    assert_int_equal(new_aggregator(&aggregator, by_both, 2, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_row(out, 0, "a", 1, 3, UINT64_MAX);
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(in);
    flowenrich_batch_free(out);
}

static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % below;
}

#define N_TEXTS 7
#define N_NUMBERS 50

static void groups_are_the_sums_one_gets_by_hand(void **state)
{
    static const char *const texts[N_TEXTS] = { "-",      "a",      "b",          "ab",
                                                "ACCEPT", "REJECT", "caf\xc3\xa9" };
    static uint64_t bytes[N_TEXTS][N_NUMBERS], records[N_TEXTS][N_NUMBERS];
    flowenrich_batch *out = new_batch(13);
    flowenrich_aggregator *aggregator;
    uint64_t seed = 1, last = UINT64_MAX;
    size_t n_groups = 0, taken = 0;
    (void)state;

    assert_int_equal(new_aggregator(&aggregator, by_both, 2, 0, NULL), FLOWENRICH_OK);
    for (size_t round = 0; round < 20; round++) {
        line lines[100];
        flowenrich_batch *in;

        for (size_t i = 0; i < 100; i++) {
            const uint32_t text = draw(&seed, N_TEXTS), number = draw(&seed, N_NUMBERS);

            lines[i] = (line){ texts[text], number, draw(&seed, 1000) };
            n_groups += records[text][number] == 0;
            records[text][number]++;
            bytes[text][number] += lines[i].bytes;
        }
        in = batch_of(lines, 100);
        assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
        flowenrich_batch_free(in);
    }
    do {
        assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
        for (size_t row = 0; row < out->rows; row++, taken++) {
            const flowenrich_text text =
                fle_batch_text(out, fle_batch_find(out, FLE_TEXT("action")), row);
            const uint32_t number = fle_column_u32(fle_batch_find(out, FLE_TEXT("dstport")), row);
            size_t i = 0;

            while (text.len > 0 && !fle_text_is(text, texts[i]))
                i++;
            assert_int_equal(u64_at(out, "bytes", row), bytes[i][number]);
            assert_int_equal(u64_at(out, "records", row), records[i][number]);
            assert_true(u64_at(out, "bytes", row) <= last);
            last = u64_at(out, "bytes", row);
        }
    } while (out->rows > 0);
    assert_int_equal(taken, n_groups);
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(out);
}

static void groups_of_groups_are_groups(void **state)
{
    static const line lines[] = { { "a", 1, 1 }, { "a", 2, 2 }, { "b", 1, 4 }, { "a", 2, 8 } };
    static const char *const by_text[] = { "action" };
    flowenrich_batch *in = batch_of(lines, 4), *out = new_batch(4), *again = new_batch(4);
    flowenrich_aggregator *fine, *coarse;
    (void)state;

    assert_int_equal(new_aggregator(&fine, by_both, 2, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(new_aggregator(&coarse, by_text, 1, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(fine, in, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(fine, out, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(coarse, out, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(coarse, again, NULL), FLOWENRICH_OK);
    assert_int_equal(again->rows, 2);
    assert_row(again, 0, "a", 0, 3, 11);
    assert_row(again, 1, "b", 0, 1, 4);
    flowenrich_aggregator_free(fine);
    flowenrich_aggregator_free(coarse);
    flowenrich_batch_free(in);
    flowenrich_batch_free(out);
    flowenrich_batch_free(again);
}

static void paths_that_cannot_be_grouped_by_are_refused(void **state)
{
    static const struct {
        const char *by[MOST_PATHS];
        size_t n;
    } cases[] = {
        { { NULL }, 1 },
        { { "action", "dstport", "action" }, 3 }, /* twice */
        { { "bytes" }, 1 },                       /* a sum */
        { { "other" }, 1 },                       /* a column of groups */
        { { "dstport/24" }, 1 },                  /* no network of addresses */
        { { "srcaddr/129" }, 1 },                 /* longer than an address */
    };
    flowenrich_aggregator *aggregator;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(new_aggregator(&aggregator, cases[i].by, cases[i].n, 0, NULL),
                         FLOWENRICH_ERR_ARG);
    flowenrich_aggregator_free(NULL);
}

static void a_path_keeps_its_type(void **state)
{
    static const line lines[] = { { "a", 1, 1 } };
    flowenrich_batch *in = batch_of(lines, 1), *odd = new_batch(1);
    flowenrich_aggregator *aggregator;
    (void)state;

    assert_true(enriched_text(odd, "dstport", 0, "https"));
    odd->rows = 1;
    assert_int_equal(new_aggregator(&aggregator, by_both, 2, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, odd, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(in);
    flowenrich_batch_free(odd);
}

static flowenrich_status run(const flowenrich_allocator *allocator, flowenrich_batch *in)
{
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_aggregator *aggregator = NULL;
    flowenrich_batch *out = NULL;
    flowenrich_status status;

    options.allocator = allocator;
    status = new_aggregator(&aggregator, by_both, 2, 1, allocator);
    if (status == FLOWENRICH_OK)
        status = flowenrich_batch_new(&out, 10, &options, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_aggregator_add(aggregator, in, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_aggregator_take(aggregator, out, NULL);
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(out);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    static const line lines[] = { { "a", 1, 1 }, { "b", 2, 2 }, { "c", 3, 4 }, { "d", 4, 8 } };
    flowenrich_batch *in = batch_of(lines, 4);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    size_t succeed = 0;
    (void)state;

    for (; status != FLOWENRICH_OK; succeed++) {
        failing f = { succeed, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);

        status = run(&allocator, in);
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        assert_int_equal(f.live, 0);
        assert_int_equal(f.misled, 0);
    }
    assert_true(succeed > 10);
    flowenrich_batch_free(in);
}

/* Without memory for it nothing is due, and nothing is forgotten. */
static void time_may_be_told_again_after_memory_ran_out(void **state)
{
    static const char *const by[] = { "action" };
    static const line lines[] = { { "a", 1, 1 }, { "b", 2, 2 } };
    flowenrich_aggregator_options options = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_batch *in = batch_of(lines, 2), *out = new_batch(4);
    failing f = { SIZE_MAX, 0, 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    flowenrich_aggregator *aggregator;
    size_t tries = 0;
    (void)state;

    options.allocator = &allocator;
    options.by = by;
    options.by_count = 1;
    options.window = 60;
    assert_int_equal(flowenrich_aggregator_new(&aggregator, &options, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    for (; status == FLOWENRICH_ERR_NOMEM; tries++) {
        f.succeed = tries;
        status = flowenrich_aggregator_advance(aggregator, FLOWENRICH_TIME_END, NULL);
    }
    f.succeed = SIZE_MAX;
    assert_int_equal(status, FLOWENRICH_OK);
    assert_true(tries > 2);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 2);
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(in);
    flowenrich_batch_free(out);
}

#define A1 "ec2:instance use1-az1 vpc-1 a us-east-1"
#define B2 "ec2:instance use1-az2 vpc-1 b us-east-1"
#define NAT2 "ec2:nat-gateway use1-az2 vpc-1 n us-east-1"

/* Three conversations and one taken back, charged. */
static flowenrich_batch *charged_batch(void)
{
    static const conversing_row rows[] = {
        { A1, "10.0.1.1", B2, "10.0.2.1", .path = "same-vpc", .up = 100, .down = 200 },
        { A1, "10.0.1.1", NULL, "198.51.100.1", { NAT2 }, .path = "nat-gateway", .up = 1000 },
        { B2, "10.0.2.1", A1, "10.0.1.1", .path = "same-vpc", .up = 40, .down = 2 },
        { B2, "10.0.2.1", A1, "10.0.1.1", .path = "same-vpc", .up = 40, .down = 2 },
        { A1, "10.0.1.1", NULL, "10.9.0.1", .up = 7 },
    };
    flowenrich_batch *batch = conversing_batch(conversing_inventory(), rows, 5);
    fle_column *reversal = fle_batch_add(batch, FLE_TEXT("reversal"), FLOWENRICH_TYPE_BOOL);
    flowenrich_tariff *tariff;

    assert_non_null(reversal);
    for (size_t row = 0; row < 5; row++)
        fle_column_set_bool(reversal, row, row == 3);
    assert_int_equal(flowenrich_tariff_new(&tariff, NULL, 0, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_tariff_charge(tariff, batch, NULL), FLOWENRICH_OK);
    flowenrich_tariff_free(tariff);
    return batch;
}

static void conversations_have_amounts_and_reversals_take_out(void **state)
{
    static const struct {
        const char *account;
        uint64_t records, bytes, uploaded, amount, uncosted;
    } expected[] = {
        { "a", 3, 1307, 1107, 161, 7 }, /* 2 x 3, 2 x 10, 45 and 90 */
        { "b", 0, 0, 0, 0, 0 },
    };
    const char *const by[] = { "client.account_id" };
    flowenrich_batch *batch = charged_batch(), *out = new_batch(8);
    flowenrich_aggregator *aggregator;
    flowenrich_stat stats[2];

    (void)state;
    assert_int_equal(new_aggregator(&aggregator, by, 1, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_rows(out), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(enriching_value(out, "client.account_id", i), expected[i].account);
        assert_int_equal(u64_at(out, "records", i), expected[i].records);
        assert_int_equal(u64_at(out, "bytes", i), expected[i].bytes);
        assert_int_equal(u64_at(out, "uploaded", i), expected[i].uploaded);
        assert_int_equal(u64_at(out, "amount", i), expected[i].amount);
        assert_int_equal(u64_at(out, "uncosted_bytes", i), expected[i].uncosted);
    }
    assert_int_equal(flowenrich_aggregator_stats(aggregator, stats, 2), 9);
    assert_int_equal(stats[0].value + stats[1].value, 0);
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(batch);
    flowenrich_batch_free(out);
}

static void a_path_of_charges_counts_each_line(void **state)
{
    static const struct {
        const char *meter, *payer;
        uint64_t bytes, amount;
    } expected[] = {
        { "internet", "n", 1000, 90 }, { "nat-gateway", "n", 1000, 45 },
        { "cross-az", "a", 1300, 13 }, { "cross-az", "n", 1000, 10 },
        { "cross-az", "b", 300, 3 },
    };
    const char *const by[] = { "charges.meter", "charges.payer" };
    flowenrich_batch *batch = charged_batch(), *out = new_batch(8);
    flowenrich_aggregator *aggregator;

    (void)state;
    assert_int_equal(new_aggregator(&aggregator, by, 2, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_rows(out), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(enriching_value(out, "charges.meter", i), expected[i].meter);
        assert_string_equal(enriching_value(out, "charges.payer", i), expected[i].payer);
        assert_int_equal(u64_at(out, "bytes", i), expected[i].bytes);
        assert_int_equal(u64_at(out, "amount", i), expected[i].amount);
    }
    flowenrich_aggregator_free(aggregator);
    flowenrich_batch_free(batch);
    flowenrich_batch_free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_come_out_by_bytes_and_then_by_keys),
        cmocka_unit_test(only_rows_that_are_wanted_count),
        cmocka_unit_test(columns_are_the_paths_and_then_the_sums),
        cmocka_unit_test(what_is_over_the_limit_is_other_and_no_byte_is_lost),
        cmocka_unit_test(sums_stop_at_the_largest_number),
        cmocka_unit_test(groups_are_the_sums_one_gets_by_hand),
        cmocka_unit_test(groups_of_groups_are_groups),
        cmocka_unit_test(paths_that_cannot_be_grouped_by_are_refused),
        cmocka_unit_test(a_path_keeps_its_type),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(time_may_be_told_again_after_memory_ran_out),
        cmocka_unit_test(conversations_have_amounts_and_reversals_take_out),
        cmocka_unit_test(a_path_of_charges_counts_each_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
