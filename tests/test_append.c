/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of rows that are copied from one batch to another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enriching.h"
#include "failing.h"
#include "record/append.h"

/* Two formats, a field nobody knows, texts that repeat, and lines without data. */
static const char logs[] = "interface-id srcaddr bytes start end log-status my-field\n"
                           "eni-1 10.0.0.1 1 100 160 OK x\n"
                           "eni-1 10.0.0.1 2 100 160 OK -\n"
                           "eni-1 - - 100 160 NODATA -\n"
                           "eni-2 2001:db8::1 4 100 160 OK y\n";
static const char others[] = "srcaddr dstport tcp-flags\n"
                             "10.0.0.9 443 -\n";

#define ROWS 5

static flowenrich_batch *new_batch(const flowenrich_allocator *allocator)
{
    const flowenrich_options opt = { sizeof opt, allocator, 7 };
    flowenrich_batch *batch = NULL;

    (void)flowenrich_batch_new(&batch, 16, &opt, NULL);
    return batch;
}

static void read_log(flowenrich_batch *batch, const char *log)
{
    flowenrich_error error = { 0 };
    flowenrich_parser *parser;
    size_t used;

    enriching_must(flowenrich_parser_new(&parser, NULL, &error), &error);
    enriching_must(flowenrich_parser_parse(parser, log, strlen(log), &used, batch, &error), &error);
    enriching_must(flowenrich_parser_finish(parser, batch, NULL, &error), &error);
    flowenrich_parser_free(parser);
}

static flowenrich_batch *read_logs(void)
{
    flowenrich_batch *batch = new_batch(NULL);

    assert_non_null(batch);
    read_log(batch, logs);
    read_log(batch, others);
    assert_int_equal(batch->rows, ROWS);
    return batch;
}

/* All rows as the fields of their own formats. */
static const char *encoded(flowenrich_batch *batch)
{
    static char text[2][4096];
    static size_t next;
    char *out = text[next++ % 2];
    flowenrich_encoder *encoder;
    flowenrich_error error = { 0 };
    size_t row = 0, len;

    enriching_must(flowenrich_encoder_new(&encoder, "json-flat", NULL, &error), &error);
    enriching_must(flowenrich_encoder_encode(encoder, batch, &row, out, 4095, &len, &error),
                   &error);
    flowenrich_encoder_free(encoder);
    out[len] = '\0';
    return out;
}

static void rows_are_the_same_however_they_are_cut(void **state)
{
    flowenrich_batch *from = read_logs();
    (void)state;

    for (size_t cut = 0; cut <= ROWS; cut++) {
        flowenrich_batch *to = new_batch(NULL);

        assert_true(fle_batch_append_rows(to, from, 0, cut));
        assert_true(fle_batch_append_rows(to, from, cut, ROWS - cut));
        assert_string_equal(encoded(to), encoded(from));
        assert_memory_equal(to->kinds, from->kinds, ROWS);
        assert_memory_equal(to->lines, from->lines, ROWS * sizeof *to->lines);
        flowenrich_batch_free(to);
    }
    flowenrich_batch_free(from);
}

static void columns_that_no_row_has_stay_behind(void **state)
{
    flowenrich_batch *from = read_logs(), *to = new_batch(NULL);
    (void)state;

    assert_true(fle_batch_append_rows(to, from, 0, 4));
    assert_null(fle_batch_field(to, FLE_FIELD_DSTPORT));
    assert_true(fle_batch_append_rows(to, from, 4, 1));
    assert_non_null(fle_batch_field(to, FLE_FIELD_DSTPORT));
    assert_non_null(fle_batch_field(to, FLE_FIELD_TCP_FLAGS)); /* named by its format */
    assert_int_equal(to->n_shapes, 2);
    flowenrich_batch_free(to);
    flowenrich_batch_free(from);
}

static void a_text_that_repeats_is_kept_once(void **state)
{
    flowenrich_batch *from = read_logs(), *to = new_batch(NULL), *again = new_batch(NULL);
    (void)state;

    for (size_t row = 0; row < ROWS; row++)
        assert_true(fle_batch_append_rows(to, from, row, 1));
    assert_true(fle_batch_append_rows(again, from, 0, ROWS));
    assert_true(to->text.len < from->text.len / 4);
    assert_int_equal(to->text.len, again->text.len); /* however it is cut */
    assert_int_equal(fle_batch_bytes(to), fle_batch_bytes(again));
    flowenrich_batch_free(again);
    flowenrich_batch_free(to);
    flowenrich_batch_free(from);
}

/* Not only what repeats from one row to the next. */
static void a_full_batch_keeps_each_text_once(void **state)
{
    flowenrich_batch *from = read_logs();
    uint64_t before;
    bool done = false;
    (void)state;

    for (size_t succeed = 0; !done; succeed++) {
        failing f = { .succeed = 1000 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_batch *to = new_batch(&allocator);

        for (size_t row = 0; row < ROWS; row++)
            assert_true(fle_batch_append_rows(to, from, row, 1));
        before = to->text.len;
        f.succeed = succeed;
        done = fle_batch_share_texts(to, 7);
        assert_true(done ? to->text.len < before : to->text.len == before);
        for (size_t i = 0; i < to->n_columns; i++) {
            const fle_column *column = &to->columns[i];
            const fle_column *same = fle_batch_find(from, fle_text_of(column->path));

            for (size_t row = 0; column->type == FLOWENRICH_TYPE_TEXT && row < ROWS; row++)
                assert_true(fle_text_equal(fle_batch_text(to, column, row),
                                           fle_batch_text(from, same, row)));
        }
        flowenrich_batch_free(to);
        assert_int_equal(f.live, 0);
    }
    flowenrich_batch_free(from);
}

static void nothing_is_added_if_memory_runs_out(void **state)
{
    flowenrich_batch *from = read_logs();
    bool done = false;
    (void)state;

    for (size_t succeed = 0; !done; succeed++) {
        failing f = { .succeed = 1000 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_batch *to = new_batch(&allocator);

        assert_true(fle_batch_append_rows(to, from, 0, 1));
        f.succeed = succeed;
        done = fle_batch_append_rows(to, from, 1, ROWS - 1);
        assert_int_equal(to->rows, done ? ROWS : 1);
        for (size_t i = 0; !done && i < to->n_columns; i++)
            assert_false(fle_column_valid(&to->columns[i], 1));
        flowenrich_batch_free(to);
        assert_int_equal(f.live, 0);
    }
    flowenrich_batch_free(from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_the_same_however_they_are_cut),
        cmocka_unit_test(columns_that_no_row_has_stay_behind),
        cmocka_unit_test(a_text_that_repeats_is_kept_once),
        cmocka_unit_test(a_full_batch_keeps_each_text_once),
        cmocka_unit_test(nothing_is_added_if_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
