/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/tally.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/tally.h"

/* A record of 5 packets that the low pole sent. */
static void count(fle_slab *slab, fle_meters *meters, uint32_t observer, uint64_t bytes,
                  bool rejected)
{
    const fle_notice notice = { .observer = observer,
                                .from = FLE_LOW,
                                .place = FLE_LOW,
                                .has_bytes = true,
                                .is_trusted = true,
                                .rejected = rejected,
                                .start = 1000,
                                .end = 1060,
                                .bytes = bytes,
                                .packets = 5 };

    assert_int_equal(fle_meters_count(slab, meters, &notice), FLE_COUNTED);
}

static void what_was_told_and_rejected_is_one_with_the_rest_of_its_meter(void **state)
{
    fle_meters meters = { FLE_NONE, FLE_NONE };
    fle_allocator allocator;
    fle_tally tally;
    fle_slab slab;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_slab_init(&slab, &allocator, sizeof(fle_meter));
    fle_tally_read(&tally, &slab, &meters);
    assert_int_equal(tally.n, 0);
    assert_false(tally.all[FLE_LOW].is_known);
    count(&slab, &meters, 1, 100, false);
    fle_meters_tell(&slab, &meters);
    count(&slab, &meters, 1, 30, false);
    count(&slab, &meters, 1, 7, true);
    count(&slab, &meters, 2, 120, false);
    fle_tally_read(&tally, &slab, &meters);
    assert_int_equal(tally.n, 2);
    assert_int_equal(tally.items[0].all[FLE_LOW].bytes, 137);
    assert_int_equal(tally.items[0].told[FLE_LOW].bytes, 100);
    assert_int_equal(tally.items[1].all[FLE_LOW].bytes, 120);
    assert_false(tally.items[1].told[FLE_LOW].is_known);
    assert_int_equal(tally.items[1].newest, 1045 / FLE_METER_STEP + 1);
    assert_int_equal(tally.all[FLE_LOW].bytes, 137);
    assert_int_equal(tally.all[FLE_LOW].packets, 15);
    assert_int_equal(tally.told[FLE_LOW].bytes, 100);
    assert_false(tally.all[FLE_HIGH].is_known);
    fle_slab_free(&slab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_told_and_rejected_is_one_with_the_rest_of_its_meter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
