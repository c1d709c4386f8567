/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_gather.c. */
#include "arrow_reading.h"
#include "record/arrow_gather.h"

#define ROWS 200

static const flowenrich_arrow_options all = FLOWENRICH_ARROW_OPTIONS_INIT;

static flowenrich_batch *make(size_t rows)
{
    flowenrich_batch *batch;

    assert_int_equal(flowenrich_batch_new(&batch, ROWS, NULL, NULL), FLOWENRICH_OK);
    batch->rows = rows;
    return batch;
}

/* A value that was there before shows nowhere: neither to readers nor in files that they write. */
static void rows_without_a_value_have_zeros(void **state)
{
    flowenrich_batch *batch = make(ROWS);
    fle_column *bytes = fle_batch_add_field(batch, FLE_FIELD_BYTES);
    fle_column *bits;
    const uint64_t *values;
    fle_arrow_chunk *chunk;
    (void)state;

    for (size_t row = 0; row < ROWS; row++)
        fle_column_set_u64(bytes, row, 7);
    for (size_t row = 70; row < 135; row++)
        fle_column_clear(bytes, row);
    fle_column_clear(bytes, 199);
    bits = fle_batch_add(batch, FLE_TEXT("client.rfc1918"), FLOWENRICH_TYPE_BOOL);
    fle_column_set_bool(bits, 5, true);
    fle_column_set_bool(bits, 6, true);
    fle_column_clear(bits, 6);

    assert_int_equal(fle_arrow_gather(&chunk, batch, &all, NULL), FLOWENRICH_OK);
    assert_int_equal(chunk->rows, ROWS);
    assert_int_equal(chunk->columns[0].array.null_count, 66);
    values = chunk->columns[0].array.buffers[1];
    for (size_t row = 0; row < ROWS; row++)
        assert_int_equal(values[row], (row >= 70 && row < 135) || row == 199 ? 0 : 7);
    assert_int_equal(chunk->columns[1].array.null_count, ROWS - 1);
    assert_int_equal(((const uint8_t *)chunk->columns[1].array.buffers[1])[0], 1 << 5);
    fle_arrow_chunk_free(chunk);
    flowenrich_batch_free(batch);
}

static void where_all_rows_have_a_value_there_is_no_bitmap(void **state)
{
    flowenrich_batch *batch = make(65);
    fle_column *bytes = fle_batch_add_field(batch, FLE_FIELD_BYTES);
    fle_arrow_chunk *chunk;
    (void)state;

    for (size_t row = 0; row < 65; row++)
        fle_column_set_u64(bytes, row, 7);
    assert_int_equal(fle_arrow_gather(&chunk, batch, &all, NULL), FLOWENRICH_OK);
    assert_null(chunk->columns[0].array.buffers[0]);
    fle_arrow_give(chunk, batch);
    fle_arrow_chunk_free(chunk);
    flowenrich_batch_free(batch);
}

/* What was laid out and not given up leaves the batch as it was. */
static void a_batch_has_its_rows_until_they_are_given(void **state)
{
    flowenrich_batch *batch = make(1);
    fle_arrow_chunk *chunk;
    (void)state;

    fle_column_set_u64(fle_batch_add_field(batch, FLE_FIELD_BYTES), 0, 7);
    assert_int_equal(fle_arrow_gather(&chunk, batch, &all, NULL), FLOWENRICH_OK);
    fle_arrow_chunk_free(chunk);
    assert_int_equal(fle_column_u64(fle_batch_field(batch, FLE_FIELD_BYTES), 0), 7);

    assert_int_equal(fle_arrow_gather(&chunk, batch, &all, NULL), FLOWENRICH_OK);
    fle_arrow_give(chunk, batch);
    assert_int_equal(batch->n_columns, 0);
    assert_null(fle_batch_field(batch, FLE_FIELD_BYTES));
    flowenrich_batch_free(batch);
    assert_int_equal(((const uint64_t *)chunk->columns[0].array.buffers[1])[0], 7);
    fle_arrow_chunk_free(chunk);
}

static void a_path_that_no_batch_has_is_of_its_type(void **state)
{
    static const struct {
        const char *path;
        fle_arrow_kind kind, in_writing;
    } cases[] = {
        { "bytes", FLE_ARROW_U64, FLE_ARROW_U64 },
        { "srcaddr", FLE_ARROW_ADDRESS, FLE_ARROW_TEXT },
        { "client.addr", FLE_ARROW_ADDRESS, FLE_ARROW_TEXT },
        { "server.tags", FLE_ARROW_MAP, FLE_ARROW_MAP },
        { "client.tags.app", FLE_ARROW_TEXT, FLE_ARROW_TEXT },
        { "direction.confidence", FLE_ARROW_F64, FLE_ARROW_F64 },
        { "client.rfc1918", FLE_ARROW_BOOL, FLE_ARROW_BOOL },
        { "my_field", FLE_ARROW_NOTHING, FLE_ARROW_NOTHING },
    };
    flowenrich_arrow_options in_writing = all;
    (void)state;

    in_writing.addresses = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_arrow_field field;

        fle_arrow_field_unknown(&field, cases[i].path, &all);
        if (field.kind != cases[i].kind)
            fail_msg("'%s' was taken for %d", cases[i].path, (int)field.kind);
        fle_arrow_field_unknown(&field, cases[i].path, &in_writing);
        if (field.kind != cases[i].in_writing)
            fail_msg("'%s' was taken for %d in writing", cases[i].path, (int)field.kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_without_a_value_have_zeros),
        cmocka_unit_test(where_all_rows_have_a_value_there_is_no_bitmap),
        cmocka_unit_test(a_batch_has_its_rows_until_they_are_given),
        cmocka_unit_test(a_path_that_no_batch_has_is_of_its_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
