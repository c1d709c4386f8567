/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/distinct.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "aggregate/distinct.h"
#include "failing.h"

static fle_allocator allocator;

static uint64_t number_hash(uint64_t number)
{
    return fle_distinct_hash(&number, sizeof number);
}

/* The values from..to - 1, the last one first if so asked. */
static void add_numbers(fle_distinct *set, uint64_t from, uint64_t to, bool backwards)
{
    for (uint64_t i = from; i < to; i++)
        assert_true(
            fle_distinct_add(set, &allocator, number_hash(backwards ? to - 1 - i + from : i)));
}

static void assert_same_set(const fle_distinct *a, const fle_distinct *b)
{
    fle_buffer one, other;

    fle_buffer_init(&one, &allocator);
    fle_buffer_init(&other, &allocator);
    fle_distinct_save(a, &one);
    fle_distinct_save(b, &other);
    assert_int_equal(one.len, other.len);
    assert_memory_equal(one.data, other.data, one.len);
    fle_buffer_free(&one);
    fle_buffer_free(&other);
}

static void few_values_are_counted_exactly(void **state)
{
    fle_distinct set = { 0 };

    (void)state;
    assert_int_equal(fle_distinct_count(&set), 0);
    assert_int_equal(fle_distinct_bytes(&set), 0);
    for (uint64_t i = 0; i < FLE_DISTINCT_FEW; i++) {
        add_numbers(&set, i, i + 1, false);
        add_numbers(&set, i / 2, i / 2 + 1, false); /* was there */
        assert_int_equal(fle_distinct_count(&set), i + 1);
    }
    assert_int_equal(fle_distinct_bytes(&set), 4 * FLE_DISTINCT_FEW);
    fle_distinct_free(&set, &allocator);
    add_numbers(&set, 0, 3, false);
    assert_int_equal(fle_distinct_bytes(&set), 16);
    fle_distinct_free(&set, &allocator);
}

/* The root of the mean square, over sets that have no value in common. */
static void many_values_are_counted_within_the_error_that_is_promised(void **state)
{
    static const uint64_t sizes[] = { 769, 1500, 4000, 10000, 20000, 50000 };
    const double promised = 0.0163; /* 1.04 / sqrt(4096) */
    const uint64_t sets = 60;

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double squares = 0, sum = 0;

        for (uint64_t k = 0; k < sets; k++) {
            fle_distinct set = { 0 };
            double error;

            add_numbers(&set, k << 32, (k << 32) + sizes[i], false);
            error = (double)fle_distinct_count(&set) / (double)sizes[i] - 1;
            squares += error * error;
            sum += error;
            fle_distinct_free(&set, &allocator);
        }
        /* An estimate of a standard error from 60 is itself within 3 / sqrt(120) = 27 %. */
        if (squares / (double)sets > promised * promised * 1.27 * 1.27)
            fail_msg("%u values: the mean square error is %g", (unsigned)sizes[i],
                     squares / (double)sets);
        if (sum / (double)sets > promised * 0.4 || sum / (double)sets < -promised * 0.4)
            fail_msg("%u values: off by %g in the mean", (unsigned)sizes[i], sum / (double)sets);
    }
}

static void a_million_values_take_four_kilobytes(void **state)
{
    fle_distinct set = { 0 };
    uint64_t count;

    (void)state;
    add_numbers(&set, 0, 1000000, false);
    count = fle_distinct_count(&set);
    assert_in_range(count, 1000000 - 48000, 1000000 + 48000); /* three standard errors */
    assert_int_equal(fle_distinct_bytes(&set), 4096);
    fle_distinct_free(&set, &allocator);
}

static void order_and_repetition_leave_no_trace(void **state)
{
    static const uint64_t sizes[] = { 0, 1, 5, 767, 768, 769, 3000 };

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        fle_distinct forth = { 0 }, back = { 0 };

        add_numbers(&forth, 0, sizes[i], false);
        add_numbers(&back, 0, sizes[i], true);
        add_numbers(&back, 0, sizes[i] / 3, false);
        assert_same_set(&forth, &back);
        fle_distinct_free(&forth, &allocator);
        fle_distinct_free(&back, &allocator);
    }
}

/* In each way to put the parts together. */
static void merged_parts_are_the_whole(void **state)
{
    static const struct {
        uint64_t from[3], to[3];
    } cases[] = {
        { { 0, 0, 0 }, { 0, 0, 0 } },
        { { 0, 3, 0 }, { 3, 5, 5 } },              /* few */
        { { 0, 500, 600 }, { 600, 760, 768 } },    /* few, as many as can be */
        { { 0, 400, 600 }, { 400, 769, 700 } },    /* many only together */
        { { 0, 2000, 5 }, { 2000, 4000, 10 } },    /* many, and few */
        { { 0, 1000, 2000 }, { 5000, 3000, 0x1000 } },
    };
    static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                     { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_distinct whole = { 0 };

        for (size_t part = 0; part < 3; part++)
            add_numbers(&whole, cases[i].from[part], cases[i].to[part], false);
        for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
            fle_distinct parts[3] = { 0 };

            for (size_t part = 0; part < 3; part++)
                add_numbers(&parts[part], cases[i].from[part], cases[i].to[part], true);
            /* (a + b) + c, and by the next order c + (a + b) */
            assert_true(fle_distinct_merge(&parts[orders[k][0]], &parts[orders[k][1]], &allocator));
            assert_true(fle_distinct_merge(&parts[orders[k][2]], &parts[orders[k][0]], &allocator));
            assert_same_set(&parts[orders[k][2]], &whole);
            assert_int_equal(fle_distinct_count(&parts[orders[k][2]]), fle_distinct_count(&whole));
            for (size_t part = 0; part < 3; part++)
                fle_distinct_free(&parts[part], &allocator);
        }
        fle_distinct_free(&whole, &allocator);
    }
}

static void what_is_saved_is_loaded_and_nothing_behind_it(void **state)
{
    static const uint64_t sizes[] = { 0, 1, 2, 100, 768, 769, 5000 };

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        fle_distinct set = { 0 }, again = { 0 };
        flowenrich_text rest;
        fle_buffer bytes;

        add_numbers(&set, 0, sizes[i], false);
        fle_buffer_init(&bytes, &allocator);
        fle_distinct_save(&set, &bytes);
        for (size_t len = 0; len < bytes.len; len++) {
            rest = fle_text(bytes.data, len);
            assert_int_equal(fle_distinct_load(&again, &allocator, &rest), FLOWENRICH_ERR_CORRUPT);
            assert_int_equal(rest.len, len);
            assert_null(again.data);
        }
        fle_buffer_string(&bytes, "more");
        rest = fle_text(bytes.data, bytes.len);
        assert_int_equal(fle_distinct_load(&again, &allocator, &rest), FLOWENRICH_OK);
        assert_true(fle_text_is(rest, "more"));
        assert_same_set(&set, &again);
        fle_buffer_free(&bytes);
        fle_distinct_free(&set, &allocator);
        fle_distinct_free(&again, &allocator);
    }
}

static void a_set_that_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *why;
        flowenrich_text bytes;
    } cases[] = {
        { "more entries than are kept as such", { "\x82\x06\x41", 3 } },
        { "rank 0", { "\x01\x40", 2 } },
        { "rank 40 of 38 bits", { "\x01\x68", 2 } },
        { "one place twice", { "\x02\x41\x01", 3 } },
        { "an entry beyond 32 bits", { "\x02\xc1\xff\xff\xff\x0f\x40", 7 } },
        { "an entry that doesn't ascend", { "\x02\x41\x00", 3 } },
    };
    char registers[2 + 4096] = "\x81\x06";
    fle_distinct set = { 0 };
    flowenrich_text rest = { registers, sizeof registers };

    (void)state;
    assert_int_equal(fle_distinct_load(&set, &allocator, &rest),
                     FLOWENRICH_ERR_CORRUPT); /* no value */
    registers[100] = 54;                      /* of 52 bits */
    assert_int_equal(fle_distinct_load(&set, &allocator, &rest), FLOWENRICH_ERR_CORRUPT);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rest = cases[i].bytes;
        if (fle_distinct_load(&set, &allocator, &rest) != FLOWENRICH_ERR_CORRUPT || set.data)
            fail_msg("%s was loaded", cases[i].why);
    }
    /* All full: no such set, though each register may be so. The count has an end. */
    for (size_t i = 2; i < sizeof registers; i++)
        registers[i] = 53;
    assert_int_equal(fle_distinct_load(&set, &allocator, &rest), FLOWENRICH_ERR_CORRUPT);
    rest = fle_text(registers, sizeof registers);
    assert_int_equal(fle_distinct_load(&set, &allocator, &rest), FLOWENRICH_OK);
    assert_true(fle_distinct_count(&set) > (uint64_t)1 << 60);
    fle_distinct_free(&set, &allocator);
}

/* What other machines have saved must be understood for ever. */
static void the_bytes_of_a_set_do_not_change(void **state)
{
    static const char *const values[] = { "10.0.0.1", "10.0.0.2", "eni-0123456789abcdef0" };
    static const unsigned char expected[] = { 0x03, 0xc4, 0xb1, 0xf5, 0xe6, 0x06, 0xbd, 0xd6,
                                              0xa0, 0xa6, 0x03, 0xc1, 0xbe, 0xc0, 0xd4, 0x04 };
    fle_distinct set = { 0 };
    fle_buffer bytes;

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_true(
            fle_distinct_add(&set, &allocator, fle_distinct_hash(values[i], strlen(values[i]))));
    fle_buffer_init(&bytes, &allocator);
    fle_distinct_save(&set, &bytes);
    assert_int_equal(bytes.len, sizeof expected);
    assert_memory_equal(bytes.data, expected, bytes.len);
    fle_buffer_free(&bytes);
    fle_distinct_free(&set, &allocator);
}

/* Add, merge and load, with memory for so many calls. True if it was enough. */
static bool works_with(size_t calls)
{
    failing f = { .succeed = calls };
    const flowenrich_allocator given = failing_allocator(&f);
    fle_distinct all = { 0 }, set = { 0 };
    flowenrich_text rest;
    fle_allocator scarce;
    fle_buffer bytes;
    bool ok = true;

    fle_allocator_init(&scarce, &given);
    fle_buffer_init(&bytes, &scarce);
    for (uint64_t i = 0; ok && i < 1000; i++) {
        const uint64_t before = fle_distinct_count(&set);

        ok = fle_distinct_add(&set, &scarce, number_hash(i));
        if (!ok)
            assert_int_equal(fle_distinct_count(&set), before);
    }
    ok = ok && fle_distinct_merge(&all, &set, &scarce);
    fle_distinct_free(&all, &scarce);
    fle_distinct_save(&set, &bytes);
    rest = fle_text(bytes.data, bytes.len);
    ok = ok && !bytes.failed && fle_distinct_load(&all, &scarce, &rest) == FLOWENRICH_OK;
    fle_buffer_free(&bytes);
    fle_distinct_free(&all, &scarce);
    fle_distinct_free(&set, &scarce);
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
    assert_in_range(calls, 12, 30); /* 4, 8, ... 768 entries, and registers */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_values_are_counted_exactly),
        cmocka_unit_test(many_values_are_counted_within_the_error_that_is_promised),
        cmocka_unit_test(a_million_values_take_four_kilobytes),
        cmocka_unit_test(order_and_repetition_leave_no_trace),
        cmocka_unit_test(merged_parts_are_the_whole),
        cmocka_unit_test(what_is_saved_is_loaded_and_nothing_behind_it),
        cmocka_unit_test(a_set_that_cannot_be_is_refused),
        cmocka_unit_test(the_bytes_of_a_set_do_not_change),
        cmocka_unit_test(each_allocation_may_fail),
    };

    fle_allocator_init(&allocator, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
