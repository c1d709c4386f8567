/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/csv.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "encoding.h"
#include "listed.h"

static void groups_are_lines_below_their_paths(void **state)
{
    flowenrich_batch *batch = encoding_groups();
    char got[ENCODING_MOST];
    (void)state;

    encoding_once("csv", NULL, batch, got);
    assert_string_equal(
        got, "window.start,window.end,client.tags.app,server.port,protocol,other,bytes,first,"
             "p99_9.bytes\n"
             "1795168800,1795169100,shop,443,tcp,false,4249,1795168801,1.5\n"
             "1795168800,1795169100,\"a, b=\"\"c\\d\"\"\n\",,,,18446744073709551615,,\n"
             "1795168800,1795169100,,,,true,0,,\n");
    flowenrich_batch_free(batch);
}

static void what_a_reader_could_take_for_something_else_is_quoted(void **state)
{
    static const struct {
        const char *value, *out;
    } cases[] = {
        { "plain text", "plain text" },
        { " kept ", " kept " }, /* spaces are part of a field */
        { "a,b", "\"a,b\"" },
        { "\"", "\"\"\"\"" },
        { "a\rb", "\"a\rb\"" },
        { "a\nb", "\"a\nb\"" },
        { "", "\"\"" },                       /* empty is not absent */
        { "\xc3\xa9", "\xc3\xa9" },           /* e with an accent */
        { "a\xff", "a\xef\xbf\xbd" },         /* no UTF-8 */
        { "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd" }, /* of which a part is missing */
    };
    static const char *const fields[] = { "client.tags.a", "bytes", NULL };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[ENCODING_MOST], expected[128];
        flowenrich_batch *batch;

        assert_int_equal(flowenrich_batch_new(&batch, 1, NULL, NULL), FLOWENRICH_OK);
        assert_true(enriched_text(batch, "client.tags.a", 0, cases[i].value));
        batch->rows = 1;
        encoding_once("csv", fields, batch, got);
        snprintf(expected, sizeof expected, "client.tags.a,bytes\n%s,\n", cases[i].out);
        assert_string_equal(got, expected);
        flowenrich_batch_free(batch);
    }
}

static void lists_and_maps_are_json(void **state)
{
    static const char *const fields[] = { "client.arns", "client.tags", NULL };
    static const char *const numbers[] = { "hops.type", "meters.bytes", NULL };
    flowenrich_batch *batch = enriched_new(NULL);
    char got[ENCODING_MOST];
    (void)state;

    encoding_once("csv", fields, batch, got); /* and the row without data is left out */
    assert_string_equal(got, "client.arns,client.tags\n"
                             "\"[\"\"arn:1\"\",\"\"arn:2\"\"]\","
                             "\"{\"\"app\"\":\"\"x\"\",\"\"team.name\"\":\"\"\\\"\"q\\\"\"\"\"}\"\n"
                             ",\n");
    flowenrich_batch_free(batch);

    batch = listed_new(NULL);
    encoding_once("csv", numbers, batch, got);
    assert_string_equal(got, "hops.type,meters.bytes\n"
                             "\"[\"\"nat-gateway\"\",\"\"tgw\"\"]\",[17]\n,\n[null],\n,\n"
                             ",\"[0,18446744073709551615,3]\"\n");
    flowenrich_batch_free(batch);
}

static void the_header_comes_once_whatever_the_batches(void **state)
{
    static const char *const fields[] = { "bytes", "client.tags.app", NULL };
    flowenrich_encoder *encoder = encoding_new("csv", fields);
    flowenrich_batch *first = encoding_groups(), *second = enriched_new(NULL);
    char got[ENCODING_MOST];
    (void)state;

    encoding_write(encoder, first, got);
    assert_string_equal(got, "bytes,client.tags.app\n4249,shop\n"
                             "18446744073709551615,\"a, b=\"\"c\\d\"\"\n\"\n0,\n");
    encoding_write(encoder, second, got);
    assert_string_equal(got, "4249,x\n100,\n");
    flowenrich_encoder_free(encoder);
    flowenrich_batch_free(first);
    flowenrich_batch_free(second);
}

/* Enriched records have the same columns, whatever fields their logs have. */
static void a_column_that_comes_after_the_header_is_refused(void **state)
{
    flowenrich_encoder *encoder = encoding_new("csv", NULL);
    flowenrich_batch *batch = encoding_groups(), *enriched = enriched_new(NULL);
    flowenrich_error error;
    char got[ENCODING_MOST];
    size_t row = 0, len;
    (void)state;

    encoding_write(encoder, batch, got);
    assert_true(enriched_u64(batch, "packets", 0, 1));
    assert_int_equal(flowenrich_encoder_encode(encoder, batch, &row, got, sizeof got, &len, &error),
                     FLOWENRICH_ERR_ARG);
    assert_non_null(strstr(error.message, "'packets'"));
    flowenrich_encoder_free(encoder);

    encoder = encoding_new("csv", NULL);
    encoding_write(encoder, enriched, got);
    assert_non_null(strstr(got, "client.addr,client.port,client.type,client.arns,"));
    assert_true(enriched_u64(enriched, "packets", 0, 1));
    enriched->generation++;
    encoding_write(encoder, enriched, got);
    flowenrich_encoder_free(encoder);
    flowenrich_batch_free(batch);
    flowenrich_batch_free(enriched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_lines_below_their_paths),
        cmocka_unit_test(what_a_reader_could_take_for_something_else_is_quoted),
        cmocka_unit_test(lists_and_maps_are_json),
        cmocka_unit_test(the_header_comes_once_whatever_the_batches),
        cmocka_unit_test(a_column_that_comes_after_the_header_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
