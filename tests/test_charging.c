/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of a pipeline's keys of costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flowenrich.h"

static void costs_need_conversations_that_are_named(void **state)
{
    static const struct {
        const char *yaml, *message;
        unsigned line;
    } cases[] = {
        { "charge: true", "only conversations have costs: that needs 'level: conversation'", 1 },
        { "level: record\nrates: {unit: GiB}",
          "only conversations have costs: that needs 'level: conversation'", 2 },
        { "charge: 1", "charge must be true or false, not '1'", 1 },
        { "enrich: false\nlevel: conversation\ncharge: true",
          "with 'enrich: false' nobody is named: there is nobody to charge", 3 },
        { "level: conversation\nrates: {unit: TB}", "unit must be GB or GiB, not 'TB'", 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_pipeline *pipeline;
        flowenrich_error error;

        assert_int_equal(
            flowenrich_pipeline_new(&pipeline, cases[i].yaml, strlen(cases[i].yaml), NULL, &error),
            FLOWENRICH_ERR_SYNTAX);
        if (strcmp(error.message, cases[i].message) != 0 || error.line != cases[i].line)
            fail_msg("%s\n%u: %s", cases[i].yaml, error.line, error.message);
    }
}

static void rates_are_for_pipelines_that_charge(void **state)
{
    flowenrich_pipeline *pipeline;
    flowenrich_error error;

    (void)state;
    assert_int_equal(flowenrich_pipeline_new(&pipeline, "rates:\ncharge: false", 20, NULL, &error),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_pipeline_load_rates(pipeline, "unit: GiB", 9, &error),
                     FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message, "there is no pipeline that charges: its configuration needs "
                                       "'charge: true'");
    flowenrich_pipeline_free(pipeline);
    assert_int_equal(
        flowenrich_pipeline_new(&pipeline, "level: conversation\ncharge: true", 32, NULL, &error),
        FLOWENRICH_OK);
    assert_int_equal(flowenrich_pipeline_load_rates(pipeline, "unit: GiB", 9, &error),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_pipeline_load_rates(pipeline, "unit: TB", 8, &error),
                     FLOWENRICH_ERR_SYNTAX);
    flowenrich_pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_need_conversations_that_are_named),
        cmocka_unit_test(rates_are_for_pipelines_that_charge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
