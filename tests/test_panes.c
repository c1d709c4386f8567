/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/panes.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aggregate/panes.h"

static fle_allocator allocator;
static const fle_sketches no_sketches = { .allocator = &allocator };

typedef struct fixture {
    fle_allocator allocator;
    fle_layout layout;
    fle_panes panes;
} fixture;

static void set_up(fixture *f, uint32_t most)
{
    fle_allocator_init(&f->allocator, NULL);
    fle_allocator_init(&allocator, NULL);
    fle_layout_init(&f->layout, 1, 1U << FLE_SUM_BYTES, &no_sketches);
    assert_true(fle_panes_init(&f->panes, &f->allocator, 1, &f->layout, most));
}

static void a_time_has_a_pane_and_its_late_rows_another(void **state)
{
    fixture f;
    bool is_full;
    (void)state;

    set_up(&f, 100);
    for (size_t again = 0; again < 2; again++) {
        assert_int_equal(fle_panes_find(&f.panes, 60, false, &is_full), 0);
        assert_int_equal(fle_panes_find(&f.panes, 60, true, &is_full), 1);
        assert_int_equal(fle_panes_find(&f.panes, -60, false, &is_full), 2);
        assert_int_equal(fle_panes_find(&f.panes, FLOWENRICH_TIME_ABSENT, false, &is_full), 3);
        assert_false(is_full);
    }
    fle_panes_free(&f.panes);
}

static void where_there_are_too_many_it_is_that_of_no_time(void **state)
{
    fixture f;
    bool is_full;
    (void)state;

    set_up(&f, 2);
    assert_int_equal(fle_panes_find(&f.panes, 0, false, &is_full), 0);
    assert_int_equal(fle_panes_find(&f.panes, 60, false, &is_full), 1);
    for (flowenrich_time time = 120; time < 300; time += 60) {
        assert_int_equal(fle_panes_find(&f.panes, time, false, &is_full), 2);
        assert_true(is_full);
    }
    assert_int_equal(f.panes.items[2].start == FLOWENRICH_TIME_ABSENT, 1);
    assert_int_equal(fle_panes_find(&f.panes, 60, false, &is_full), 1);
    assert_false(is_full);
    fle_panes_free(&f.panes);
}

/* What was lost of panes there was no room for may have been of any that comes after. */
static void a_new_pane_knows_what_it_may_have_lost(void **state)
{
    fixture f;
    bool is_full;
    (void)state;

    set_up(&f, 2);
    assert_int_equal(fle_panes_find(&f.panes, 0, false, &is_full), 0);
    f.panes.lost = 7;
    assert_int_equal(fle_panes_find(&f.panes, 60, false, &is_full), 1);
    assert_int_equal(f.panes.items[0].floor, 0);
    assert_int_equal(f.panes.items[1].floor, 7);
    fle_panes_free(&f.panes);
}

static void those_that_stay_are_numbered_again(void **state)
{
    static const uint32_t numbers[] = { FLE_ABSENT, 0, FLE_ABSENT, 1 };
    fixture f;
    bool is_full;
    (void)state;

    set_up(&f, 100);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(fle_panes_find(&f.panes, i * 60, false, &is_full), i);
        assert_non_null(fle_panes_other(&f.panes, i));
    }
    assert_true(fle_panes_renumber(&f.panes, numbers));
    assert_int_equal(f.panes.n, 2);
    assert_int_equal(fle_panes_find(&f.panes, 60, false, &is_full), 0);
    assert_int_equal(fle_panes_find(&f.panes, 180, false, &is_full), 1);
    assert_int_equal(fle_panes_find(&f.panes, 0, false, &is_full), 2);
    fle_panes_free(&f.panes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_has_a_pane_and_its_late_rows_another),
        cmocka_unit_test(where_there_are_too_many_it_is_that_of_no_time),
        cmocka_unit_test(a_new_pane_knows_what_it_may_have_lost),
        cmocka_unit_test(those_that_stay_are_numbered_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
