/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of how the bytes of an input get into the batch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "piping.h"

#define BARE "enrich: false\nfields: [srcaddr, bytes]\n"
#define OUT_LINE "{\"srcaddr\":\"10.0.0.5\",\"bytes\":420}\n"
#define OUT_OTHER "{\"srcaddr\":\"10.0.0.9\",\"bytes\":640}\n"
#define JSON_LINE                                                                                  \
    "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK"
#define PAYLOAD                                                                                    \
    "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\",\"logGroup\":\"g\","             \
    "\"logStream\":\"eni-0a1-all\",\"subscriptionFilters\":[\"f\"],\"logEvents\":["                \
    "{\"id\":\"1\",\"timestamp\":1772452800000,\"message\":\"" JSON_LINE "\"}]}"

/* What an input is doesn't depend on its pieces, and neither does what comes of it. */
static void any_pieces_give_the_same_output(void **state)
{
    static const struct {
        const char *yaml, *input, *output;
    } cases[] = {
        { BARE, "", "" },
        { BARE, "\n", "" },
        { BARE, PIPING_HEADER, "" },
        { BARE, PIPING_HEADER PIPING_LINE PIPING_OTHER, OUT_LINE OUT_OTHER },
        { BARE, PIPING_LINE PIPING_OTHER, OUT_LINE OUT_OTHER }, /* the default format */
        { BARE, PIPING_HEADER JSON_LINE, OUT_LINE },            /* no newline */
        { BARE, "\xef\xbb\xbf" PIPING_HEADER PIPING_LINE, OUT_LINE },
        { BARE "limits: {rows: 1}\n", PIPING_LINE PIPING_OTHER PIPING_LINE,
          OUT_LINE OUT_OTHER OUT_LINE },
        { BARE "encoder: none\nlimits: {rows: 1}\n", PIPING_LINE PIPING_OTHER, "420\n640\n" },
        { BARE "encoder: none\n", PIPING_LINE PIPING_OTHER, "420\n640\n" },
        { BARE "formats: ['${bytes} ${srcaddr}']\n", "7 10.0.0.1\n",
          "{\"srcaddr\":\"10.0.0.1\",\"bytes\":7}\n" },
        { BARE "formats: ['${bytes} ${srcaddr}']\nlimits: {payload: 1}\n", "7 10.0.0.1\n",
          "{\"srcaddr\":\"10.0.0.1\",\"bytes\":7}\n" }, /* text, however short, is none */
        { BARE "limits: {payload: 1}\n", PIPING_LINE PIPING_OTHER, OUT_LINE OUT_OTHER },
        { BARE, PAYLOAD, OUT_LINE },
        { BARE, " \n" PAYLOAD PAYLOAD "\n" PAYLOAD "\n", OUT_LINE OUT_LINE OUT_LINE },
        { BARE "limits: {rows: 1}\n", PAYLOAD PAYLOAD, OUT_LINE OUT_LINE },
        { BARE "encoder: none\nlimits: {rows: 1}\n", PAYLOAD PAYLOAD, "420\n420\n" },
        { BARE, "2026-03-02T12:00:00.000Z " PIPING_LINE, OUT_LINE }, /* an export */
        { BARE "input: text\n", PAYLOAD "\n" PIPING_LINE, OUT_LINE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t len = strlen(cases[i].input);

        for (size_t size = 1; size <= len + 1; size = size < 70 ? size + 1 : size + 97) {
            flowenrich_pipeline *pipeline = piping_new(cases[i].yaml);
            char *out = piping_run(pipeline, cases[i].input, len, size);

            if (strcmp(out, cases[i].output) != 0)
                fail_msg("%s in pieces of %zu:\n%s", cases[i].input, size, out);
            free(out);
            flowenrich_pipeline_free(pipeline);
        }
    }
}

/* Rows of several inputs share a batch; a header ends with its input. */
static void inputs_follow_one_another(void **state)
{
    flowenrich_pipeline *pipeline = piping_new(BARE);
    flowenrich_error error = { 0 };
    fle_allocator memory;
    fle_buffer out;

    (void)state;
    fle_allocator_init(&memory, NULL);
    fle_buffer_init(&out, &memory);
    for (size_t i = 0; i < 3; i++) {
        const char *input = i == 1 ? PAYLOAD : "bytes srcaddr\n1 10.0.0.1";

        assert_int_equal(flowenrich_pipeline_begin(pipeline, NULL, &error), FLOWENRICH_OK);
        assert_int_equal(piping_feed(pipeline, input, strlen(input), 9, &out, &error),
                         FLOWENRICH_OK);
        assert_int_equal(flowenrich_pipeline_begin(pipeline, NULL, &error), FLOWENRICH_ERR_ARG);
        assert_int_equal(piping_end(pipeline, &out, &error), FLOWENRICH_OK);
    }
    assert_int_equal(out.len, 0); /* the batch isn't full */
    assert_int_equal(piping_feed(pipeline, PIPING_LINE, strlen(PIPING_LINE), 1000, &out, &error),
                     FLOWENRICH_OK); /* begins an input by itself */
    assert_int_equal(piping_flush(pipeline, &out, &error), FLOWENRICH_OK);
    fle_buffer_char(&out, '\0');
    assert_string_equal(out.data, "{\"srcaddr\":\"10.0.0.1\",\"bytes\":1}\n" OUT_LINE
                                  "{\"srcaddr\":\"10.0.0.1\",\"bytes\":1}\n" OUT_LINE);
    fle_buffer_free(&out);
    flowenrich_pipeline_free(pipeline);
}

/* What is broken in a payload is refused alone, and what follows it is read. */
static void a_broken_part_does_not_take_the_others_with_it(void **state)
{
    static const char input[] =
        PAYLOAD "\n{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[}\n" PAYLOAD;
    flowenrich_pipeline *pipeline = piping_new(BARE);
    flowenrich_error error = { 0 };
    fle_allocator memory;
    fle_buffer out;

    (void)state;
    fle_allocator_init(&memory, NULL);
    fle_buffer_init(&out, &memory);
    assert_int_equal(piping_feed(pipeline, input, sizeof input - 1, 50, &out, &error),
                     FLOWENRICH_OK);
    assert_int_equal(piping_end(pipeline, &out, &error), FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(piping_end(pipeline, &out, &error), FLOWENRICH_OK);
    assert_int_equal(piping_flush(pipeline, &out, &error), FLOWENRICH_OK);
    fle_buffer_char(&out, '\0');
    assert_string_equal(out.data, OUT_LINE OUT_LINE);
    assert_int_equal(piping_stat(pipeline, "payload_failed"), 1);
    fle_buffer_free(&out);
    flowenrich_pipeline_free(pipeline);
}

/* The key of an S3 object names its flow log, whatever the object holds. */
static void the_key_of_an_input_is_read(void **state)
{
    static const char *const inputs[] = { PIPING_LINE, PAYLOAD };
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_error error = { 0 };

    (void)state;
    source.key = FLE_TEXT("AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/03/02/"
                          "123456789012_vpcflowlogs_eu-west-1_fl-0abc_20260302T1200Z_12345678.log");
    for (size_t i = 0; i < 2; i++) {
        flowenrich_pipeline *pipeline =
            piping_new("enrich: false\nfields: [flow_log.id, flow_log.account]\n");
        const flowenrich_text wanted =
            FLE_TEXT("{\"flow_log.id\":\"fl-0abc\",\"flow_log.account\":\"123456789012\"}\n");
        int32_t done = 0;
        size_t used;

        piping_must(flowenrich_pipeline_begin(pipeline, &source, &error), &error);
        piping_must(flowenrich_pipeline_feed(pipeline, inputs[i], strlen(inputs[i]), &used, &error),
                    &error);
        piping_must(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error),
                    &error);
        assert_true(fle_text_equal(flowenrich_pipeline_output(pipeline), wanted));
        flowenrich_pipeline_free(pipeline);
    }
}

static void a_payload_over_its_limit_is_passed_over(void **state)
{
    flowenrich_pipeline *pipeline = piping_new(BARE "limits: {payload: 100}\n");
    flowenrich_error error = { 0 };
    int32_t done = 0;
    size_t used;
    char *out;

    (void)state;
    assert_int_equal(flowenrich_pipeline_feed(pipeline, PAYLOAD, strlen(PAYLOAD), &used, &error),
                     FLOWENRICH_ERR_LIMIT);
    assert_non_null(strstr(error.message, "100 bytes"));
    assert_int_equal(used, strlen(PAYLOAD));
    assert_int_equal(flowenrich_pipeline_feed(pipeline, PAYLOAD, 10, &used, &error), FLOWENRICH_OK);
    assert_int_equal(used, 10);
    assert_int_equal(flowenrich_pipeline_end(pipeline, &done, &error), FLOWENRICH_OK);
    assert_true(done);
    out = piping_run(pipeline, PIPING_LINE, strlen(PIPING_LINE), 1000); /* text isn't held */
    assert_string_equal(out, OUT_LINE);
    free(out);
    flowenrich_pipeline_free(pipeline);
}

/* Values one a line, and lines of an export, are read long before their end. */
static void a_stream_takes_little_memory(void **state)
{
    static const char *const lines[] = {
        "{\"message\":\"" JSON_LINE "\"}\n",
        "2026-03-02T12:00:00.000Z " PIPING_LINE,
    };
    static const size_t sizes[] = { 999, 1 << 20, 100 << 20 };
    enum { MANY = 40000 };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const size_t len = strlen(lines[i]);
        char *input = malloc(len * MANY);

        assert_non_null(input);
        for (size_t n = 0; n < MANY; n++)
            memcpy(input + n * len, lines[i], len);
        for (size_t j = 0; j < 3; j++) {
            flowenrich_pipeline *pipeline = piping_new("enrich: false\nfields: [bytes]\n");
            char *out = piping_run(pipeline, input, len * MANY, sizes[j]);

            assert_int_equal(strlen(out), MANY * strlen("{\"bytes\":420}\n"));
            assert_int_equal(piping_stat(pipeline, "payload_bytes_in"), len * MANY);
            assert_true(pipeline->input.held.capacity < (size_t)5 << 20);
            free(out);
            flowenrich_pipeline_free(pipeline);
        }
        free(input);
    }
}

/* What an error is about is told by its place in the whole input. */
static void a_broken_value_in_a_stream_has_its_offset(void **state)
{
    static const char line[] = "{\"message\":\"" JSON_LINE "\"}\n";
    const size_t len = sizeof line - 1, before = len * 20000;
    flowenrich_pipeline *pipeline = piping_new(BARE "encoder: none\n");
    flowenrich_error error = { 0 };
    char *input = malloc(before + 100 + before);
    unsigned refused = 0;
    int32_t done = 0;

    (void)state;
    assert_non_null(input);
    for (size_t n = 0; n < 20000; n++) {
        memcpy(input + n * len, line, len);
        memcpy(input + before + 20 + n * len, line, len);
    }
    memcpy(input + before, "{\"message\":nothing}\n", 20);
    for (size_t at = 0, used; at < before + 20 + before; at += used)
        if (flowenrich_pipeline_feed(pipeline, input + at, before + 20 + before - at, &used,
                                     &error) != FLOWENRICH_OK) {
            assert_int_equal(error.status, FLOWENRICH_ERR_SYNTAX);
            assert_int_equal(error.offset, before + 11);
            refused++;
        }
    while (!done)
        piping_must(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error),
                    &error);
    assert_int_equal(refused, 1);
    assert_int_equal(piping_stat(pipeline, "records"), 40000);
    free(input);
    flowenrich_pipeline_free(pipeline);
}

/* A line that was cut short could look right. */
static void the_last_line_of_what_broke_off_is_left_out(void **state)
{
    static const struct {
        const char *input, *output;
        flowenrich_status status;
    } cases[] = {
        { "7 10.0.0.1\n8 10.0.0.1", "{\"bytes\":7}\n", FLOWENRICH_OK },
        { "7 10.0.0.1\n8 10.0.0.1\n", "{\"bytes\":7}\n{\"bytes\":8}\n", FLOWENRICH_OK },
        { "", "", FLOWENRICH_OK },
        { "2026-03-02T12:00:00.000Z 7 10.0.0.1\n2026-03-02T12:00:00.000Z 8 10.0.0.1",
          "{\"bytes\":7}\n", FLOWENRICH_OK },
        { "{\"message\":\"7 10.0.0.1\"}\n{\"message\":\"8 10.0", "{\"bytes\":7}\n",
          FLOWENRICH_ERR_SYNTAX },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t size = 1; size < 100; size++) {
            flowenrich_pipeline *pipeline =
                piping_new("enrich: false\nfields: [bytes]\nformats: ['bytes srcaddr']\n");
            flowenrich_error error = { 0 };
            fle_allocator memory;
            fle_buffer out;

            fle_allocator_init(&memory, NULL);
            fle_buffer_init(&out, &memory);
            piping_must(
                piping_feed(pipeline, cases[i].input, strlen(cases[i].input), size, &out, &error),
                &error);
            piping_must(flowenrich_pipeline_break_off(pipeline, &error), &error);
            assert_int_equal(piping_end(pipeline, &out, &error), cases[i].status);
            piping_must(piping_end(pipeline, &out, &error), &error);
            piping_must(piping_flush(pipeline, &out, &error), &error);
            fle_buffer_char(&out, '\0');
            if (strcmp(out.data, cases[i].output) != 0)
                fail_msg("%s: %s", cases[i].input, out.data);
            fle_buffer_free(&out);
            flowenrich_pipeline_free(pipeline);
        }
}

static void bytes_after_the_end_are_refused(void **state)
{
    flowenrich_pipeline *pipeline = piping_new(BARE "limits: {rows: 1}\n");
    flowenrich_error error = { 0 };
    int32_t done = 1;
    size_t used;

    (void)state;
    assert_int_equal(
        flowenrich_pipeline_feed(pipeline, PAYLOAD PAYLOAD, strlen(PAYLOAD PAYLOAD), &used, &error),
        FLOWENRICH_OK);
    assert_int_equal(flowenrich_pipeline_end(pipeline, &done, &error), FLOWENRICH_OK);
    assert_false(done);
    assert_int_equal(flowenrich_pipeline_feed(pipeline, "x", 1, &used, &error), FLOWENRICH_ERR_ARG);
    flowenrich_pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_pieces_give_the_same_output),
        cmocka_unit_test(inputs_follow_one_another),
        cmocka_unit_test(a_broken_part_does_not_take_the_others_with_it),
        cmocka_unit_test(the_key_of_an_input_is_read),
        cmocka_unit_test(a_payload_over_its_limit_is_passed_over),
        cmocka_unit_test(a_stream_takes_little_memory),
        cmocka_unit_test(a_broken_value_in_a_stream_has_its_offset),
        cmocka_unit_test(the_last_line_of_what_broke_off_is_left_out),
        cmocka_unit_test(bytes_after_the_end_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
