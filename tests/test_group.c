/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the arithmetic of groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aggregate/group.h"

static fle_allocator allocator;
static const fle_sketches no_sketches = { .allocator = &allocator };

typedef struct fixture {
    fle_layout layout;
    unsigned char group[256];
} fixture;

static fixture new_fixture(void)
{
    fixture f = { 0 };

    fle_allocator_init(&allocator, NULL);
    fle_layout_init(&f.layout, 3, (1U << FLE_N_SUMS) - 1, &no_sketches);
    assert_true(f.layout.width <= sizeof f.group);
    fle_group_begin(&f.layout, f.group);
    return f;
}

static void drop(fixture *f)
{
    fle_group_drop(&f->layout, f->group);
}

/* A row of so many bytes; below 0: it takes them back. */
static void count(fixture *f, uint64_t bytes, bool is_reversal)
{
    fle_sums sums = { { 0 }, 0, 100, 160, is_reversal };

    sums.values[FLE_SUM_BYTES] = bytes;
    fle_group_count(&f->layout, f->group, &sums);
}

static void sums_are_the_same_in_any_order(void **state)
{
    static const struct {
        uint64_t bytes;
        bool is_reversal;
    } rows[] = {
        { UINT64_MAX, false }, { 5, true },           { UINT64_MAX, false },
        { 7, false },          { UINT64_MAX, true },  { UINT64_MAX, true },
    };
    const size_t n = sizeof rows / sizeof *rows;

    (void)state;
    for (size_t first = 0; first < n; first++) {
        fixture f = new_fixture();

        for (size_t i = 0; i < n; i++)
            count(&f, rows[(first + i) % n].bytes, rows[(first + i) % n].is_reversal);
        assert_int_equal(fle_group_sum(&f.layout, f.group, FLE_SUM_BYTES).value, 2);
        assert_false(fle_group_sum(&f.layout, f.group, FLE_SUM_BYTES).is_negative);
        drop(&f);
    }
}

/* Kept or not, they are the same, also beyond 64 bits and below 0. */
static void bytes_of_both_directions_are_told_by_theirs(void **state)
{
    static const struct {
        uint64_t up, down;
        bool is_reversal;
    } rows[] = {
        { 5, 7, false },          { 6, 0, true }, { 0, 7, true }, { UINT64_MAX, 9, false },
        { UINT64_MAX, 20, true }, { 0, 0, false }
    };
    const uint32_t all = (1U << FLE_N_SUMS) - 1, told = fle_sums_told_by(all);
    fixture kept = new_fixture(), f = { 0 };

    (void)state;
    assert_int_equal(told, 1U << FLE_SUM_BYTES | 1U << FLE_SUM_PACKETS);
    assert_int_equal(fle_sums_told_by(1U << FLE_SUM_BYTES | 1U << FLE_SUM_UPLOADED), 0);
    fle_layout_init(&f.layout, 3, all & ~told, &no_sketches);
    fle_group_begin(&f.layout, f.group);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fle_sums sums = { { 0 }, 0, 100, 160, rows[i].is_reversal };
        fle_shown one, other;

        sums.values[FLE_SUM_UPLOADED] = rows[i].up;
        sums.values[FLE_SUM_DOWNLOADED] = rows[i].down;
        fle_group_count(&f.layout, f.group, &sums);
        sums.values[FLE_SUM_BYTES] = rows[i].up;
        fle_group_count(&kept.layout, kept.group, &sums);
        memset(sums.values, 0, sizeof sums.values);
        sums.values[FLE_SUM_BYTES] = rows[i].down;
        fle_group_count(&kept.layout, kept.group, &sums);
        one = fle_group_sum(&f.layout, f.group, FLE_SUM_BYTES);
        other = fle_group_sum(&kept.layout, kept.group, FLE_SUM_BYTES);
        if (one.value != other.value || one.is_negative != other.is_negative ||
            one.is_cut != other.is_cut)
            fail_msg("row %zu: %llu", i, (unsigned long long)one.value);
        assert_int_equal(fle_group_rank(&f.layout, f.group),
                         fle_group_rank(&kept.layout, kept.group));
    }
    drop(&f);
    drop(&kept);
}

static void what_is_shown_says_how_far_from_zero_it_is_and_where(void **state)
{
    static const struct {
        uint64_t up, down; /* that are added and taken out */
        uint64_t twice;    /* added again: does it go beyond 2^64? */
        fle_shown shown;
    } cases[] = {
        { 0, 0, 0, { 0, false, false } },
        { 5, 7, 0, { 2, true, false } },
        { 0, UINT64_MAX, 0, { UINT64_MAX, true, false } },
        { UINT64_MAX, 0, 0, { UINT64_MAX, false, false } },
        { UINT64_MAX, 0, 1, { UINT64_MAX, false, true } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f = new_fixture();
        fle_shown shown;

        count(&f, cases[i].up, false);
        count(&f, cases[i].twice, false);
        count(&f, cases[i].down, true);
        shown = fle_group_sum(&f.layout, f.group, FLE_SUM_BYTES);
        if (shown.value != cases[i].shown.value || shown.is_cut != cases[i].shown.is_cut ||
            shown.is_negative != cases[i].shown.is_negative)
            fail_msg("case %zu", i);
        drop(&f);
    }
}

static void an_amount_below_zero_is_cut_off_towards_zero(void **state)
{
    fixture f = new_fixture();
    fle_sums sums = { { 0 }, FLE_PARTS / 2, 0, 0, true };

    (void)state;
    sums.values[FLE_SUM_AMOUNT] = 3;
    fle_group_count(&f.layout, f.group, &sums); /* -3.5 */
    assert_int_equal(fle_group_sum(&f.layout, f.group, FLE_SUM_AMOUNT).value, 3);
    assert_true(fle_group_sum(&f.layout, f.group, FLE_SUM_AMOUNT).is_negative);
    sums.is_reversal = false;
    sums.values[FLE_SUM_AMOUNT] = 4;
    fle_group_count(&f.layout, f.group, &sums); /* 1 */
    assert_int_equal(fle_group_sum(&f.layout, f.group, FLE_SUM_AMOUNT).value, 1);
    assert_false(fle_group_sum(&f.layout, f.group, FLE_SUM_AMOUNT).is_negative);
    drop(&f);
}

static void times_are_the_first_and_last_of_what_was_added(void **state)
{
    fixture f = new_fixture();
    fle_sums sums = { { 0 }, 0, FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT, false };

    (void)state;
    fle_group_count(&f.layout, f.group, &sums);
    assert_true(fle_group_first(&f.layout, f.group) == FLOWENRICH_TIME_ABSENT);
    count(&f, 1, true); /* a reversal was at no time */
    assert_true(fle_group_last(&f.layout, f.group) == FLOWENRICH_TIME_ABSENT);
    count(&f, 1, false);
    sums.first = -5;
    fle_group_count(&f.layout, f.group, &sums);
    assert_int_equal(fle_group_first(&f.layout, f.group), -5);
    assert_int_equal(fle_group_last(&f.layout, f.group), 160);
    drop(&f);
}

static void what_a_group_lacks_another_gives(void **state)
{
    fixture f = new_fixture(), other = new_fixture();
    fle_sums sums = { { 0 }, 1, 0, 0, true };

    (void)state;
    count(&other, 100, false);
    count(&f, 30, true);
    sums.values[FLE_SUM_RECORDS] = 2;
    fle_group_count(&other.layout, other.group, &sums);
    assert_true(fle_group_settle(&f.layout, f.group, other.group));
    assert_int_equal(fle_group_sum(&f.layout, f.group, FLE_SUM_BYTES).value, 0);
    assert_int_equal(fle_group_sum(&f.layout, other.group, FLE_SUM_BYTES).value, 70);
    assert_int_equal(fle_group_sum(&f.layout, other.group, FLE_SUM_RECORDS).value, 2);
    drop(&f);
    drop(&other);
}

/* At each bound: what it tells is the same as before, and it takes more only beyond. */
static void a_group_is_narrow_until_it_needs_more(void **state)
{
    static const struct {
        uint64_t bytes[3]; /* that are added; the last one is taken out */
        uint64_t error, sum;
        bool is_negative, is_wide;
    } cases[] = {
        { { UINT32_MAX, 0, 0 }, UINT32_MAX - 1, UINT32_MAX, false, false },
        { { UINT32_MAX, 0, 0 }, UINT32_MAX, UINT32_MAX, false, true },
        { { UINT32_MAX, 1, 0 }, 5, UINT64_C(1) << 32, false, true },
        { { UINT32_MAX, 1, 2 }, 5, UINT32_MAX - 1, false, true }, /* and stays so */
        { { UINT64_MAX, 0, 0 }, 5, UINT64_MAX, false, true },
        { { 7, UINT64_MAX, UINT64_MAX }, 5, 7, false, true },
        { { 7, 0, 7 }, 5, 0, false, false },
        { { 7, 0, 8 }, UINT64_MAX, 1, true, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f = new_fixture();
        fle_shown shown;

        assert_true(fle_group_set_error(&f.layout, f.group, cases[i].error));
        for (size_t k = 0; k < 3; k++)
            count(&f, cases[i].bytes[k], k == 2);
        shown = fle_group_sum(&f.layout, f.group, FLE_SUM_BYTES);
        if (shown.value != cases[i].sum || shown.is_negative != cases[i].is_negative ||
            fle_group_error(&f.layout, f.group) != cases[i].error ||
            (fle_group_more(&f.layout, f.group) > 0) != cases[i].is_wide)
            fail_msg("case %zu", i);
        assert_int_equal(fle_group_sum(&f.layout, f.group, FLE_SUM_RECORDS).value, 0);
        drop(&f);
        assert_int_equal(fle_group_more(&f.layout, f.group), 0);
    }
}

/* The goal: 96 bytes with its index, which are twelve at most (lib/aggregate/budget.c). */
static void a_group_of_conversations_by_three_paths_is_small(void **state)
{
    const uint32_t all = (1U << FLE_N_SUMS) - 1;
    fle_layout layout;

    (void)state;
    fle_layout_init(&layout, 4, all & ~fle_sums_told_by(all), &no_sketches);
    assert_int_equal(layout.width, 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_the_same_in_any_order),
        cmocka_unit_test(bytes_of_both_directions_are_told_by_theirs),
        cmocka_unit_test(what_is_shown_says_how_far_from_zero_it_is_and_where),
        cmocka_unit_test(an_amount_below_zero_is_cut_off_towards_zero),
        cmocka_unit_test(times_are_the_first_and_last_of_what_was_added),
        cmocka_unit_test(what_a_group_lacks_another_gives),
        cmocka_unit_test(a_group_is_narrow_until_it_needs_more),
        cmocka_unit_test(a_group_of_conversations_by_three_paths_is_small),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
