/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/entries.h"

/* "" at 0, "abc" at 4, and at 11 a length that too little comes behind. */
static const struct {
    uint32_t empty, len;
    char abc[3], beyond[4];
} laid_out = { 0, 3, { 'a', 'b', 'c' }, { 1, 1, 1, 1 } };
static const uint32_t lists[] = { 0, 2, 4, 4, 5, 4 };
static const fle_period periods[3];
static const fle_entry items[2];
static const fle_entries entries = {
    (const char *)&laid_out, 15, lists, 6, items, 2, periods, 3, NULL
};

static void a_text_is_followed_no_further_than_there_is(void **state)
{
    static const struct {
        uint32_t place;
        size_t len;
    } cases[] = {
        { 0, 0 },
        { 4, 3 },
        { 11, 0 }, /* its bytes would lie beyond the end */
        { 12, 0 }, /* so would its length */
        { UINT32_MAX, 0 },
    };
    const fle_entries none = { .n_texts = 3 };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(fle_entries_text(&entries, cases[i].place).len, cases[i].len);
    assert_true(fle_text_is(fle_entries_text(&entries, 4), "abc"));
    assert_int_equal(fle_entries_text(&none, 0).len, 0);
}

static void lists_and_periods_are_followed_no_further_either(void **state)
{
    static const struct {
        uint32_t list, first, n_periods;
        size_t texts, periods;
    } cases[] = {
        { 0, 0, 0, 0, 0 }, { 1, 0, 3, 2, 3 }, { 4, 1, 2, 0, 2 },          { 5, 1, 3, 0, 0 },
        { 6, 3, 1, 0, 0 }, { 9, 4, 0, 0, 0 }, { UINT32_MAX, 9, 1, 0, 0 },
    };
    fle_allocator allocator;
    fle_arena arena;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_entry entry = { .tags = cases[i].list,
                                  .periods = cases[i].first,
                                  .flags = cases[i].n_periods << FLE_ENTRY_FLAG_BITS };
        fle_identity told;

        assert_true(fle_entries_tell(&entries, &entry, &arena, &told));
        assert_int_equal(told.tags.n, cases[i].texts);
        assert_int_equal(fle_entries_periods(&entries, &entry).n, cases[i].periods);
    }
    assert_null(fle_entries_at(&entries, 2));
    assert_ptr_equal(fle_entries_at(&entries, 1), &items[1]);
    fle_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_followed_no_further_than_there_is),
        cmocka_unit_test(lists_and_periods_are_followed_no_further_either),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
