/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what groups tell beside sums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "grouping.h"
#include "record/list.h"

static flowenrich_aggregator *measuring(const char *const *measures, size_t n, uint32_t window,
                                        uint64_t max_bytes)
{
    static const char *const by[] = { "az_id" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;

    opt.by = by;
    opt.by_count = 1;
    opt.measures = measures;
    opt.measure_count = n;
    opt.window = window;
    opt.spread = 1;
    opt.max_bytes = max_bytes;
    return grouping_new(opt);
}

static flowenrich_batch *take(flowenrich_aggregator *aggregator)
{
    flowenrich_batch *out;

    assert_int_equal(flowenrich_batch_new(&out, 100, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_advance(aggregator, FLOWENRICH_TIME_END, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    return out;
}

static void measures_tell_of_each_group(void **state)
{
    static const char *const measures[] = { "distinct(srcaddr)", "p50(bytes)",   "p99.9(duration)",
                                            "top2(dstport)",     "p50(dstport)", "bytes" };
    grouping_row rows[101];
    flowenrich_aggregator *aggregator = measuring(measures, 6, 0, 0);
    const fle_column *top, *weights;
    flowenrich_batch *out;
    (void)state;

    for (uint32_t i = 0; i < 101; i++)
        rows[i] = (grouping_row){ .text = 1,
                                  .address = i % 17,
                                  .port = i < 60 ? 443 : 22 + i % 2,
                                  .bytes = i,
                                  .start = 1000,
                                  .end = 1000 + i % 50 };
    grouping_add(aggregator, rows, 101);
    out = take(aggregator);
    assert_int_equal(out->rows, 1);
    assert_int_equal(grouping_u64(out, "distinct.srcaddr", 0), 17);
    assert_int_equal(grouping_u64(out, "p50.bytes", 0), 50);
    assert_int_equal(grouping_u64(out, "p99_9.duration", 0), 49);
    assert_in_range(grouping_u64(out, "p50.dstport", 0), 440, 446); /* within 1/128 */
    top = fle_batch_find(out, FLE_TEXT("top2.dstport"));
    weights = fle_batch_find(out, FLE_TEXT("top2_bytes.dstport"));
    assert_int_equal(fle_list_len(top, 0), 2);
    assert_true(fle_text_is(fle_list_text(top, 0, 0), "443"));
    assert_int_equal(fle_list_u64(weights, 0, 0), 59 * 60 / 2);
    assert_true(fle_text_is(fle_list_text(top, 0, 1), "22"));
    assert_int_equal(fle_list_u64(weights, 0, 1), (60 + 100) * 21 / 2);
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(aggregator);
}

/* Of a list each value is counted, and what a row lacks isn't. */
static void values_of_lists_count_one_by_one(void **state)
{
    static const char *const measures[] = { "distinct(marks)", "top(marks)", "p50(server.port)",
                                            "top(late)", "top(direction.confidence)" };
    flowenrich_aggregator *aggregator = measuring(measures, 5, 0, 0);
    flowenrich_batch *in, *out;
    fle_column *marks, *confidence;
    (void)state;

    assert_int_equal(flowenrich_batch_new(&in, 2, NULL, NULL), FLOWENRICH_OK);
    marks = fle_batch_add_list(in, FLE_TEXT("marks"), FLOWENRICH_TYPE_TEXT);
    assert_true(marks && fle_list_add_text(in, marks, 0, "a", 1) &&
                fle_list_add_text(in, marks, 0, "b", 1));
    assert_true(enriched_u64(in, "bytes", 0, 5));
    fle_column_set_bool(fle_batch_add(in, FLE_TEXT("late"), FLOWENRICH_TYPE_BOOL), 0, true);
    confidence = fle_batch_add(in, FLE_TEXT("direction.confidence"), FLOWENRICH_TYPE_F64);
    fle_column_set_f64(confidence, 0, 0.9);
    in->rows = 2;
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    out = take(aggregator);
    assert_true(fle_text_is(
        fle_list_text(fle_batch_find(out, FLE_TEXT("top.direction.confidence")), 0, 0), "0.9"));
    assert_int_equal(grouping_u64(out, "distinct.marks", 0), 2);
    assert_true(
        fle_text_is(fle_list_text(fle_batch_find(out, FLE_TEXT("top.late")), 0, 0), "true"));
    assert_int_equal(fle_list_len(fle_batch_find(out, FLE_TEXT("top.marks")), 0), 2);
    assert_false(fle_column_valid(fle_batch_find(out, FLE_TEXT("p50.server.port")), 0));
    flowenrich_batch_free(in);
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(aggregator);
}

/* A row that is spread over windows is one value of a quantile, where it starts. */
static void a_row_in_parts_is_one_value_of_quantiles(void **state)
{
    static const char *const measures[] = { "p50(bytes)", "distinct(dstport)", "bytes" };
    const grouping_row row = { .text = 1, .port = 7, .bytes = 100, .start = 60, .end = 240 };
    flowenrich_aggregator *aggregator = measuring(measures, 3, 60, 0);
    flowenrich_batch *out;
    (void)state;

    grouping_add(aggregator, &row, 1);
    out = take(aggregator);
    assert_int_equal(out->rows, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(fle_column_valid(fle_batch_find(out, FLE_TEXT("p50.bytes")), i), i == 0);
        assert_int_equal(grouping_u64(out, "distinct.dstport", i), 1);
    }
    assert_int_equal(grouping_u64(out, "p50.bytes", 0), 100);
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(aggregator);
}

/* What sketches take is within the budget; what goes is told of in 'other'. */
static void sketches_count_in_the_budget(void **state)
{
    static const char *const measures[] = { "distinct(srcaddr)", "top(srcaddr)", "bytes" };
    static grouping_row rows[20000];
    flowenrich_aggregator *aggregator = measuring(measures, 3, 0, 100000);
    uint64_t bytes = 0, total = 0, distinct = 0;
    flowenrich_batch *out;
    (void)state;

    grouping_rows(rows, 20000, 1, 200, 5000);
    for (size_t i = 0; i < 20000; i++)
        total += rows[i].bytes;
    grouping_add(aggregator, rows, 20000);
    assert_true(grouping_stat(aggregator, "evicted") > 0);
    out = take(aggregator);
    for (size_t i = 0; i < out->rows; i++) {
        bytes += grouping_u64(out, "bytes", i);
        if (grouping_is(out, "other", i))
            distinct = grouping_u64(out, "distinct.srcaddr", i);
    }
    assert_int_equal(bytes, total);
    assert_in_range(distinct, 4500, 5200);
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(aggregator);
}

static uint64_t bytes_held(const flowenrich_aggregator *aggregator)
{
    flowenrich_stat stats[16];
    const size_t n = flowenrich_aggregator_stats(aggregator, stats, 16);

    for (size_t i = 0; i < n; i++)
        if (strcmp(stats[i].name, "bytes") == 0)
            return stats[i].value;
    fail_msg("nobody says how many bytes are held");
    return 0;
}

/* Of one group, which takes as much as 4 KiB for more than 768 values. */
static void what_sketches_take_is_told(void **state)
{
    static const char *const measures[] = { "distinct(packets)" };
    flowenrich_aggregator *aggregator = measuring(measures, 1, 0, 0);
    flowenrich_batch *in;
    uint64_t before;

    (void)state;
    assert_int_equal(flowenrich_batch_new(&in, 1000, NULL, NULL), FLOWENRICH_OK);
    in->rows = 1;
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    before = bytes_held(aggregator);
    for (size_t i = 0; i < 1000; i++)
        assert_true(enriched_u64(in, "packets", i, i));
    in->rows = 1000;
    assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
    assert_int_equal(bytes_held(aggregator), before + 4096);
    flowenrich_batch_free(in);
    flowenrich_aggregator_free(aggregator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_tell_of_each_group),
        cmocka_unit_test(values_of_lists_count_one_by_one),
        cmocka_unit_test(a_row_in_parts_is_one_value_of_quantiles),
        cmocka_unit_test(sketches_count_in_the_budget),
        cmocka_unit_test(what_sketches_take_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
