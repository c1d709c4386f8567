/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/observers.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "pair/observers.h"

static fle_observers observers;
static fle_allocator allocator;

static void begin(size_t max_bytes)
{
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_observers_init(&observers, &allocator, 0, max_bytes));
}

static uint32_t number_of(const char *id)
{
    const flowenrich_text text = fle_text_of(id);
    const uint32_t hash = fle_observers_hash(&observers, text);
    uint32_t likely, number;

    fle_observers_expect(&observers, hash);
    likely = fle_observers_expect_badge(&observers, hash);
    assert_true(fle_observers_find(&observers, text, hash, false, &number));
    assert_true(number == likely || !fle_observers_is(&observers, likely, text));
    assert_true(fle_observers_is(&observers, number, text) || number == 0);
    return number;
}

static void an_observer_keeps_its_number_and_what_was_told_last(void **state)
{
    const fle_observed told = { .vpc_id = FLE_TEXT("vpc-1"), .region = FLE_TEXT("us-east-1") };
    const fle_observed later = { .vpc_id = FLE_TEXT("vpc-2") };
    uint32_t first;

    (void)state;
    begin(1 << 20);
    first = number_of("eni-00000000000000001");
    assert_int_equal(number_of(""), 0);
    assert_true(first != 0);
    assert_int_equal(number_of("eni-00000000000000001"), first);
    assert_true(number_of("eni-10000000000000001") != first); /* the same at its end */
    assert_int_equal(number_of("eni-00000000000000001"), first);
    first = number_of("nat-0123456789abcdef0/use1-az1"); /* longer than most */
    assert_true(number_of("nat-0123456789abcdef0/use1-az2") != first);
    assert_int_equal(number_of("nat-0123456789abcdef0/use1-az1"), first);
    assert_true(observers.items[first].is_regional);
    assert_int_equal(observers.items[first].vpc, 0);
    assert_true(fle_observers_tell(&observers, first, &told));
    assert_true(fle_text_is(observers.vpcs[observers.items[first].vpc], "vpc-1"));
    assert_true(fle_observers_tell(&observers, first, &later));
    assert_true(fle_text_is(observers.vpcs[observers.items[first].vpc], "vpc-2"));
    assert_true(fle_text_is(observers.items[first].told.region, "us-east-1"));
    assert_true(fle_observers_tell(&observers, 0, &told)); /* nobody is told nothing */
    assert_int_equal(observers.items[0].told.region.len, 0);
    fle_observers_free(&observers);
}

static void beyond_its_limit_observers_are_nobody(void **state)
{
    char id[32];
    uint32_t last = 1;

    (void)state;
    begin(1 << 18);
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "eni-%017x", i);
        last = number_of(id);
    }
    assert_int_equal(last, 0);
    assert_in_range(observers.n, 200, 1500);
    assert_int_equal(observers.refused, 5000 - (observers.n - 1));
    assert_int_equal(number_of("eni-00000000000000000"), 1);
    fle_observers_free(&observers);
}

static void of_times_that_are_missing_the_last_four_are_known(void **state)
{
    fle_observer observer = { .vpc = 0 };

    (void)state;
    assert_false(fle_observer_skipped(&observer, 0, 1000));
    for (uint32_t i = 0; i < 20; i++) {
        fle_observer_skip(&observer, 1000 * i, 1000 * i + 60);
        assert_true(fle_observer_skipped(&observer, 1000 * i + 60, 1000 * i + 90));
        assert_false(fle_observer_skipped(&observer, 1000 * i + 61, 1000 * i + 90));
        if (i >= 4)
            assert_false(fle_observer_skipped(&observer, 1000 * (i - 4), 1000 * (i - 4) + 60));
        if (i >= 3)
            assert_true(fle_observer_skipped(&observer, 1000 * (i - 3), 1000 * (i - 3) + 60));
    }
}

static void flow_logs_have_numbers_from_one_on(void **state)
{
    uint16_t number;

    (void)state;
    begin(1 << 20);
    assert_true(fle_observers_flow_log(&observers, FLE_TEXT(""), &number));
    assert_int_equal(number, 0);
    assert_true(fle_observers_flow_log(&observers, FLE_TEXT("fl-1"), &number));
    assert_int_equal(number, 1);
    assert_true(fle_text_is(observers.flow_logs[1], "fl-1"));
    fle_observers_free(&observers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_observer_keeps_its_number_and_what_was_told_last),
        cmocka_unit_test(beyond_its_limit_observers_are_nobody),
        cmocka_unit_test(of_times_that_are_missing_the_last_four_are_known),
        cmocka_unit_test(flow_logs_have_numbers_from_one_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
