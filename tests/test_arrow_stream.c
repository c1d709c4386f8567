/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_stream.c. */
#include "arrow_kinds.h"
#include "arrow_reading.h"
#include "failing.h"
#include "record/arrow_stream.h"

/* Chunks of no columns, with 1, 2, 3… rows. */
static size_t make_chunks(fle_arrow_chunk **chunks, size_t n, const fle_allocator *allocator)
{
    size_t made = 0;

    while (made < n && (chunks[made] = fle_arrow_chunk_new(allocator)) != NULL) {
        chunks[made]->rows = made + 1;
        made++;
    }
    return made;
}

static void free_chunks(fle_arrow_chunk **chunks, size_t n)
{
    while (n > 0)
        fle_arrow_chunk_free(chunks[--n]);
}

static void chunks_come_in_their_order_and_then_nothing(void **state)
{
    failing f = { SIZE_MAX, 0, 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);
    struct ArrowArrayStream stream;
    fle_arrow_chunk *chunks[3];
    arrow_exported out;
    (void)state;

    assert_int_equal(make_chunks(chunks, 3, &allocator), 3);
    assert_true(fle_arrow_stream(&stream, &allocator, arrow_kinds, ARROW_KINDS, false, chunks, 3));
    free_chunks(chunks, 3);
    for (int64_t rows = 1; rows <= 3; rows++) {
        assert_int_equal(stream.get_schema(&stream, &out.schema), 0);
        assert_int_equal(stream.get_next(&stream, &out.array), 0);
        assert_int_equal(out.array.length, rows);
        arrow_check(&out.schema, &out.array);
        arrow_release(&out);
    }
    assert_int_equal(stream.get_next(&stream, &out.array), 0);
    assert_null(out.array.release);
    assert_null(stream.get_last_error(&stream));
    stream.release(&stream);
    assert_null(stream.release);
    assert_int_equal(f.live, 0);
}

/* A chunk that couldn't be given out is tried again. */
static void a_stream_goes_on_after_memory_ran_out(void **state)
{
    (void)state;

    for (size_t n = 0;; n++) {
        failing f = { SIZE_MAX, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        struct ArrowArrayStream stream;
        fle_arrow_chunk *chunk;
        arrow_exported out;
        bool done;

        assert_int_equal(make_chunks(&chunk, 1, &allocator), 1);
        assert_true(
            fle_arrow_stream(&stream, &allocator, arrow_kinds, ARROW_KINDS, true, &chunk, 1));
        fle_arrow_chunk_free(chunk);
        f.succeed = n;
        done = stream.get_schema(&stream, &out.schema) == 0;
        if (done)
            out.schema.release(&out.schema);
        done = done && stream.get_next(&stream, &out.array) == 0;
        if (!done) {
            assert_string_equal(stream.get_last_error(&stream), "out of memory");
            f.succeed = SIZE_MAX;
            assert_int_equal(stream.get_next(&stream, &out.array), 0);
        }
        assert_int_equal(out.array.length, 1);
        out.array.release(&out.array);
        stream.release(&stream);
        assert_int_equal(f.live, 0);
        if (done)
            break;
    }
}

static void nothing_leaks_when_no_stream_can_be_made(void **state)
{
    bool done = false;
    (void)state;

    for (size_t n = 0; !done; n++) {
        failing f = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        fle_arrow_chunk *chunks[2];
        const size_t made = make_chunks(chunks, 2, &allocator);
        struct ArrowArrayStream stream;

        done = made == 2 &&
               fle_arrow_stream(&stream, &allocator, arrow_kinds, ARROW_KINDS, true, chunks, 2);
        free_chunks(chunks, made);
        if (done)
            stream.release(&stream);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_come_in_their_order_and_then_nothing),
        cmocka_unit_test(a_stream_goes_on_after_memory_ran_out),
        cmocka_unit_test(nothing_leaks_when_no_stream_can_be_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
