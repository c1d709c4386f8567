/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/sets.h"
#include "failing.h"

static void a_number_is_in_a_set_once_at_its_place(void **state)
{
    fle_allocator allocator;
    fle_arena arena;
    fle_set set;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    fle_set_init(&set, &arena);
    assert_false(fle_set_has(&set, 0));
    for (unsigned round = 0; round < 2; round++)
        for (uint64_t i = 0; i < 1000; i++)
            assert_int_equal(fle_set_add(&set, i << 32 | i), round == 0);
    assert_int_equal(set.n, 1000);
    for (uint64_t i = 0; i < 1000; i++) {
        assert_int_equal(fle_set_find(&set, i << 32 | i), i);
        assert_false(fle_set_has(&set, i << 32 | (i + 1)));
    }
    fle_arena_free(&arena);
}

static void without_memory_a_set_says_so(void **state)
{
    failing f = { .succeed = 0 };
    const flowenrich_allocator table = failing_allocator(&f);
    fle_allocator allocator;
    fle_arena arena;
    fle_set set;
    (void)state;

    fle_allocator_init(&allocator, &table);
    fle_arena_init(&arena, &allocator);
    fle_set_init(&set, &arena);
    assert_false(fle_set_add(&set, 7));
    assert_true(set.failed);
    f.succeed = SIZE_MAX;
    assert_false(fle_set_add(&set, 7));
    assert_false(fle_set_has(&set, 7));
    fle_arena_free(&arena);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_in_a_set_once_at_its_place),
        cmocka_unit_test(without_memory_a_set_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
