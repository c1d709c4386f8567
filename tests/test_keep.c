/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of dropping rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriched.h"

#define MOST 40

/* Row i has i in each column, but each seventh has nothing. */
static flowenrich_batch *make_batch(size_t rows)
{
    flowenrich_batch *batch;

    assert_int_equal(flowenrich_batch_new(&batch, MOST, NULL, NULL), FLOWENRICH_OK);
    fle_batch_add(batch, FLE_TEXT("bytes"), FLOWENRICH_TYPE_U64);
    fle_batch_add(batch, FLE_TEXT("srcport"), FLOWENRICH_TYPE_U32);
    fle_batch_add(batch, FLE_TEXT("late"), FLOWENRICH_TYPE_BOOL);
    assert_true(fle_batch_begin_ends(batch, NULL, NULL));
    for (size_t row = 0; row < rows; row++) {
        batch->kinds[row] = (uint8_t)row;
        batch->lines[row] = 1000 + row;
        batch->shape_of[row] = (uint32_t)row;
        batch->ends[FLE_CLIENT][row] = (uint32_t)row;
        if (row % 7 == 0)
            continue;
        fle_column_set_u64(&batch->columns[0], row, row);
        fle_column_set_u32(&batch->columns[1], row, (uint32_t)row);
        fle_column_set_bool(&batch->columns[2], row, row % 3 == 0);
    }
    batch->rows = rows;
    return batch;
}

static void assert_is_row(const flowenrich_batch *batch, size_t at, size_t row)
{
    const fle_column *columns = batch->columns;
    const bool is_there = row % 7 != 0;

    assert_int_equal(batch->kinds[at], row);
    assert_int_equal(batch->lines[at], 1000 + row);
    assert_int_equal(batch->shape_of[at], row);
    assert_int_equal(batch->ends[FLE_CLIENT][at], row);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(fle_column_valid(&columns[i], at), is_there);
    if (!is_there)
        return;
    assert_int_equal(fle_column_u64(&columns[0], at), row);
    assert_int_equal(fle_column_u32(&columns[1], at), row);
    assert_int_equal(((const uint8_t *)columns[2].values)[at / 8] >> at % 8 & 1, row % 3 == 0);
}

static void any_rows_may_stay(void **state)
{
    static const uint8_t patterns[][MOST / 8] = {
        { 0, 0, 0, 0, 0 },
        { 0xff, 0xff, 0xff, 0xff, 0xff },
        { 0xfe, 0xff, 0xff, 0xff, 0xff },
        { 0xff, 0xff, 0xff, 0xff, 0x7f },
        { 0xff, 0, 0xff, 0, 0xff },
        { 0, 0xff, 0, 0xff, 0 },
        { 0x55, 0xaa, 0x55, 0xaa, 0x55 },
        { 0x01, 0, 0, 0, 0x80 },
        { 0xc3, 0x00, 0x18, 0xff, 0x3c },
    };

    (void)state;
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++)
        for (size_t rows = 0; rows <= MOST; rows++) {
            flowenrich_batch *batch = make_batch(rows);
            size_t left = 0;

            assert_int_equal(flowenrich_batch_keep(batch, patterns[p], NULL), FLOWENRICH_OK);
            for (size_t row = 0; row < rows; row++)
                if (patterns[p][row / 8] >> row % 8 & 1)
                    assert_is_row(batch, left++, row);
            assert_int_equal(batch->rows, left);
            for (size_t row = left; row < MOST; row++) { /* new rows have nothing */
                assert_int_equal(batch->shape_of[row], FLE_ABSENT);
                for (size_t i = 0; i < 3; i++)
                    assert_false(fle_column_valid(&batch->columns[i], row));
            }
            flowenrich_batch_free(batch);
        }
}

static void without_rows_to_keep_nothing_can_be_done(void **state)
{
    flowenrich_batch *batch = make_batch(1);
    const uint8_t keep = 1;

    (void)state;
    assert_int_equal(flowenrich_batch_keep(batch, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_batch_keep(NULL, &keep, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(batch->rows, 1);
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_rows_may_stay),
        cmocka_unit_test(without_rows_to_keep_nothing_can_be_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
