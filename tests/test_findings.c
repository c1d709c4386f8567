/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what a call of the pipeline met with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "piping.h"

/* However many batches a call goes through, its refused lines are told, each once. */
static void refused_lines_are_told_by_the_call_that_met_them(void **state)
{
    static const char input[] = PIPING_LINE "bad 1\n" PIPING_OTHER "bad 2\n" PIPING_LINE "bad 3\n";
    static const char *const yamls[] = { "enrich: false\n", "limits: {rows: 1}\n",
                                         "encoder: none\nlimits: {rows: 1}\n",
                                         "filter: {action: NONE}\nlimits: {rows: 1}\n" };

    (void)state;
    for (size_t i = 0; i < sizeof yamls / sizeof *yamls; i++) {
        flowenrich_pipeline *pipeline = piping_new(yamls[i]);
        flowenrich_error error = { 0 };
        const char *at = input;
        size_t left = sizeof input - 1, used, told = 0;
        int32_t done = 0;

        while (!done) {
            if (left > 0)
                piping_must(flowenrich_pipeline_feed(pipeline, at, left, &used, &error), &error);
            else
                piping_must(
                    flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error),
                    &error);
            at += left > 0 ? used : 0;
            left -= left > 0 ? used : 0;
            for (size_t j = 0; j < flowenrich_pipeline_rejects(pipeline); j++) {
                flowenrich_reject bad = { .size = sizeof bad };
                char wanted[8];

                assert_int_equal(flowenrich_pipeline_reject(pipeline, j, &bad, &error),
                                 FLOWENRICH_OK);
                snprintf(wanted, sizeof wanted, "bad %zu", ++told);
                assert_true(fle_text_is(bad.text, wanted));
                assert_int_equal(bad.line, 2 * told);
            }
        }
        if (told != 3)
            fail_msg("%s: %zu", yamls[i], told);
        flowenrich_pipeline_free(pipeline);
    }
}

static void of_very_many_refused_lines_the_first_are_kept(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("enrich: false\n");
    flowenrich_reject bad = { .size = sizeof bad };
    flowenrich_error error = { 0 };
    char input[300];
    size_t used;

    (void)state;
    memset(input, '\n', sizeof input);
    for (size_t i = 0; i < sizeof input; i += 3)
        memcpy(input + i, "x y", 2);
    piping_must(flowenrich_pipeline_feed(pipeline, input, sizeof input, &used, &error), &error);
    assert_int_equal(flowenrich_pipeline_rejects(pipeline), 100);
    assert_int_equal(flowenrich_pipeline_reject(pipeline, 63, &bad, &error), FLOWENRICH_OK);
    assert_int_equal(bad.line, 64);
    assert_int_equal(flowenrich_pipeline_reject(pipeline, 64, &bad, &error), FLOWENRICH_ERR_ARG);
    flowenrich_pipeline_free(pipeline);
}

static void objects_to_fetch_are_told(void **state)
{
    static const char event[] =
        "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"eu-"
        "west-1\","
        "\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"logs\"},"
        "\"object\":{\"key\":\"AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/03/02/"
        "123456789012_vpcflowlogs_eu-west-1_fl-0abc_20260302T1200Z_12345678.log.gz\"}}}]}";
    flowenrich_pipeline *pipeline = piping_new("enrich: false\n");
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_error error = { 0 };
    int32_t done;
    size_t used;

    (void)state;
    piping_must(flowenrich_pipeline_feed(pipeline, event, sizeof event - 1, &used, &error), &error);
    assert_int_equal(flowenrich_pipeline_object(pipeline, 0, &source, &error), FLOWENRICH_ERR_ARG);
    piping_must(flowenrich_pipeline_end(pipeline, &done, &error), &error);
    assert_int_equal(flowenrich_pipeline_object(pipeline, 0, &source, &error), FLOWENRICH_OK);
    assert_true(fle_text_is(source.bucket, "logs"));
    assert_true(fle_text_starts(source.key, "AWSLogs/123456789012/"));
    assert_true(fle_text_is(source.region, "eu-west-1"));
    assert_int_equal(flowenrich_pipeline_object(pipeline, 1, &source, &error), FLOWENRICH_ERR_ARG);
    piping_must(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error), &error);
    assert_int_equal(flowenrich_pipeline_object(pipeline, 0, &source, &error), FLOWENRICH_ERR_ARG);
    flowenrich_pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_lines_are_told_by_the_call_that_met_them),
        cmocka_unit_test(of_very_many_refused_lines_the_first_are_kept),
        cmocka_unit_test(objects_to_fetch_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
