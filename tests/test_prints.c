/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/prints.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "pair/prints.h"

#define MANY 5000u

static fle_allocator allocator;
static fle_prints prints;

static int set_up(void **state)
{
    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_prints_init(&prints, &allocator);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fle_prints_free(&prints);
    return 0;
}

static uint32_t only(uint64_t of, fle_bank bank)
{
    const fle_print *print = fle_prints_find(&prints, of);

    return print && print->n[bank] == 1 ? print->sum[bank] : 0;
}

static void one_of_several_is_known_when_the_others_are_gone(void **state)
{
    (void)state;
    assert_null(fle_prints_find(&prints, 7));
    assert_true(fle_prints_add(&prints, 7, FLE_INSIDE, 10));
    assert_true(fle_prints_add(&prints, 7, FLE_OUTSIDE, 20));
    assert_true(fle_prints_add(&prints, 7, FLE_OUTSIDE, UINT32_MAX));
    assert_int_equal(only(7, FLE_INSIDE), 10);
    assert_int_equal(only(7, FLE_OUTSIDE), 0);
    fle_prints_drop(&prints, 7, FLE_OUTSIDE, UINT32_MAX);
    assert_int_equal(only(7, FLE_OUTSIDE), 20);
    fle_prints_drop(&prints, 7, FLE_INSIDE, 10);
    fle_prints_drop(&prints, 7, FLE_OUTSIDE, 20);
    assert_null(fle_prints_find(&prints, 7));
}

/* Those that begin at few places stand in each other's way, and move up when one goes. */
static void many_come_and_go(void **state)
{
    static const uint64_t places[] = { 1, 3, 255, 4096 };

    (void)state;
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
        for (uint32_t i = 1; i <= MANY; i++)
            assert_true(
                fle_prints_add(&prints, i % places[p] + ((uint64_t)i << 32), FLE_INSIDE, i));
        for (uint32_t i = 1; i <= MANY; i += 2)
            fle_prints_drop(&prints, i % places[p] + ((uint64_t)i << 32), FLE_INSIDE, i);
        for (uint32_t i = 1; i <= MANY; i++)
            assert_int_equal(only(i % places[p] + ((uint64_t)i << 32), FLE_INSIDE),
                             i % 2 == 0 ? i : 0);
        fle_prints_clear(&prints);
    }
    assert_null(fle_prints_find(&prints, 2 + ((uint64_t)2 << 32)));
}

static void without_memory_what_was_there_stays(void **state)
{
    failing f = { 1, 0, 0 };
    const flowenrich_allocator ours = failing_allocator(&f);
    uint32_t i = 1;

    (void)state;
    fle_allocator_init(&allocator, &ours);
    while (fle_prints_add(&prints, i, FLE_OUTSIDE, i))
        i++;
    assert_true(i > 100);
    for (uint32_t j = 1; j < i; j++)
        assert_int_equal(only(j, FLE_OUTSIDE), j);
    fle_prints_free(&prints);
    fle_prints_init(&prints, &allocator);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_of_several_is_known_when_the_others_are_gone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(many_come_and_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_memory_what_was_there_stays, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
