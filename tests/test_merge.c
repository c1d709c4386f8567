/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of merging aggregators: the same bytes however rows were cut, ordered and divided. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "aggregate/aggregator.h"
#include "failing.h"
#include "grouping.h"

#define N_ROWS 3000
#define MOST_PARTS 4

static grouping_row rows[N_ROWS];

static const char *const by[] = { "az_id" };
static const char *const measures[] = { "bytes",         "distinct(srcaddr)", "p50(bytes)",
                                        "p99(duration)", "top3(dstport)",     "last" };

static void shuffle(grouping_row *of, size_t n, uint64_t seed)
{
    for (size_t i = n; i-- > 1;) {
        const size_t j = grouping_draw(&seed, (uint32_t)i + 1);
        const grouping_row row = of[i];

        of[i] = of[j];
        of[j] = row;
    }
}

/* Add the rows from 'begin' to before 'end' in batches of any size. */
static void add_cut(flowenrich_aggregator *to, size_t begin, size_t end, uint64_t *seed)
{
    while (begin < end) {
        size_t n = 1 + grouping_draw(seed, 400);

        n = n < end - begin ? n : end - begin;
        grouping_add(to, rows + begin, n);
        begin += n;
    }
}

static void save_and_load(flowenrich_aggregator *into, const flowenrich_aggregator *from)
{
    size_t len = 0;
    void *state;

    assert_int_equal(flowenrich_aggregator_save(from, NULL, 0, &len, NULL), FLOWENRICH_ERR_LIMIT);
    state = malloc(len);
    assert_int_equal(flowenrich_aggregator_save(from, state, len, &len, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_load(into, state, len, NULL), FLOWENRICH_OK);
    free(state);
}

/* Rows among 1 to 4 aggregators; any two are merged next, by a call or by a saved state. */
static void run(uint64_t seed, flowenrich_aggregator_options opt, fle_buffer *out)
{
    flowenrich_aggregator *parts[MOST_PARTS];
    const size_t n = 1 + grouping_draw(&seed, MOST_PARTS);
    size_t begin = 0;

    shuffle(rows, N_ROWS, seed);
    for (size_t i = 0; i < n; i++) {
        const size_t end = i + 1 < n ? begin + grouping_draw(&seed, N_ROWS / 2) : N_ROWS;

        opt.hash_seed = seed + i;
        parts[i] = grouping_new(opt);
        add_cut(parts[i], begin, end < N_ROWS ? end : N_ROWS, &seed);
        begin = end < N_ROWS ? end : N_ROWS;
    }
    for (size_t last = n - 1; last > 0; last--) {
        const size_t i = grouping_draw(&seed, (uint32_t)last + 1);
        flowenrich_aggregator *const from = parts[i], *into;

        parts[i] = parts[last];
        into = parts[grouping_draw(&seed, (uint32_t)last)];
        if (grouping_draw(&seed, 2))
            save_and_load(into, from);
        else
            assert_int_equal(flowenrich_aggregator_merge(into, from, NULL), FLOWENRICH_OK);
        flowenrich_aggregator_free(from);
    }
    assert_int_equal(flowenrich_aggregator_advance(parts[0], FLOWENRICH_TIME_END, NULL),
                     FLOWENRICH_OK);
    grouping_take(parts[0], out);
    flowenrich_aggregator_free(parts[0]);
}

static void groups_are_the_same_bytes_however_rows_were_divided(void **state)
{
    static const struct {
        uint32_t window, slide, spread;
        bool has_sketches, has_reversals;
    } cases[] = {
        { 0, 0, 0, false, false },
        { 300, 0, 0, false, false },
        { 300, 0, 1, false, false },
        { 300, 60, 0, false, false },
        { 900, 300, 1, false, false },
        { 0, 0, 0, true, false },
        { 900, 300, 1, true, false },
        { 0, 0, 0, true, true },
        { 300, 0, 1, true, true },
        { 900, 300, 1, true, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
        fle_buffer expected = grouping_buffer();

        grouping_rows(rows, N_ROWS, 100 + i, 5, 40);
        for (size_t row = 1; cases[i].has_reversals && row < N_ROWS; row += 3) {
            rows[row] = rows[row - 1];
            rows[row].is_reversal = true;
        }
        opt.window = cases[i].window;
        opt.slide = cases[i].slide;
        opt.spread = cases[i].spread;
        if (cases[i].has_sketches) {
            opt.by = by;
            opt.by_count = 1;
            opt.measures = measures;
            opt.measure_count = sizeof measures / sizeof *measures;
        }
        run(1, opt, &expected);
        assert_true(expected.len > 500);
        for (uint64_t seed = 2; seed < 12; seed++) {
            fle_buffer out = grouping_buffer();

            run(seed, opt, &out);
            if (!fle_text_equal(fle_text(out.data, out.len), fle_text(expected.data, expected.len)))
                fail_msg("case %zu, seed %u", i, (unsigned)seed);
            fle_buffer_free(&out);
        }
        fle_buffer_free(&expected);
    }
}

static void what_was_asked_differently_is_not_merged(void **state)
{
    static const char *const network[] = { "srcaddr/24" };
    flowenrich_aggregator_options plain = FLOWENRICH_AGGREGATOR_OPTIONS_INIT, others[5];
    flowenrich_aggregator *into = grouping_new(plain);
    (void)state;

    for (size_t i = 0; i < 5; i++)
        others[i] = plain;
    others[0].by = network;
    others[0].by_count = 1;
    others[1].measures = measures;
    others[1].measure_count = 1;
    others[2].window = 60;
    others[3].spread = 1;
    others[4].window = others[4].slide = 3600;
    for (size_t i = 0; i < 5; i++) {
        flowenrich_aggregator *from = grouping_new(others[i]);

        assert_int_equal(flowenrich_aggregator_merge(into, from, NULL), FLOWENRICH_ERR_ARG);
        flowenrich_aggregator_free(from);
    }
    assert_int_equal(flowenrich_aggregator_merge(into, into, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_aggregator_free(into);
}

static void windows_that_were_told_by_one_only_are_not_merged(void **state)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *one, *other;
    fle_buffer out = grouping_buffer();
    (void)state;

    opt.window = 60;
    one = grouping_new(opt);
    other = grouping_new(opt);
    grouping_rows(rows, 10, 1, 2, 2);
    grouping_add(one, rows, 10);
    grouping_add(other, rows, 10);
    assert_int_equal(flowenrich_aggregator_advance(one, 1700003600, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_aggregator_merge(other, one, NULL), FLOWENRICH_ERR_ARG);
    grouping_take(one, &out);
    assert_int_equal(flowenrich_aggregator_merge(other, one, NULL), FLOWENRICH_ERR_ARG);
    fle_buffer_free(&out);
    flowenrich_aggregator_free(one);
    flowenrich_aggregator_free(other);
}

/* Bounds that together are more than can be told never end up below one of them. */
static void bounds_stay_bounds_where_they_are_cut_off(void **state)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *parts[2];
    (void)state;

    grouping_rows(rows, 10, 1, 2, 2);
    for (size_t i = 0; i < 2; i++) {
        parts[i] = grouping_new(opt);
        grouping_add(parts[i], rows, 10);
        parts[i]->panes.items[0].floor = UINT64_MAX - 5;
        for (uint32_t group = 0; group < parts[i]->store.n; group++)
            assert_true(fle_group_set_error(&parts[i]->layout,
                                            fle_store_at(&parts[i]->store, group), UINT64_MAX - 9));
    }
    assert_int_equal(flowenrich_aggregator_merge(parts[0], parts[1], NULL), FLOWENRICH_OK);
    for (uint32_t group = 0; group < parts[0]->store.n; group++)
        assert_int_equal(fle_group_error(&parts[0]->layout, fle_store_at(&parts[0]->store, group)),
                         UINT64_MAX);
    flowenrich_aggregator_free(parts[0]);
    flowenrich_aggregator_free(parts[1]);
}

static flowenrich_status merge_in(const flowenrich_allocator *allocator,
                                  const flowenrich_aggregator *from, flowenrich_batch *batch,
                                  flowenrich_batch *groups)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    static char saved[1 << 16];
    flowenrich_aggregator *into;
    flowenrich_status status;
    size_t len;

    opt.allocator = allocator;
    opt.by = by;
    opt.by_count = 1;
    opt.measures = measures;
    opt.measure_count = sizeof measures / sizeof *measures;
    opt.window = 300;
    opt.slide = 100;
    opt.max_bytes = 4000;
    status = flowenrich_aggregator_new(&into, &opt, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_aggregator_add(into, batch, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_aggregator_merge(into, from, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_aggregator_save(into, saved, sizeof saved, &len, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_aggregator_load(into, saved, len, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_aggregator_advance(into, FLOWENRICH_TIME_END, NULL);
    do {
        if (status == FLOWENRICH_OK)
            status = flowenrich_aggregator_take(into, groups, NULL);
    } while (status == FLOWENRICH_OK && flowenrich_batch_rows(groups) > 0);
    flowenrich_aggregator_free(into);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    flowenrich_aggregator *from;
    flowenrich_batch *batch, *groups;
    size_t succeed = 0;
    (void)state;

    opt.by = by;
    opt.by_count = 1;
    opt.measures = measures;
    opt.measure_count = sizeof measures / sizeof *measures;
    opt.window = 300;
    opt.slide = 100;
    from = grouping_new(opt);
    grouping_rows(rows, 40, 1, 5, 9);
    grouping_add(from, rows, 20);
    batch = grouping_batch(rows + 20, 20);
    assert_int_equal(flowenrich_batch_new(&groups, 16, NULL, NULL), FLOWENRICH_OK);
    for (; status != FLOWENRICH_OK; succeed++) {
        failing f = { succeed, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);

        status = merge_in(&allocator, from, batch, groups);
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        assert_int_equal(f.live, 0);
        assert_int_equal(f.misled, 0);
    }
    assert_true(succeed > 50);
    flowenrich_batch_free(batch);
    flowenrich_batch_free(groups);
    flowenrich_aggregator_free(from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_the_same_bytes_however_rows_were_divided),
        cmocka_unit_test(what_was_asked_differently_is_not_merged),
        cmocka_unit_test(windows_that_were_told_by_one_only_are_not_merged),
        cmocka_unit_test(bounds_stay_bounds_where_they_are_cut_off),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
