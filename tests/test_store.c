/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/store.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "aggregate/store.h"
#include "failing.h"
#include "record/column.h"

#define WIDTH 20
#define N 5000 /* some segments */

static void new_store(fle_store *store, const fle_allocator *allocator)
{
    fle_store_init(store, allocator, 7, 2, WIDTH);
}

static uint32_t number_of(const fle_store *store, uint32_t i)
{
    const uint32_t key[] = { i, i / 3 };

    return fle_store_find(store, key, fle_store_hash(store, key));
}

static bool fill(fle_store *store, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t key[] = { i, i / 3 };
        const uint32_t number = fle_store_add(store, key, fle_store_hash(store, key));

        if (number == FLE_ABSENT)
            return false;
        assert_int_equal(number, i);
        memcpy(fle_store_at(store, number) + 8, &i, sizeof i);
    }
    return true;
}

static void groups_are_found_and_lie_in_the_order_they_came(void **state)
{
    fle_allocator allocator;
    fle_store store;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    new_store(&store, &allocator);
    assert_int_equal(number_of(&store, 0), FLE_ABSENT);
    assert_true(fill(&store, N));
    for (uint32_t i = 0; i < N; i++)
        assert_int_equal(number_of(&store, i), i);
    assert_int_equal(number_of(&store, N), FLE_ABSENT);
    assert_true(fle_store_bytes(&store) < (size_t)N * (WIDTH + 14) + FLE_SEGMENT * WIDTH);
    fle_store_free(&store);
}

static void those_that_are_kept_are_found_again(void **state)
{
    static uint8_t keep[(N + 7) / 8];
    fle_allocator allocator;
    uint32_t kept = 0;
    fle_store store;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    new_store(&store, &allocator);
    assert_true(fill(&store, N));
    for (uint32_t i = 0; i < N; i += 7)
        keep[i >> 3] |= (uint8_t)(1U << (i & 7));
    fle_store_keep(&store, keep);
    for (uint32_t i = 0; i < N; i++) {
        const uint32_t number = number_of(&store, i);
        uint32_t held;

        assert_int_equal(number, i % 7 == 0 ? kept++ : FLE_ABSENT);
        if (number == FLE_ABSENT)
            continue;
        memcpy(&held, fle_store_at(&store, number) + 8, sizeof held);
        assert_int_equal(held, i);
    }
    assert_int_equal(store.n, kept);
    assert_int_equal(store.n_segments, 1); /* memory is given back */
    fle_store_free(&store);
}

static void a_key_may_have_no_words(void **state)
{
    fle_allocator allocator;
    fle_store store;
    uint32_t none = 0;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_store_init(&store, &allocator, 7, 0, WIDTH);
    assert_int_equal(fle_store_add(&store, &none, fle_store_hash(&store, &none)), 0);
    assert_int_equal(fle_store_find(&store, &none, fle_store_hash(&store, &none)), 0);
    fle_store_free(&store);
}

static void every_allocation_may_fail(void **state)
{
    bool done = false;
    (void)state;

    for (size_t succeed = 0; !done; succeed++) {
        failing f = { succeed, 0, 0 };
        const flowenrich_allocator from = failing_allocator(&f);
        fle_allocator allocator;
        fle_store store;

        fle_allocator_init(&allocator, &from);
        new_store(&store, &allocator);
        done = fill(&store, N);
        assert_true(done || succeed < 100);
        fle_store_free(&store);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_found_and_lie_in_the_order_they_came),
        cmocka_unit_test(those_that_are_kept_are_found_again),
        cmocka_unit_test(a_key_may_have_no_words),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
