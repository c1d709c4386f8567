/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/ranking.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "aggregate/ranking.h"

#define N 3000
#define MANY 10000 /* are dealt out before they are sorted */

static size_t compared;
static bool is_expected[MANY];

static void expect(const void *ctx, const fle_ranked *items, size_t n)
{
    const fle_order *order = ctx;

    assert_true(n <= 64 && items == order->items + order->at);
    for (size_t i = 0; i < n; i++) {
        assert_false(is_expected[items[i].number]);
        is_expected[items[i].number] = true;
    }
}

/* Large ranks first, then low numbers. */
static bool before(const void *ctx, const fle_ranked *a, const fle_ranked *b)
{
    (void)ctx;
    compared++;
    return a->rank != b->rank ? a->rank > b->rank : a->number < b->number;
}

enum { N_SHAPES = 7 };

static void fill(fle_order *order, const fle_allocator *allocator, size_t shape, uint32_t n)
{
    fle_order_begin(order, shape);
    order->comes_before = before;
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t mixed = (uint64_t)i * 2654435761U;
        const uint64_t ranks[] = {
            i,
            n - i,
            7,
            i % 10,
            mixed % 997,
            UINT64_MAX - i % 3,
            mixed << 32 >> i % 64, /* of all sizes */
        };

        assert_true(fle_order_add(order, allocator, (fle_ranked){ ranks[shape], i, 0 }));
    }
}

static void come_in_order(size_t shape, uint32_t n)
{
    fle_order order = { 0 };
    fle_ranked last = { UINT64_MAX, 0, 0 };
    fle_allocator allocator;
    const fle_ranked *next;
    size_t told = 0;

    fle_allocator_init(&allocator, NULL);
    fill(&order, &allocator, shape, n);
    for (; (next = fle_order_next(&order)) != NULL; fle_order_pass(&order), told++) {
        if (told > 0 && !before(NULL, &last, next))
            fail_msg("shape %zu of %u: number %zu comes too late", shape, n, told);
        assert_ptr_equal(fle_order_next(&order), next); /* until it is passed */
        last = *next;
    }
    assert_int_equal(told, n);
    fle_free(&allocator, order.items);
}

static void items_come_in_order(void **state)
{
    (void)state;
    for (size_t shape = 0; shape < N_SHAPES; shape++) {
        come_in_order(shape, N);
        come_in_order(shape, MANY);
    }
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

/* So that memory may come: all of them, few at a time, each before it is the next. */
/* So that memory may come: all of them, few at a time, each before it is the next. */
static void those_that_are_next_soon_are_expected(void **state)
{
    static const size_t n[] = { N, MANY };
    fle_allocator allocator;
    const fle_ranked *next;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    for (size_t i = 0; i < 2; i++) {
        fle_order order = { 0 };

        fill(&order, &allocator, 6, (uint32_t)n[i]);
        order.expect = expect;
        order.ctx = &order;
        memset(is_expected, 0, sizeof is_expected);
        for (; (next = fle_order_next(&order)) != NULL; fle_order_pass(&order))
            assert_true(is_expected[next->number]);
        fle_free(&allocator, order.items);
    }
}

static void of_equal_ranks_smaller_hints_come_first(void **state)
{
    fle_order order = { 0 };
    fle_allocator allocator;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_order_begin(&order, 1);
    order.comes_before = before;
    for (uint32_t i = 0; i < N; i++)
        assert_true(fle_order_add(&order, &allocator, (fle_ranked){ i / 100, N - i, i % 7 }));
    for (uint32_t i = 0; i < N; i++, fle_order_pass(&order)) {
        const fle_ranked last = i > 0 ? order.items[i - 1] : (fle_ranked){ N, 0, 0 };
        const fle_ranked *next = fle_order_next(&order);

        assert_true(
            last.rank > next->rank ||
            (last.rank == next->rank &&
             (last.hint < next->hint || (last.hint == next->hint && last.number < next->number))));
    }
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
        cmocka_unit_test(those_that_are_next_soon_are_expected),
        cmocka_unit_test(of_equal_ranks_smaller_hints_come_first),
        cmocka_unit_test(of_none_there_is_no_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
