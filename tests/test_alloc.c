/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "failing.h"

static void no_allocator_means_malloc(void **state)
{
    fle_allocator allocator;
    char *memory;

    (void)state;
    assert_true(fle_allocator_init(&allocator, NULL));
    memory = fle_alloc(&allocator, 5);
    assert_non_null(memory);
    memcpy(memory, "four", 5);
    memory = fle_realloc(&allocator, memory, 5, 5000);
    assert_string_equal(memory, "four");
    fle_free(&allocator, memory);
}

static void an_incomplete_allocator_is_refused(void **state)
{
    failing f = { 0 };
    const flowenrich_allocator whole = failing_allocator(&f);
    fle_allocator allocator;
    flowenrich_allocator broken[] = { whole, whole, whole, whole, whole };

    (void)state;
    broken[0].alloc = NULL;
    broken[1].realloc = NULL;
    broken[2].free = NULL;
    broken[3].size = 0;
    broken[4].size = offsetof(flowenrich_allocator, free); /* ends before it */
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (fle_allocator_init(&allocator, &broken[i]))
            fail_msg("allocator %zu was taken", i);
    assert_true(fle_allocator_init(&allocator, &whole));
    assert_ptr_equal(allocator.ctx, &f);
}

static void an_allocator_of_a_newer_program_is_taken_if_its_tail_is_zero(void **state)
{
    failing f = { 0 };
    struct {
        flowenrich_allocator known;
        void *unknown;
    } newer = { failing_allocator(&f), NULL };
    fle_allocator allocator;

    (void)state;
    newer.known.size = sizeof newer;
    assert_true(fle_allocator_init(&allocator, &newer.known));
    newer.unknown = &f;
    assert_false(fle_allocator_init(&allocator, &newer.known));
}

static void nothing_is_a_size_like_any_other(void **state)
{
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    void *memory = fle_alloc(&allocator, 0);

    (void)state;
    assert_non_null(memory);
    memory = fle_realloc(&allocator, memory, 0, 10);
    assert_non_null(memory);
    memory = fle_realloc(&allocator, memory, 10, 0);
    assert_non_null(memory);
    fle_free(&allocator, memory);
    fle_free(&allocator, NULL);
    memory = fle_realloc(&allocator, NULL, 0, 3);
    assert_non_null(memory);
    fle_free(&allocator, memory);
    assert_int_equal(f.live, 0);
    assert_int_equal(f.misled, 0);
}

static void zeroed_memory_is_zero(void **state)
{
    static const char zeros[100];
    failing f = { .succeed = 1 };
    const fle_allocator allocator = failing_allocator(&f);
    void *memory = fle_alloc_zeroed(&allocator, sizeof zeros);

    (void)state;
    assert_memory_equal(memory, zeros, sizeof zeros);
    fle_free(&allocator, memory);
    assert_null(fle_alloc_zeroed(&allocator, 1));
}

static void a_growing_array_keeps_its_elements_and_grows_seldom(void **state)
{
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    uint32_t *array = NULL;
    size_t capacity = 0, moves = 0;

    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        uint32_t *grown = fle_grow(&allocator, array, &capacity, i + 1, sizeof *array);

        assert_non_null(grown);
        assert_true(capacity > i);
        moves += grown != array;
        array = grown;
        array[i] = i;
    }
    for (uint32_t i = 0; i < 100000; i++)
        assert_int_equal(array[i], i);
    assert_true(moves < 20);
    assert_int_equal(f.misled, 0);
    fle_free(&allocator, array);
}

static void growing_by_nothing_is_no_failure(void **state)
{
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    size_t capacity = 0;
    void *array = fle_grow(&allocator, NULL, &capacity, 0, 8);

    (void)state;
    assert_non_null(array);
    assert_ptr_equal(fle_grow(&allocator, array, &capacity, 0, 8), array);
    fle_free(&allocator, array);
}

static void an_array_that_cannot_grow_stands_as_it_was(void **state)
{
    failing f = { .succeed = 1 };
    const fle_allocator allocator = failing_allocator(&f);
    size_t capacity = 0, before;
    char *array = fle_grow(&allocator, NULL, &capacity, 3, 1);

    (void)state;
    assert_non_null(array);
    memcpy(array, "abc", 3);
    before = capacity;
    assert_null(fle_grow(&allocator, array, &capacity, capacity + 1, 1));
    assert_int_equal(capacity, before);
    assert_memory_equal(array, "abc", 3);
    f.succeed = SIZE_MAX;
    assert_null(fle_grow(&allocator, array, &capacity, SIZE_MAX / 16 + 1, 16)); /* overflows */
    assert_int_equal(capacity, before);
    fle_free(&allocator, array);
}

static void a_copied_text_ends_with_a_zero(void **state)
{
    failing f = { .succeed = 2 };
    const fle_allocator allocator = failing_allocator(&f);
    char *copy = fle_copy_text(&allocator, "eni-1 and more", 5);
    char *empty = fle_copy_text(&allocator, NULL, 0);

    (void)state;
    assert_string_equal(copy, "eni-1");
    assert_string_equal(empty, "");
    assert_null(fle_copy_text(&allocator, "x", 1));
    fle_free(&allocator, copy);
    fle_free(&allocator, empty);
}

static void pieces_of_an_arena_are_aligned_and_apart(void **state)
{
    enum { PIECES = 2000 };
    static unsigned char *pieces[PIECES];
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    fle_arena arena;

    (void)state;
    fle_arena_init(&arena, &allocator);
    for (size_t i = 0; i < PIECES; i++) {
        const size_t len = i % 700 == 699 ? 3000000 : i % 97; /* a few larger than any block */

        pieces[i] = fle_arena_alloc(&arena, len);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        memset(pieces[i], (int)(i % 251), len);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t k = 0; k < i % 97 && i % 700 != 699; k++)
            assert_int_equal(pieces[i][k], i % 251);
    assert_true(f.live < 20); /* blocks, not pieces */
    assert_true(arena.bytes > 6000000);
    fle_arena_free(&arena);
    assert_int_equal(f.live, 0);
    assert_int_equal(arena.bytes, 0);
}

static void texts_in_an_arena_lie_side_by_side(void **state)
{
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    flowenrich_text a, b, none;
    fle_arena arena;

    (void)state;
    fle_arena_init(&arena, &allocator);
    assert_true(fle_arena_text(&arena, "vpc-1", 5, &a));
    assert_true(fle_arena_text(&arena, "vpc-2", 5, &b));
    assert_true(fle_arena_text(&arena, NULL, 0, &none));
    assert_string_equal(a.data, "vpc-1");
    assert_ptr_equal(b.data, a.data + 6);
    assert_int_equal(none.len, 0);
    assert_string_equal(none.data, "");
    fle_arena_free(&arena);
}

static void clearing_an_arena_keeps_one_block(void **state)
{
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    fle_arena arena;
    void *first;

    (void)state;
    fle_arena_init(&arena, &allocator);
    fle_arena_clear(&arena);
    assert_int_equal(f.live, 0);
    for (int i = 0; i < 100; i++)
        assert_non_null(fle_arena_alloc(&arena, 1000));
    fle_arena_clear(&arena);
    assert_int_equal(f.live, 1);
    f.succeed = 0;
    first = fle_arena_alloc(&arena, arena.bytes);
    assert_non_null(first);
    assert_null(fle_arena_alloc(&arena, 1));
    fle_arena_free(&arena);
    assert_int_equal(f.live, 0);
}

static void an_arena_without_memory_says_so_and_stays_usable(void **state)
{
    failing f = { 0 };
    const fle_allocator allocator = failing_allocator(&f);
    flowenrich_text text = { "as before", 9 };
    fle_arena arena;

    (void)state;
    fle_arena_init(&arena, &allocator);
    assert_null(fle_arena_alloc(&arena, 8));
    assert_false(fle_arena_text(&arena, "x", 1, &text));
    assert_string_equal(text.data, "as before");
    f.succeed = SIZE_MAX;
    assert_null(fle_arena_alloc(&arena, SIZE_MAX));
    assert_non_null(fle_arena_alloc(&arena, 8));
    fle_arena_free(&arena);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_allocator_means_malloc),
        cmocka_unit_test(an_incomplete_allocator_is_refused),
        cmocka_unit_test(an_allocator_of_a_newer_program_is_taken_if_its_tail_is_zero),
        cmocka_unit_test(nothing_is_a_size_like_any_other),
        cmocka_unit_test(zeroed_memory_is_zero),
        cmocka_unit_test(a_growing_array_keeps_its_elements_and_grows_seldom),
        cmocka_unit_test(growing_by_nothing_is_no_failure),
        cmocka_unit_test(an_array_that_cannot_grow_stands_as_it_was),
        cmocka_unit_test(a_copied_text_ends_with_a_zero),
        cmocka_unit_test(pieces_of_an_arena_are_aligned_and_apart),
        cmocka_unit_test(texts_in_an_arena_lie_side_by_side),
        cmocka_unit_test(clearing_an_arena_keeps_one_block),
        cmocka_unit_test(an_arena_without_memory_says_so_and_stays_usable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
