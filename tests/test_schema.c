/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/schema.c. */
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

static void many_columns_stay_reachable_by_their_paths(void **state)
{
    flowenrich_batch *batch = *state;
    char name[] = "raw-00";

    for (int i = 0; i < 100; i++) {
        name[4] = (char)('0' + i / 10);
        name[5] = (char)('0' + i % 10);
        assert_non_null(fle_batch_add(batch, fle_text_of(name), FLOWENRICH_TYPE_U32));
    }
    assert_string_equal(flowenrich_batch_path(batch, 42), "raw-42");
    assert_null(flowenrich_batch_path(batch, 100));
    assert_ptr_equal(fle_batch_add(batch, FLE_TEXT("raw-42"), FLOWENRICH_TYPE_U32),
                     fle_batch_find(batch, FLE_TEXT("raw-42")));
}

/* A log may have an unknown field that is called like a column of ours. */
static void a_path_asked_for_with_another_type_is_made_anew(void **state)
{
    static const flowenrich_text dictionary[] = { { "internet", 8 } };
    flowenrich_batch *batch = *state;
    fle_column *column = fle_batch_add(batch, FLE_TEXT("scope"), FLOWENRICH_TYPE_TEXT);
    flowenrich_slice slice;

    batch->rows = 1;
    assert_true(fle_batch_append_text(batch, "mine", 4, &slice));
    fle_column_set_slice(column, 0, slice);
    column = fle_batch_add_codes(batch, FLE_TEXT("scope"), dictionary, 1);
    assert_false(fle_column_valid(column, 0));
    fle_column_set_u32(column, 0, 0);
    assert_true(fle_text_is(fle_batch_text(batch, column, 0), "internet"));
    assert_int_equal(batch->n_columns, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_columns_stay_reachable_by_their_paths, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_path_asked_for_with_another_type_is_made_anew, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
