/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/heaviest.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "aggregate/heaviest.h"
#include "base/hash.h"
#include "failing.h"

#define M 16
#define VALUES 1000 /* that a stream is of */

static fle_allocator allocator;

/* Of different lengths; one is empty. */
static flowenrich_text value_of(uint64_t i)
{
    static char text[24];
    const int len = i ? snprintf(text, sizeof text, "%llx", (unsigned long long)i) : 0;

    return fle_text(text, (size_t)len);
}

static void add(fle_heaviest *heaviest, uint64_t value, uint64_t weight)
{
    assert_true(fle_heaviest_add(heaviest, &allocator, M, value_of(value), (int64_t)weight));
}

static void take_back(fle_heaviest *heaviest, uint64_t value, uint64_t weight)
{
    assert_true(fle_heaviest_add(heaviest, &allocator, M, value_of(value), -(int64_t)weight));
}

static const fle_heavy *item_of(const fle_heaviest *heaviest, flowenrich_text value)
{
    for (size_t i = 0; i < heaviest->n; i++)
        if (fle_text_equal(fle_heaviest_value(heaviest, i), value))
            return &heaviest->items[i];
    return NULL;
}

static bool same(const fle_heaviest *a, const fle_heaviest *b)
{
    fle_buffer one, other;
    bool equal;

    fle_buffer_init(&one, &allocator);
    fle_buffer_init(&other, &allocator);
    fle_heaviest_save(a, &one);
    fle_heaviest_save(b, &other);
    equal = fle_text_equal(fle_text(one.data, one.len), fle_text(other.data, other.len));
    fle_buffer_free(&one);
    fle_buffer_free(&other);
    return equal;
}

/* The same sums, plainly. */
typedef struct truth {
    uint64_t weights[VALUES], total;
} truth;

/* The i-th of a stream: the lower a value's number, the more often it comes. */
static uint64_t nth_value(uint64_t seed, uint64_t i)
{
    const uint64_t random = fle_hash_mix(seed, i);

    return (random >> 32) % ((random & 0xffff) % VALUES + 1);
}

static void stream(fle_heaviest *heaviest, truth *t, uint64_t seed, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        const uint64_t value = nth_value(seed, i), weight = fle_hash_mix(seed + 1, i) % 1500;

        add(heaviest, value, weight);
        t->weights[value] += weight;
        t->total += weight;
    }
}

/* What the header promises, against the plain sums. */
static void assert_holds(const fle_heaviest *heaviest, const truth *t)
{
    uint64_t sum = (uint64_t)heaviest->other;

    assert_true(heaviest->n <= 2 * M);
    assert_true(heaviest->floor * (M + 1) <= t->total);
    for (uint64_t i = 0; i < VALUES; i++) {
        const fle_heavy *item = item_of(heaviest, value_of(i));
        const uint64_t weight = item ? (uint64_t)item->weight : 0;

        if (!item && (t->weights[i] > heaviest->floor || t->weights[i] > t->total / M))
            fail_msg("%llu weighs %llu and isn't kept", (unsigned long long)i,
                     (unsigned long long)t->weights[i]);
        if (!item)
            continue;
        sum += weight;
        if (weight > t->weights[i] || weight + item->error < t->weights[i] ||
            item->error > heaviest->floor)
            fail_msg("%llu weighs %llu, not %llu + %llu", (unsigned long long)i,
                     (unsigned long long)t->weights[i], (unsigned long long)weight,
                     (unsigned long long)item->error);
    }
    assert_int_equal(sum, t->total);
}

static void while_all_fit_weights_are_exact(void **state)
{
    fle_heaviest heaviest = { 0 };
    uint32_t top[3];

    (void)state;
    assert_int_equal(fle_heaviest_top(&heaviest, top, 3), 0);
    for (uint64_t i = 2 * M; i-- > 0;)
        add(&heaviest, i, i % 10 + 1);
    add(&heaviest, 5, 100);
    add(&heaviest, 999, 0); /* weighs nothing, takes no place */
    assert_int_equal(heaviest.n, 2 * M);
    assert_int_equal(heaviest.floor, 0);
    assert_int_equal(heaviest.other, 0);
    assert_int_equal(fle_heaviest_top(&heaviest, top, 3), 3);
    assert_true(fle_text_is(fle_heaviest_value(&heaviest, top[0]), "5"));
    assert_int_equal(heaviest.items[top[0]].weight, 106);
    /* 9, 19 and 29 weigh 10: by their values, "13" (19) and "1d" (29) before "9". */
    assert_true(fle_text_is(fle_heaviest_value(&heaviest, top[1]), "13"));
    assert_true(fle_text_is(fle_heaviest_value(&heaviest, top[2]), "1d"));
    fle_heaviest_free(&heaviest, &allocator);
}

static void one_too_many_raises_the_floor(void **state)
{
    fle_heaviest heaviest = { 0 };
    const fle_heavy *item;

    (void)state;
    for (uint64_t i = 1; i <= 2 * M; i++)
        add(&heaviest, i, 10 * i);
    add(&heaviest, 100, 7);
    assert_int_equal(heaviest.floor, 10 * M); /* the (m + 1)-th */
    assert_int_equal(heaviest.n, M + 1);
    assert_int_equal(heaviest.other, 10 * M * (M + 1) / 2);
    item = item_of(&heaviest, value_of(100));
    assert_int_equal(item->weight, 7);
    assert_int_equal(item->error, 10 * M);
    item = item_of(&heaviest, value_of(M + 1));
    assert_int_equal(item->weight, 10 * (M + 1)); /* was never away */
    assert_int_equal(item->error, 0);
    fle_heaviest_free(&heaviest, &allocator);

    /* All alike: none of them is heavier than another. */
    for (uint64_t i = 1; i <= 2 * M + 1; i++)
        add(&heaviest, i, 3);
    assert_int_equal(heaviest.n, 1);
    assert_int_equal(heaviest.floor, 3);
    assert_int_equal(heaviest.other, 3 * 2 * M);
    fle_heaviest_free(&heaviest, &allocator);
}

static void streams_that_do_not_fit_keep_the_promise(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        fle_heaviest heaviest = { 0 };
        truth t = { 0 };

        for (size_t i = 0; i < 10; i++) {
            stream(&heaviest, &t, 100 * seed + i, seed * i);
            assert_holds(&heaviest, &t);
        }
        fle_heaviest_free(&heaviest, &allocator);
    }
}

static void merged_streams_keep_the_promise(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        fle_heaviest heaviest = { 0 };
        truth t = { 0 };

        for (uint64_t part = 0; part < 4; part++) {
            fle_heaviest more = { 0 };

            stream(&more, &t, 100 * seed + part, 20 * seed * part);
            assert_true(fle_heaviest_merge(&heaviest, &more, &allocator, M));
            assert_holds(&heaviest, &t);
            fle_heaviest_free(&more, &allocator);
        }
        fle_heaviest_free(&heaviest, &allocator);
    }
}

/* In each order, and by any cut. */
static void parts_that_fit_merge_to_the_same_bytes(void **state)
{
    static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                     { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

    (void)state;
    for (uint64_t values = 0; values <= 2 * M; values += 4) {
        fle_heaviest whole = { 0 };

        for (uint64_t i = 0; i < 3 * values; i++)
            add(&whole, i % values, i * i + 1);
        for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
            fle_heaviest parts[3] = { 0 };

            for (uint64_t i = 3 * values; i-- > 0;)
                add(&parts[fle_hash_mix(k, i) % 3], i % values, i * i + 1);
            assert_true(
                fle_heaviest_merge(&parts[orders[k][0]], &parts[orders[k][1]], &allocator, M));
            assert_true(
                fle_heaviest_merge(&parts[orders[k][2]], &parts[orders[k][0]], &allocator, M));
            assert_true(same(&parts[orders[k][2]], &whole));
            for (size_t i = 0; i < 3; i++)
                fle_heaviest_free(&parts[i], &allocator);
        }
        fle_heaviest_free(&whole, &allocator);
    }
}

/* Each value comes some times and is taken back some times, in any order and any parts. */
static void what_is_taken_back_may_come_first(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        fle_heaviest forwards = { 0 }, parts[3] = { 0 };

        for (uint64_t i = 0; i < 10 * M; i++) {
            const uint64_t drawn = fle_hash_mix(seed, i), value = drawn % (2 * M);
            const uint64_t weight = drawn >> 8 & 3;

            (drawn >> 10 & 1 ? add : take_back)(&forwards, value, weight);
        }
        for (uint64_t i = 10 * M; i-- > 0;) {
            const uint64_t drawn = fle_hash_mix(seed, i), value = drawn % (2 * M);
            const uint64_t weight = drawn >> 8 & 3;

            (drawn >> 10 & 1 ? add : take_back)(&parts[drawn >> 20 & 1], value, weight);
        }
        for (size_t i = 0; i < 2; i++) {
            assert_true(fle_heaviest_merge(&parts[2], &parts[i], &allocator, M));
            fle_heaviest_free(&parts[i], &allocator);
        }
        assert_true(same(&parts[2], &forwards));
        fle_heaviest_free(&parts[2], &allocator);
        fle_heaviest_free(&forwards, &allocator);
    }
}

static void two_merge_to_the_same_whichever_is_first(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        fle_heaviest a = { 0 }, b = { 0 }, c = { 0 };
        truth t = { 0 };

        stream(&a, &t, seed, 30 * seed);
        stream(&b, &t, seed + 100, 300);
        assert_true(fle_heaviest_merge(&c, &b, &allocator, M)); /* a copy */
        assert_true(same(&c, &b));
        assert_true(fle_heaviest_merge(&b, &a, &allocator, M));
        assert_true(fle_heaviest_merge(&a, &c, &allocator, M));
        assert_true(same(&a, &b));
        fle_heaviest_free(&a, &allocator);
        fle_heaviest_free(&b, &allocator);
        fle_heaviest_free(&c, &allocator);
    }
}

static void what_is_taken_back_leaves_no_trace(void **state)
{
    fle_heaviest heaviest = { 0 }, kept = { 0 };
    const uint64_t floor = 10 * M;
    uint32_t top[2 * M];

    (void)state;
    for (uint64_t i = 1; i <= M; i++) {
        add(&heaviest, i, 50);
        add(&heaviest, 3 * M + i, 20);
        add(&kept, i, 50);
    }
    for (uint64_t i = 1; i <= M; i++) {
        take_back(&heaviest, 3 * M + i, 5);
        take_back(&heaviest, 3 * M + i, 15);
    }
    assert_true(same(&heaviest, &kept));
    take_back(&heaviest, 1, 51); /* more than came: the rest is owed, and not told */
    assert_int_equal(item_of(&heaviest, value_of(1))->weight, -1);
    assert_int_equal(fle_heaviest_top(&heaviest, top, 2 * M), M - 1);
    add(&heaviest, 1, 1);
    assert_null(item_of(&heaviest, value_of(1)));
    assert_int_equal(heaviest.other, 0);
    fle_heaviest_free(&heaviest, &allocator);
    fle_heaviest_free(&kept, &allocator);

    /* Of what has gone, 'other' gives; the bound of the value that came again still holds. */
    for (uint64_t i = 1; i <= 2 * M; i++)
        add(&heaviest, i, 10 * i);
    add(&heaviest, 100, 7);
    add(&heaviest, 3, 5);
    take_back(&heaviest, 3, 2);
    assert_int_equal(item_of(&heaviest, value_of(3))->weight, 3);
    assert_int_equal(item_of(&heaviest, value_of(3))->error, floor);
    take_back(&heaviest, 3, 30); /* of which 27 had gone */
    assert_int_equal(item_of(&heaviest, value_of(3))->weight, -27);
    assert_int_equal(heaviest.other, 10 * M * (M + 1) / 2);
    fle_heaviest_free(&heaviest, &allocator);
}

static void sums_end_at_their_most(void **state)
{
    fle_heaviest heaviest = { 0 };

    (void)state;
    for (uint64_t i = 0; i < 3 * M; i++)
        add(&heaviest, i, INT64_MAX);
    add(&heaviest, 3 * M - 1, 5);
    assert_int_equal(heaviest.floor, INT64_MAX);
    assert_int_equal(heaviest.other, INT64_MAX);
    assert_int_equal(item_of(&heaviest, value_of(3 * M - 1))->weight, INT64_MAX);
    for (size_t i = 0; i < 3; i++)
        take_back(&heaviest, 1, INT64_MAX);
    assert_int_equal(item_of(&heaviest, value_of(1))->weight, -INT64_MAX);
    fle_heaviest_free(&heaviest, &allocator);
}

static void what_is_saved_is_loaded_and_nothing_behind_it(void **state)
{
    static const uint64_t sizes[] = { 0, 1, 20, 400 };

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        fle_heaviest heaviest = { 0 }, again = { 0 };
        flowenrich_text rest;
        fle_buffer bytes;
        truth t = { 0 };

        stream(&heaviest, &t, 7, sizes[i]);
        fle_buffer_init(&bytes, &allocator);
        fle_heaviest_save(&heaviest, &bytes);
        for (size_t len = 0; len < bytes.len; len++) {
            rest = fle_text(bytes.data, len);
            assert_int_equal(fle_heaviest_load(&again, &allocator, M, &rest),
                             FLOWENRICH_ERR_CORRUPT);
            assert_int_equal(rest.len, len);
            assert_null(again.items);
        }
        fle_buffer_string(&bytes, "more");
        rest = fle_text(bytes.data, bytes.len);
        assert_int_equal(fle_heaviest_load(&again, &allocator, M, &rest), FLOWENRICH_OK);
        assert_true(fle_text_is(rest, "more"));
        assert_true(same(&heaviest, &again));
        stream(&again, &t, 8, 100); /* goes on as if it had never been away */
        assert_holds(&again, &t);
        fle_buffer_free(&bytes);
        fle_heaviest_free(&heaviest, &allocator);
        fle_heaviest_free(&again, &allocator);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *why;
        flowenrich_text bytes;
    } cases[] = {
        { "more than fit", { "\x21\x00\x00", 3 } },
        { "nothing has gone, and weighs something", { "\x00\x00\x01", 3 } },
        { "a value without weight", { "\x01\x00\x00\x01" "a\x00\x00", 7 } },
        { "a weight below the least",
          { "\x01\x00\x00\x01" "a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00", 16 } },
        { "an error above the floor", { "\x01\x05\x00\x01" "a\x01\x06", 7 } },
        { "a value twice", { "\x02\x00\x00\x01" "a\x01\x00\x01" "a\x01\x00", 11 } },
        { "values that don't ascend", { "\x02\x00\x00\x01" "b\x01\x00\x01" "a\x01\x00", 11 } },
    };
    fle_heaviest heaviest = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_text rest = cases[i].bytes;

        if (fle_heaviest_load(&heaviest, &allocator, M, &rest) != FLOWENRICH_ERR_CORRUPT ||
            heaviest.items || rest.len != cases[i].bytes.len)
            fail_msg("%s was loaded", cases[i].why);
    }
}

/* Add, merge and load, with memory for so many calls. True if it was enough. */
static bool works_with(size_t calls)
{
    failing f = { .succeed = calls };
    const flowenrich_allocator given = failing_allocator(&f);
    fle_heaviest all = { 0 }, heaviest = { 0 };
    flowenrich_text rest;
    fle_allocator scarce;
    fle_buffer bytes;
    bool ok = true;

    fle_allocator_init(&scarce, &given);
    fle_buffer_init(&bytes, &scarce);
    for (uint64_t i = 1; ok && i < 100; i++) {
        const size_t n = heaviest.n;
        const uint64_t floor = heaviest.floor;

        ok = fle_heaviest_add(&heaviest, &scarce, M, value_of(i << i % 50), (int64_t)i);
        assert_true(ok || (heaviest.n == n && heaviest.floor == floor));
    }
    ok = ok && fle_heaviest_merge(&all, &heaviest, &scarce, M);
    assert_true(ok || all.n == 0);
    fle_heaviest_free(&all, &scarce);
    fle_heaviest_save(&heaviest, &bytes);
    rest = fle_text(bytes.data, bytes.len);
    ok = ok && !bytes.failed && fle_heaviest_load(&all, &scarce, M, &rest) == FLOWENRICH_OK;
    fle_buffer_free(&bytes);
    fle_heaviest_free(&all, &scarce);
    fle_heaviest_free(&heaviest, &scarce);
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
    assert_in_range(calls, 15, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(while_all_fit_weights_are_exact),
        cmocka_unit_test(one_too_many_raises_the_floor),
        cmocka_unit_test(streams_that_do_not_fit_keep_the_promise),
        cmocka_unit_test(merged_streams_keep_the_promise),
        cmocka_unit_test(parts_that_fit_merge_to_the_same_bytes),
        cmocka_unit_test(what_is_taken_back_may_come_first),
        cmocka_unit_test(two_merge_to_the_same_whichever_is_first),
        cmocka_unit_test(what_is_taken_back_leaves_no_trace),
        cmocka_unit_test(sums_end_at_their_most),
        cmocka_unit_test(what_is_saved_is_loaded_and_nothing_behind_it),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(each_allocation_may_fail),
    };

    fle_allocator_init(&allocator, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
