/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/copies.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/copies.h"

/* What observer 1 logged of host 1's port to host 2, in object 1. */
static fle_notice record(uint16_t port)
{
    fle_notice notice = { .key = { .port = { port, 443 }, .protocol = 6, .has_ports = 1 },
                          .observer = 1,
                          .object = 1,
                          .has_bytes = true,
                          .start = 1000,
                          .end = 1060,
                          .bytes = 100,
                          .packets = 2 };

    notice.key.address[FLE_LOW].bytes[15] = 1;
    notice.key.address[FLE_HIGH].bytes[15] = 2;
    return notice;
}

static bool look_at(fle_copies *copies, const fle_notice *notice, uint32_t object, uint32_t line)
{
    fle_notice moved = *notice;
    fle_copied copied;

    moved.object = object;
    moved.line = line;
    copied = fle_copies_name(copies, &moved);
    return fle_copies_have(copies, &copied);
}

static bool look(fle_copies *copies, const fle_notice *notice, uint32_t object)
{
    return look_at(copies, notice, object, 0);
}

/* Two equal lines are two flows; an object that is delivered again has nothing new. */
static void a_line_of_an_object_counts_once(void **state)
{
    const fle_notice first = record(1);
    fle_allocator allocator;
    fle_copies copies;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_copies_init(&copies, &allocator, 7, 1 << 20));
    for (uint32_t line = 2; line < 5; line++)
        assert_false(look_at(&copies, &first, 1, line));
    for (uint32_t line = 2; line < 5; line++)
        assert_true(look_at(&copies, &first, 1, line));
    assert_false(look_at(&copies, &first, 1, 9)); /* the rest of what broke off */
    assert_true(look_at(&copies, &first, 1, 9));
    assert_true(look_at(&copies, &first, 2, 7)); /* under another name */
    fle_copies_free(&copies);
}

static void only_an_equal_record_of_another_object_is_a_copy(void **state)
{
    fle_notice others[12];
    const size_t n = sizeof others / sizeof *others;
    const fle_notice first = record(1);
    fle_allocator allocator;
    fle_copies copies;

    (void)state;
    for (size_t i = 0; i < n; i++)
        others[i] = first;
    others[0].key.port[FLE_LOW] = 2;
    others[1].key.address[FLE_HIGH].bytes[15] = 3;
    others[2].observer = 2;
    others[3].flow_log = 1; /* of the same interface, of equal windows */
    others[4].from = FLE_HIGH;
    others[5].place = FLE_HIGH;
    others[6].flags = 2;
    others[7].rejected = true;
    others[8].start = 999;
    others[9].end = 1061;
    others[10].bytes = 101;
    others[11].packets = 3;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_copies_init(&copies, &allocator, 7, 1 << 14));
    assert_false(look(&copies, &first, 1));
    assert_false(look(&copies, &first, 1)); /* two flows */
    for (size_t i = 0; i < n; i++)
        assert_false(look(&copies, &others[i], 2));
    assert_true(look(&copies, &first, 2));
    assert_true(look(&copies, &first, 2));
    assert_true(look(&copies, &first, 3));
    fle_copies_free(&copies);
}

static void without_an_object_nothing_is_known(void **state)
{
    const fle_notice first = record(1);
    fle_allocator allocator;
    fle_copies copies;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    assert_true(fle_copies_init(&copies, &allocator, 7, 1 << 14));
    assert_false(look(&copies, &first, 1));
    assert_false(look(&copies, &first, 0));
    fle_copies_free(&copies);
}

static void it_grows_to_its_limit_and_then_forgets_what_was_read_longest_ago(void **state)
{
    static const uint64_t seeds[] = { 0, 1 };
    const size_t limit = 1 << 17; /* two tables of 4096 places, of which three quarters are taken */

    (void)state;
    for (size_t s = 0; s < 2; s++) {
        fle_allocator allocator;
        fle_copies copies;

        fle_allocator_init(&allocator, NULL);
        assert_true(fle_copies_init(&copies, &allocator, seeds[s], limit));
        for (uint32_t i = 0; i < 3072 * 5 + 100; i++) {
            const fle_notice notice = record((uint16_t)i);

            assert_false(look(&copies, &notice, 1));
        }
        assert_int_equal(limit, fle_copies_bytes(&copies));
        for (uint32_t i = 3072 * 4; i < 3072 * 5 + 100; i++) {
            const fle_notice notice = record((uint16_t)i);

            assert_true(look(&copies, &notice, 2));
        }
        for (uint32_t i = 0; i < 2000; i++) {
            const fle_notice notice = record((uint16_t)i);

            assert_false(look(&copies, &notice, 2));
        }
        fle_copies_free(&copies);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_an_object_counts_once),
        cmocka_unit_test(only_an_equal_record_of_another_object_is_a_copy),
        cmocka_unit_test(without_an_object_nothing_is_known),
        cmocka_unit_test(it_grows_to_its_limit_and_then_forgets_what_was_read_longest_ago),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
