/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of pipelines whose rows are conversations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "piping.h"

#define HEADER                                                                                     \
    "interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "  \
    "protocol packets bytes start end action tcp-flags log-status\n"
/* An instance to a server on the internet, and what the NAT gateway logged of it. */
#define LINE(eni, way, hops, packet, ports, counts, times, flags)                                  \
    eni " vpc-1 " way " " hops " " packet " " ports " 6 " counts " " times " ACCEPT " flags " OK"  \
        "\n"
#define UP(times)                                                                                  \
    LINE("eni-1", "egress", "10.0.1.5 203.0.113.5", "10.0.1.5 203.0.113.5", "41000 443", "9 900",  \
         times, "2")                                                                               \
    LINE("eni-nat", "ingress", "10.0.1.5 10.0.0.220", "10.0.1.5 203.0.113.5", "41000 443",         \
         "9 900", times, "2")
#define DOWN(times)                                                                                \
    LINE("eni-nat", "egress", "10.0.0.220 10.0.1.5", "203.0.113.5 10.0.1.5", "443 41000",          \
         "8 4000", times, "18")                                                                    \
    LINE("eni-1", "ingress", "203.0.113.5 10.0.1.5", "203.0.113.5 10.0.1.5", "443 41000",          \
         "8 4000", times, "18")
#define NEWER(times)                                                                               \
    LINE("eni-2", "egress", "10.0.1.6 10.0.1.7", "10.0.1.6 10.0.1.7", "42000 53", "1 60", times,   \
         "2")

static const char inventory[] =
    "{\"NetworkInterfaces\": ["
    "{\"NetworkInterfaceId\": \"eni-1\", \"VpcId\": \"vpc-1\", \"PrivateIpAddress\": \"10.0.1.5\"},"
    "{\"NetworkInterfaceId\": \"eni-nat\", \"VpcId\": \"vpc-1\", \"PrivateIpAddress\": "
    "\"10.0.0.220\", \"InterfaceType\": \"nat_gateway\"}]}";

static flowenrich_pipeline *new_pipeline(const char *more)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_error error = { 0 };
    flowenrich_pipeline *pipeline;
    char yaml[512];

    snprintf(yaml, sizeof yaml,
             "level: conversation\nencoder: json-flat\n"
             "fields: [client.addr, server.addr, uploaded, downloaded, final]\n---\n%s",
             more);
    pipeline = piping_new(yaml);
    document.observed_at = 1000;
    if (pipeline->enricher)
        piping_must(flowenrich_pipeline_load(pipeline, inventory, sizeof inventory - 1, &document,
                                             NULL, &error),
                    &error);
    return pipeline;
}

static void bytes_count_once_however_the_input_is_cut(void **state)
{
    static const char log[] = HEADER UP("1000 1060") DOWN("1000 1060");
    static const char *const yaml[] = { "{}", "hold: off", "limits: {rows: 1}", "enrich: false",
                                        "pair: {active: 60, idle: 300, lateness: 300}" };
    static const size_t sizes[] = { 1, 100, 100000 };
    (void)state;

    for (size_t i = 0; i < sizeof yaml / sizeof *yaml; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            flowenrich_pipeline *pipeline = new_pipeline(yaml[i]);
            char *out = piping_run(pipeline, log, sizeof log - 1, sizes[k]);

            assert_string_equal(out,
                                "{\"client.addr\":\"10.0.1.5\",\"server.addr\":\"203.0.113.5\","
                                "\"uploaded\":900,\"downloaded\":4000,\"final\":true}\n");
            assert_int_equal(piping_stat(pipeline, "paired"), 4);
            assert_int_equal(piping_stat(pipeline, "conversations"), 1);
            assert_int_equal(piping_stat(pipeline, "open_conversations"), 0);
            free(out);
            flowenrich_pipeline_free(pipeline);
        }
}

static void ends_and_hops_are_named(void **state)
{
    static const char log[] = HEADER UP("1000 1060") DOWN("1000 1060");
    flowenrich_pipeline *pipeline =
        new_pipeline("fields: [client.interface_id, client.by, hops.type, path, verdict]");
    char *out = piping_run(pipeline, log, sizeof log - 1, 50);
    (void)state;

    assert_string_equal(out, "{\"client.interface_id\":\"eni-1\",\"client.by\":\"interface\","
                             "\"hops.type\":[\"ec2:nat-gateway\"],\"path\":\"nat-gateway\","
                             "\"verdict\":\"accepted\"}\n");
    assert_null(flowenrich_pipeline_missing(pipeline, 0));
    free(out);
    flowenrich_pipeline_free(pipeline);
}

/* Records are chosen by time before they are paired, rows by the filter afterwards. */
static void what_is_not_wanted_is_left_out(void **state)
{
    static const char log[] = HEADER UP("1000 1060") NEWER("1000 1060") UP("9000 9060");
    flowenrich_pipeline *pipeline = new_pipeline("until: 8000\nfilter: {server.port: 443}");
    char *out = piping_run(pipeline, log, sizeof log - 1, 50);
    (void)state;

    assert_string_equal(out, "{\"client.addr\":\"10.0.1.5\",\"server.addr\":\"203.0.113.5\","
                             "\"uploaded\":900,\"downloaded\":null,\"final\":true}\n");
    assert_int_equal(piping_stat(pipeline, "paired"), 3);
    assert_int_equal(piping_stat(pipeline, "dropped"), 1);
    free(out);
    flowenrich_pipeline_free(pipeline);
}

typedef struct call {
    const char *fed;     /* before */
    flowenrich_time now; /* of advance() */
    const char *out;
} call;

static void run_calls(const char *yaml, const call *calls, size_t n)
{
    flowenrich_pipeline *pipeline = new_pipeline(yaml);
    flowenrich_error error = { 0 };
    fle_allocator allocator;
    fle_buffer out;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&out, &allocator);
    piping_must(piping_feed(pipeline, HEADER, sizeof HEADER - 1, 1000, &out, &error), &error);
    for (size_t i = 0; i < n; i++) {
        int32_t done = 0;

        fle_buffer_clear(&out);
        piping_must(piping_feed(pipeline, calls[i].fed, strlen(calls[i].fed), 1000, &out, &error),
                    &error);
        while (!done) {
            piping_must(flowenrich_pipeline_advance(pipeline, calls[i].now, &done, &error), &error);
            piping_take(pipeline, &out);
        }
        fle_buffer_char(&out, '\0');
        if (strcmp(out.data, calls[i].out) != 0)
            fail_msg("%s, call %zu: '%s'", yaml, i, out.data);
    }
    fle_buffer_free(&out);
    flowenrich_pipeline_free(pipeline);
}

/*
 * By the time of the records, and while none come by the owner's clock, which need not be
 * that of the records.
 */
static void rows_come_out_when_they_are_due(void **state)
{
    static const char whole[] = "{\"uploaded\":900,\"final\":true}\n";
    static const call by_records[] = {
        { UP("1000 1060"), 50, "" },
        { NEWER("1640 1700"), 50, "" }, /* not idle for so long, and 60 seconds more */
        { NEWER("1700 1790"), 50, whole },
    };
    static const call by_clock[] = {
        { UP("1000 1060"), 1000000, "" },
        { "", 1000060, "" },
        { "", 1000660, whole },
    };
    static const call active[] = {
        { UP("1000 1060") UP("1070 1130"), 50, "" },
        { NEWER("1340 1400"), 50, "{\"uploaded\":1800,\"final\":false}\n" },
        { "", FLOWENRICH_TIME_END,
          "{\"uploaded\":0,\"final\":true}\n{\"uploaded\":60,\"final\":true}\n" },
    };
    static const call off[] = {
        { UP("1000 1060"), 50, "" },
        { NEWER("90000 90060"), 1000000, "" },
        { "", FLOWENRICH_TIME_END,
          "{\"uploaded\":900,\"final\":true}\n"
          "{\"uploaded\":60,\"final\":true}\n" },
    };
    /* What lasts longer than an hour is no window: others aren't waited for so long. */
    static const call endless[] = {
        { UP("1 1000060"), 50, "{\"uploaded\":900,\"final\":false}\n" },
    };
    (void)state;

    run_calls("pair: {idle: 600}\nfields: [uploaded, final]", endless, 1);
    run_calls("hold: 60\npair: {idle: 600}\nfields: [uploaded, final]", by_records, 3);
    run_calls("hold: 60\npair: {idle: 600}\nfields: [uploaded, final]", by_clock, 3);
    run_calls("hold: 60\npair: {active: 300, idle: 600}\nfields: [uploaded, final]", active, 3);
    run_calls("hold: off\npair: {idle: 600}\nfields: [uploaded, final]", off, 3);
}

#define LOG_EVENTS(id, line)                                                                       \
    "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\",\"logGroup\":\"g\","             \
    "\"logStream\":\"eni-1-all\",\"subscriptionFilters\":[\"f\"],\"logEvents\":["                  \
    "{\"id\":\"" id "\",\"timestamp\":1772452800000,\"message\":\"" line "\"}]}\n"
#define DEFAULT_LINE "2 123456789012 eni-1 10.0.1.5 10.0.1.7 41000 443 6 9 900 1000 1060 ACCEPT OK"

/* At least once: the same log events, or the same object, although all was told of it long ago. */
static void what_is_delivered_again_counts_once(void **state)
{
    static const char events[] = LOG_EVENTS("1", DEFAULT_LINE),
                      equal[] = LOG_EVENTS("2", DEFAULT_LINE);
    static const char object[] = HEADER UP("1000 1060") UP("1000 1060");
    static const struct {
        const char *key;
        const char *fed[3];
        const char *out;
        const char *stat;
        uint64_t copies;
    } cases[] = {
        { "", { events, events, "" }, "{\"uploaded\":900}\n", "duplicate_messages", 1 },
        /* another message isn't a copy, whatever its lines are */
        { "",
          { events, equal, "" },
          "{\"uploaded\":900}\n{\"uploaded\":900}\n",
          "duplicate_messages",
          0 },
        { "k", { object, object, "" }, "{\"uploaded\":1800}\n", "duplicate_records", 4 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_pipeline *pipeline =
            new_pipeline("formats: [default]\nhold: 60\npair: {idle: 60, lateness: 60}\n"
                         "fields: [uploaded]\n");
        flowenrich_source source = FLOWENRICH_SOURCE_INIT;
        flowenrich_error error = { 0 };
        fle_allocator allocator;
        fle_buffer out;

        fle_allocator_init(&allocator, NULL);
        fle_buffer_init(&out, &allocator);
        source.key = fle_text_of(cases[i].key);
        source.flow_log = fle_text_of(cases[i].key[0] ? "fl-1" : "");
        for (size_t n = 0; n < 3; n++) {
            piping_must(flowenrich_pipeline_begin(pipeline, &source, &error), &error);
            piping_must(
                piping_feed(pipeline, cases[i].fed[n], strlen(cases[i].fed[n]), 1000, &out, &error),
                &error);
            piping_must(piping_end(pipeline, &out, &error), &error);
            for (flowenrich_time now = 0; now < 9000; now += 3000)
                for (int32_t done = 0; !done; piping_take(pipeline, &out))
                    piping_must(flowenrich_pipeline_advance(pipeline, now, &done, &error), &error);
        }
        fle_buffer_char(&out, '\0');
        if (strcmp(out.data, cases[i].out) != 0)
            fail_msg("case %zu: '%s'", i, out.data);
        assert_int_equal(piping_stat(pipeline, cases[i].stat), cases[i].copies);
        fle_buffer_free(&out);
        flowenrich_pipeline_free(pipeline);
    }
}

/* The first of two passes learns from records; the second pairs them. */
static void two_passes_pair_in_the_second(void **state)
{
    static const char log[] = HEADER UP("1000 1060") DOWN("1000 1060");
    flowenrich_pipeline *pipeline = new_pipeline("fields: [uploaded, downloaded]");
    flowenrich_error error = { 0 };
    char *out;
    (void)state;

    piping_must(flowenrich_pipeline_set_learning(pipeline, 1, &error), &error);
    out = piping_run(pipeline, log, sizeof log - 1, 50);
    assert_string_equal(out, "");
    free(out);
    piping_must(flowenrich_pipeline_set_learning(pipeline, 0, &error), &error);
    out = piping_run(pipeline, log, sizeof log - 1, 50);
    assert_string_equal(out, "{\"uploaded\":900,\"downloaded\":4000}\n");
    free(out);
    /* After its end, what comes is another stream. */
    out = piping_run(pipeline, log, sizeof log - 1, 50);
    assert_string_equal(out, "{\"uploaded\":900,\"downloaded\":4000}\n");
    free(out);
    flowenrich_pipeline_free(pipeline);
}

static void nothing_leaks_when_memory_runs_out(void **state)
{
    static const char yaml[] = "level: conversation";
    static const char log[] = HEADER UP("1000 1060") DOWN("1000 1060");
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    (void)state;

    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        failing f = { n, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
        flowenrich_pipeline *pipeline;
        int32_t done = 0;
        size_t used;

        options.allocator = &allocator;
        status = flowenrich_pipeline_new(&pipeline, yaml, sizeof yaml - 1, &options, NULL);
        if (status == FLOWENRICH_OK)
            status = flowenrich_pipeline_feed(pipeline, log, sizeof log - 1, &used, NULL);
        while (status == FLOWENRICH_OK && !done)
            status = flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, NULL);
        flowenrich_pipeline_free(pipeline);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_count_once_however_the_input_is_cut),
        cmocka_unit_test(ends_and_hops_are_named),
        cmocka_unit_test(what_is_not_wanted_is_left_out),
        cmocka_unit_test(rows_come_out_when_they_are_due),
        cmocka_unit_test(what_is_delivered_again_counts_once),
        cmocka_unit_test(two_passes_pair_in_the_second),
        cmocka_unit_test(nothing_leaks_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
