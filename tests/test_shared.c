/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of arenas that several hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/shared.h"
#include "failing.h"

static void what_one_added_stays_until_the_last_lets_go(void **state)
{
    failing f = { .succeed = SIZE_MAX };
    const flowenrich_allocator allocator = failing_allocator(&f);
    fle_shared *shared = fle_shared_new(&allocator);
    flowenrich_text text;

    (void)state;
    assert_non_null(shared);
    assert_true(fle_shared_is_own(shared));
    assert_ptr_equal(fle_shared_ref(shared), shared);
    assert_false(fle_shared_is_own(shared));
    assert_true(fle_arena_text(&shared->arena, "kept", 4, &text));
    fle_shared_free(shared);
    assert_true(fle_shared_is_own(shared));
    assert_string_equal(text.data, "kept");
    fle_shared_free(shared);
    assert_int_equal(f.live, 0);
}

static void nothing_is_held_where_memory_ran_out(void **state)
{
    failing f = { .succeed = 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);

    (void)state;
    assert_null(fle_shared_new(&allocator));
    assert_null(fle_shared_ref(NULL));
    fle_shared_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_added_stays_until_the_last_lets_go),
        cmocka_unit_test(nothing_is_held_where_memory_ran_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
