/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/chains.h"
#include "failing.h"

/* Number i is in list i % 7, so often as it is told, but never twice in a row. */
static void a_list_has_what_was_added_last_first(void **state)
{
    fle_allocator allocator;
    fle_chains chains;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_chains_init(&chains, &allocator);
    assert_null(fle_chains_first(&chains, 3));
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(fle_chains_add(&chains, i % 7, i % 2, i));
        assert_true(fle_chains_add(&chains, i % 7, i % 2, i));
    }
    assert_int_equal(chains.n, 1000);
    for (uint32_t list = 0; list < 7; list++) {
        uint32_t expected = 999 - (999 - list) % 7;

        for (const fle_chained *at = fle_chains_first(&chains, list); at;
             at = fle_chains_next(&chains, at), expected -= 7) {
            assert_int_equal(at->item, expected);
            assert_int_equal(at->kind, expected % 2);
        }
        assert_int_equal(expected, list - 7);
    }
    assert_null(fle_chains_first(&chains, 7));
    fle_chains_free(&chains);
}

static void without_memory_a_list_stays_as_it_is(void **state)
{
    failing f = { .succeed = 0 };
    const flowenrich_allocator table = failing_allocator(&f);
    fle_allocator allocator;
    fle_chains chains;
    (void)state;

    fle_allocator_init(&allocator, &table);
    fle_chains_init(&chains, &allocator);
    for (size_t succeed = 0; succeed < 2; succeed++) {
        f.succeed = succeed;
        assert_false(fle_chains_add(&chains, 5, 0, 1));
        assert_null(fle_chains_first(&chains, 5));
    }
    f.succeed = SIZE_MAX;
    assert_true(fle_chains_add(&chains, 5, 0, 1));
    assert_int_equal(fle_chains_first(&chains, 5)->item, 1);
    fle_chains_free(&chains);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_what_was_added_last_first),
        cmocka_unit_test(without_memory_a_list_stays_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
