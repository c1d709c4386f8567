/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/parser.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "failing.h"
#include "parsing.h"

static void wrong_options_are_refused(void **state)
{
    static const char *const holes[] = { "bytes", NULL };
    static const flowenrich_allocator no_functions = { .size = sizeof no_functions };
    static const flowenrich_parser_options cases[] = {
        { .size = 0 },
        { .size = sizeof *cases, .allocator = &no_functions },
        { .size = sizeof *cases, .max_line = (1u << 30) + 1 },
        { .size = sizeof *cases, .field_count = 1 },
        { .size = sizeof *cases, .fields = holes, .field_count = 2 },
    };
    flowenrich_parser *parser;
    flowenrich_error error;
    (void)state;

    assert_int_equal(flowenrich_parser_new(NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (flowenrich_parser_new(&parser, &cases[i], &error) != FLOWENRICH_ERR_ARG)
            fail_msg("case %zu is taken", i);
        assert_null(parser);
        assert_int_equal(error.status, FLOWENRICH_ERR_ARG);
        assert_true(strlen(error.message) > 0);
    }
    assert_int_equal(flowenrich_parser_add_format(NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_parser_begin(NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_parser_expect(NULL, NULL, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_parser_free(NULL);
}

static void the_selection_and_formats_are_copied(void **state)
{
    char path[] = "new_field";
    const char *paths[] = { path };
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    (void)state;

    options.fields = paths;
    options.field_count = 1;
    assert_int_equal(flowenrich_parser_new(&parser, &options, NULL), FLOWENRICH_OK);
    memset(path, 'x', sizeof path - 1);
    paths[0] = NULL;
    assert_int_equal(parsing_add_formats(parser, "bytes new-field", NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&batch, 4, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_run(parser, batch, "1 a\n", 4, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(batch->n_columns, 1);
    assert_string_equal(flowenrich_batch_path(batch, 0), "new_field");
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
}

static void a_selection_of_nothing_counts_and_makes_no_column(void **state)
{
    static const char *const none[] = { NULL };
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    (void)state;

    options.fields = none;
    assert_int_equal(flowenrich_parser_new(&parser, &options, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&batch, 4, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_run(parser, batch, "bytes\n1\n2\n", 10, 0, NULL), FLOWENRICH_OK);
    assert_int_equal(batch->n_columns, 0);
    assert_int_equal(flowenrich_batch_rows(batch), 2);
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
}

static void counters_are_told_as_far_as_there_is_room(void **state)
{
    flowenrich_stat stats[32];
    flowenrich_parser *parser;
    size_t n;
    (void)state;

    assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
    n = flowenrich_parser_stats(parser, NULL, 0);
    assert_int_equal(n, 15);
    stats[1].name = "untouched";
    assert_int_equal(flowenrich_parser_stats(parser, stats, 1), n);
    assert_string_equal(stats[0].name, "lines");
    assert_string_equal(stats[1].name, "untouched");
    assert_int_equal(flowenrich_parser_stats(parser, stats, 32), n);
    for (size_t i = 0; i < n; i++)
        assert_true(strlen(stats[i].name) > 0 && stats[i].value == 0);
    flowenrich_parser_free(parser);
}

/* Tell what is expected of the input that has just begun. */
static flowenrich_status expect(flowenrich_parser *parser, const char *text,
                                const flowenrich_options *options)
{
    flowenrich_format *format;
    flowenrich_status status = flowenrich_format_new(&format, text, strlen(text), options, NULL);

    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_expect(parser, format, NULL);
    flowenrich_format_free(format);
    return status;
}

/* The numbers of bytes that a log has by what is expected of it: -1 of a line that is refused. */
static void check_bytes(flowenrich_parser *parser, const char *expected, const char *log,
                        int64_t bytes)
{
    flowenrich_column column = { .size = sizeof column };
    flowenrich_batch *batch;
    int64_t got = -1;

    assert_int_equal(flowenrich_batch_new(&batch, 4, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_begin(parser, NULL, NULL), FLOWENRICH_OK);
    for (const char *at = expected; *at; at += strlen(at) + 1)
        assert_int_equal(expect(parser, at, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_run(parser, batch, log, strlen(log), 0, NULL), FLOWENRICH_OK);
    if (flowenrich_batch_rows(batch) == 1 &&
        flowenrich_batch_column(batch, "bytes", &column, NULL) == FLOWENRICH_OK)
        got = (int64_t)((const uint64_t *)column.values)[0];
    if (got != bytes)
        fail_msg("'%s' is %lld by '%s', not %lld", log, (long long)got, expected, (long long)bytes);
    flowenrich_batch_free(batch);
}

static void what_is_expected_of_an_input_is_tried_first_and_of_that_input_only(void **state)
{
    static const struct {
        const char *expected, *log; /* parted by zeros */
        int64_t bytes;
    } cases[] = {
        { "", "1 2\n", 1 },
        { "packets bytes\0", "1 2\n", 2 },
        { "", "1 2\n", 1 }, /* forgotten */
        { "packets bytes\0", "bytes packets\n1 2\n", 1 }, /* a header says more */
        { "packets bytes start\0", "1 2\n", 1 },
        { "packets bytes start\0", "1 2 3\n", 2 },
        { "", "1 2 3\n", -1 },
        { "srcaddr bytes\0" "packets bytes\0", "1 2\n", 2 },
        { "packets bytes\0" "srcaddr bytes\0", "1 2\n", 2 },
        { "bytes packets\0", "1 2\n", 1 },  /* it was added, too */
        { "packets bytes\0" "${packets} ${bytes}\0", "1 2\n", 2 }, /* one format, twice */
    };
    flowenrich_parser *parser;
    (void)state;

    assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(parsing_add_formats(parser, "bytes packets", NULL), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_bytes(parser, cases[i].expected, cases[i].log, cases[i].bytes);
    flowenrich_parser_free(parser);
}

static void any_number_of_formats_may_be_expected(void **state)
{
    flowenrich_parser *parser;
    char text[40];
    (void)state;

    assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "field-%d bytes%c", i, '\0');
        text[strlen(text) + 1] = '\0';
        check_bytes(parser, text, "x 7\n", 7);
    }
    flowenrich_parser_free(parser);
}

/* A whole run: selection, formats, headers, carried and refused lines, decoded text. */
static flowenrich_status run(const flowenrich_allocator *allocator)
{
    static const char *const fields[] = { "bytes", "instance_tag", "new_field", "srcaddr" };
    static const char log[] = "10.0.0.1 1\n"
                              "10.0.0.1 x\n"
                              "instance-tag bytes new-field srcaddr\n"
                              "a%20b 1 new 2001:db8::1\n"
                              "bogus\n"
                              "c 2";
    const flowenrich_options common = { sizeof common, allocator, 7 };
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_batch *batch = NULL;
    flowenrich_parser *parser;
    flowenrich_status status;

    options.allocator = allocator;
    options.fields = fields;
    options.field_count = 4;
    status = flowenrich_parser_new(&parser, &options, NULL);
    if (status == FLOWENRICH_OK)
        status = parsing_add_formats(parser, "srcaddr bytes;bytes srcaddr", &common);
    if (status == FLOWENRICH_OK)
        status = expect(parser, "srcaddr packets", &common);
    if (status == FLOWENRICH_OK)
        status = flowenrich_batch_new(&batch, 4, &common, NULL);
    if (status == FLOWENRICH_OK)
        status = parsing_run(parser, batch, log, sizeof log - 1, 30, NULL);
    if (status == FLOWENRICH_OK) {
        assert_int_equal(flowenrich_batch_rows(batch), 2);
        assert_int_equal(flowenrich_batch_rejects(batch), 3);
    }
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    size_t n;
    (void)state;

    for (n = 0; status != FLOWENRICH_OK; n++) {
        failing memory = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&memory);

        status = run(&allocator);
        if (status != FLOWENRICH_OK && status != FLOWENRICH_ERR_NOMEM)
            fail_msg("with %zu allocations it is %s", n, flowenrich_status_name(status));
        assert_int_equal(memory.live, 0);
        assert_int_equal(memory.misled, 0);
    }
    assert_true(n > 20);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(the_selection_and_formats_are_copied),
        cmocka_unit_test(a_selection_of_nothing_counts_and_makes_no_column),
        cmocka_unit_test(counters_are_told_as_far_as_there_is_room),
        cmocka_unit_test(what_is_expected_of_an_input_is_tried_first_and_of_that_input_only),
        cmocka_unit_test(any_number_of_formats_may_be_expected),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
