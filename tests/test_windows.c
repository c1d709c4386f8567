/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of windows: when they are due, what comes late, and that all of it adds up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "grouping.h"
#include "record/batch.h"

#define T0 1700000100 /* a multiple of 300 */
#define N_ROWS 2000

static flowenrich_aggregator *windowed(uint32_t window, uint32_t slide, uint32_t lateness,
                                       uint32_t spread)
{
    static const char *const by[] = { "dstport" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;

    opt.by = by;
    opt.by_count = 1;
    opt.window = window;
    opt.slide = slide;
    opt.lateness = lateness;
    opt.spread = spread;
    return grouping_new(opt);
}

static void add(flowenrich_aggregator *to, flowenrich_time start, flowenrich_time end,
                uint64_t bytes)
{
    const grouping_row row = { .port = 1, .bytes = bytes, .start = start, .end = end };

    grouping_add(to, &row, 1);
}

/* A row that comes out: times from T0 on. */
typedef struct told {
    flowenrich_time start, end;
    uint32_t sequence;
    bool late;
    uint64_t bytes;
} told;

/* Advance, and take what is due: must be these. */
static void advance(flowenrich_aggregator *aggregator, flowenrich_time watermark,
                    const told *expected, size_t n)
{
    flowenrich_batch *out;

    assert_int_equal(flowenrich_batch_new(&out, 64, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_advance(aggregator, watermark, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    if (out->rows != n)
        fail_msg("%zu rows by %ld", out->rows, (long)(watermark - T0));
    for (size_t i = 0; i < n; i++) {
        const flowenrich_time start =
            fle_column_time(fle_batch_find(out, FLE_TEXT("window.start")), i) - T0;
        const flowenrich_time end =
            fle_column_time(fle_batch_find(out, FLE_TEXT("window.end")), i) - T0;
        const uint32_t sequence = fle_column_u32(fle_batch_find(out, FLE_TEXT("sequence")), i);

        if (start != expected[i].start || end != expected[i].end ||
            sequence != expected[i].sequence || grouping_is(out, "late", i) != expected[i].late ||
            grouping_u64(out, "bytes", i) != expected[i].bytes)
            fail_msg("row %zu by %ld is %ld to %ld, %u, %lu bytes", i, (long)(watermark - T0),
                     (long)start, (long)end, sequence,
                     (unsigned long)grouping_u64(out, "bytes", i));
    }
    if (n > 0)
        assert_int_equal(flowenrich_aggregator_take(aggregator, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 0);
    flowenrich_batch_free(out);
}

static void a_window_is_due_once_time_has_passed_it(void **state)
{
    flowenrich_aggregator *a = windowed(300, 0, 60, 0);
    (void)state;

    add(a, T0, T0 + 60, 1);
    add(a, T0 + 299, T0 + 301, 2);
    add(a, T0 + 300, T0 + 360, 4);
    advance(a, T0 + 359, NULL, 0);
    add(a, T0 + 5, T0 + 6, 8); /* after the window's end, and in time */
    advance(a, T0 + 360, (told[]){ { 0, 300, 0, false, 11 } }, 1);
    advance(a, T0 + 659, NULL, 0);
    advance(a, T0 + 100, NULL, 0); /* time doesn't go back */
    advance(a, FLOWENRICH_TIME_END, (told[]){ { 300, 600, 0, false, 4 } }, 1);
    advance(a, FLOWENRICH_TIME_END, NULL, 0);
    add(a, T0, T0 + 60, 16); /* of another stream */
    advance(a, T0 + 360, (told[]){ { 0, 300, 0, false, 16 } }, 1);
    flowenrich_aggregator_free(a);
}

static void without_a_lateness_it_is_a_quarter_of_an_hour_and_the_longest_record(void **state)
{
    flowenrich_aggregator *a = windowed(300, 0, 0, 0);
    (void)state;

    add(a, T0, T0 + 60, 1);
    add(a, T0, T0 + 86400, 1); /* no interval that AWS sums over */
    advance(a, T0 + 300 + 900 + 59, NULL, 0);
    advance(a, T0 + 300 + 900 + 60, (told[]){ { 0, 300, 0, false, 2 } }, 1);
    flowenrich_aggregator_free(a);
}

static void what_comes_too_late_is_a_numbered_delta(void **state)
{
    flowenrich_aggregator *a = windowed(300, 0, 60, 0);
    (void)state;

    add(a, T0, T0, 1);
    add(a, T0 + 300, T0 + 300, 2);
    advance(a, T0 + 360, (told[]){ { 0, 300, 0, false, 1 } }, 1);
    add(a, T0 + 7, T0 + 7, 4);
    add(a, T0 + 8, T0 + 8, 8);
    add(a, T0 - 1, T0, 16);
    assert_int_equal(grouping_stat(a, "too_late"), 3);
    advance(a, T0 + 361, (told[]){ { -300, 0, 1, true, 16 }, { 0, 300, 1, true, 12 } }, 2);
    add(a, T0, T0, 32);
    advance(a, T0 + 700, (told[]){ { 0, 300, 2, true, 32 }, { 300, 600, 0, false, 2 } }, 2);
    advance(a, FLOWENRICH_TIME_END, NULL, 0);
    flowenrich_aggregator_free(a);
}

static void sliding_windows_have_each_row_several_times(void **state)
{
    flowenrich_aggregator *a = windowed(300, 100, 1, 0);
    (void)state;

    add(a, T0 + 250, T0 + 250, 1);
    add(a, T0 + 320, T0 + 320, 2);
    advance(a, T0 + 401, (told[]){ { 0, 300, 0, false, 1 }, { 100, 400, 0, false, 3 } }, 2);
    add(a, T0 + 250, T0 + 250, 4); /* late for those, in time for the next */
    advance(a, T0 + 501,
            (told[]){ { 0, 300, 1, true, 4 },
                      { 100, 400, 1, true, 4 },
                      { 200, 500, 0, false, 7 } },
            3);
    advance(a, FLOWENRICH_TIME_END, (told[]){ { 300, 600, 0, false, 2 } }, 1);
    flowenrich_aggregator_free(a);
}

static void bytes_are_spread_over_the_windows_of_a_row(void **state)
{
    flowenrich_aggregator *a = windowed(60, 0, 1, 1);
    (void)state;

    add(a, T0 + 30, T0 + 150, 1001);
    advance(a, FLOWENRICH_TIME_END,
            (told[]){ { 0, 60, 0, false, 250 },
                      { 60, 120, 0, false, 500 },
                      { 120, 180, 0, false, 251 } },
            3);
    flowenrich_aggregator_free(a);
}

static void what_lasts_too_long_to_be_spread_is_counted_at_its_start(void **state)
{
    flowenrich_aggregator *a = windowed(60, 0, 1, 1);
    (void)state;

    add(a, T0, T0 + INT64_C(4000000000), 7);
    add(a, T0, T0, 1); /* of no time: there is nothing to spread */
    assert_int_equal(grouping_stat(a, "unspread"), 1);
    advance(a, FLOWENRICH_TIME_END, (told[]){ { 0, 60, 0, false, 8 } }, 1);
    flowenrich_aggregator_free(a);
}

static void rows_without_a_time_come_at_the_end(void **state)
{
    flowenrich_aggregator *a = windowed(300, 0, 60, 0);
    grouping_row row = { .port = 1, .bytes = 5, .start = INT64_MAX, .end = 0 };
    flowenrich_batch *out;
    (void)state;

    grouping_add(a, &row, 1);
    row.start = FLOWENRICH_TIME_ABSENT;
    grouping_add(a, &row, 1);
    advance(a, T0 * INT64_C(1000), NULL, 0);
    assert_int_equal(flowenrich_aggregator_advance(a, FLOWENRICH_TIME_END, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&out, 64, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(a, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 1);
    assert_false(fle_column_valid(fle_batch_find(out, FLE_TEXT("window.start")), 0));
    assert_int_equal(grouping_u64(out, "bytes", 0), 10);
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(a);
}

/* Rows of a million windows: memory holds, and no byte is lost. */
static void too_many_windows_are_summed_without_a_time(void **state)
{
    static const char *const by[] = { "dstport" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    static grouping_row rows[1000];
    flowenrich_aggregator *a;
    flowenrich_batch *out;
    uint64_t bytes = 0, others = 0;
    (void)state;

    opt.by = by;
    opt.by_count = 1;
    opt.window = 1;
    opt.max_bytes = 100000;
    a = grouping_new(opt);
    for (uint64_t n = 0; n < 20; n++) {
        for (uint64_t i = 0; i < 1000; i++)
            rows[i] =
                (grouping_row){ .port = 1, .bytes = 3, .start = (flowenrich_time)(n * 1000 + i) };
        grouping_add(a, rows, 1000);
    }
    assert_true(grouping_stat(a, "held") < 1000);
    assert_int_equal(flowenrich_aggregator_advance(a, FLOWENRICH_TIME_END, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&out, 64, NULL, NULL), FLOWENRICH_OK);
    do {
        assert_int_equal(flowenrich_aggregator_take(a, out, NULL), FLOWENRICH_OK);
        for (size_t row = 0; row < out->rows; row++) {
            bytes += grouping_u64(out, "bytes", row);
            others += grouping_is(out, "other", row);
        }
    } while (out->rows > 0);
    assert_int_equal(bytes, 60000);
    assert_true(others > 0);
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(a);
}

/* What comes out, added up by window and key. */
static void take_into(flowenrich_aggregator *sums, flowenrich_aggregator *from)
{
    flowenrich_batch *out;

    assert_int_equal(flowenrich_batch_new(&out, 64, NULL, NULL), FLOWENRICH_OK);
    do {
        assert_int_equal(flowenrich_aggregator_take(from, out, NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_aggregator_add(sums, out, NULL), FLOWENRICH_OK);
    } while (out->rows > 0);
    flowenrich_batch_free(out);
}

static flowenrich_aggregator *by_window(void)
{
    static const char *const by[] = { "window.start", "window.end", "dstport" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;

    opt.by = by;
    opt.by_count = 3;
    return grouping_new(opt);
}

/* A live stream, of which some rows come too late, and old files in any order: the same answer. */
static void late_rows_add_up_to_what_comes_of_all_at_once(void **state)
{
    static const struct {
        uint32_t window, slide, spread;
    } cases[] = {
        { 300, 0, 0 }, { 60, 0, 1 }, { 300, 100, 0 }, { 300, 60, 1 }, { 3600, 600, 1 },
    };
    static grouping_row rows[N_ROWS];
    (void)state;

    for (uint64_t seed = 1; seed <= 20; seed++) {
        const size_t c = seed % (sizeof cases / sizeof *cases);
        flowenrich_aggregator *live, *files, *live_sums = by_window(), *files_sums = by_window();
        fle_buffer one = grouping_buffer(), other = grouping_buffer();
        uint64_t draw = seed;

        live = windowed(cases[c].window, cases[c].slide, 30, cases[c].spread);
        files = windowed(cases[c].window, cases[c].slide, 0, cases[c].spread);
        grouping_rows(rows, N_ROWS, seed, 3, 3);
        grouping_add(files, rows, N_ROWS);
        for (size_t i = 0; i < N_ROWS; i += 100) {
            grouping_add(live, rows + i, 100);
            assert_int_equal(
                flowenrich_aggregator_advance(live, 1700000000 + grouping_draw(&draw, 7200), NULL),
                FLOWENRICH_OK);
            take_into(live_sums, live);
        }
        assert_true(grouping_stat(live, "too_late") > 100);
        assert_int_equal(flowenrich_aggregator_advance(live, FLOWENRICH_TIME_END, NULL),
                         FLOWENRICH_OK);
        assert_int_equal(flowenrich_aggregator_advance(files, FLOWENRICH_TIME_END, NULL),
                         FLOWENRICH_OK);
        take_into(live_sums, live);
        take_into(files_sums, files);
        grouping_take(live_sums, &one);
        grouping_take(files_sums, &other);
        assert_true(one.len > 1000);
        if (!fle_text_equal(fle_text(one.data, one.len), fle_text(other.data, other.len)))
            fail_msg("seed %u, case %zu", (unsigned)seed, c);
        fle_buffer_free(&one);
        fle_buffer_free(&other);
        flowenrich_aggregator_free(live);
        flowenrich_aggregator_free(files);
        flowenrich_aggregator_free(live_sums);
        flowenrich_aggregator_free(files_sums);
    }
}

/* What a reversal takes out of another window than it was put in is told apart, to be taken out. */
static void what_is_taken_out_of_a_window_is_a_row_of_its_own(void **state)
{
    static const struct {
        flowenrich_time start;
        uint64_t uploaded;
        bool reversal;
    } rows[] = { { T0, 100, false }, { T0 + 300, 50, false }, { T0, 150, true }, { T0, 1, false } };
    flowenrich_aggregator *a = windowed(300, 0, 60, 0);
    flowenrich_batch *in, *out;
    (void)state;

    assert_int_equal(flowenrich_batch_new(&in, 4, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&out, 8, NULL, NULL), FLOWENRICH_OK);
    in->level = FLE_LEVEL_CONVERSATION;
    in->rows = 4;
    assert_non_null(fle_batch_add(in, FLE_TEXT("reversal"), FLOWENRICH_TYPE_BOOL));
    for (size_t i = 0; i < 4; i++) {
        assert_true(enriched_time(in, "start", i, rows[i].start));
        assert_true(enriched_u64(in, "uploaded", i, rows[i].uploaded));
        assert_true(enriched_u32(in, "sequence", i, (uint32_t)i));
        fle_column_set_bool(fle_batch_find(in, FLE_TEXT("reversal")), i, rows[i].reversal);
        in->kinds[i] = FLE_ROW_TRAFFIC;
    }
    assert_int_equal(flowenrich_aggregator_add(a, in, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_advance(a, FLOWENRICH_TIME_END, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_take(a, out, NULL), FLOWENRICH_OK);
    assert_int_equal(out->rows, 3);
    assert_int_equal(grouping_u64(out, "conversations", 0), 1);
    assert_int_equal(grouping_u64(out, "uploaded", 0), 0);
    assert_false(grouping_is(out, "reversal", 0));
    assert_int_equal(grouping_u64(out, "uploaded", 1), 49); /* 101 less 150 */
    assert_true(grouping_is(out, "reversal", 1));
    assert_int_equal(grouping_u64(out, "uploaded", 2), 50);
    flowenrich_batch_free(in);
    flowenrich_batch_free(out);
    flowenrich_aggregator_free(a);
}

static void windows_that_slides_do_not_divide_are_refused(void **state)
{
    static const struct {
        uint32_t window, slide;
    } cases[] = { { 0, 60 }, { 60, 61 }, { 300, 90 }, { UINT32_MAX, 0 } };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
        flowenrich_aggregator *a;

        opt.window = cases[i].window;
        opt.slide = cases[i].slide;
        assert_int_equal(flowenrich_aggregator_new(&a, &opt, NULL), FLOWENRICH_ERR_ARG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_is_due_once_time_has_passed_it),
        cmocka_unit_test(without_a_lateness_it_is_a_quarter_of_an_hour_and_the_longest_record),
        cmocka_unit_test(what_comes_too_late_is_a_numbered_delta),
        cmocka_unit_test(sliding_windows_have_each_row_several_times),
        cmocka_unit_test(bytes_are_spread_over_the_windows_of_a_row),
        cmocka_unit_test(what_lasts_too_long_to_be_spread_is_counted_at_its_start),
        cmocka_unit_test(rows_without_a_time_come_at_the_end),
        cmocka_unit_test(too_many_windows_are_summed_without_a_time),
        cmocka_unit_test(late_rows_add_up_to_what_comes_of_all_at_once),
        cmocka_unit_test(what_is_taken_out_of_a_window_is_a_row_of_its_own),
        cmocka_unit_test(windows_that_slides_do_not_divide_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
