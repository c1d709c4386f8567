/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/meters.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/tally.h"

static fle_allocator allocator;
static fle_slab slab;
static fle_meters meters;

static int set_up(void **state)
{
    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_slab_init(&slab, &allocator, sizeof(fle_meter));
    meters = (fle_meters){ FLE_NONE, FLE_NONE };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fle_slab_free(&slab);
    return 0;
}

/* Observer 1 from the low side, in no known flow log. */
static fle_notice notice(uint32_t start, uint32_t end, uint64_t bytes)
{
    return (fle_notice){ .observer = 1,
                         .from = FLE_LOW,
                         .place = FLE_LOW,
                         .has_bytes = true,
                         .start = start,
                         .end = end,
                         .bytes = bytes,
                         .packets = 1 };
}

static fle_counted count(fle_notice n)
{
    return fle_meters_count(&slab, &meters, &n);
}

static fle_total total_of(fle_pole from, bool told_only)
{
    fle_tally tally;

    fle_tally_read(&tally, &slab, &meters);
    return told_only ? tally.told[from] : tally.all[from];
}

static uint64_t total(bool told_only)
{
    return total_of(FLE_LOW, told_only).bytes;
}

static void what_one_observer_counts_is_added_up_and_of_several_the_most_counts(void **state)
{
    fle_notice other = notice(1000, 1060, 130);

    (void)state;
    assert_int_equal(count(notice(1000, 1060, 100)), FLE_COUNTED);
    assert_int_equal(count(notice(1060, 1120, 50)), FLE_COUNTED);
    other.observer = 2;
    assert_int_equal(count(other), FLE_COUNTED);
    assert_int_equal(total(false), 150);
    other = notice(1000, 1060, 70); /* refused by the same observer: packets of its own */
    other.rejected = true;
    assert_int_equal(count(other), FLE_COUNTED);
    assert_int_equal(total(false), 220);
    assert_false(total_of(FLE_HIGH, false).is_known);
    assert_true(fle_meters_have(&slab, &meters, 2));
    assert_false(fle_meters_have(&slab, &meters, 3));
}

static void a_time_that_was_counted_is_counted_apart(void **state)
{
    static const struct {
        uint32_t start, end;
        bool trusted;
        fle_counted counted;
    } cases[] = {
        { 1000, 1060, false, FLE_COUNTED },        /* the first */
        { 1030, 1120, false, FLE_COUNTED },        /* the next window, half a minute late */
        { 1000, 1060, false, FLE_COUNTED_APART },  /* delivered again */
        { 1010, 1075, false, FLE_COUNTED_APART },  /* of a second flow log: a third alternative */
        { 1000, 1060, true, FLE_COUNTED },         /* of a flow log that is known */
        { 3000, 3060, false, FLE_COUNTED },        /* long after */
        { 2900, 2960, false, FLE_COUNTED },        /* it came after what is younger */
        { 1400, 1460, false, FLE_COUNTED_APART },  /* too long ago to tell */
        { 3060, 3060, false, FLE_COUNTED },        /* a moment is a step */
        { 3060, 3060, false, FLE_COUNTED_APART },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_notice n = notice(cases[i].start, cases[i].end, 1);

        n.is_trusted = cases[i].trusted;
        if (count(n) != cases[i].counted)
            fail_msg("case %zu: %u to %u", i, cases[i].start, cases[i].end);
    }
}

static void an_answer_of_headers_only_to_nothing_but_a_syn_is_a_refusal(void **state)
{
    static const struct {
        uint64_t asked, asks, answered, answers;
        bool is_refusal;
    } cases[] = {
        { 60, 1, 40, 1, true },       /* a SYN, a reset */
        { 180, 3, 120, 3, true },     /* again and again */
        { 60, 1, 44, 1, false },      /* a SYN-ACK has an option at least */
        { 1500, 1, 40, 1, false },    /* what has data was agreed upon before */
        { 60, 1, 0, 0, false },       /* nobody knows */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_notice ask = notice(1000, 1060, cases[i].asked), answer = ask;

        ask.packets = cases[i].asks;
        answer.from = FLE_HIGH;
        answer.bytes = cases[i].answered;
        answer.packets = cases[i].answers;
        assert_int_equal(count(ask), FLE_COUNTED);
        assert_int_equal(count(answer), FLE_COUNTED);
        if (fle_meters_are_refusal(&slab, &meters, 40) != cases[i].is_refusal)
            fail_msg("case %zu", i);
        fle_meters_give(&slab, &meters);
    }
}

static void logs_without_times_are_added_up(void **state)
{
    (void)state;
    assert_int_equal(count(notice(0, 0, 5)), FLE_COUNTED);
    assert_int_equal(count(notice(0, 0, 5)), FLE_COUNTED);
    assert_int_equal(total(false), 10);
}

static void what_was_told_is_told_apart_from_what_came_since(void **state)
{
    (void)state;
    count(notice(1000, 1060, 100));
    assert_int_equal(total(true), 0);
    fle_meters_tell(&slab, &meters);
    assert_int_equal(total(true), 100);
    assert_int_equal(count(notice(1000, 1060, 100)), FLE_COUNTED_APART); /* still known */
    assert_int_equal(count(notice(1060, 1120, 7)), FLE_COUNTED);
    assert_int_equal(total(true), 100);
    assert_int_equal(total(false), 107);
    fle_meters_tell(&slab, &meters);
    assert_int_equal(total(true), 107);
    assert_int_equal(slab.taken, 2); /* the meter and its alternative, once each */
    fle_meters_give(&slab, &meters);
    assert_int_equal(slab.taken, 0);
}

static void counters_saturate_and_meters_are_limited(void **state)
{
    fle_notice n = notice(1000, 1060, UINT64_MAX);

    (void)state;
    n.packets = UINT64_MAX;
    assert_int_equal(count(n), FLE_COUNTED);
    assert_int_equal(count(notice(1060, 1120, 1)), FLE_COUNTED);
    assert_true(total(false) == UINT64_MAX);
    assert_true(total_of(FLE_LOW, false).packets == ((uint64_t)1 << 48) - 1);
    for (uint32_t i = 2; i <= FLE_METERS_MOST; i++) {
        n.observer = i;
        assert_int_equal(count(n), FLE_COUNTED);
    }
    n.observer = FLE_METERS_MOST + 1;
    assert_int_equal(count(n), FLE_NOT_COUNTED);
}

static void a_reject_that_may_be_late_denies_only_where_nothing_was_let_through(void **state)
{
    fle_notice refused = notice(1000, 1060, 40), accepted = notice(940, 1000, 500);
    const fle_meter *meter;

    (void)state;
    refused.rejected = refused.is_unsure = true;
    assert_int_equal(count(refused), FLE_COUNTED);
    meter = fle_meter_at(&slab, meters.first);
    assert_true(fle_meters_deny(&slab, &meters, meter, FLE_LOW));
    assert_false(fle_meters_deny(&slab, &meters, meter, FLE_HIGH));
    accepted.observer = 2; /* somebody else may well have let it through */
    assert_int_equal(count(accepted), FLE_COUNTED);
    assert_true(fle_meters_deny(&slab, &meters, meter, FLE_LOW));
    accepted.observer = 1;
    assert_int_equal(count(accepted), FLE_COUNTED);
    assert_false(fle_meters_deny(&slab, &meters, meter, FLE_LOW));
    refused.is_unsure = false;
    refused.denied = true;
    refused.start = 1060;
    refused.end = 1120;
    assert_int_equal(count(refused), FLE_COUNTED);
    assert_true(fle_meters_deny(&slab, &meters, meter, FLE_LOW));
}

static void what_an_observer_counted_is_before_a_record_or_not(void **state)
{
    fle_notice n = notice(1000, 1060, 100);

    (void)state;
    assert_false(fle_meters_are_before(&slab, &meters, &n));
    assert_int_equal(count(n), FLE_COUNTED);
    assert_false(fle_meters_are_before(&slab, &meters, &n));
    n.start = 1065;
    assert_true(fle_meters_are_before(&slab, &meters, &n));
    n.observer = 2;
    assert_false(fle_meters_are_before(&slab, &meters, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_one_observer_counts_is_added_up_and_of_several_the_most_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_time_that_was_counted_is_counted_apart, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_answer_of_headers_only_to_nothing_but_a_syn_is_a_refusal,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(logs_without_times_are_added_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_told_is_told_apart_from_what_came_since, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(counters_saturate_and_meters_are_limited, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_reject_that_may_be_late_denies_only_where_nothing_was_let_through, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_an_observer_counted_is_before_a_record_or_not, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
