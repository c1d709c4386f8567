/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the columns of groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "grouping.h"

#define MOST 24

static void columns_are_those_of_what_was_asked_and_added(void **state)
{
    static const char *const two[] = { "last", "bytes" };
    static const struct {
        const char *by;
        uint32_t window, level;
        const char *const *measures;
        size_t n_measures;
        const char *columns[MOST];
    } cases[] = {
        { "dstport",
          0,
          FLE_LEVEL_RECORD,
          NULL,
          0,
          { "dstport", "other", "records", "packets", "bytes", "rejects", "first", "last",
            "error" } },
        { "srcaddr/24",
          60,
          FLE_LEVEL_RECORD,
          two,
          2,
          { "window.start", "window.end", "sequence", "late", "srcaddr/24", "other", "last",
            "bytes", "error" } },
        { "dstport",
          0,
          FLE_LEVEL_CONVERSATION,
          NULL,
          0,
          { "dstport", "other", "conversations", "records", "uploaded", "downloaded",
            "uploaded_packets", "downloaded_packets", "packets", "bytes", "rejects", "amount",
            "uncosted_bytes", "first", "last", "error" } },
        { "dstport",
          60,
          FLE_LEVEL_CONVERSATION,
          two,
          2,
          { "window.start", "window.end", "sequence", "late", "reversal", "dstport", "other",
            "last", "bytes", "error" } },
        { "charges.meter",
          0,
          FLE_LEVEL_CONVERSATION,
          NULL,
          0,
          { "charges.meter", "other", "bytes", "amount", "error" } },
    };
    const grouping_row row = { .port = 1, .bytes = 10, .start = 60, .end = 70 };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
        flowenrich_batch *in = grouping_batch(&row, 1), *out;
        flowenrich_aggregator *aggregator;
        size_t n = 0;

        opt.by = &cases[i].by;
        opt.by_count = 1;
        opt.window = cases[i].window;
        opt.measures = cases[i].measures;
        opt.measure_count = cases[i].n_measures;
        aggregator = grouping_new(opt);
        in->level = cases[i].level;
        assert_int_equal(flowenrich_aggregator_add(aggregator, in, NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_batch_new(&out, 4, NULL, NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
        while (flowenrich_batch_path(out, n) && cases[i].columns[n]) {
            if (strcmp(flowenrich_batch_path(out, n), cases[i].columns[n]) != 0)
                fail_msg("case %zu: %s", i, flowenrich_batch_path(out, n));
            n++;
        }
        if (flowenrich_batch_path(out, n) || cases[i].columns[n])
            fail_msg("case %zu: there are %zu columns", i, n);
        flowenrich_batch_free(in);
        flowenrich_batch_free(out);
        flowenrich_aggregator_free(aggregator);
    }
}

/* Before anything was added, and after all of it was taken. */
static void columns_are_there_without_rows(void **state)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *aggregator = grouping_new(opt);
    flowenrich_batch *out;
    (void)state;

    assert_int_equal(flowenrich_batch_new(&out, 4, NULL, NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
        assert_int_equal(out->rows, 0);
        assert_non_null(fle_batch_find(out, FLE_TEXT("bytes")));
    }
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(aggregator);
}

/* Sums that are more than can be shown are the most, and counted. */
static void what_cannot_be_shown_is_counted(void **state)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *aggregator = grouping_new(opt);
    const grouping_row rows[] = { { .bytes = UINT64_MAX }, { .bytes = 1 } };
    flowenrich_batch *out;
    (void)state;

    grouping_add(aggregator, rows, 2);
    assert_int_equal(flowenrich_batch_new(&out, 4, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_true(grouping_u64(out, "bytes", 0) == UINT64_MAX);
    assert_int_equal(grouping_stat(aggregator, "overflows"), 1);
    assert_int_equal(grouping_stat(aggregator, "underflows"), 0);
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(aggregator);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_those_of_what_was_asked_and_added),
        cmocka_unit_test(columns_are_there_without_rows),
        cmocka_unit_test(what_cannot_be_shown_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
