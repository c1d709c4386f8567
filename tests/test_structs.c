/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/base/structs.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/structs.h"

typedef struct old_options {
    size_t size;
    uint32_t a;
    uint32_t b;
} old_options;

typedef struct new_options {
    size_t size;
    uint32_t a;
    uint32_t b;
    uint64_t c;
} new_options;

static void an_older_program_keeps_the_defaults_of_what_it_does_not_know(void **state)
{
    const old_options from = { sizeof from, 1, 2 };
    new_options to = { sizeof to, 10, 20, 30 };

    (void)state;
    assert_true(fle_struct_import(&to, sizeof to, &from));
    assert_int_equal(to.size, sizeof to);
    assert_int_equal(to.a, 1);
    assert_int_equal(to.b, 2);
    assert_int_equal(to.c, 30);
}

static void a_newer_program_may_leave_what_we_do_not_know_at_zero(void **state)
{
    new_options from = { sizeof from, 1, 2, 0 };
    old_options to = { sizeof to, 10, 20 };

    (void)state;
    assert_true(fle_struct_import(&to, sizeof to, &from));
    assert_int_equal(to.size, sizeof to);
    assert_int_equal(to.b, 2);
    from.c = UINT64_C(1) << 63;
    assert_false(fle_struct_import(&to, sizeof to, &from));
}

static void a_struct_without_its_size_is_refused(void **state)
{
    old_options from = { 0, 1, 2 };
    old_options to = { sizeof to, 10, 20 };

    (void)state;
    assert_false(fle_struct_import(&to, sizeof to, &from));
    assert_false(fle_struct_export(&from, &to, sizeof to));
    from.size = sizeof from.size - 1;
    assert_false(fle_struct_import(&to, sizeof to, &from));
    assert_int_equal(to.a, 10);
}

static void a_struct_is_filled_as_far_as_the_caller_knows_it(void **state)
{
    const new_options ours = { sizeof ours, 1, 2, 3 };
    const old_options less = { sizeof less, 1, 2 };
    old_options old = { sizeof old, 10, 20 };
    new_options newer = { sizeof newer, 10, 20, 30 };

    (void)state;
    assert_true(fle_struct_export(&old, &ours, sizeof ours));
    assert_int_equal(old.size, sizeof old);
    assert_int_equal(old.a, 1);
    assert_int_equal(old.b, 2);
    assert_true(fle_struct_export(&newer, &less, sizeof less));
    assert_int_equal(newer.size, sizeof newer);
    assert_int_equal(newer.b, 2);
    assert_int_equal(newer.c, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_older_program_keeps_the_defaults_of_what_it_does_not_know),
        cmocka_unit_test(a_newer_program_may_leave_what_we_do_not_know_at_zero),
        cmocka_unit_test(a_struct_without_its_size_is_refused),
        cmocka_unit_test(a_struct_is_filled_as_far_as_the_caller_knows_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
