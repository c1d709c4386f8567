/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_list.c. */
#include "arrow_reading.h"
#include "enriched.h"
#include "failing.h"
#include "listed.h"
#include "record/arrow_list.h"

static struct ArrowArray lay_out(fle_arrow_chunk *chunk, const flowenrich_batch *batch,
                                 const char *name)
{
    struct ArrowArray array;
    fle_path path;

    assert_true(fle_path_open(&path, batch, fle_text_of(name)));
    assert_int_equal(fle_arrow_list(&array, chunk, batch, &path), FLOWENRICH_OK);
    return array;
}

static void lists_and_maps_of_ends_are_null_where_they_are_empty(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    fle_arrow_chunk *chunk = fle_arrow_chunk_new(&batch->allocator);
    struct ArrowArray arns, tags, none;
    (void)state;

    batch->ends[FLE_CLIENT][1] = 0;
    arns = lay_out(chunk, batch, "client.arns");
    assert_int_equal(arns.null_count, 1);
    assert_int_equal(arns.children[0]->length, 4);
    assert_int_equal(arns.children[0]->null_count, 0);
    assert_int_equal(arrow_i32(&arns, 1, 3), 4);
    assert_true(fle_text_is(arrow_text("u", arns.children[0], 3), "arn:2"));

    tags = lay_out(chunk, batch, "client.tags");
    assert_int_equal(tags.children[0]->length, 4);
    assert_true(fle_text_is(arrow_text("u", tags.children[0]->children[0], 1), "team.name"));
    assert_true(fle_text_is(arrow_text("u", tags.children[0]->children[1], 2), "x"));

    none = lay_out(chunk, batch, "server.security_group_ids");
    assert_int_equal(none.null_count, 3);
    assert_int_equal(none.children[0]->length, 0);
    fle_arrow_chunk_free(chunk);
    flowenrich_batch_free(batch);
}

static void columns_of_lists_are_lists_of_texts_and_numbers(void **state)
{
    flowenrich_batch *batch = listed_new(NULL);
    fle_arrow_chunk *chunk = fle_arrow_chunk_new(&batch->allocator);
    struct ArrowArray types = lay_out(chunk, batch, "hops.type");
    struct ArrowArray bytes = lay_out(chunk, batch, "meters.bytes");
    (void)state;

    assert_int_equal(types.null_count, 3);
    assert_int_equal(types.children[0]->length, 3);
    assert_true(fle_text_is(arrow_text("u", types.children[0], 1), "tgw"));
    assert_int_equal(types.children[0]->null_count, 1); /* an empty text is an unknown item */
    assert_false(arrow_valid(types.children[0], 2));

    assert_int_equal(bytes.null_count, 3);
    assert_int_equal(arrow_i32(&bytes, 1, 4), 1);
    assert_int_equal(arrow_i32(&bytes, 1, 5), 4);
    assert_int_equal(bytes.children[0]->null_count, 0);
    assert_true(((const uint64_t *)bytes.children[0]->buffers[1])[2] == UINT64_MAX);
    assert_int_equal(chunk->most_items, 4);
    fle_arrow_chunk_free(chunk);
    flowenrich_batch_free(batch);
}

/* Whoever filled one of them in and not the other: rows have the same number of items. */
static void parallel_lists_are_as_long_as_the_longest(void **state)
{
    flowenrich_batch *batch = listed_new(NULL);
    fle_arrow_chunk *chunk = fle_arrow_chunk_new(&batch->allocator);
    fle_column *packets;
    struct ArrowArray few, texts;
    (void)state;

    fle_batch_add_list(batch, FLE_TEXT("meters.packets"), FLOWENRICH_TYPE_U64);
    fle_batch_add_list(batch, FLE_TEXT("meters.observer"), FLOWENRICH_TYPE_TEXT);
    packets = fle_batch_find(batch, FLE_TEXT("meters.packets"));
    assert_true(fle_list_add_u64(batch, packets, 4, 9));
    few = lay_out(chunk, batch, "meters.packets");
    assert_int_equal(few.children[0]->length, 4);
    assert_int_equal(few.children[0]->null_count, 3);
    assert_true(arrow_valid(few.children[0], 1));
    assert_int_equal(((const uint64_t *)few.children[0]->buffers[1])[1], 9);

    texts = lay_out(chunk, batch, "meters.observer");
    assert_int_equal(texts.null_count, 3);
    assert_int_equal(texts.children[0]->length, 4);
    assert_int_equal(texts.children[0]->null_count, 4);
    fle_arrow_chunk_free(chunk);
    flowenrich_batch_free(batch);
}

static void nothing_leaks_when_memory_runs_out(void **state)
{
    static const char *const names[] = { "hops.type", "meters.bytes" };
    flowenrich_batch *batch = listed_new(NULL);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    (void)state;

    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        failing f = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        fle_arrow_chunk *chunk = fle_arrow_chunk_new(&allocator);

        for (size_t i = 0; chunk && i < sizeof names / sizeof *names; i++) {
            struct ArrowArray array;
            fle_path path;

            assert_true(fle_path_open(&path, batch, fle_text_of(names[i])));
            status = fle_arrow_list(&array, chunk, batch, &path);
            if (status != FLOWENRICH_OK)
                break;
        }
        fle_arrow_chunk_free(chunk);
        assert_int_equal(f.live, 0);
    }
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_and_maps_of_ends_are_null_where_they_are_empty),
        cmocka_unit_test(columns_of_lists_are_lists_of_texts_and_numbers),
        cmocka_unit_test(parallel_lists_are_as_long_as_the_longest),
        cmocka_unit_test(nothing_leaks_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
