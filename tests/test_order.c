/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalog/order.h"
#include "failing.h"

typedef struct item {
    uint32_t value, at;
} item;

static int compare(const void *left, const void *right, const void *ctx)
{
    const item *a = left, *b = right;
    const uint32_t modulus = *(const uint32_t *)ctx;

    return (a->value % modulus > b->value % modulus) - (a->value % modulus < b->value % modulus);
}

/* Sort n items whose values 'next' makes, and look at each neighbour. */
static void check(size_t n, uint32_t (*next)(uint32_t))
{
    static item items[300];
    const uint32_t modulus = 50;
    fle_allocator allocator;
    fle_arena scratch;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&scratch, &allocator);
    for (uint32_t i = 0; i < n; i++)
        items[i] = (item){ next(i), i };
    assert_true(fle_sort(items, n, sizeof *items, compare, &modulus, &scratch));
    for (size_t i = 1; i < n; i++) {
        const int order = compare(&items[i - 1], &items[i], &modulus);

        if (order > 0 || (order == 0 && items[i - 1].at > items[i].at))
            fail_msg("%zu items: the one at %zu is out of place", n, i);
    }
    fle_arena_free(&scratch);
}

static uint32_t scattered(uint32_t i)
{
    return i * 2654435761u >> 7;
}

static uint32_t ascending(uint32_t i)
{
    return i;
}

static uint32_t descending(uint32_t i)
{
    return 1000 - i;
}

static void any_number_of_items_is_sorted_and_equal_ones_keep_their_order(void **state)
{
    (void)state;
    for (size_t n = 0; n < 70; n++) {
        check(n, scattered);
        check(n, ascending);
        check(n, descending);
    }
    check(300, scattered);
}

static void the_first_that_is_not_before_a_number_is_found(void **state)
{
    static const item items[] = { { 2, 0 }, { 3, 1 }, { 3, 2 }, { 3, 3 }, { 7, 4 } };
    static const size_t first[] = { 0, 0, 0, 1, 4, 4, 4, 4, 5 };
    (void)state;

    for (uint32_t number = 0; number < sizeof first / sizeof *first; number++)
        assert_int_equal(fle_first_of(items, 5, sizeof *items, number), first[number]);
    assert_int_equal(fle_first_of(NULL, 0, sizeof *items, 3), 0);
}

static void nothing_is_moved_when_memory_runs_out(void **state)
{
    item items[] = { { 3, 0 }, { 1, 1 } };
    const uint32_t modulus = 50;
    failing f = { .succeed = 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);
    fle_arena scratch;
    (void)state;

    fle_arena_init(&scratch, &allocator);
    assert_false(fle_sort(items, 2, sizeof *items, compare, &modulus, &scratch));
    assert_int_equal(items[0].value, 3);
    assert_null(fle_array(&scratch, SIZE_MAX / 2, 4)); /* would overflow */
    fle_arena_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_items_is_sorted_and_equal_ones_keep_their_order),
        cmocka_unit_test(the_first_that_is_not_before_a_number_is_found),
        cmocka_unit_test(nothing_is_moved_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
