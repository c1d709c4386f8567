/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/ranking.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aggregate/ranking.h"

#define N 3000

static size_t compared;

/* Large ranks first, then low numbers. */
static bool before(const void *ctx, const fle_ranked *a, const fle_ranked *b)
{
    (void)ctx;
    compared++;
    return a->rank != b->rank ? a->rank > b->rank : a->number < b->number;
}

static void fill(fle_order *order, const fle_allocator *allocator, size_t shape, uint32_t n)
{
    fle_order_begin(order, shape);
    order->comes_before = before;
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t ranks[] = { i, n - i, 7, i % 10, (uint64_t)i * 2654435761U % 997 };

        assert_true(fle_order_add(order, allocator, (fle_ranked){ ranks[shape], i }));
    }
}

static void items_come_in_order(void **state)
{
    fle_order order = { 0 };
    fle_allocator allocator;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    for (size_t shape = 0; shape < 5; shape++) {
        fle_ranked last = { UINT64_MAX, 0 };
        const fle_ranked *next;
        size_t n = 0;

        fill(&order, &allocator, shape, N);
        for (; (next = fle_order_next(&order)) != NULL; fle_order_pass(&order), n++) {
            assert_true(before(NULL, &last, next));
            assert_ptr_equal(fle_order_next(&order), next); /* until it is passed */
            last = *next;
        }
        assert_int_equal(n, N);
    }
    fle_free(&allocator, order.items);
}

static void the_first_ones_come_without_sorting_all(void **state)
{
    fle_order order = { 0 };
    fle_allocator allocator;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fill(&order, &allocator, 4, N);
    compared = 0;
    for (size_t i = 0; i < 10; i++) {
        assert_non_null(fle_order_next(&order));
        fle_order_pass(&order);
    }
    assert_true(compared < 8 * N); /* all: about N times the logarithm of N, 12 */
    fle_free(&allocator, order.items);
}

static void of_none_there_is_no_next(void **state)
{
    fle_order order = { 0 };
    (void)state;

    fle_order_begin(&order, 1);
    assert_null(fle_order_next(&order));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_in_order),
        cmocka_unit_test(the_first_ones_come_without_sorting_all),
        cmocka_unit_test(of_none_there_is_no_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
