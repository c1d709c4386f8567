/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/cells.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "encode/cells.h"
#include "encoding.h"

static void values_are_the_text_that_json_has_without_its_quotes(void **state)
{
    static const struct {
        const char *path;
        size_t row;
        const char *text; /* NULL: absent */
    } cases[] = {
        { "protocol", 0, "tcp" },
        { "protocol", 2, "200" }, /* which has no name */
        { "bytes", 0, "4249" },
        { "start", 1, "1431280876" },
        { "start", 2, NULL },
        { "direction.confidence", 0, "0.9" },
        { "client.rfc1918", 0, "true" },
        { "client.addr", 0, "10.0.1.5" },
        { "client.addr", 2, "2001:db8::1" },
        { "client.type", 0, "ec2:instance" },
        { "client.tags.team.name", 0, "\"q\"" },
        { "client.arns", 0, "[\"arn:1\",\"arn:2\"]" },
        { "none", 0, NULL },
    };
    flowenrich_batch *batch = enriched_new(NULL);
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_text path = fle_text_of(cases[i].path);
        flowenrich_text text;
        fle_cells cells;

        fle_cells_init(&cells, &batch->allocator, (fle_field_list){ &path, 1 });
        assert_true(fle_cells_choose(&cells, batch));
        fle_cells_open(&cells, batch);
        assert_true(fle_cells_text(&cells, 0, cases[i].row, &text));
        if (cases[i].text ? !fle_text_is(text, cases[i].text) : text.data != NULL)
            fail_msg("%s of row %zu: %.*s", cases[i].path, cases[i].row, (int)text.len, text.data);
        fle_cells_free(&cells);
    }
    flowenrich_batch_free(batch);
}

static void labels_leave_out_what_nearly_all_rows_have(void **state)
{
    static const char *const paths[] = { "sequence", "late", "other", "reversal",
                                         "client.rfc1918" };
    static const char *const texts[][5] = { { NULL, NULL, NULL, NULL, "false" },
                                            { "1", "true", "true", "true", "true" } };
    flowenrich_batch *batch;
    (void)state;

    assert_int_equal(flowenrich_batch_new(&batch, 2, NULL, NULL), FLOWENRICH_OK);
    for (uint32_t row = 0; row < 2; row++) {
        assert_true(enriched_u32(batch, "sequence", row, row));
        for (size_t i = 1; i < 5; i++)
            fle_column_set_bool(fle_batch_add(batch, fle_text_of(paths[i]), FLOWENRICH_TYPE_BOOL),
                                row, row == 1);
    }
    batch->rows = 2;
    for (size_t i = 0; i < 5; i++) {
        const flowenrich_text path = fle_text_of(paths[i]);
        flowenrich_text text;
        fle_cells cells;

        fle_cells_init(&cells, &batch->allocator, (fle_field_list){ &path, 1 });
        assert_true(fle_cells_choose(&cells, batch));
        fle_cells_open(&cells, batch);
        for (size_t row = 0; row < 2; row++) {
            assert_true(fle_cells_label(&cells, 0, row, &text));
            if (texts[row][i] ? !fle_text_is(text, texts[row][i]) : text.data != NULL)
                fail_msg("%s of row %zu: %.*s", paths[i], row, (int)text.len, text.data);
        }
        fle_cells_free(&cells);
    }
    flowenrich_batch_free(batch);
}

static void measures_are_told_from_keys_by_their_type(void **state)
{
    static const struct {
        const char *path;
        bool is_measure;
    } cases[] = {
        { "bytes", true },        { "first", true },
        { "window.end", true },   { "p99_9.bytes", true },
        { "server.port", false }, { "protocol", false },
        { "other", false },       { "client.tags.app", false },
        { "none", false },
    };
    flowenrich_batch *batch = encoding_groups();
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_text path = fle_text_of(cases[i].path);
        fle_cells cells;

        fle_cells_init(&cells, &batch->allocator, (fle_field_list){ &path, 1 });
        assert_true(fle_cells_choose(&cells, batch));
        fle_cells_open(&cells, batch);
        if (fle_cell_is_measure(&cells.items[0]) != cases[i].is_measure)
            fail_msg("%s", cases[i].path);
        fle_cells_free(&cells);
    }
    flowenrich_batch_free(batch);
}

static void an_escape_stands_for_its_character_only(void **state)
{
    static const fle_escapes escapes = { ['a'] = "[A]", ['\0'] = "0" };
    static const struct {
        flowenrich_text text;
        const char *out;
    } cases[] = {
        { { "", 0 }, "" },
        { { "bcd", 3 }, "bcd" },
        { { "a", 1 }, "[A]" },
        { { "bab\0a", 5 }, "b[A]b0[A]" },
        { { "\xc3\xa1\xe1\xc3", 4 }, "\xc3\xa1\xef\xbf\xbd\xef\xbf\xbd" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[64];
        fle_output out = { got, sizeof got, 0 };

        fle_cells_escape(&out, cases[i].text, escapes);
        if (!fle_text_is(fle_text(got, out.len), cases[i].out))
            fail_msg("row %zu: %.*s", i, (int)out.len, got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_the_text_that_json_has_without_its_quotes),
        cmocka_unit_test(labels_leave_out_what_nearly_all_rows_have),
        cmocka_unit_test(measures_are_told_from_keys_by_their_type),
        cmocka_unit_test(an_escape_stands_for_its_character_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
