/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/periods.h"
#include "failing.h"

#define NONE 9

struct fixture {
    failing f;
    flowenrich_allocator table;
    fle_allocator allocator;
    fle_arena arena;
    fle_period *items;
    fle_periods periods;
    fle_when *when;
};

/* A thing was one way at 10-20, another at 40; and something else of it changed at 30 to 50, 80. */
static int set_up(void **state)
{
    static const fle_about none = { NULL, 0 };
    fle_state a[] = { { 10, 20, none }, { 40, 40, none } };
    fle_state b[] = { { 15, 30, none }, { 50, 79, none }, { 80, 90, none } };
    const fle_states states[] = { { a, 2 }, { b, 3 } };
    struct fixture *x = calloc(1, sizeof *x);
    fle_changes changes = { NULL, 0 };

    *state = x;
    if (!x)
        return -1;
    x->f.succeed = SIZE_MAX;
    x->table = failing_allocator(&x->f);
    fle_allocator_init(&x->allocator, &x->table);
    fle_arena_init(&x->arena, &x->allocator);
    if (!fle_changes_add(&changes, &states[1], &x->arena) ||
        !fle_changes_add(&changes, &states[0], &x->arena) ||
        !fle_periods_build(&x->items, &x->periods.n, &x->when, &changes, &x->arena, &x->arena))
        return -1;
    x->periods.items = x->items;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;
    size_t left;

    fle_arena_free(&x->arena);
    left = x->f.live;
    free(x);
    return left == 0 ? 0 : -1;
}

static void changes_that_overlap_are_one(void **state)
{
    static const flowenrich_time bounds[][2] = {
        { INT64_MIN, 20 }, { 21, 49 }, { 50, 79 }, { 80, 79 }, { 80, INT64_MAX },
    };
    const struct fixture *x = *state;

    assert_int_equal(x->periods.n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_true(x->periods.items[i].from == bounds[i][0]);
        assert_true(x->periods.items[i].until == bounds[i][1]);
    }
    assert_int_equal(x->when[1].n, 4); /* 20, 40, 30, 50 */
    assert_int_equal(x->when[2].n, 1);
    assert_int_equal(x->when[2].times[0], 50);
}

static void what_is_answered_holds_throughout(void **state)
{
    static const struct {
        flowenrich_time from, until;
        size_t period; /* NONE: there were several changes */
    } cases[] = {
        { 5, 20, 0 },      { 5, 21, 1 },   { 25, 30, 1 },   { 5, 60, 1 },
        { 49, 60, 1 },     { 50, 79, 2 },  { 60, 100, 3 },  { 80, 100, 4 },
        { 40, 100, NONE }, { 0, 1000, NONE }, { 100, 80, 4 }, /* the wrong way round */
        { FLOWENRICH_TIME_ABSENT, 5, NONE },
    };
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_periods_ask(&x->periods, cases[i].from, cases[i].until) !=
            (cases[i].period == NONE ? NULL : &x->items[cases[i].period]))
            fail_msg("[%lld, %lld] isn't period %zu", (long long)cases[i].from,
                     (long long)cases[i].until, cases[i].period);
}

static void what_is_silent_logged_nothing(void **state)
{
    struct fixture *x = *state;

    x->items[0].is_silent = true;
    assert_ptr_equal(fle_periods_ask(&x->periods, 5, 30), &x->items[1]);
    assert_ptr_equal(fle_periods_ask(&x->periods, 5, 15), &x->items[0]);
    x->items[1].is_silent = true;
    assert_ptr_equal(fle_periods_ask(&x->periods, 5, 60), &x->items[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(changes_that_overlap_are_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_answered_holds_throughout, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_silent_logged_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
