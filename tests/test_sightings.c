/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the addresses that records show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "record/sightings.h"

static fle_seen seen(uint32_t witness, uint8_t last, bool is_behind, flowenrich_time start,
                     flowenrich_time end)
{
    const fle_seen s = {
        witness, { { FLE_V4_PREFIX, 10, 0, 0, last } }, is_behind, start, end, start, end
    };

    return s;
}

static void records_of_one_period_are_one_sighting(void **state)
{
    static const int order[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 0, 2 } };
    const fle_seen all[] = { seen(1, 1, false, 100, 200), seen(1, 1, false, 50, 260),
                             seen(1, 1, false, 120, 150) };
    fle_allocator allocator;
    (void)state;

    assert_true(fle_allocator_init(&allocator, NULL));
    for (size_t i = 0; i < 3; i++) {
        fle_sightings s;

        assert_true(fle_sightings_init(&s, &allocator, 7, 1 << 20));
        for (size_t k = 0; k < 3; k++)
            assert_true(fle_sightings_add(&s, &all[order[i][k]]));
        assert_int_equal(s.n, 1);
        assert_int_equal(s.items[0].first_start, 50);
        assert_int_equal(s.items[0].first_end, 150);
        assert_int_equal(s.items[0].last_start, 120);
        assert_int_equal(s.items[0].last_end, 260);
        fle_sightings_free(&s);
    }
}

static void witness_address_kind_and_period_tell_sightings_apart(void **state)
{
    const fle_seen all[] = { seen(1, 1, false, 100, 200), seen(2, 1, false, 100, 200),
                             seen(1, 2, false, 100, 200), seen(1, 1, true, 100, 200),
                             seen(1, 1, false, 1100, 1200) };
    fle_allocator allocator;
    fle_sightings s;
    (void)state;

    assert_true(fle_allocator_init(&allocator, NULL));
    assert_true(fle_sightings_init(&s, &allocator, 7, 1 << 20));
    for (size_t i = 0; i < 5; i++)
        assert_true(fle_sightings_add(&s, &all[i]));
    assert_int_equal(s.n, 5);
    fle_sightings_free(&s);
}

static void what_has_no_room_is_counted(void **state)
{
    fle_allocator allocator;
    fle_sightings s;
    (void)state;

    assert_true(fle_allocator_init(&allocator, NULL));
    assert_true(fle_sightings_init(&s, &allocator, 7, 4096));
    for (int i = 0; i < 256; i++) {
        const fle_seen one = seen(1, (uint8_t)i, false, 100, 200);

        assert_true(fle_sightings_add(&s, &one));
    }
    assert_true(s.n > 10 && s.n < 40);
    assert_int_equal(s.dropped, 256 - s.n);
    assert_int_equal(s.gap_from, 100);
    assert_int_equal(s.gap_until, 200);
    fle_sightings_free(&s);
}

static void every_allocation_may_fail(void **state)
{
    bool done = false;
    (void)state;

    for (size_t n = 0; !done; n++) {
        failing f = { .succeed = n };
        const flowenrich_allocator allocator = failing_allocator(&f);
        fle_sightings s;

        done = fle_sightings_init(&s, &allocator, 7, 1 << 20);
        for (int i = 0; done && i < 100; i++) {
            const fle_seen one = seen(1, (uint8_t)i, false, 100, 200);

            done = fle_sightings_add(&s, &one);
        }
        fle_sightings_free(&s);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_one_period_are_one_sighting),
        cmocka_unit_test(witness_address_kind_and_period_tell_sightings_apart),
        cmocka_unit_test(what_has_no_room_is_counted),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
