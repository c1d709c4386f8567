/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/gone.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/gone.h"

static fle_notice notice(uint16_t port, uint32_t start, uint32_t end)
{
    fle_notice n = { .start = start, .end = end };

    n.key.port[FLE_LOW] = port;
    return n;
}

static void times_of_a_tuple_that_was_let_go_of_are_known(void **state)
{
    static const struct {
        uint32_t start, end;
        bool has;
    } cases[] = {
        { 900, 1000, false }, { 990, 1010, true },  { 1010, 1020, true },
        { 1090, 1200, true }, { 1100, 1200, false },
        { 1100, 1100, true }, { 1000, 1000, true },
    };
    const fle_notice one = notice(1, 1000, 1100), other = notice(2, 1000, 1100);
    fle_allocator allocator;
    fle_gone gone;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_gone_init(&gone, &allocator, 0);
    assert_false(fle_gone_has(&gone, &one));
    assert_int_equal(fle_gone_bytes(&gone), 0);
    assert_true(fle_gone_note(&gone, &one.key, 1000, 1050));
    assert_true(fle_gone_note(&gone, &one.key, 1050, 1100));
    assert_false(fle_gone_has(&gone, &other));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_notice n = notice(1, cases[i].start, cases[i].end);

        if (fle_gone_has(&gone, &n) != cases[i].has)
            fail_msg("case %zu", i);
    }
    fle_gone_free(&gone);
}

static void the_newest_are_kept_within_a_limit(void **state)
{
    fle_allocator allocator;
    fle_gone gone;
    size_t kept = 0;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_gone_init(&gone, &allocator, 64 * 1024);
    for (uint16_t i = 1; i < 60000; i++) {
        const fle_notice n = notice(i, i, i + 10u);

        assert_true(fle_gone_note(&gone, &n.key, n.start, n.end));
        assert_true(fle_gone_has(&gone, &n));
    }
    assert_int_equal(fle_gone_bytes(&gone), 64 * 1024);
    for (uint16_t i = 59000; i < 60000; i++) {
        const fle_notice n = notice(i, i, i + 10u);

        kept += fle_gone_has(&gone, &n);
    }
    assert_true(kept > 900);
    fle_gone_free(&gone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_of_a_tuple_that_was_let_go_of_are_known),
        cmocka_unit_test(the_newest_are_kept_within_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
