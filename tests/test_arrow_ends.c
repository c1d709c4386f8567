/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_ends.c. */
#include "arrow_reading.h"
#include "enriched.h"
#include "record/arrow_ends.h"

/* The attribute of an enriched batch; row 1 is nobody's, and row 2 has the last answer. */
static struct ArrowArray lay_out(fle_arrow_chunk *chunk, const flowenrich_batch *batch,
                                 const char *name)
{
    struct ArrowArray array;
    fle_path path;

    assert_true(fle_path_open(&path, batch, fle_text_of(name)));
    assert_int_equal(fle_arrow_end(&array, chunk, batch, &path), FLOWENRICH_OK);
    return array;
}

static void answers_that_say_the_same_have_one_entry(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    fle_arrow_chunk *chunk = fle_arrow_chunk_new(&batch->allocator);
    struct ArrowArray array;
    (void)state;

    batch->answers[2]->identity.single[FLE_ATTR_TYPE] = FLE_TEXT("ec2:instance");
    array = lay_out(chunk, batch, "client.type");
    assert_int_equal(array.null_count, 1);
    assert_false(arrow_valid(&array, 1));
    assert_int_equal(arrow_i32(&array, 1, 0), arrow_i32(&array, 1, 2));
    assert_int_equal(array.dictionary->length, 1); /* not the server's */
    assert_true(fle_text_is(arrow_text("u", array.dictionary, 0), "ec2:instance"));
    fle_arrow_chunk_free(chunk);
    flowenrich_batch_free(batch);
}

static void where_all_rows_have_a_value_there_is_no_bitmap(void **state)
{
    flowenrich_batch *batch = enriched_new(NULL);
    fle_arrow_chunk *chunk = fle_arrow_chunk_new(&batch->allocator);
    struct ArrowArray array;
    (void)state;

    for (size_t row = 0; row < ENRICHED_ROWS; row++)
        batch->ends[FLE_CLIENT][row] = 0;
    array = lay_out(chunk, batch, "client.tags.app");
    assert_int_equal(array.null_count, 0);
    assert_null(array.buffers[0]);
    assert_true(fle_text_is(arrow_text("u", array.dictionary, arrow_i32(&array, 1, 2)), "x"));
    fle_arrow_chunk_free(chunk);
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_that_say_the_same_have_one_entry),
        cmocka_unit_test(where_all_rows_have_a_value_there_is_no_bitmap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
