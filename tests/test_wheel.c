/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/wheel.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/wheel.h"

static void a_spoke_gives_what_hangs_on_it_and_on_later_turns(void **state)
{
    static fle_wheel wheel;
    fle_allocator allocator;
    fle_table table;
    uint32_t numbers[4], chain;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_table_init(&table, &allocator, 0));
    for (uint16_t i = 0; i < 4; i++) {
        fle_notice n = { .hash = i };

        n.key.port[FLE_LOW] = i;
        numbers[i] = fle_table_open(&table, &n);
    }
    fle_wheel_hang(&wheel, &table, numbers[0], 100);
    fle_wheel_hang(&wheel, &table, numbers[1], 100 + FLE_WHEEL_SPOKES);
    fle_wheel_hang(&wheel, &table, numbers[2], 99);
    assert_int_equal(wheel.hand, 99);
    assert_int_equal(wheel.n, 3);
    chain = fle_wheel_chain(&wheel, 100);
    fle_wheel_hang(&wheel, &table, numbers[3], 100); /* comes too late for this time */
    assert_int_equal(fle_wheel_take(&wheel, &table, &chain), numbers[1]);
    assert_int_equal(fle_wheel_take(&wheel, &table, &chain), numbers[0]);
    assert_int_equal(fle_wheel_take(&wheel, &table, &chain), FLE_NONE);
    chain = fle_wheel_chain(&wheel, 100);
    assert_int_equal(fle_wheel_take(&wheel, &table, &chain), numbers[3]);
    assert_int_equal(wheel.n, 1);
    fle_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spoke_gives_what_hangs_on_it_and_on_later_turns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
