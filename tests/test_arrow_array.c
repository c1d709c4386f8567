/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_array.c. */
#include "arrow_kinds.h"
#include "arrow_reading.h"
#include "failing.h"
#include "record/arrow_owner.h"

/* A chunk of 3 rows that has one column. */
static fle_arrow_chunk *make_chunk(const fle_allocator *allocator)
{
    static const uint64_t values[] = { 1, 2, 3 };
    fle_arrow_chunk *chunk = fle_arrow_chunk_new(allocator);

    if (!chunk)
        return NULL;
    chunk->rows = 3;
    chunk->columns = fle_arena_alloc(&chunk->arena, sizeof *chunk->columns);
    if (!chunk->columns ||
        !fle_arrow_array_init(&chunk->columns[0].array, &chunk->arena, 3, 2, 0)) {
        fle_arrow_chunk_free(chunk);
        return NULL;
    }
    chunk->n_columns = 1;
    chunk->columns[0].field = arrow_kinds[2];
    chunk->columns[0].array.buffers[1] = values;
    return chunk;
}

static bool export_all(arrow_exported *out, fle_arrow_chunk *chunk, bool nested)
{
    if (!fle_arrow_schema_export(&out->schema, &chunk->allocator, arrow_kinds, ARROW_KINDS, nested))
        return false;
    if (fle_arrow_array_export(&out->array, chunk, arrow_kinds, ARROW_KINDS, nested))
        return true;
    out->schema.release(&out->schema);
    return false;
}

static void what_a_chunk_lacks_is_null(void **state)
{
    fle_allocator allocator;
    fle_arrow_chunk *chunk;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    chunk = make_chunk(&allocator);
    for (int nested = 0; nested < 2; nested++) {
        arrow_exported out;

        assert_true(export_all(&out, chunk, nested));
        arrow_check(&out.schema, &out.array);
        arrow_column_must_show(&out, "bytes", 2, "3");
        arrow_column_must_show(&out, "srcport", 2, "null");
        arrow_release(&out);
    }
    fle_arrow_chunk_free(chunk);
}

/* Each export may be released before or after the others, and outlives who made it. */
static void a_chunk_is_handed_out_any_number_of_times(void **state)
{
    failing f = { SIZE_MAX, 0, 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);
    fle_arrow_chunk *chunk = make_chunk(&allocator);
    arrow_exported first, second;
    (void)state;

    assert_true(export_all(&first, chunk, false));
    assert_true(export_all(&second, chunk, true));
    fle_arrow_chunk_free(chunk);
    arrow_release(&first);
    arrow_column_must_show(&second, "bytes", 0, "1");
    arrow_release(&second);
    assert_int_equal(f.live, 0);
}

static void nothing_leaks_when_memory_runs_out(void **state)
{
    bool done = false;
    (void)state;

    for (size_t n = 0; !done; n++) {
        failing f = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        fle_arrow_chunk *chunk = make_chunk(&allocator);
        arrow_exported out;

        done = chunk && export_all(&out, chunk, true);
        fle_arrow_chunk_free(chunk);
        if (done)
            arrow_release(&out);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_chunk_lacks_is_null),
        cmocka_unit_test(a_chunk_is_handed_out_any_number_of_times),
        cmocka_unit_test(nothing_leaks_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
