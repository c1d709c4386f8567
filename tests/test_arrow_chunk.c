/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_chunk.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "record/arrow_chunk.h"

static void blocks_live_as_long_as_somebody_refers_to_them(void **state)
{
    failing f = { SIZE_MAX, 0, 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);
    fle_arrow_chunk *chunk = fle_arrow_chunk_new(&allocator);
    void *taken = fle_alloc(&allocator, 10);
    (void)state;

    for (int i = 0; i < 20; i++)
        assert_non_null(fle_arrow_chunk_block(chunk, 0));
    assert_true(fle_arrow_chunk_reserve(chunk, 1));
    fle_arrow_chunk_take(chunk, taken);
    assert_ptr_equal(fle_arrow_chunk_ref(chunk), chunk);
    fle_arrow_chunk_free(chunk);
    assert_true(f.live > 20);
    fle_arrow_chunk_free(chunk);
    assert_int_equal(f.live, 0);
    fle_arrow_chunk_free(NULL);
}

static void an_array_has_room_for_what_it_is_made_of(void **state)
{
    fle_allocator allocator;
    fle_arrow_chunk *chunk;
    struct ArrowArray array;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    chunk = fle_arrow_chunk_new(&allocator);
    assert_true(fle_arrow_array_init(&array, &chunk->arena, 7, 3, 2));
    assert_int_equal(array.length, 7);
    assert_null(array.buffers[2]);
    assert_int_equal(array.children[1]->length, 0);
    assert_true(fle_arrow_array_init(&array, &chunk->arena, 0, 0, 0));
    fle_arrow_chunk_free(chunk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_live_as_long_as_somebody_refers_to_them),
        cmocka_unit_test(an_array_has_room_for_what_it_is_made_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
