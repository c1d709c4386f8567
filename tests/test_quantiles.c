/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/quantiles.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "aggregate/quantiles.h"
#include "base/hash.h"
#include "failing.h"

static fle_allocator allocator;

static void add(fle_quantiles *quantiles, uint64_t value, uint64_t times)
{
    assert_true(fle_quantiles_add(quantiles, &allocator, value, times));
}

static uint64_t at(const fle_quantiles *quantiles, uint32_t per_mille)
{
    uint64_t value = 0;

    assert_true(fle_quantiles_at(quantiles, per_mille, &value));
    return value;
}

/* From 1 to 2^64, each power of two as often as another. */
static uint64_t any_value(uint64_t i)
{
    const uint64_t random = fle_hash_mix(7, i);

    return random >> (random & 63);
}

static void assert_same(const fle_quantiles *a, const fle_quantiles *b)
{
    fle_buffer one, other;

    fle_buffer_init(&one, &allocator);
    fle_buffer_init(&other, &allocator);
    fle_quantiles_save(a, &one);
    fle_quantiles_save(b, &other);
    assert_int_equal(one.len, other.len);
    assert_memory_equal(one.data, other.data, one.len);
    fle_buffer_free(&one);
    fle_buffer_free(&other);
}

static void a_value_is_told_within_one_part_in_128(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 64 * 64; i++) {
        const uint64_t edge = UINT64_C(1) << (i / 64);
        const uint64_t near[] = { edge - 1, edge, edge + edge / 64 * (i % 64), any_value(i) };

        for (size_t k = 0; k < sizeof near / sizeof *near; k++) {
            fle_quantiles quantiles = { 0 };
            uint64_t told, off;

            add(&quantiles, near[k], 1);
            told = at(&quantiles, 500);
            off = told > near[k] ? told - near[k] : near[k] - told;
            if (off > near[k] / 128)
                fail_msg("%llu is told as %llu", (unsigned long long)near[k],
                         (unsigned long long)told);
            fle_quantiles_free(&quantiles, &allocator);
        }
    }
}

static void the_rank_is_the_least_that_so_many_do_not_exceed(void **state)
{
    static const struct {
        uint64_t n; /* the values 1 .. n */
        uint32_t per_mille;
        uint64_t value;
    } cases[] = {
        { 1, 0, 1 },       { 1, 500, 1 },
        { 1, 1000, 1 },    { 2, 500, 1 },
        { 2, 501, 2 },     { 3, 500, 2 },
        { 100, 500, 50 },  { 100, 990, 99 },
        { 100, 999, 100 }, { 100, 1000, 100 },
        { 127, 500, 64 },
    };
    fle_quantiles empty = { 0 };
    uint64_t value;

    (void)state;
    assert_false(fle_quantiles_at(&empty, 500, &value));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_quantiles quantiles = { 0 };

        for (uint64_t k = cases[i].n; k > 0; k--)
            add(&quantiles, k, 1);
        value = at(&quantiles, cases[i].per_mille);
        if (value != cases[i].value)
            fail_msg("1 to %llu: %llu at %u", (unsigned long long)cases[i].n,
                     (unsigned long long)value, (unsigned)cases[i].per_mille);
        fle_quantiles_free(&quantiles, &allocator);
    }
}

static int compare_values(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void quantiles_of_many_are_those_of_the_sorted_values(void **state)
{
    enum { n = 5000 };
    static uint64_t values[n];
    fle_quantiles quantiles = { 0 };

    (void)state;
    for (uint64_t i = 0; i < n; i++) {
        values[i] = any_value(i);
        add(&quantiles, values[i], 1);
    }
    qsort(values, n, sizeof *values, compare_values);
    for (uint32_t p = 1; p <= 1000; p++) {
        const uint64_t exact = values[(n * p + 999) / 1000 - 1], told = at(&quantiles, p);
        const uint64_t off = told > exact ? told - exact : exact - told;

        if (off > exact / 128)
            fail_msg("at %u: %llu is told as %llu", (unsigned)p, (unsigned long long)exact,
                     (unsigned long long)told);
    }
    fle_quantiles_free(&quantiles, &allocator);
}

/* In each way to put the parts together; counts that are full among them. */
static void merged_parts_are_the_whole_in_any_order(void **state)
{
    static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                     { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
    fle_quantiles whole = { 0 };

    (void)state;
    for (uint64_t i = 0; i < 3000; i++)
        add(&whole, any_value(i), i % 7);
    for (uint64_t i = 0; i < 3; i++)
        add(&whole, 1500, UINT64_C(1) << 51);
    for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
        fle_quantiles parts[3] = { 0 };

        for (uint64_t i = 3000; i-- > 0;)
            add(&parts[any_value(i) % 3], any_value(i), i % 7);
        for (size_t i = 0; i < 3; i++)
            add(&parts[i], 1500, UINT64_C(1) << 51);
        assert_true(fle_quantiles_merge(&parts[orders[k][0]], &parts[orders[k][1]], &allocator));
        assert_true(fle_quantiles_merge(&parts[orders[k][2]], &parts[orders[k][0]], &allocator));
        assert_same(&parts[orders[k][2]], &whole);
        for (size_t i = 0; i < 3; i++)
            fle_quantiles_free(&parts[i], &allocator);
    }
    fle_quantiles_free(&whole, &allocator);
}

static void memory_is_for_what_came_and_bounded(void **state)
{
    fle_quantiles quantiles = { 0 };

    (void)state;
    assert_int_equal(fle_quantiles_bytes(&quantiles), 0);
    add(&quantiles, 40, 1);
    add(&quantiles, 40, 1000);
    add(&quantiles, 77, 0); /* didn't come */
    assert_int_equal(quantiles.n, 1);
    assert_int_equal(fle_quantiles_bytes(&quantiles), 32);
    for (uint64_t shift = 0; shift < 58; shift++)
        for (uint64_t i = 0; i < 128; i++)
            add(&quantiles, i << shift, 1);
    assert_int_equal(quantiles.n, 3776);
    assert_int_equal(fle_quantiles_bytes(&quantiles), 3776 * 8);
    assert_int_equal(at(&quantiles, 1000), (UINT64_C(127) << 57) + (UINT64_C(1) << 56));
    fle_quantiles_free(&quantiles, &allocator);
}

static void what_is_saved_is_loaded_and_nothing_behind_it(void **state)
{
    static const uint64_t sizes[] = { 0, 1, 2, 2000 };

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        fle_quantiles quantiles = { 0 }, again = { 0 };
        flowenrich_text rest;
        fle_buffer bytes;

        for (uint64_t k = 0; k < sizes[i]; k++)
            add(&quantiles, any_value(k), k * k + 1);
        fle_buffer_init(&bytes, &allocator);
        fle_quantiles_save(&quantiles, &bytes);
        for (size_t len = 0; len < bytes.len; len++) {
            rest = fle_text(bytes.data, len);
            assert_int_equal(fle_quantiles_load(&again, &allocator, &rest), FLOWENRICH_ERR_CORRUPT);
            assert_int_equal(rest.len, len);
            assert_null(again.buckets);
        }
        fle_buffer_string(&bytes, "more");
        rest = fle_text(bytes.data, bytes.len);
        assert_int_equal(fle_quantiles_load(&again, &allocator, &rest), FLOWENRICH_OK);
        assert_true(fle_text_is(rest, "more"));
        assert_same(&quantiles, &again);
        fle_buffer_free(&bytes);
        fle_quantiles_free(&quantiles, &allocator);
        fle_quantiles_free(&again, &allocator);
    }
}

static void a_histogram_that_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *why;
        flowenrich_text bytes;
    } cases[] = {
        { "a bucket with nothing", { "\x01\x05\x00", 3 } },
        { "a bucket twice", { "\x02\x05\x01\x00\x01", 5 } },
        { "bucket 3776", { "\x01\xc0\x1d\x01", 4 } },
        { "bucket 3776 by a gap", { "\x02\x01\x01\xbf\x1d\x01", 6 } },
        { "a gap of 2^64 - 1", { "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01", 12 } },
        { "a count of 2^52", { "\x01\x05\x80\x80\x80\x80\x80\x80\x80\x08", 10 } },
    };
    fle_quantiles quantiles = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_text rest = cases[i].bytes;

        if (fle_quantiles_load(&quantiles, &allocator, &rest) != FLOWENRICH_ERR_CORRUPT ||
            quantiles.buckets || rest.len != cases[i].bytes.len)
            fail_msg("%s was loaded", cases[i].why);
    }
}

/* Add, merge and load, with memory for so many calls. True if it was enough. */
static bool works_with(size_t calls)
{
    failing f = { .succeed = calls };
    const flowenrich_allocator given = failing_allocator(&f);
    fle_quantiles all = { 0 }, quantiles = { 0 };
    flowenrich_text rest;
    fle_allocator scarce;
    fle_buffer bytes;
    bool ok = true;

    fle_allocator_init(&scarce, &given);
    fle_buffer_init(&bytes, &scarce);
    for (uint64_t i = 0; ok && i < 100; i++) {
        ok = fle_quantiles_add(&quantiles, &scarce, i, i + 1);
        assert_int_equal(quantiles.n, i + ok);
    }
    ok = ok && fle_quantiles_merge(&all, &quantiles, &scarce);
    fle_quantiles_free(&all, &scarce);
    fle_quantiles_save(&quantiles, &bytes);
    rest = fle_text(bytes.data, bytes.len);
    ok = ok && !bytes.failed && fle_quantiles_load(&all, &scarce, &rest) == FLOWENRICH_OK;
    fle_buffer_free(&bytes);
    fle_quantiles_free(&all, &scarce);
    fle_quantiles_free(&quantiles, &scarce);
    assert_int_equal(f.live, 0);
    assert_int_equal(f.misled, 0);
    return ok;
}

static void each_allocation_may_fail(void **state)
{
    size_t calls = 0;

    (void)state;
    while (!works_with(calls))
        calls++;
    assert_in_range(calls, 18, 40); /* 4, 8, ... 128 buckets, three times */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_told_within_one_part_in_128),
        cmocka_unit_test(the_rank_is_the_least_that_so_many_do_not_exceed),
        cmocka_unit_test(quantiles_of_many_are_those_of_the_sorted_values),
        cmocka_unit_test(merged_parts_are_the_whole_in_any_order),
        cmocka_unit_test(memory_is_for_what_came_and_bounded),
        cmocka_unit_test(what_is_saved_is_loaded_and_nothing_behind_it),
        cmocka_unit_test(a_histogram_that_cannot_be_is_refused),
        cmocka_unit_test(each_allocation_may_fail),
    };

    fle_allocator_init(&allocator, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
