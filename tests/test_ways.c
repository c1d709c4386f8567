/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/ways.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "pair/ways.h"

static void a_way_is_kept_once_within_the_limit(void **state)
{
    const fle_way nothing = { .traffic_path = FLE_ABSENT };
    fle_way way = { .traffic_path = 8 };
    fle_allocator allocator;
    uint32_t number, again;
    fle_ways ways;
    char id[32];

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_ways_init(&ways, &allocator, 0, 1 << 16));
    assert_true(fle_ways_find(&ways, &nothing, &number));
    assert_int_equal(number, 0);
    way.of[FLE_WAY_INTERFACE_ID] = FLE_TEXT("eni-1");
    way.of[FLE_WAY_AZ_ID] = FLE_TEXT("use1-az1");
    assert_true(fle_ways_find(&ways, &way, &number));
    assert_int_equal(number, 1);
    assert_true(fle_text_is(ways.items[0].of[FLE_WAY_INTERFACE_ID], "eni-1"));
    assert_true(fle_text_is(ways.items[0].of[FLE_WAY_AZ_ID], "use1-az1"));
    assert_true(fle_ways_find(&ways, &way, &again));
    assert_int_equal(again, number);
    way.traffic_path = FLE_ABSENT;
    assert_true(fle_ways_find(&ways, &way, &again));
    assert_int_equal(again, 2);
    for (unsigned i = 0; i < 1000; i++) {
        way.of[FLE_WAY_INTERFACE_ID] = fle_text(id, (size_t)snprintf(id, sizeof id, "eni-%u", i));
        assert_true(fle_ways_find(&ways, &way, &again));
    }
    assert_int_equal(again, 0);
    assert_in_range(ways.n, 100, 900);
    fle_ways_free(&ways);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_way_is_kept_once_within_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
