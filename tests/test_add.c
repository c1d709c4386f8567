/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of which rows are added to which groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "grouping.h"

static flowenrich_batch *rows_of(uint32_t level, size_t n)
{
    static grouping_row rows[8];
    flowenrich_batch *batch;

    for (size_t i = 0; i < n; i++)
        rows[i] = (grouping_row){ .port = 1 + (uint32_t)i % 2, .bytes = 10 };
    batch = grouping_batch(rows, n);
    batch->level = level;
    return batch;
}

static uint64_t held(const flowenrich_aggregator *aggregator)
{
    return grouping_stat(aggregator, "held");
}

static void rows_without_traffic_are_not_added(void **state)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *aggregator = grouping_new(opt);
    flowenrich_batch *batch = rows_of(FLE_LEVEL_RECORD, 4);
    (void)state;

    batch->kinds[0] = FLE_ROW_NODATA;
    batch->kinds[2] = FLE_ROW_SKIPDATA;
    assert_int_equal(flowenrich_aggregator_add(aggregator, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(grouping_stat(aggregator, "rows"), 2);
    assert_int_equal(held(aggregator), 1);
    flowenrich_batch_free(batch);
    flowenrich_aggregator_free(aggregator);
}

static void records_and_conversations_are_not_added_up(void **state)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_batch *none = rows_of(FLE_LEVEL_CONVERSATION, 0);
    (void)state;

    for (uint32_t level = 0; level < 2; level++) {
        flowenrich_aggregator *aggregator = grouping_new(opt);
        flowenrich_batch *some = rows_of(level, 4), *others = rows_of(1 - level, 4);

        assert_int_equal(flowenrich_aggregator_add(aggregator, none, NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_aggregator_add(aggregator, some, NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_aggregator_add(aggregator, others, NULL), FLOWENRICH_ERR_ARG);
        assert_int_equal(grouping_stat(aggregator, "rows"), 4);
        assert_int_equal(flowenrich_aggregator_add(aggregator, some, NULL), FLOWENRICH_OK);
        flowenrich_batch_free(some);
        flowenrich_batch_free(others);
        flowenrich_aggregator_free(aggregator);
    }
    flowenrich_batch_free(none);
}

static void without_paths_all_rows_are_one_group(void **state)
{
    flowenrich_aggregator *aggregator;
    flowenrich_batch *batch = rows_of(FLE_LEVEL_RECORD, 8), *out;
    (void)state;

    assert_int_equal(flowenrich_aggregator_new(&aggregator, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_add(aggregator, batch, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&out, 4, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 1);
    assert_int_equal(grouping_u64(out, "bytes", 0), 80);
    flowenrich_batch_free(out);
    flowenrich_batch_free(batch);
    flowenrich_aggregator_free(aggregator);
}

/* Blocks of rows end anywhere in a batch, and batches anywhere in a block. */
static void batches_of_any_length_are_added(void **state)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    static grouping_row rows[300];
    (void)state;

    grouping_rows(rows, 300, 1, 5, 9);
    for (size_t n = 0; n <= 300; n += n < 10 || (n > 120 && n < 135) ? 1 : 5) {
        flowenrich_aggregator *aggregator = grouping_new(opt);

        grouping_add(aggregator, rows, n);
        assert_int_equal(grouping_stat(aggregator, "rows"), n);
        assert_int_equal(held(aggregator) > 0, n > 0);
        flowenrich_aggregator_free(aggregator);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_without_traffic_are_not_added),
        cmocka_unit_test(records_and_conversations_are_not_added_up),
        cmocka_unit_test(without_paths_all_rows_are_one_group),
        cmocka_unit_test(batches_of_any_length_are_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
