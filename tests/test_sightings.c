/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the addresses that records show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "record/column.h"
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

/* Whoever was at an address last before then may still be there. */
static void of_what_is_old_the_last_of_each_address_is_kept(void **state)
{
    const fle_seen all[] = { seen(0, 1, false, 1000, 1100), seen(0, 1, false, 5000, 5100),
                             seen(0, 1, true, 1000, 1100),  seen(0, 2, false, 1000, 1100),
                             seen(1, 1, false, 1000, 1100), seen(0, 1, false, 9000, 9100) };
    static const uint32_t numbers[] = { 7, FLE_ABSENT };
    fle_allocator allocator;
    fle_sightings from, to;
    size_t n_old = 0;
    (void)state;

    assert_true(fle_allocator_init(&allocator, NULL));
    assert_true(fle_sightings_init(&from, &allocator, 7, 1 << 20));
    assert_true(fle_sightings_init(&to, &allocator, 7, 1 << 20));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_true(fle_sightings_add(&from, &all[i]));
    from.dropped = 3;
    from.gap_until = 60;
    assert_true(fle_sightings_merge(&to, &from, 9100, numbers));
    assert_int_equal(to.n, 4);
    assert_int_equal(to.dropped, 3);
    assert_int_equal(to.gap_until, 60);
    for (size_t i = 0; i < to.n; i++) {
        assert_int_equal(to.items[i].witness, 7);
        n_old += to.items[i].last_end == 1100;
    }
    assert_int_equal(n_old, 2); /* those of 10.0.0.2, and of what is behind */
    fle_sightings_free(&from);
    fle_sightings_free(&to);
}

static void sightings_come_back_as_they_were(void **state)
{
    const fle_seen all[] = { seen(0, 1, false, 1000, 1100), seen(1, 2, true, -5, 5100) };
    fle_allocator allocator;
    fle_sightings s, read;
    fle_buffer bytes;
    bool corrupt;
    (void)state;

    assert_true(fle_allocator_init(&allocator, NULL));
    fle_buffer_init(&bytes, &allocator);
    assert_true(fle_sightings_init(&s, &allocator, 7, 1 << 20));
    for (size_t i = 0; i < 2; i++)
        assert_true(fle_sightings_add(&s, &all[i]));
    s.dropped = 3;
    s.gap_from = 50;
    s.gap_until = 60;
    fle_sightings_pack(&s, &bytes);
    for (size_t len = 0; len <= bytes.len; len++) {
        const bool whole = len == bytes.len;

        assert_true(fle_sightings_init(&read, &allocator, 8, 1 << 20));
        if (fle_sightings_unpack(&read, fle_text(bytes.data, len), 2, &corrupt) != whole ||
            corrupt == whole)
            fail_msg("%zu bytes of %zu", len, bytes.len);
        for (size_t i = 0; whole && i < 2; i++) {
            assert_int_equal(read.items[i].witness, all[i].witness);
            assert_int_equal(read.items[i].is_behind, all[i].is_behind);
            assert_int_equal(read.items[i].first_start, all[i].first_start);
            assert_int_equal(read.items[i].last_end, all[i].last_end);
            assert_int_equal(read.dropped, 3);
            assert_int_equal(read.gap_from, 50);
            assert_int_equal(read.gap_until, 60);
        }
        fle_sightings_free(&read);
    }
    assert_true(fle_sightings_init(&read, &allocator, 8, 1 << 20));
    assert_false(fle_sightings_unpack(&read, fle_text(bytes.data, bytes.len), 1, &corrupt));
    assert_true(corrupt); /* there is no witness 1 */
    fle_sightings_free(&read);
    fle_sightings_free(&s);
    fle_buffer_free(&bytes);
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
        cmocka_unit_test(of_what_is_old_the_last_of_each_address_is_kept),
        cmocka_unit_test(sightings_come_back_as_they_were),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
