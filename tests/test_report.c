/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what a pipeline tells besides its output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "piping.h"

static void counts_come_from_all_stages(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("filter: {action: ACCEPT}\n");
    char *out = piping_run(pipeline, PIPING_LINE "bad\n" PIPING_OTHER PIPING_LINE,
                           strlen(PIPING_LINE "bad\n" PIPING_OTHER PIPING_LINE), 50);
    flowenrich_stat few[3] = { { NULL, 7 }, { NULL, 7 }, { NULL, 7 } };
    const size_t n = flowenrich_pipeline_stats(pipeline, NULL, 0);

    (void)state;
    assert_int_equal(piping_stat(pipeline, "records"), 3);
    assert_int_equal(piping_stat(pipeline, "enriched"), 3);
    assert_int_equal(piping_stat(pipeline, "kept"), 2);
    assert_int_equal(piping_stat(pipeline, "dropped"), 1);
    assert_int_equal(piping_stat(pipeline, "payload_messages"), 0);
    assert_int_equal(piping_stat(pipeline, "ends"), 6);
    assert_true(n > 20);
    assert_int_equal(flowenrich_pipeline_stats(pipeline, few, 2), n);
    assert_int_equal(few[2].value, 7); /* not touched */
    free(out);
    flowenrich_pipeline_free(pipeline);
}

/* The name of each count is its own. */
static void no_two_counts_share_a_name(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("");
    flowenrich_stat stats[128];
    const size_t n = flowenrich_pipeline_stats(pipeline, stats, 128);

    (void)state;
    assert_true(n < 128);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(stats[i].name, stats[j].name);
    flowenrich_pipeline_free(pipeline);
}

static void a_line_is_explained(void **state)
{
    static const struct {
        const char *line;
        flowenrich_status status;
        const char *text; /* in the explanation, or in the error */
    } cases[] = {
        { PIPING_LINE, FLOWENRICH_OK, "10.0.0.5" },
        { PIPING_HEADER PIPING_LINE, FLOWENRICH_OK, "10.0.0.5" },
        { "2 1", FLOWENRICH_ERR_SYNTAX, "this line isn't a record: " },
        { "", FLOWENRICH_ERR_SYNTAX, "there is no record in this line" },
        { PIPING_HEADER, FLOWENRICH_ERR_SYNTAX, "there is no record in this line" },
    };
    flowenrich_pipeline *pipeline = piping_new("");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_error error = { 0 };
        char text[8192] = "";
        size_t len;
        const flowenrich_status status = flowenrich_pipeline_explain(
            pipeline, cases[i].line, strlen(cases[i].line), text, sizeof text - 1, &len, &error);

        if (status != cases[i].status ||
            !strstr(status == FLOWENRICH_OK ? text : error.message, cases[i].text))
            fail_msg("%s: %s %s", cases[i].line, error.message, text);
        if (status == FLOWENRICH_OK)
            assert_int_equal(flowenrich_pipeline_explain(pipeline, cases[i].line,
                                                         strlen(cases[i].line), NULL, 0, &len,
                                                         &error),
                             FLOWENRICH_ERR_LIMIT);
    }
    flowenrich_pipeline_free(pipeline);
}

static void rows_that_are_ready_are_explained(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("encoder: none\nfilter: {action: REJECT}\n");
    flowenrich_error error = { 0 };
    char text[8192] = "", other[8192] = "";
    size_t len, used;
    int32_t done;

    (void)state;
    piping_must(flowenrich_pipeline_feed(pipeline, PIPING_LINE PIPING_OTHER,
                                         strlen(PIPING_LINE PIPING_OTHER), &used, &error),
                &error);
    assert_int_equal(flowenrich_pipeline_explain_row(pipeline, 0, text, sizeof text, &len, &error),
                     FLOWENRICH_ERR_ARG); /* none is */
    piping_must(flowenrich_pipeline_advance(pipeline, 0, &done, &error), &error);
    piping_must(flowenrich_pipeline_explain_row(pipeline, 0, text, sizeof text - 1, &len, &error),
                &error);
    piping_must(flowenrich_pipeline_explain(pipeline, PIPING_OTHER, strlen(PIPING_OTHER), other,
                                            sizeof other - 1, &len, &error),
                &error);
    assert_string_equal(text, other);
    assert_int_equal(flowenrich_pipeline_explain_row(pipeline, 1, text, sizeof text, &len, &error),
                     FLOWENRICH_ERR_ARG);
    flowenrich_pipeline_free(pipeline);
}

/* Not those that naming the ends adds, which no log has to have. */
static void paths_that_no_log_has_are_told(void **state)
{
    static const struct {
        const char *yaml, *missing;
    } cases[] = {
        { "", "" },
        { "fields: [bytes, color, scope, client.tags.app]\nfilter: {hue: red, action: x}\n",
          "color hue " },
        { "enrich: false\nfields: [bytes, client.addr]\n", "client.addr " },
        { "enrich: false\nfields: [vpc_id]\nfilter: {action: NONE}\n", "vpc_id " },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_pipeline *pipeline = piping_new(cases[i].yaml);
        char missing[128] = "", *out;
        const char *path;

        assert_null(flowenrich_pipeline_missing(pipeline, 0)); /* there was no log */
        out = piping_run(pipeline, PIPING_LINE, strlen(PIPING_LINE), 1000);
        for (size_t n = 0; (path = flowenrich_pipeline_missing(pipeline, n)); n++)
            strcat(strcat(missing, path), " ");
        if (strcmp(missing, cases[i].missing) != 0)
            fail_msg("%s: %s", cases[i].yaml, missing);
        free(out);
        flowenrich_pipeline_free(pipeline);
    }
}

/* As a table does, which takes them by reference. */
static void whoever_takes_the_rows_may_take_their_columns_along(void **state)
{
    flowenrich_pipeline *pipeline =
        piping_new("enrich: false\nencoder: none\nfields: [bytes, color]\n");
    flowenrich_error error = { 0 };
    int32_t done;
    size_t used;

    (void)state;
    piping_must(flowenrich_pipeline_begin(pipeline, NULL, &error), &error);
    piping_must(flowenrich_pipeline_feed(pipeline, PIPING_LINE, strlen(PIPING_LINE), &used, &error),
                &error);
    do {
        flowenrich_batch *batch;

        piping_must(flowenrich_pipeline_end(pipeline, &done, &error), &error);
        batch = flowenrich_pipeline_batch(pipeline);
        if (batch)
            fle_batch_drop_columns(batch);
    } while (!done);
    assert_string_equal(flowenrich_pipeline_missing(pipeline, 0), "color");
    assert_null(flowenrich_pipeline_missing(pipeline, 1));
    flowenrich_pipeline_free(pipeline);
}

static void who_names_nobody_explains_nothing(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("enrich: false\n");
    flowenrich_error error = { 0 };
    size_t len;

    (void)state;
    assert_int_equal(flowenrich_pipeline_explain(pipeline, PIPING_LINE, strlen(PIPING_LINE), NULL,
                                                 0, &len, &error),
                     FLOWENRICH_ERR_ARG);
    assert_non_null(strstr(error.message, "enrich: false"));
    flowenrich_pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_come_from_all_stages),
        cmocka_unit_test(no_two_counts_share_a_name),
        cmocka_unit_test(a_line_is_explained),
        cmocka_unit_test(rows_that_are_ready_are_explained),
        cmocka_unit_test(paths_that_no_log_has_are_told),
        cmocka_unit_test(whoever_takes_the_rows_may_take_their_columns_along),
        cmocka_unit_test(who_names_nobody_explains_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
