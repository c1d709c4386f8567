/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of a pipeline whose output is groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "piping.h"

#define BY_ACTION                                                                                  \
    "enrich: false\nencoder: csv\naggregate: {by: [action], measures: [records, bytes]"

static fle_buffer new_buffer(void)
{
    static fle_allocator allocator;
    fle_buffer buffer;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&buffer, &allocator);
    return buffer;
}

static void take(flowenrich_pipeline *pipeline, fle_buffer *out)
{
    fle_buffer_text(out, flowenrich_pipeline_output(pipeline));
}

static void feed(flowenrich_pipeline *pipeline, const char *data, size_t len, size_t size,
                 fle_buffer *out)
{
    size_t used;

    for (size_t at = 0; at < len; at += used) {
        const size_t n = len - at < size ? len - at : size;

        assert_int_equal(flowenrich_pipeline_feed(pipeline, data + at, n, &used, NULL),
                         FLOWENRICH_OK);
        take(pipeline, out);
    }
}

static void advance(flowenrich_pipeline *pipeline, flowenrich_time now, fle_buffer *out)
{
    int32_t done;

    do {
        assert_int_equal(flowenrich_pipeline_advance(pipeline, now, &done, NULL), FLOWENRICH_OK);
        take(pipeline, out);
    } while (!done);
}

static void assert_out(fle_buffer *out, const char *expected)
{
    if (!fle_text_is(fle_text(out->data, out->len), expected))
        fail_msg("%.*s", (int)out->len, out->data ? out->data : "");
    fle_buffer_clear(out);
}

/* A line of so many bytes at a minute. */
static void put_line(fle_buffer *log, unsigned minute, unsigned bytes, const char *action)
{
    char line[200];
    const unsigned start = 1700000100 + minute * 60;

    snprintf(line, sizeof line,
             "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 %u %u %u %s OK\n", bytes,
             start, start + 59, action);
    fle_buffer_string(log, line);
}

static void groups_come_out_at_the_end(void **state)
{
    static const char log[] = PIPING_HEADER PIPING_LINE PIPING_OTHER PIPING_LINE;
    flowenrich_pipeline *pipeline = piping_new(BY_ACTION "}\n");
    fle_buffer out = new_buffer();
    (void)state;

    feed(pipeline, log, sizeof log - 1, sizeof log, &out);
    assert_out(&out, "");
    advance(pipeline, FLOWENRICH_TIME_END, &out);
    assert_out(&out, "action,other,records,bytes,error\n"
                     "ACCEPT,,2,840,0\n"
                     "REJECT,,1,640,0\n");
    assert_null(flowenrich_pipeline_batch(pipeline));
    fle_buffer_free(&out);
    flowenrich_pipeline_free(pipeline);
}

/* Windows come out as time goes on by the rows, whatever pieces they come in. */
static void windows_come_out_as_rows_come(void **state)
{
    static const char yaml[] =
        BY_ACTION ", window: 5m, lateness: 1m}\nlimits: {rows: 2}\nformats: [default]\n";
    fle_buffer log = new_buffer(), expected = new_buffer();
    (void)state;

    for (unsigned minute = 0; minute < 30; minute++) {
        put_line(&log, minute, 100 + minute, minute % 3 ? "ACCEPT" : "REJECT");
        put_line(&log, minute > 10 ? minute - 10 : minute, 1, "ACCEPT"); /* too late */
    }
    for (size_t size = 1; size <= log.len; size = size * 3 + 1) {
        flowenrich_pipeline *pipeline = piping_new(yaml);
        fle_buffer out = new_buffer();

        feed(pipeline, log.data, log.len, size, &out);
        assert_true(out.len > 300);
        advance(pipeline, FLOWENRICH_TIME_END, &out);
        if (size == 1)
            fle_buffer_append(&expected, out.data, out.len);
        assert_true(
            fle_text_equal(fle_text(out.data, out.len), fle_text(expected.data, expected.len)));
        fle_buffer_free(&out);
        flowenrich_pipeline_free(pipeline);
    }
    fle_buffer_char(&expected, '\0');
    assert_non_null(strstr(expected.data, "1700000400,1700000700,0,false,ACCEPT,,8,325,0\n"));
    assert_non_null(strstr(expected.data, ",true,ACCEPT"));
    fle_buffer_free(&log);
    fle_buffer_free(&expected);
}

/* While no newer records come, time goes on by the clock. */
static void windows_come_out_while_nothing_comes(void **state)
{
    flowenrich_pipeline *pipeline =
        piping_new(BY_ACTION ", window: 5m, lateness: 1m}\nformats: [default]\n");
    fle_buffer log = new_buffer(), out = new_buffer();
    (void)state;

    put_line(&log, 0, 7, "ACCEPT");
    feed(pipeline, log.data, log.len, log.len, &out);
    advance(pipeline, 5000, &out);
    advance(pipeline, 5060, &out);
    assert_out(&out, "");
    advance(pipeline, 5400, &out);
    assert_true(out.len > 0);
    fle_buffer_free(&log);
    fle_buffer_free(&out);
    flowenrich_pipeline_free(pipeline);
}

/* A file of one minute, of a flow log; its line has as many bytes as the minute's number. */
static void feed_file(flowenrich_pipeline *pipeline, const char *flow_log, unsigned minute,
                      fle_buffer *out)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    fle_buffer log = new_buffer();
    int32_t done = 0;

    source.flow_log = fle_text_of(flow_log);
    put_line(&log, minute, minute, "ACCEPT");
    assert_int_equal(flowenrich_pipeline_begin(pipeline, &source, NULL), FLOWENRICH_OK);
    feed(pipeline, log.data, log.len, log.len, out);
    while (!done) {
        assert_int_equal(flowenrich_pipeline_end(pipeline, &done, NULL), FLOWENRICH_OK);
        take(pipeline, out);
    }
    fle_buffer_free(&log);
    advance(pipeline, 0, out);
}

#define OF_SOURCES                                                                                 \
    BY_ACTION ", window: 5m, lateness: 1m}\nformats: [default]\nlimits: {rows: 1}\n"               \
              "sources: {idle: 900}\n"

/* One flow log is three hours behind the other. Whichever begins, nothing of it is late. */
static void files_out_of_step_come_to_the_same_in_either_order(void **state)
{
    fle_buffer out[2] = { new_buffer(), new_buffer() };
    (void)state;

    for (size_t first = 0; first < 2; first++) {
        flowenrich_pipeline *pipeline = piping_new(OF_SOURCES);

        for (unsigned minute = 0; minute < 60; minute += 4)
            for (size_t i = 0; i < 2; i++)
                feed_file(pipeline, i == first ? "fl-new" : "fl-old",
                          i == first ? minute + 180 : minute, &out[first]);
        assert_true(out[first].len > 300);
        advance(pipeline, FLOWENRICH_TIME_END, &out[first]);
        assert_int_equal(piping_stat(pipeline, "too_late"), 0);
        flowenrich_pipeline_free(pipeline);
    }
    assert_true(
        fle_text_equal(fle_text(out[0].data, out[0].len), fle_text(out[1].data, out[1].len)));
    fle_buffer_free(&out[0]);
    fle_buffer_free(&out[1]);
}

/* Its windows come out without it after a quarter of an hour of the other's. */
static void a_source_that_stops_is_not_waited_for_for_ever(void **state)
{
    static const char first[] = "window.start,window.end,sequence,late,action,other,records,bytes,"
                                "error\n1700000100,1700000400,0,false,ACCEPT,,3,3,0\n";
    flowenrich_pipeline *pipeline = piping_new(OF_SOURCES);
    fle_buffer out = new_buffer();
    (void)state;

    feed_file(pipeline, "fl-stops", 0, &out);
    for (unsigned minute = 1; minute < 14; minute++)
        feed_file(pipeline, "fl-goes-on", minute > 2 ? minute + 3 : minute, &out);
    assert_out(&out, "");
    feed_file(pipeline, "fl-goes-on", 19, &out);
    feed_file(pipeline, "fl-goes-on", 20, &out);
    assert_true(fle_text_starts(fle_text(out.data, out.len), first));
    fle_buffer_free(&out);
    flowenrich_pipeline_free(pipeline);
}

static void what_cannot_be_asked_is_told_with_its_place(void **state)
{
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        { "aggregate: [client.type]\n", "mapping" },
        { "aggregate: {buy: [client.type]}\n", "by" },
        { "aggregate: {by: client.type}\n", "by" },
        { "aggregate: {window: soon}\n", "90s, 5m, 1h" },
        { "aggregate: {window: 0}\n", "90s, 5m, 1h" },
        { "aggregate: {window: 400d}\n", "90s, 5m, 1h" },
        { "aggregate: {window: 5m, slide: 2m}\n", "slide" },
        { "aggregate: {measures: [most]}\n", "no measure" },
        { "aggregate: {where: \"bytes >\"}\n", "" },
        { "limits: {aggregated: 0}\n", "1 at least" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_pipeline *pipeline;
        flowenrich_error error;

        if (flowenrich_pipeline_new(&pipeline, cases[i].yaml, strlen(cases[i].yaml), NULL,
                                    &error) != FLOWENRICH_ERR_SYNTAX ||
            !strstr(error.message, cases[i].message) || error.line != 1)
            fail_msg("%s: %s", cases[i].yaml, error.message);
    }
}

static void what_groups_lost_is_counted(void **state)
{
    static const char log[] = PIPING_HEADER PIPING_LINE PIPING_OTHER;
    flowenrich_pipeline *pipeline =
        piping_new("enrich: false\naggregate: {by: [srcaddr]}\nlimits: {aggregated: 1000}\n");
    fle_buffer out = new_buffer();
    flowenrich_stat stats[128];
    size_t n, found = 0;
    (void)state;

    feed(pipeline, log, sizeof log - 1, sizeof log, &out);
    advance(pipeline, FLOWENRICH_TIME_END, &out);
    n = flowenrich_pipeline_stats(pipeline, stats, 128);
    for (size_t i = 0; i < n; i++)
        found += (strcmp(stats[i].name, "aggregated") == 0 && stats[i].value == 2) ||
                 strcmp(stats[i].name, "evicted_groups") == 0 ||
                 strcmp(stats[i].name, "too_late") == 0;
    assert_int_equal(found, 3);
    fle_buffer_free(&out);
    flowenrich_pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_come_out_at_the_end),
        cmocka_unit_test(windows_come_out_as_rows_come),
        cmocka_unit_test(windows_come_out_while_nothing_comes),
        cmocka_unit_test(files_out_of_step_come_to_the_same_in_either_order),
        cmocka_unit_test(a_source_that_stops_is_not_waited_for_for_ever),
        cmocka_unit_test(what_cannot_be_asked_is_told_with_its_place),
        cmocka_unit_test(what_groups_lost_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
