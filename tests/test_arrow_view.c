/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_view.c. */
#include "arrow_reading.h"
#include "record/arrow_view.h"

#define ROWS 60

typedef struct fixture {
    flowenrich_batch *batch;
    fle_arrow_chunk *chunk;
    struct ArrowArray array;
} fixture;

static fixture set_up(size_t rows)
{
    fixture f;

    assert_int_equal(flowenrich_batch_new(&f.batch, ROWS, NULL, NULL), FLOWENRICH_OK);
    f.chunk = fle_arrow_chunk_new(&f.batch->allocator);
    f.batch->rows = rows;
    assert_true(fle_arrow_array_init(&f.array, &f.chunk->arena, rows, FLE_ARROW_MOST_BUFFERS, 0));
    return f;
}

static void tear_down(fixture *f)
{
    fle_arrow_chunk_free(f->chunk);
    flowenrich_batch_free(f->batch);
}

static fle_column *put(fixture *f, size_t row, const char *text, size_t len)
{
    fle_column *column = fle_batch_add(f->batch, FLE_TEXT("x"), FLOWENRICH_TYPE_TEXT);
    flowenrich_slice slice;

    assert_true(fle_batch_append_text(f->batch, text, len, &slice));
    fle_column_set_slice(column, row, slice);
    return column;
}

static void check_views(const fixture *f)
{
    for (int64_t row = 0; row < f->array.length; row++)
        arrow_check_view(&f->array, row);
}

/* Of all lengths around those at which something changes: 12 inline, pieces of 16. */
static void texts_of_any_length_are_what_they_were(void **state)
{
    static const char text[] = "the quick brown fox jumps over the lazy dog and runs away...";
    fixture f = set_up(ROWS);
    fle_column *column = NULL;
    (void)state;

    for (size_t row = 0; row < ROWS; row++)
        column = put(&f, row, text, row);
    assert_int_equal(fle_arrow_views_of_texts(&f.array, f.chunk, f.batch, column->values),
                     FLOWENRICH_OK);
    assert_int_equal(f.array.n_buffers, 4);
    check_views(&f);
    for (int64_t row = 0; row < ROWS; row++) {
        const flowenrich_text shown = arrow_text("vu", &f.array, row);

        assert_int_equal(shown.len, row);
        assert_memory_equal(shown.data, text, (size_t)row);
    }
    tear_down(&f);
}

static void what_is_no_utf8_is_mended(void **state)
{
    static const struct {
        const char *text, *mended;
    } cases[] = {
        { "caf\xc3\xa9", "caf\xc3\xa9" },
        { "caf\xc3", "caf\xef\xbf\xbd" },
        { "a text that is longer: \xc3\xa9", "a text that is longer: \xc3\xa9" },
        { "a text that is longer: \xa9!", "a text that is longer: \xef\xbf\xbd!" },
        { "\xff\xff\xff\xff\xff", /* longer than a view only once it is mended */
          "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
        { "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, /* half of a pair */
    };
    const size_t n = sizeof cases / sizeof *cases;
    fixture f = set_up(n);
    fle_column *column = NULL;
    (void)state;

    for (size_t i = 0; i < n; i++)
        column = put(&f, i, cases[i].text, strlen(cases[i].text));
    assert_int_equal(fle_arrow_views_of_texts(&f.array, f.chunk, f.batch, column->values),
                     FLOWENRICH_OK);
    assert_int_equal(f.array.n_buffers, 5);
    check_views(&f);
    for (size_t i = 0; i < n; i++)
        if (!fle_text_is(arrow_text("vu", &f.array, (int64_t)i), cases[i].mended))
            fail_msg("case %zu", i);
    tear_down(&f);
}

/* The second buffer is in use, the first is empty: it is there all the same. */
static void a_lone_mended_text_has_its_buffer(void **state)
{
    fixture f = set_up(1);
    const fle_column *column = put(&f, 0, "\xff\xff\xff\xff\xff", 5);
    (void)state;

    assert_int_equal(fle_arrow_views_of_texts(&f.array, f.chunk, f.batch, column->values),
                     FLOWENRICH_OK);
    assert_int_equal(f.array.n_buffers, 5);
    assert_non_null(f.array.buffers[2]);
    check_views(&f);
    assert_int_equal(arrow_text("vu", &f.array, 0).len, 15);
    tear_down(&f);
}

static void addresses_are_written_as_people_do(void **state)
{
    static const char *const addresses[] = { "10.0.1.5", "255.255.255.255", "2001:db8::1",
                                             "1111:2222:3333:4444:5555:6666:7777:8888", NULL };
    fixture f = set_up(5);
    fle_column *column = fle_batch_add_field(f.batch, FLE_FIELD_SRCADDR);
    (void)state;

    for (size_t i = 0; addresses[i]; i++) {
        fle_address address;

        assert_true(fle_address_parse(addresses[i], strlen(addresses[i]), &address));
        fle_column_set_address(column, i, &address);
    }
    assert_int_equal(fle_arrow_views_of_addresses(&f.array, f.chunk, column), FLOWENRICH_OK);
    check_views(&f);
    for (size_t i = 0; addresses[i]; i++)
        assert_true(fle_text_is(arrow_text("vu", &f.array, (int64_t)i), addresses[i]));
    assert_int_equal(arrow_text("vu", &f.array, 4).len, 0); /* absent */
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_any_length_are_what_they_were),
        cmocka_unit_test(what_is_no_utf8_is_mended),
        cmocka_unit_test(a_lone_mended_text_has_its_buffer),
        cmocka_unit_test(addresses_are_written_as_people_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
