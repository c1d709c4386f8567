/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/view.c. */
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

static flowenrich_column view(flowenrich_batch *batch, const char *path)
{
    flowenrich_column column = { .size = sizeof column };

    assert_int_equal(flowenrich_batch_column(batch, path, &column, NULL), FLOWENRICH_OK);
    return column;
}

static void a_view_shows_values_as_arrow_wants_them(void **state)
{
    flowenrich_batch *batch = *state;
    flowenrich_column column;
    flowenrich_slice slice;

    batch->rows = 2;
    fle_column_set_u64(fle_batch_add_field(batch, FLE_FIELD_BYTES), 1, 4249);
    assert_true(fle_batch_append_text(batch, "ACCEPT", 6, &slice));
    fle_column_set_slice(fle_batch_add_field(batch, FLE_FIELD_ACTION), 0, slice);

    column = view(batch, "bytes");
    assert_int_equal(column.type, FLOWENRICH_TYPE_U64);
    assert_int_equal(column.rows, 2);
    assert_int_equal(((const uint64_t *)column.values)[1], 4249);
    assert_int_equal(column.validity[0] & 3, 2);

    column = view(batch, "action");
    slice = ((const flowenrich_slice *)column.values)[0];
    assert_memory_equal(column.text + slice.offset, "ACCEPT", slice.length);
    assert_int_equal(flowenrich_batch_column(batch, "nothing", &column, NULL), FLOWENRICH_ERR_ARG);
}

static void a_view_of_codes_says_which_rows_have_none(void **state)
{
    static const flowenrich_text dictionary[] = { { "a", 1 }, { "b", 1 } };
    flowenrich_batch *batch = *state;
    flowenrich_column column;

    batch->rows = 2;
    fle_column_set_u32(fle_batch_add_codes(batch, FLE_TEXT("scope"), dictionary, 2), 1, 1);
    column = view(batch, "scope");
    assert_null(column.values);
    assert_int_equal(column.codes[0], UINT32_MAX);
    assert_int_equal(column.codes[1], 1);
    assert_true(fle_text_is(column.dictionary[1], "b"));
}

/* Three rows: a client with two ARNs and a tag, none, one with nothing known. */
static void fill_ends(flowenrich_batch *batch)
{
    uint32_t number;
    flowenrich_answer *answer;

    batch->rows = 3;
    assert_true(fle_batch_begin_ends(batch, NULL, NULL));
    number = fle_batch_new_answer(batch);
    answer = batch->answers[number];
    assert_int_equal(flowenrich_answer_set(answer, "arns", "arn:a", 5), FLOWENRICH_OK);
    assert_int_equal(flowenrich_answer_set(answer, "arns", "arn:b", 5), FLOWENRICH_OK);
    assert_int_equal(flowenrich_answer_set(answer, "tags.app", "web", 3), FLOWENRICH_OK);
    batch->ends[FLE_CLIENT][0] = number;
    batch->ends[FLE_CLIENT][2] = fle_batch_new_answer(batch);
}

static void a_view_of_an_end_has_a_text_for_each_answer(void **state)
{
    flowenrich_batch *batch = *state;
    flowenrich_column column;

    fill_ends(batch);
    column = view(batch, "client.tags.app");
    assert_true(fle_text_is(column.dictionary[column.codes[0]], "web"));
    assert_int_equal(column.codes[1], UINT32_MAX);
    assert_int_equal(column.codes[2], UINT32_MAX); /* an answer, but without that tag */

    column = view(batch, "client.arns");
    assert_int_equal(column.type, FLOWENRICH_TYPE_LIST);
    assert_int_equal(column.lists[column.codes[0] + 1] - column.lists[column.codes[0]], 2);
    assert_true(fle_text_is(column.dictionary[1], "arn:b"));
    assert_int_equal(column.lists[column.codes[2] + 1] - column.lists[column.codes[2]], 0);
}

static void the_paths_of_ends_are_listed_behind_the_columns(void **state)
{
    flowenrich_batch *batch = *state;
    flowenrich_column column = { .size = sizeof column };
    size_t n = 0;

    assert_null(flowenrich_batch_path(batch, 0));
    fill_ends(batch);
    for (const char *path; (path = flowenrich_batch_path(batch, n)) != NULL; n++)
        assert_int_equal(flowenrich_batch_column(batch, path, &column, NULL), FLOWENRICH_OK);
    assert_int_equal(n, FLE_OWNER * FLE_ATTR_COUNT);
    assert_string_equal(flowenrich_batch_path(batch, FLE_ATTR_COUNT), "server.type");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_view_shows_values_as_arrow_wants_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_view_of_codes_says_which_rows_have_none, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_view_of_an_end_has_a_text_for_each_answer, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_paths_of_ends_are_listed_behind_the_columns, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
