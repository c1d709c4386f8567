/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of where rows are from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "parsing.h"
#include "record/source.h"

static const flowenrich_source of_s3 = {
    .size = sizeof of_s3,
    .account = { "111122223333", 12 },
    .region = { "eu-west-1", 9 },
    .bucket = { "logs", 4 },
    .key = { "a/b", 3 },
    .flow_log = { "fl-1", 4 },
};
static const flowenrich_source of_stream = {
    .size = sizeof of_stream,
    .log_group = { "vpc", 3 },
    .log_stream = { "eni-1-all", 9 },
    .interface_id = { "eni-1", 5 },
};

/* Parses "bytes\n1\n" and "bytes\n2" of these sources into one batch; what it holds as text. */
static flowenrich_status parse_two(const flowenrich_parser_options *options,
                                   const flowenrich_options *common, fle_buffer *out)
{
    static const char first[] = "bytes\n1\n", second[] = "bytes\n2\n\n3";
    flowenrich_batch *batch = NULL;
    flowenrich_parser *parser;
    flowenrich_status status = flowenrich_parser_new(&parser, options, NULL);

    if (status == FLOWENRICH_OK)
        status = flowenrich_batch_new(&batch, 8, common, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_begin(parser, &of_s3, NULL);
    if (status == FLOWENRICH_OK)
        status = parsing_run(parser, batch, first, sizeof first - 1, 2, NULL);
    if (status == FLOWENRICH_OK)
        status = parsing_run(parser, batch, first, sizeof first - 1, 2, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_parser_begin(parser, &of_stream, NULL);
    if (status == FLOWENRICH_OK)
        status = parsing_run(parser, batch, second, sizeof second - 1, 9, NULL);
    if (status == FLOWENRICH_OK && out)
        parsing_batch(out, batch);
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
    return status;
}

static void assert_rows(const flowenrich_parser_options *options, const char *expected)
{
    fle_allocator allocator;
    fle_buffer out;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&out, &allocator);
    assert_int_equal(parse_two(options, NULL, &out), FLOWENRICH_OK);
    fle_buffer_char(&out, '\0');
    assert_string_equal(out.data, expected);
    fle_buffer_free(&out);
}

/* The end of an input ends its source: the second run is of nobody knows where. */
static void each_row_has_what_is_known_of_its_input(void **state)
{
    (void)state;
    assert_rows(NULL, "flow_log.id=fl-1 flow_log.account=111122223333 flow_log.region=eu-west-1 "
                      "flow_log.bucket=logs flow_log.key=a/b bytes=1\n"
                      "bytes=1\n"
                      "bytes=2 flow_log.group=vpc flow_log.stream=eni-1-all "
                      "flow_log.interface_id=eni-1\n"
                      "bytes=3 flow_log.group=vpc flow_log.stream=eni-1-all "
                      "flow_log.interface_id=eni-1\n");
}

static void only_what_is_asked_for_becomes_a_column(void **state)
{
    static const char *const fields[] = { "flow_log.account", "bytes", "flow_log.stream" };
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    (void)state;

    options.fields = fields;
    options.field_count = 3;
    assert_rows(&options, "flow_log.account=111122223333 bytes=1\n"
                          "bytes=1\n"
                          "bytes=2 flow_log.stream=eni-1-all\n"
                          "bytes=3 flow_log.stream=eni-1-all\n");
    options.field_count = 0;
    assert_rows(&options, "\n\n\n\n");
}

/* However the input is cut, the columns come in one order. */
static void the_order_of_columns_is_that_of_one_piece(void **state)
{
    static const char log[] = "bytes\n1\nsrcport\n2\n";
    (void)state;

    for (size_t cut = 0; cut < sizeof log - 1; cut++) {
        flowenrich_parser *parser;
        flowenrich_batch *batch;

        assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_batch_new(&batch, 8, NULL, NULL), FLOWENRICH_OK);
        assert_int_equal(flowenrich_parser_begin(parser, &of_stream, NULL), FLOWENRICH_OK);
        assert_int_equal(parsing_run(parser, batch, log, sizeof log - 1, cut, NULL), FLOWENRICH_OK);
        assert_string_equal(flowenrich_batch_path(batch, 0), "flow_log.group");
        assert_string_equal(flowenrich_batch_path(batch, 3), "bytes");
        assert_string_equal(flowenrich_batch_path(batch, 4), "srcport");
        flowenrich_batch_free(batch);
        flowenrich_parser_free(parser);
    }
}

/* A line that ends the parsing doesn't take what is known from those before it. */
static void rows_before_a_failing_line_have_it_too(void **state)
{
    flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    size_t used;
    (void)state;

    options.max_bad_lines = 1;
    assert_int_equal(flowenrich_parser_new(&parser, &options, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&batch, 8, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_begin(parser, &of_s3, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_parse(parser, "bytes\n1\nx\nx\n", 12, &used, batch, NULL),
                     FLOWENRICH_ERR_LIMIT);
    assert_int_equal(batch->rows, 1);
    assert_true(fle_text_is(
        fle_batch_text(batch, fle_batch_find(batch, FLE_TEXT("flow_log.id")), 0), "fl-1"));
    flowenrich_batch_free(batch);
    flowenrich_parser_free(parser);
}

static void a_source_is_a_caller_s_struct(void **state)
{
    flowenrich_source short_one = of_s3, wrong = { 0 };
    flowenrich_source taken;
    flowenrich_parser *parser;
    flowenrich_error error;
    (void)state;

    assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_begin(parser, &wrong, &error), FLOWENRICH_ERR_ARG);
    assert_non_null(strstr(error.message, "FLOWENRICH_SOURCE_INIT"));
    flowenrich_parser_free(parser);

    short_one.size = offsetof(flowenrich_source, region);
    assert_int_equal(fle_source_import(&taken, &short_one, NULL), FLOWENRICH_OK);
    assert_int_equal(taken.account.len, 12);
    assert_int_equal(taken.region.len, 0);
    assert_int_equal(fle_source_import(&taken, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(taken.account.len, 0);
}

static void parts_have_paths(void **state)
{
    (void)state;
    assert_int_equal(fle_part_find(FLE_TEXT("flow_log.key")), FLE_PART_KEY);
    assert_int_equal(fle_part_find(FLE_TEXT("flow_log")), FLE_N_PARTS);
    assert_int_equal(fle_path_type(FLE_TEXT("flow_log.group")), FLOWENRICH_TYPE_TEXT);
    assert_int_equal(fle_path_type(FLE_TEXT("flow_log.identity")), 0);
}

static void every_allocation_may_fail(void **state)
{
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    (void)state;

    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        failing memory = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&memory);
        const flowenrich_options common = { sizeof common, &allocator, 7 };
        flowenrich_parser_options options = FLOWENRICH_PARSER_OPTIONS_INIT;

        options.allocator = &allocator;
        status = parse_two(&options, &common, NULL);
        if (status != FLOWENRICH_OK && status != FLOWENRICH_ERR_NOMEM)
            fail_msg("with %zu allocations it is %s", n, flowenrich_status_name(status));
        assert_int_equal(memory.live, 0);
        assert_int_equal(memory.misled, 0);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_has_what_is_known_of_its_input),
        cmocka_unit_test(only_what_is_asked_for_becomes_a_column),
        cmocka_unit_test(the_order_of_columns_is_that_of_one_piece),
        cmocka_unit_test(rows_before_a_failing_line_have_it_too),
        cmocka_unit_test(a_source_is_a_caller_s_struct),
        cmocka_unit_test(parts_have_paths),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
