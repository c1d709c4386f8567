/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the stages of a pipeline: what a configuration makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/rows.h"
#include "record/path.h"
#include "piping.h"

static void check(const char *yaml, const char *input, const char *output)
{
    flowenrich_pipeline *pipeline = piping_new(yaml);
    char *out = piping_run(pipeline, input, strlen(input), 1000);

    if (strcmp(out, output) != 0)
        fail_msg("%s:\n%s", yaml, out);
    free(out);
    flowenrich_pipeline_free(pipeline);
}

static void a_configuration_decides_what_comes_out(void **state)
{
    static const char both[] = PIPING_LINE PIPING_OTHER;

    (void)state;
    check("fields: [client.addr, server.port, uploaded, downloaded]\n", both,
          "{\"Client\":{\"Addr\":\"10.0.0.5\"},\"Server\":{\"Port\":5432},\"Uploaded\":420}\n"
          "{\"Client\":{\"Addr\":\"10.0.0.5\"},\"Server\":{\"Port\":5432},\"Downloaded\":640}\n");
    check("fields: [client.addr, uploaded]\nencoder: json-flat\n", PIPING_LINE,
          "{\"client.addr\":\"10.0.0.5\",\"uploaded\":420}\n");
    check("fields: [bytes]\nenrich: false\nfilter: {action: REJECT}\n", both,
          "{\"bytes\":640}\n"); /* a field that is only compared is read, too */
    check("fields: [client.network]\nfilter: {client.network: office}\n"
          "networks: [{cidr: 10.0.0.5, name: office}]\n",
          PIPING_LINE, "{\"Client\":{\"Network\":\"office\"}}\n");
    check("fields: [client.addr]\nlisteners: [{protocol: tcp, port: 40000, name: odd}, "
          "{protocol: tcp, port: 5432, name: x, address: 192.0.2.1}]\n"
          "filter: {action: REJECT}\n",
          PIPING_LINE, "");
    check("fields: [bytes]\nenrich: false\nsince: 1772452861\n", both, ""); /* so are times */
    check(
        "fields: [uploaded]\nuntil: 1772452800\nfilter: [{action: {not: REJECT}}, {bytes: 420}]\n",
        both, "{\"Uploaded\":420}\n");
    check("encoder: none\nfilter: {bytes: 640}\nlimits: {rows: 1}\n", both, "640\n");
}

/* Columns that nobody asked for aren't made, unless ends are to be named. */
static void what_nobody_reads_is_not_converted(void **state)
{
    flowenrich_pipeline *pipeline =
        piping_new("enrich: false\nfields: [bytes]\nfilter: {action: ACCEPT}\nencoder: none\n");
    flowenrich_error error = { 0 };
    flowenrich_batch *batch;
    int32_t done;
    size_t used;

    (void)state;
    piping_must(flowenrich_pipeline_feed(pipeline, PIPING_LINE, strlen(PIPING_LINE), &used, &error),
                &error);
    piping_must(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error), &error);
    batch = flowenrich_pipeline_batch(pipeline);
    assert_non_null(batch);
    assert_string_equal(flowenrich_batch_path(batch, 0), "bytes");
    assert_string_equal(flowenrich_batch_path(batch, 1), "action");
    assert_null(flowenrich_batch_path(batch, 2));
    flowenrich_pipeline_free(pipeline);
}

/* What a path of the second row is worked out to, written; empty if it isn't there. */
static const char *second(const char *yaml, flowenrich_text path)
{
    static const char input[] = PIPING_HEADER PIPING_LINE PIPING_OTHER;
    static char written[64];
    flowenrich_pipeline *pipeline = piping_new(yaml);
    flowenrich_error error = { 0 };
    fle_value value = { 0 };
    fle_path at;
    size_t used;

    piping_must(flowenrich_pipeline_feed(pipeline, input, sizeof input - 1, &used, &error), &error);
    piping_must(flowenrich_pipeline_advance(pipeline, 0, &(int32_t){ 0 }, &error), &error);
    if (fle_path_open(&at, flowenrich_pipeline_batch(pipeline), path))
        fle_path_get(&at, flowenrich_pipeline_batch(pipeline), 1, &value);
    if (value.type == FLOWENRICH_TYPE_TEXT)
        snprintf(written, sizeof written, "%.*s", (int)value.as.text.len, value.as.text.data);
    else if (value.type == FLOWENRICH_TYPE_ADDRESS)
        snprintf(written, sizeof written, "an address that ends in %u",
                 value.as.address->bytes[15]);
    else if (value.type)
        snprintf(written, sizeof written, "%" PRIu64, value.as.u64);
    else
        written[0] = '\0';
    flowenrich_pipeline_free(pipeline);
    return written;
}

/* Each column alone is what it is among all, and the others aren't there, but for a few. */
static void what_is_read_is_the_same_and_the_rest_is_not_worked_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < FLE_N_OUTPUTS; i++) {
        const flowenrich_text path = fle_output_path((fle_output)i);
        const bool is_needed =
            i == FLE_OUT_RULE || i == FLE_OUT_CLIENT_ADDR || i == FLE_OUT_CLIENT_PORT;
        char all[64], yaml[128];

        snprintf(all, sizeof all, "%s", second("encoder: none\n", path));
        snprintf(yaml, sizeof yaml, "encoder: none\nreads: [%s]\n", path.data);
        if (strcmp(second(yaml, path), all) != 0)
            fail_msg("%s is '%s' alone, '%s' with all", path.data, second(yaml, path), all);
        if (strcmp(second("encoder: none\nreads: []\n", path), is_needed ? all : "") != 0)
            fail_msg("%s isn't read, and is there", path.data);
        snprintf(yaml, sizeof yaml,
                 "encoder: none\nreads: []\nfilter: \"%s present or bytes > 0\"\n", path.data);
        assert_string_equal(second(yaml, path), all);
    }
}

static void a_format_that_can_not_be_read_has_its_place(void **state)
{
    static const char yaml[] = "formats:\n- default\n- '${bytes ${start}'\n";
    flowenrich_error error = { 0 };
    flowenrich_pipeline *pipeline;

    (void)state;
    assert_int_equal(flowenrich_pipeline_new(&pipeline, yaml, sizeof yaml - 1, NULL, &error),
                     FLOWENRICH_ERR_SYNTAX);
    assert_null(pipeline);
    assert_int_equal(error.line, 3);
    assert_int_equal(error.column, 3);
}

/* A row may be longer than what output is asked for at a time. */
static void rows_are_never_cut(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("limits: {rows: 1}\n");
    enum { TAG = 100000 };
    char *yaml = malloc(TAG + 200), *out;

    (void)state;
    assert_non_null(yaml);
    flowenrich_pipeline_free(pipeline);
    strcpy(yaml,
           "limits: {rows: 1}\nfields: [client.network]\nnetworks:\n- cidr: 10.0.0.5\n  name: ");
    memset(yaml + strlen(yaml), 0, TAG);
    memset(yaml + strlen(yaml), 'n', TAG - 1);
    pipeline = piping_new(yaml);
    out = piping_run(pipeline, PIPING_LINE, strlen(PIPING_LINE), 7);
    assert_int_equal(strlen(out), strlen("{\"Client\":{\"Network\":\"\"}}\n") + TAG - 1);
    free(out);
    free(yaml);
    flowenrich_pipeline_free(pipeline);
}

/* What CloudWatch Logs delivers: lines of a log group, without a header. */
#define DELIVERED(group, line)                                                                     \
    "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\",\"logGroup\":\"" group           \
    "\",\"logStream\":\"s\",\"subscriptionFilters\":[\"f\"],\"logEvents\":[{\"id\":\"1\","         \
    "\"timestamp\":1772452800000,\"message\":\"" line "\"}]}\n"

/* One of the formats can't be read: then it is as if it weren't there. */
static const char flow_logs[] =
    "{\"FlowLogs\": ["
    "{\"FlowLogId\": \"fl-1\", \"LogGroupName\": \"a\", \"LogFormat\": \"${bytes} ${packets}\"},"
    "{\"FlowLogId\": \"fl-2\", \"LogGroupName\": \"b\", \"LogFormat\": \"${packets} ${bytes}\"},"
    "{\"FlowLogId\": \"fl-3\", \"LogGroupName\": \"b\", \"LogFormat\": \"${\"}]}";

static void documents_tell_the_formats_of_inputs(void **state)
{
    static const char log[] = DELIVERED("a", "7 1") DELIVERED("b", "1 8") DELIVERED("c", "9 1");
    (void)state;

    for (int learns = 0; learns < 2; learns++) {
        flowenrich_pipeline *pipeline = piping_new("fields: [bytes]\nencoder: json-flat\n");
        flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
        flowenrich_error error = { 0 };
        char *out;

        document.observed_at = 1772452800;
        piping_must(flowenrich_pipeline_load(pipeline, flow_logs, sizeof flow_logs - 1, &document,
                                             NULL, &error),
                    &error);
        if (learns) {
            piping_must(flowenrich_pipeline_set_learning(pipeline, 1, &error), &error);
            free(piping_run(pipeline, log, sizeof log - 1, 50));
            piping_must(flowenrich_pipeline_set_learning(pipeline, 0, &error), &error);
        }
        out = piping_run(pipeline, log, sizeof log - 1, 50);
        assert_string_equal(out, "{\"bytes\":7}\n{\"bytes\":8}\n");
        assert_int_equal(piping_stat(pipeline, "bad_no_format"), 1 + learns);
        free(out);
        flowenrich_pipeline_free(pipeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_tell_the_formats_of_inputs),
        cmocka_unit_test(a_configuration_decides_what_comes_out),
        cmocka_unit_test(what_nobody_reads_is_not_converted),
        cmocka_unit_test(what_is_read_is_the_same_and_the_rest_is_not_worked_out),
        cmocka_unit_test(a_format_that_can_not_be_read_has_its_place),
        cmocka_unit_test(rows_are_never_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
