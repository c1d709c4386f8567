/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/listening.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/listening.h"

/* Host 1 talks from a port to host 2's port 50051. */
static fle_conversation talk(uint16_t port)
{
    fle_conversation c = { .key = { .port = { port, 50051 }, .protocol = 6, .has_ports = 1 } };

    c.key.address[FLE_LOW].bytes[15] = 1;
    c.key.address[FLE_HIGH].bytes[15] = 2;
    return c;
}

static void an_answer_teaches_for_an_hour(void **state)
{
    const fle_conversation c = talk(1), other = talk(2);
    fle_conversation elsewhere = talk(1);
    fle_allocator allocator;
    fle_listening listening;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_listening_init(&listening, &allocator, 1 << 16));
    assert_false(fle_listening_has_answered(&listening, &c, FLE_HIGH, 10000));
    fle_listening_answer(&listening, &c, FLE_HIGH, 10000);
    assert_true(fle_listening_has_answered(&listening, &other, FLE_HIGH, 13600));
    assert_true(fle_listening_has_answered(&listening, &other, FLE_HIGH, 6400));
    assert_false(fle_listening_has_answered(&listening, &other, FLE_HIGH, 13601));
    assert_false(fle_listening_has_answered(&listening, &c, FLE_LOW, 10000));
    elsewhere.space[FLE_HIGH] = 1;
    assert_false(fle_listening_has_answered(&listening, &elsewhere, FLE_HIGH, 10000));
    fle_listening_free(&listening);
}

static void three_ports_that_talk_to_one_are_a_fan_in(void **state)
{
    fle_allocator allocator;
    fle_listening listening;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_listening_init(&listening, &allocator, 1 << 16));
    for (uint16_t i = 0; i < 6; i++) {
        const fle_conversation c = talk(i / 2); /* each port twice */

        assert_true(fle_listening_has_fan_in(&listening, &c, FLE_HIGH) == (i > 4));
        fle_listening_meet(&listening, &c, FLE_LOW, 1000);
        fle_listening_meet(&listening, &c, FLE_HIGH, 1000);
        assert_false(fle_listening_has_fan_in(&listening, &c, FLE_LOW));
    }
    fle_listening_free(&listening);
}

static void it_grows_to_its_limit_and_then_forgets_who_was_told_of_longest_ago(void **state)
{
    const size_t limit = 1 << 18;
    fle_allocator allocator;
    fle_listening listening;
    size_t known = 0;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_listening_init(&listening, &allocator, limit));
    for (uint32_t i = 0; i < 40000; i++) {
        const fle_conversation c = talk((uint16_t)i);

        fle_listening_answer(&listening, &c, FLE_LOW, 1000 + i / 16);
        assert_true(fle_listening_has_answered(&listening, &c, FLE_LOW, 1000 + i / 16));
    }
    assert_true(fle_listening_bytes(&listening) <= limit);
    for (uint32_t i = 0; i < 40000; i++) {
        const fle_conversation c = talk((uint16_t)i);

        known += fle_listening_has_answered(&listening, &c, FLE_LOW, 3000);
    }
    assert_in_range(known, 4000, limit / sizeof(fle_listening_end));
    fle_listening_free(&listening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_teaches_for_an_hour),
        cmocka_unit_test(three_ports_that_talk_to_one_are_a_fan_in),
        cmocka_unit_test(it_grows_to_its_limit_and_then_forgets_who_was_told_of_longest_ago),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
