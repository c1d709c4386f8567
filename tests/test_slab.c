/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/slab.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "pair/slab.h"

static void entries_stay_and_given_ones_are_used_again(void **state)
{
    const flowenrich_allocator *none = NULL;
    fle_allocator allocator;
    fle_slab slab;
    char *first;

    (void)state;
    fle_allocator_init(&allocator, none);
    fle_slab_init(&slab, &allocator, 24);
    assert_int_equal(fle_slab_take(&slab), 1);
    first = fle_slab_at(&slab, 1, 24);
    memset(first, 'x', 24);
    for (uint32_t i = 2; i < 5000; i++)
        assert_int_equal(fle_slab_take(&slab), i);
    assert_ptr_equal(fle_slab_at(&slab, 1, 24), first);
    assert_int_equal(first[23], 'x');
    fle_slab_give(&slab, 7);
    fle_slab_give(&slab, 9);
    assert_int_equal(slab.taken, 4997);
    assert_int_equal(fle_slab_take(&slab), 9);
    assert_int_equal(fle_slab_take(&slab), 7);
    assert_int_equal(fle_slab_take(&slab), 5000);
    assert_true(fle_slab_bytes(&slab) >= 5000 * 24);
    fle_slab_free(&slab);
}

static void without_memory_no_entry_has_number_none(void **state)
{
    (void)state;
    for (size_t n = 0; n < 2; n++) {
        failing f = { n, 0, 0 };
        const fle_allocator allocator = failing_allocator(&f);
        fle_slab slab;

        fle_slab_init(&slab, &allocator, 8);
        assert_int_equal(fle_slab_take(&slab), FLE_NONE);
        fle_slab_free(&slab);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_stay_and_given_ones_are_used_again),
        cmocka_unit_test(without_memory_no_entry_has_number_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
