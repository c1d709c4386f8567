/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/values.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aggregate/values.h"
#include "failing.h"

static void a_value_has_one_code(void **state)
{
    static const char *const texts[] = { "a", "", "b", "a", "ab", "", "b" };
    static const uint32_t codes[] = { 0, 1, 2, 0, 3, 1, 2 };
    fle_allocator allocator;
    fle_values values;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    assert_true(fle_values_init(&values, &allocator, 1));
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        assert_int_equal(fle_values_intern(&values, texts[i], strlen(texts[i])), codes[i]);
        assert_true(fle_text_is(fle_values_at(&values, codes[i]), texts[i]));
    }
    fle_values_clear(&values);
    assert_int_equal(fle_values_intern(&values, "b", 1), 0);
    fle_values_free(&values);
}

static void a_value_counts_when_it_is_first_held(void **state)
{
    fle_allocator allocator;
    fle_values values;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    assert_true(fle_values_init(&values, &allocator, 1));
    assert_int_equal(fle_values_intern(&values, "abc", 3), 0);
    assert_int_equal(fle_values_intern(&values, "abcdef", 6), 1);
    assert_int_equal(fle_values_hold(&values, 1), fle_values_hold(&values, 0) + 3);
    assert_int_equal(fle_values_hold(&values, 0), 0);
    fle_values_free(&values);
}

static void every_allocation_may_fail(void **state)
{
    bool done = false;
    (void)state;

    for (size_t succeed = 0; !done; succeed++) {
        failing f = { succeed, 0, 0 };
        const flowenrich_allocator from = failing_allocator(&f);
        fle_allocator allocator;
        fle_values values;

        fle_allocator_init(&allocator, &from);
        done = fle_values_init(&values, &allocator, 1);
        for (uint32_t i = 0; done && i < 100; i++)
            done = fle_values_intern(&values, &i, sizeof i) == i;
        fle_values_free(&values);
        assert_int_equal(f.live, 0);
        assert_true(done || succeed < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_has_one_code),
        cmocka_unit_test(a_value_counts_when_it_is_first_held),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
