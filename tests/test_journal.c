/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/journal.h"
#include "failing.h"

#define NOTES 1000
#define HASHES 37

/* Note i is of hash i % 37 and says i; a reader of the first n sees the last of these. */
static void a_reader_sees_what_was_noted_before_it_came(void **state)
{
    static fle_journal readers[NOTES + 1];
    fle_allocator allocator;
    fle_arena arena;
    fle_journal_writer writer = { .arena = &arena };
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    for (uint32_t i = 0; i < NOTES; i++) {
        readers[i] = writer.now;
        assert_true(fle_journal_add(&writer, FLE_NOTED_KEY, i % HASHES, i));
    }
    readers[NOTES] = writer.now;
    for (uint32_t n = 0; n <= NOTES; n++)
        for (uint32_t hash = 0; hash < HASHES; hash++) {
            fle_reading reading = fle_journal_begin(&readers[n], FLE_NOTED_KEY, hash);
            fle_reading other = fle_journal_begin(&readers[n], FLE_NOTED_ENTRY, hash);
            uint32_t item, expected = n > hash ? n - 1 - (n - 1 - hash) % HASHES : UINT32_MAX;

            for (; fle_journal_next(&reading, &item); expected -= HASHES)
                assert_int_equal(item, expected);
            assert_true(expected == UINT32_MAX || expected == hash - HASHES);
            assert_false(fle_journal_next(&other, &item));
        }
    fle_arena_free(&arena);
}

static void without_memory_nothing_is_noted(void **state)
{
    failing f = { .succeed = 0 };
    const flowenrich_allocator table = failing_allocator(&f);
    fle_allocator allocator;
    fle_arena arena;
    fle_journal_writer writer = { .arena = &arena };
    (void)state;

    fle_allocator_init(&allocator, &table);
    fle_arena_init(&arena, &allocator);
    assert_false(fle_journal_add(&writer, FLE_NOTED_KEY, 1, 1));
    assert_int_equal(writer.now.n, 0);
    f.succeed = SIZE_MAX;
    assert_true(fle_journal_add(&writer, FLE_NOTED_KEY, 1, 1));
    fle_arena_free(&arena);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_sees_what_was_noted_before_it_came),
        cmocka_unit_test(without_memory_nothing_is_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
