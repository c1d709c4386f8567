/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/column.c. */
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

static void a_value_is_absent_until_it_is_set(void **state)
{
    flowenrich_batch *batch = *state;
    fle_column *bytes = fle_batch_add_field(batch, FLE_FIELD_BYTES);

    batch->rows = 2;
    fle_column_set_u64(bytes, 1, 77);
    assert_false(fle_column_valid(bytes, 0));
    assert_int_equal(fle_column_u64(bytes, 0), 0);
    assert_int_equal(fle_column_u64(bytes, 1), 77);
    assert_int_equal(fle_column_time(NULL, 0), FLOWENRICH_TIME_ABSENT);
    assert_null(fle_column_address(fle_batch_add_field(batch, FLE_FIELD_SRCADDR), 1));
}

static void every_type_is_read_back_as_it_was_set(void **state)
{
    static const fle_address address = { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
                                           16 } };
    flowenrich_batch *batch = *state;
    fle_column *column;

    column = fle_batch_add(batch, FLE_TEXT("u32"), FLOWENRICH_TYPE_U32);
    fle_column_set_u32(column, 3, UINT32_MAX);
    assert_int_equal(fle_column_u32(column, 3), UINT32_MAX);
    column = fle_batch_add(batch, FLE_TEXT("u64"), FLOWENRICH_TYPE_U64);
    fle_column_set_u64(column, 3, UINT64_MAX);
    assert_true(fle_column_u64(column, 3) == UINT64_MAX);
    column = fle_batch_add(batch, FLE_TEXT("time"), FLOWENRICH_TYPE_TIME);
    fle_column_set_time(column, 3, -1);
    assert_int_equal(fle_column_time(column, 3), -1);
    column = fle_batch_add(batch, FLE_TEXT("address"), FLOWENRICH_TYPE_ADDRESS);
    fle_column_set_address(column, 3, &address);
    assert_memory_equal(fle_column_address(column, 3), &address, sizeof address);
    fle_column_clear(column, 3);
    assert_null(fle_column_address(column, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_value_is_absent_until_it_is_set, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_type_is_read_back_as_it_was_set, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
