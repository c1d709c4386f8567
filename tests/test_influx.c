/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/influx.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "encoding.h"
#include "record/list.h"

static void groups_are_points_of_their_window(void **state)
{
    flowenrich_batch *batch = encoding_groups();
    char got[ENCODING_MOST];
    (void)state;

    encoding_once("influx", NULL, batch, got);
    assert_string_equal(
        got, "flowenrich,client.tags.app=shop,server.port=443,protocol=tcp "
             "window.end=1795169100i,bytes=4249i,first=1795168801i,p99_9.bytes=1.5 "
             "1795168800000000000\n"
             /* A number beyond what the format holds is the most it does. */
             "flowenrich,client.tags.app=a\\,\\ b\\=\"c\\\\d\"\xef\xbf\xbd "
             "window.end=1795169100i,bytes=9223372036854775807i 1795168800000000000\n"
             "flowenrich,other=true window.end=1795169100i,bytes=0i 1795168800000000000\n");
    flowenrich_batch_free(batch);
}

static void records_are_points_of_their_start(void **state)
{
    static const struct {
        const char *fields[4];
        const char *out;
    } cases[] = {
        { { "client.port", "bytes" },
          "flowenrich,client.port=41276 bytes=4249i 1418530010000000000\n"
          "flowenrich bytes=100i\n" }, /* without a start */
        { { "bytes", "start", "scope" },
          "flowenrich,scope=aws-service bytes=4249i 1418530010000000000\n"
          "flowenrich,scope=internet bytes=100i\n" },
        { { "client.arns", "direction.confidence" },
          "flowenrich client.arns=\"[\\\"arn:1\\\",\\\"arn:2\\\"]\",direction.confidence=0.9 "
          "1418530010000000000\n" },
        { { "scope", "client.rfc1918" }, "" }, /* nothing that is counted: no points */
    };
    flowenrich_batch *batch = enriched_new(NULL);
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[ENCODING_MOST];

        encoding_once("influx", cases[i].fields, batch, got);
        if (strcmp(got, cases[i].out) != 0)
            fail_msg("row %zu:\n%snot\n%s", i, got, cases[i].out);
    }
    flowenrich_batch_free(batch);
}

static void what_cannot_be_told_is_near(void **state)
{
    static const struct {
        flowenrich_time start;
        const char *nanoseconds;
    } cases[] = {
        { 0, "0" },
        { -1, "-1000000000" },
        { INT64_MAX, "9223372036000000000" },
        { INT64_MIN + 1, "-9223372036000000000" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[ENCODING_MOST], expected[128];
        flowenrich_batch *batch;

        assert_int_equal(flowenrich_batch_new(&batch, 1, NULL, NULL), FLOWENRICH_OK);
        assert_true(enriched_time(batch, "start", 0, cases[i].start));
        assert_true(enriched_u64(batch, "bytes", 0, 1));
        batch->rows = 1;
        encoding_once("influx", NULL, batch, got);
        snprintf(expected, sizeof expected, "flowenrich bytes=1i %s\n", cases[i].nanoseconds);
        assert_string_equal(got, expected);
        flowenrich_batch_free(batch);
    }
}

/* Nothing a tag says ends it, its point, or escapes what comes behind. */
static void no_value_leaves_its_place(void **state)
{
    static const struct {
        const char *value, *tag, *field; /* which is a list with that item, as JSON */
    } cases[] = {
        { "a\\", "a\\\\", "a\\\\\\\\" },
        { "a\\,b", "a\\\\\\,b", "a\\\\\\\\,b" },
        { "a\nflowenrich x=1i",
          "a\xef\xbf\xbd"
          "flowenrich\\ x\\=1i",
          "a\\\\nflowenrich x=1i" },
        { "\t\r", "\xef\xbf\xbd\xef\xbf\xbd", "\\\\t\\\\r" },
        { "\"", "\"", "\\\\\\\"" },
        { "\xff", "\xef\xbf\xbd", "\xef\xbf\xbd" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[ENCODING_MOST], expected[128];
        flowenrich_batch *batch;

        assert_int_equal(flowenrich_batch_new(&batch, 1, NULL, NULL), FLOWENRICH_OK);
        assert_true(enriched_text(batch, "client.tags.a b", 0, cases[i].value));
        assert_non_null(fle_batch_add_list(batch, FLE_TEXT("top.scope"), FLOWENRICH_TYPE_TEXT));
        batch->rows = 1;
        assert_true(fle_list_add_text(batch, fle_batch_find(batch, FLE_TEXT("top.scope")), 0,
                                      cases[i].value, strlen(cases[i].value)));
        encoding_once("influx", NULL, batch, got);
        snprintf(expected, sizeof expected,
                 "flowenrich,client.tags.a\\ b=%s top.scope=\"[\\\"%s\\\"]\"\n", cases[i].tag,
                 cases[i].field);
        assert_string_equal(got, expected);
        flowenrich_batch_free(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_points_of_their_window),
        cmocka_unit_test(records_are_points_of_their_start),
        cmocka_unit_test(what_cannot_be_told_is_near),
        cmocka_unit_test(no_value_leaves_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
