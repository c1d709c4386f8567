/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/list.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "listed.h"
#include "record/path.h"

static int set_up(void **state)
{
    *state = listed_new(NULL);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    flowenrich_batch_free(*state);
    return 0;
}

static void items_are_read_back_as_they_were_added(void **state)
{
    const flowenrich_batch *batch = *state;
    const fle_column *observers = &batch->columns[LISTED_OBSERVER],
                     *bytes = &batch->columns[LISTED_BYTES];

    assert_int_equal(fle_list_len(observers, 0), 2);
    assert_true(fle_text_is(fle_list_text(observers, 0, 1), "eni-2"));
    assert_true(fle_text_is(fle_list_text(observers, 2, 0), "eni-3"));
    assert_int_equal(fle_list_len(observers, 1), 0);
    assert_int_equal(fle_list_len(NULL, 1), 0);
    assert_int_equal(fle_list_texts(observers, 1).n, 0);
    assert_null(fle_list_numbers(bytes, 1));
    assert_int_equal(fle_list_len(bytes, 4), 3);
    assert_true(fle_list_u64(bytes, 4, 1) == UINT64_MAX);
}

static void a_path_gives_lists_of_texts_and_of_numbers(void **state)
{
    const flowenrich_batch *batch = *state;
    fle_value value;
    fle_path path;

    assert_true(fle_path_open(&path, batch, FLE_TEXT("hops.observer")));
    assert_int_equal(path.type, FLOWENRICH_TYPE_LIST);
    fle_path_get(&path, batch, 0, &value);
    assert_int_equal(value.type, FLOWENRICH_TYPE_LIST);
    assert_int_equal(value.as.texts.n, 2);
    fle_path_get(&path, batch, 1, &value);
    assert_int_equal(value.type, 0);

    assert_true(fle_path_open(&path, batch, FLE_TEXT("meters.bytes")));
    assert_int_equal(path.item, FLOWENRICH_TYPE_U64);
    fle_path_get(&path, batch, 4, &value);
    assert_int_equal(value.type, FLE_NUMBERS);
    assert_int_equal(value.as.numbers.n, 3);
    assert_int_equal(value.as.numbers.items[2], 3);
}

static void a_view_shows_the_rows_that_are_left(void **state)
{
    static const uint8_t keep[] = { 1 << 2 | 1 << 4 };
    flowenrich_batch *batch = *state;
    flowenrich_column view = { .size = sizeof view };

    assert_int_equal(flowenrich_batch_keep(batch, keep, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_column(batch, "meters.bytes", &view, NULL), FLOWENRICH_OK);
    assert_int_equal(view.type, FLOWENRICH_TYPE_LIST);
    assert_int_equal(view.item, FLOWENRICH_TYPE_U64);
    assert_int_equal(view.rows, 2);
    assert_int_equal(view.validity[0] & 3, 2);
    assert_int_equal(view.lists[1], 0);
    assert_int_equal(view.lists[2], 3);
    assert_int_equal(((const uint64_t *)view.values)[2], 3);

    assert_int_equal(flowenrich_batch_column(batch, "hops.observer", &view, NULL), FLOWENRICH_OK);
    assert_int_equal(view.item, FLOWENRICH_TYPE_TEXT);
    assert_int_equal(view.dictionary_len, 1);
    assert_true(fle_text_is(view.dictionary[view.lists[0]], "eni-3"));
    assert_int_equal(view.lists[2], 1);
}

static void clearing_a_batch_drops_its_items(void **state)
{
    flowenrich_batch *batch = *state;

    flowenrich_batch_clear(batch);
    assert_int_equal(batch->columns[LISTED_OBSERVER].n_items, 0);
    batch->rows = 1;
    assert_int_equal(fle_list_len(&batch->columns[LISTED_OBSERVER], 0), 0);
    assert_true(fle_list_add_text(batch, &batch->columns[LISTED_OBSERVER], 0, "x", 1));
    assert_true(fle_text_is(fle_list_text(&batch->columns[LISTED_OBSERVER], 0, 0), "x"));
}

/* Asked for anew as something else, a path has none of what was there. */
static void a_list_becomes_one_of_another_type(void **state)
{
    flowenrich_batch *batch = *state;
    fle_column *column = fle_batch_add_list(batch, FLE_TEXT("hops.type"), FLOWENRICH_TYPE_U64);

    assert_int_equal(fle_list_len(column, 0), 0);
    assert_true(fle_list_add_u64(batch, column, 0, 7));
    assert_int_equal(fle_list_u64(column, 0, 0), 7);
}

static void lists_of_one_name_are_parallel(void **state)
{
    static const struct {
        const char *path, *name;
    } cases[] = {
        { "hops.observer", "hops" },
        { "charges.bytes", "charges" },
        { "hops", "" },
        { "observers", "" },   /* a list by itself */
        { "client.arns", "" }, /* an end is one object */
    };
    flowenrich_batch *batch = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!fle_text_is(fle_list_name(fle_text_of(cases[i].path)), cases[i].name))
            fail_msg("'%s'", cases[i].path);
    assert_true(fle_list_add_text(batch, &batch->columns[LISTED_TYPE], 2, "igw", 3));
    assert_int_equal(fle_list_longest(batch, &batch->columns[LISTED_OBSERVER], 2), 2);
    assert_int_equal(fle_list_longest(batch, &batch->columns[LISTED_BYTES], 2), 0);
}

static void nothing_leaks_when_memory_runs_out(void **state)
{
    bool done = false;
    (void)state;

    for (size_t n = 0; !done; n++) {
        failing f = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_batch *batch = listed_new(&allocator);
        flowenrich_column view = { .size = sizeof view };

        done = batch && flowenrich_batch_column(batch, "hops.type", &view, NULL) == FLOWENRICH_OK &&
               flowenrich_batch_column(batch, "meters.bytes", &view, NULL) == FLOWENRICH_OK;
        flowenrich_batch_free(batch);
        assert_int_equal(f.live, 0);
        assert_int_equal(f.misled, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(items_are_read_back_as_they_were_added, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_gives_lists_of_texts_and_of_numbers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_view_shows_the_rows_that_are_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clearing_a_batch_drops_its_items, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_becomes_one_of_another_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_of_one_name_are_parallel, set_up, tear_down),
        cmocka_unit_test(nothing_leaks_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
