/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/slots.h"

#include "pooling.h"

static size_t count(const fle_slots *slots, uint32_t hash, uint32_t index)
{
    fle_probe probe = fle_probe_begin(slots, hash);
    uint32_t found;
    size_t n = 0;

    while (fle_probe_next(&probe, &found))
        n += found == index;
    return n;
}

static void items_are_found_by_their_hashes(void **state)
{
    struct pooling *x = *state;
    fle_slots slots;

    assert_true(fle_slots_init(&slots, 1000, &x->arena));
    for (uint32_t i = 0; i < 1000; i++)
        fle_slots_add(&slots, i / 4 * 0x1001, i); /* four of each, and many in each other's way */
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(count(&slots, i / 4 * 0x1001, i), 1);
    assert_int_equal(count(&slots, 7, 0), 0);
}

static void nothing_is_found_where_there_is_nothing(void **state)
{
    struct pooling *x = *state;
    fle_slots none = { NULL, 0 }, empty;
    uint32_t found;
    fle_probe probe = fle_probe_begin(&none, 5);

    assert_false(fle_probe_next(&probe, &found));
    assert_true(fle_slots_init(&empty, 0, &x->arena));
    probe = fle_probe_begin(&empty, 5);
    assert_false(fle_probe_next(&probe, &found));
}

static void a_full_table_is_gone_through_once(void **state)
{
    fle_slot full[8];
    fle_slots slots = { full, 8 };
    (void)state;

    for (uint32_t i = 0; i < 8; i++)
        full[i] = (fle_slot){ 5, i + 1 };
    assert_int_equal(count(&slots, 5, 3), 1);
    assert_int_equal(count(&slots, 6, 3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(items_are_found_by_their_hashes, pooling_set_up,
                                        pooling_tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_found_where_there_is_nothing, pooling_set_up,
                                        pooling_tear_down),
        cmocka_unit_test(a_full_table_is_gone_through_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
