/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/batch.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "record/batch.h"

static int set_up(void **state)
{
    flowenrich_batch *batch;

    if (flowenrich_batch_new(&batch, 10, NULL, NULL) != FLOWENRICH_OK)
        return -1;
    *state = batch;
    return 0;
}

static int tear_down(void **state)
{
    flowenrich_batch_free(*state);
    return 0;
}

static void a_batch_refuses_a_capacity_it_cannot_have(void **state)
{
    flowenrich_batch *batch;
    flowenrich_error error;
    (void)state;

    assert_int_equal(flowenrich_batch_new(&batch, 0, NULL, &error), FLOWENRICH_ERR_ARG);
    assert_null(batch);
    assert_int_equal(flowenrich_batch_new(&batch, (1u << 20) + 1, NULL, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(error.status, FLOWENRICH_ERR_ARG);
    flowenrich_batch_free(NULL);
}

static void clearing_drops_rows_and_keeps_columns(void **state)
{
    flowenrich_batch *batch = *state;
    const uint64_t generation = batch->generation;

    fle_column_set_u64(fle_batch_add_field(batch, FLE_FIELD_BYTES), 0, 1);
    batch->rows = 1;
    flowenrich_batch_clear(batch);
    assert_int_equal(flowenrich_batch_rows(batch), 0);
    assert_false(fle_column_valid(fle_batch_field(batch, FLE_FIELD_BYTES), 0));
    assert_true(batch->generation > generation);
}

static void keeping_rows_moves_all_that_belongs_to_them(void **state)
{
    static const uint8_t keep[] = { 0xa2, 0x02 }; /* rows 1, 5, 7, 9 */
    flowenrich_batch *batch = *state;
    fle_column *bytes, *flag;

    assert_non_null(fle_batch_add(batch, FLE_TEXT("bytes"), FLOWENRICH_TYPE_U64));
    flag = fle_batch_add(batch, FLE_TEXT("flag"), FLOWENRICH_TYPE_BOOL);
    bytes = fle_batch_find(batch, FLE_TEXT("bytes"));
    assert_true(fle_batch_begin_ends(batch, NULL, NULL));
    batch->rows = 10;
    for (size_t row = 0; row < 10; row++) {
        if (row != 5)
            fle_column_set_u64(bytes, row, row);
        fle_column_set_bool(flag, row, row == 7);
        batch->kinds[row] = row == 9 ? FLE_ROW_NODATA : FLE_ROW_TRAFFIC;
        batch->ends[FLE_CLIENT][row] = (uint32_t)row;
        batch->lines[row] = row + 1;
    }
    assert_int_equal(flowenrich_batch_keep(batch, keep, NULL), FLOWENRICH_OK);
    assert_int_equal(batch->rows, 4);
    assert_int_equal(fle_column_u64(bytes, 0), 1);
    assert_false(fle_column_valid(bytes, 1));
    assert_int_equal(fle_column_u64(bytes, 3), 9);
    assert_false(fle_column_valid(bytes, 4));
    assert_int_equal(((uint8_t *)flag->values)[0] & 0x0f, 0x04);
    assert_int_equal(batch->kinds[3], FLE_ROW_NODATA);
    assert_int_equal(batch->ends[FLE_CLIENT][2], 7);
    assert_int_equal(flowenrich_batch_line(batch, 2), 8);
    assert_int_equal(flowenrich_batch_line(batch, 4), 0);
}

static void only_the_first_refused_lines_are_kept(void **state)
{
    static const char line[300] = "x";
    flowenrich_reject out = { .size = sizeof out };
    flowenrich_batch *batch = *state;

    for (uint64_t i = 0; i < FLE_REJECTS_KEPT + 5; i++) {
        const flowenrich_reject reject = { .size = sizeof reject,
                                           .line = i,
                                           .reason = "bad_number",
                                           .field = "bytes",
                                           .text = { line, sizeof line } };

        assert_true(fle_batch_add_reject(batch, &reject));
    }
    assert_int_equal(flowenrich_batch_rejects(batch), FLE_REJECTS_KEPT + 5);
    assert_int_equal(flowenrich_batch_reject(batch, 3, &out, NULL), FLOWENRICH_OK);
    assert_int_equal(out.line, 3);
    assert_int_equal(out.text.len, FLE_REJECT_TEXT);
    assert_int_equal(flowenrich_batch_reject(batch, FLE_REJECTS_KEPT, &out, NULL),
                     FLOWENRICH_ERR_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_refuses_a_capacity_it_cannot_have),
        cmocka_unit_test_setup_teardown(clearing_drops_rows_and_keeps_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeping_rows_moves_all_that_belongs_to_them, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(only_the_first_refused_lines_are_kept, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
