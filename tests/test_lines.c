/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of tables of cache lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/lines.h"
#include "base/prefetch.h"
#include "failing.h"

typedef struct element {
    unsigned char bytes[FLE_CACHE_LINE];
} element;

static void elements_begin_where_lines_do_and_are_zeroed_when_others_come(void **state)
{
    static const struct {
        size_t asked, n;
        bool is_zeroed;
    } cases[] = {
        { 4, 4, true }, { 4, 4, false }, { 2, 4, false }, { 64, 64, true }, { 16, 64, false },
    };
    fle_lines lines = { NULL, NULL, 0 };
    fle_allocator allocator;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        element *items;
        bool is_zeroed = true;

        assert_true(fle_lines_open(&lines, &allocator, cases[i].asked, sizeof(element)));
        items = lines.items;
        assert_int_equal((uintptr_t)items % FLE_CACHE_LINE, 0);
        for (size_t k = 0; k < lines.n; k++)
            is_zeroed = is_zeroed && items[k].bytes[0] == 0;
        if (lines.n != cases[i].n || is_zeroed != cases[i].is_zeroed)
            fail_msg("case %zu: %zu elements", i, lines.n);
        memset(items, 1, lines.n * sizeof *items);
    }
    fle_lines_free(&lines, &allocator);
    assert_int_equal(lines.n, 0);
}

static void without_memory_those_that_there_are_stay(void **state)
{
    failing f = { .succeed = 1 };
    const flowenrich_allocator from = failing_allocator(&f);
    fle_lines lines = { NULL, NULL, 0 };
    fle_allocator allocator;

    (void)state;
    fle_allocator_init(&allocator, &from);
    assert_true(fle_lines_open(&lines, &allocator, 4, sizeof(element)));
    memset(lines.items, 1, 4 * sizeof(element));
    assert_false(fle_lines_open(&lines, &allocator, 8, sizeof(element)));
    assert_int_equal(lines.n, 4);
    assert_int_equal(((const element *)lines.items)[3].bytes[63], 1);
    fle_lines_free(&lines, &allocator);
    assert_int_equal(f.live, 0);
}

static void a_table_grows_in_leaps_as_it_loses_what_it_has(void **state)
{
    static const struct {
        uint64_t many;
        size_t n;
    } cases[] = { { 0, 16 },    { 16, 16 },   { 17, 128 },
                  { 128, 128 }, { 129, 256 }, { UINT64_MAX, 256 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_lines_for(cases[i].many, 16, 256) != cases[i].n)
            fail_msg("case %zu: %zu places", i, fle_lines_for(cases[i].many, 16, 256));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_begin_where_lines_do_and_are_zeroed_when_others_come),
        cmocka_unit_test(without_memory_those_that_there_are_stay),
        cmocka_unit_test(a_table_grows_in_leaps_as_it_loses_what_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
