/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the pipeline as an object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "piping.h"
#include "record/arrow_abi.h"

static const char interfaces[] =
    "{\"NetworkInterfaces\":[{\"NetworkInterfaceId\":\"eni-0a1\",\"VpcId\":\"vpc-1\","
    "\"OwnerId\":\"123456789012\",\"PrivateIpAddress\":\"10.0.0.5\","
    "\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"10.0.0.5\",\"Primary\":true}],"
    "\"TagSet\":[{\"Key\":\"app\",\"Value\":\"%s\"}]}]}";

static void load(flowenrich_pipeline *pipeline, const char *app, flowenrich_time at)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_error error = { 0 };
    char text[1024];

    document.observed_at = at;
    snprintf(text, sizeof text, interfaces, app);
    piping_must(flowenrich_pipeline_load(pipeline, text, strlen(text), &document, NULL, &error),
                &error);
}

static flowenrich_snapshot *snapshot_of(const char *app)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_error error = { 0 };
    flowenrich_snapshot *snapshot;
    flowenrich_catalog *catalog;
    char text[1024];

    document.observed_at = 1772452800;
    snprintf(text, sizeof text, interfaces, app);
    piping_must(flowenrich_catalog_new(&catalog, NULL, &error), &error);
    piping_must(flowenrich_catalog_load(catalog, text, strlen(text), &document, NULL, &error),
                &error);
    piping_must(flowenrich_catalog_publish(catalog, &snapshot, &error), &error);
    flowenrich_catalog_free(catalog);
    return snapshot;
}

static void feed_line(flowenrich_pipeline *pipeline, const char *wanted)
{
    char *out = piping_run(pipeline, PIPING_LINE, strlen(PIPING_LINE), 1000);

    assert_string_equal(out, wanted);
    free(out);
}

#define APP(name) "{\"client.tags.app\":" name "}\n"

static void who_is_who_may_change_while_it_runs(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("fields: [client.tags.app]\nencoder: json-flat\n");
    flowenrich_snapshot *shop = snapshot_of("shop");
    flowenrich_error error = { 0 };

    (void)state;
    feed_line(pipeline, APP("null"));
    load(pipeline, "books", 1772452800);
    feed_line(pipeline, APP("\"books\""));
    piping_must(flowenrich_pipeline_set_snapshot(pipeline, shop, &error), &error);
    flowenrich_snapshot_free(shop);
    feed_line(pipeline, APP("\"shop\""));
    load(pipeline, "books", 1772452830);
    feed_line(pipeline, APP("\"books\""));
    piping_must(flowenrich_pipeline_set_snapshot(pipeline, NULL, &error), &error);
    feed_line(pipeline, APP("null"));
    flowenrich_pipeline_free(pipeline);
}

static void a_log_that_was_learned_from_names_both_ends(void **state)
{
    static const char log[] =
        "interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport "
        "dstport "
        "protocol packets start end log-status\n"
        "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 40000 443 6 9 1000 1060 OK\n"
        "eni-2 vpc-1 ingress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 40000 443 6 9 1000 1060 OK\n";
    flowenrich_pipeline *pipeline =
        piping_new("fields: [server.interface_id, server.by]\nencoder: json-flat\n");
    flowenrich_error error = { 0 };
    size_t used;
    char *out;

    (void)state;
    piping_must(flowenrich_pipeline_set_learning(pipeline, 1, &error), &error);
    out = piping_run(pipeline, log, sizeof log - 1, 50);
    assert_string_equal(out, "");
    free(out);
    piping_must(flowenrich_pipeline_set_learning(pipeline, 0, &error), &error);
    out = piping_run(pipeline, log, sizeof log - 1, 50);
    assert_string_equal(out, "{\"server.interface_id\":\"eni-2\",\"server.by\":\"mirror\"}\n"
                             "{\"server.interface_id\":\"eni-2\",\"server.by\":\"record\"}\n");
    free(out);
    piping_must(flowenrich_pipeline_begin(pipeline, NULL, &error), &error);
    piping_must(flowenrich_pipeline_feed(pipeline, "a", 1, &used, &error), &error);
    assert_int_equal(flowenrich_pipeline_set_learning(pipeline, 1, &error), FLOWENRICH_ERR_ARG);
    flowenrich_pipeline_free(pipeline);
    pipeline = piping_new("enrich: false\n");
    assert_int_equal(flowenrich_pipeline_set_learning(pipeline, 1, &error), FLOWENRICH_ERR_ARG);
    flowenrich_pipeline_free(pipeline);
    assert_int_equal(flowenrich_pipeline_set_learning(NULL, 1, &error), FLOWENRICH_ERR_ARG);
}

#define HOLDING                                                                                    \
    "interface-id vpc-id flow-direction srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "  \
    "protocol packets start end log-status\n"
#define SENT(start, end)                                                                           \
    "eni-1 vpc-1 egress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 40000 443 6 9 " start " " end " OK\n"
#define RECEIVED(start, end)                                                                       \
    "eni-2 vpc-1 ingress 10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2 40000 443 6 9 " start " " end " OK\n"

static void a_stream_is_held_until_both_ends_have_told(void **state)
{
    static const char log[] =
        HOLDING SENT("1000", "1060") SENT("1600", "1660") RECEIVED("1000", "1060")
            RECEIVED("1600", "1660") "eni-1 - - - - - - - - - - 1600 1661 NODATA\n" SENT(
                "2400", "2460") "eni-1 bogus\n" RECEIVED("2400", "2460") SENT("3600", "3660");
    static const char named[] = "{\"server.interface_id\":\"eni-2\",\"start\":1000}\n"
                                "{\"server.interface_id\":\"eni-2\",\"start\":1600}\n"
                                "{\"server.interface_id\":\"eni-2\",\"start\":1000}\n"
                                "{\"server.interface_id\":\"eni-2\",\"start\":1600}\n"
                                "{\"server.interface_id\":\"eni-2\",\"start\":2400}\n"
                                "{\"server.interface_id\":\"eni-2\",\"start\":2400}\n";
    static const char *const yaml[] = {
        "hold: 900\n",
        "hold: auto\n",
        "hold: 900\nlimits: {rows: 1}\n",
        "hold: 86400\n",
    };
    static const size_t sizes[] = { 1, 50, 100000 };
    (void)state;

    for (size_t i = 0; i < sizeof yaml / sizeof *yaml; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            char config[256];
            flowenrich_pipeline *pipeline;
            char *out;

            snprintf(config, sizeof config,
                     "fields: [server.interface_id, start]\nencoder: json-flat\n"
                     "until: 3000\nfilter: {srcport: 40000}\n---\n%s",
                     yaml[i]);
            pipeline = piping_new(config);
            out = piping_run(pipeline, log, sizeof log - 1, sizes[k]);
            assert_string_equal(out, named);
            assert_int_equal(piping_stat(pipeline, "kept"), 6);
            assert_int_equal(piping_stat(pipeline, "dropped"), 2); /* too late, and no traffic */
            assert_int_equal(piping_stat(pipeline, "held"), 0);
            assert_int_equal(piping_stat(pipeline, "hurried"), 0);
            free(out);
            flowenrich_pipeline_free(pipeline);
        }
}

/* The owner's clock need not be that of the records. */
static void time_that_passes_makes_what_is_held_due(void **state)
{
    static const struct {
        flowenrich_time now;
        const char *out;
        const char *fed; /* before */
    } calls[] = {
        { 1000000, "", HOLDING SENT("1000", "1060") },
        { 1000060, "", "" },
        { 1000500, "", SENT("1120", "1180") }, /* newer records: the clock begins anew… */
        { 1000900, "", "" },
        { 1001219, "", "" }, /* …from the minute they have come to, 1140 */
        { 1001320, "1000\n", "" },
        { 1001439, "", "" },
        { 1001440, "1120\n", "" },
        { 900000, "", SENT("4000", "4060") },
        { 900900, "", "" },
        { FLOWENRICH_TIME_END, "4000\n", "" },
        { FLOWENRICH_TIME_END, "", "" },
    };
    flowenrich_pipeline *pipeline = piping_new("hold: 900\nfields: [start]\nencoder: json-flat\n");
    (void)state;

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        flowenrich_error error = { 0 };
        int32_t done = 0;
        char out[64] = "";
        size_t used;

        piping_must(
            flowenrich_pipeline_feed(pipeline, calls[i].fed, strlen(calls[i].fed), &used, &error),
            &error);
        while (!done) {
            flowenrich_text text;

            piping_must(flowenrich_pipeline_advance(pipeline, calls[i].now, &done, &error), &error);
            text = flowenrich_pipeline_output(pipeline);
            if (text.len > 0) /* {"start":1000} */
                snprintf(out + strlen(out), sizeof out - strlen(out), "%.*s\n", 4, text.data + 9);
        }
        if (strcmp(out, calls[i].out) != 0)
            fail_msg("call %zu at %lld: %s", i, (long long)calls[i].now, out);
    }
    flowenrich_pipeline_free(pipeline);
}

static void many_pipelines_share_a_snapshot(void **state)
{
    flowenrich_snapshot *snapshot = snapshot_of("shop");
    flowenrich_pipeline *pipelines[3];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        pipelines[i] = piping_new("fields: [client.tags.app]\nencoder: json-flat\n");
        piping_must(flowenrich_pipeline_set_snapshot(pipelines[i], snapshot, NULL), NULL);
    }
    flowenrich_snapshot_free(snapshot);
    for (size_t i = 0; i < 3; i++) {
        feed_line(pipelines[i], APP("\"shop\""));
        flowenrich_pipeline_free(pipelines[i]);
    }
}

/* Documents are loaded by one, for all. */
static void what_one_loaded_serves_others(void **state)
{
    flowenrich_pipeline *first = piping_new("fields: [client.tags.app]\nencoder: json-flat\n");
    flowenrich_pipeline *second = piping_new("fields: [client.tags.app]\nencoder: json-flat\n");
    flowenrich_pipeline *bare = piping_new("enrich: false\n");
    flowenrich_error error = { 0 };
    flowenrich_snapshot *snapshot;

    (void)state;
    piping_must(flowenrich_pipeline_publish(first, &snapshot, &error), &error);
    flowenrich_snapshot_free(snapshot); /* of nothing */
    load(first, "books", 1772452800);
    piping_must(flowenrich_pipeline_publish(first, &snapshot, &error), &error);
    piping_must(flowenrich_pipeline_set_snapshot(second, snapshot, &error), &error);
    flowenrich_snapshot_free(snapshot);
    feed_line(first, APP("\"books\""));
    feed_line(second, APP("\"books\""));
    assert_int_equal(flowenrich_pipeline_publish(bare, &snapshot, &error), FLOWENRICH_ERR_ARG);
    assert_null(snapshot);
    flowenrich_pipeline_free(first);
    flowenrich_pipeline_free(second);
    flowenrich_pipeline_free(bare);
}

static void a_broken_document_changes_nothing(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("fields: [client.tags.app]\nencoder: json-flat\n");
    flowenrich_error error = { 0 };

    (void)state;
    load(pipeline, "books", 1772452800);
    assert_int_equal(flowenrich_pipeline_load(pipeline, "{", 1, NULL, NULL, &error),
                     FLOWENRICH_ERR_SYNTAX);
    feed_line(pipeline, APP("\"books\""));
    flowenrich_pipeline_free(pipeline);
}

static flowenrich_status name_it(void *ctx, const flowenrich_key *keys, size_t n,
                                 flowenrich_answer *const *answers, flowenrich_error *error)
{
    (void)ctx;
    (void)error;
    for (size_t i = 0; i < n; i++)
        if (keys[i].kind == FLOWENRICH_KEY_ADDRESS)
            (void)flowenrich_answer_set(answers[i], "tags.app", "mine", 4);
    return FLOWENRICH_OK;
}

static void count_it(void *ctx)
{
    ++*(int *)ctx;
}

static void a_resolver_is_asked_and_destroyed_once(void **state)
{
    int destroyed = 0;
    const flowenrich_resolver resolver = { sizeof resolver, &destroyed, "mine", name_it, count_it };
    flowenrich_pipeline *pipeline = piping_new("fields: [client.tags.app]\nencoder: json-flat\n");
    flowenrich_error error = { 0 };

    (void)state;
    piping_must(flowenrich_pipeline_add_resolver(pipeline, &resolver, &error), &error);
    feed_line(pipeline, APP("\"mine\""));
    flowenrich_pipeline_free(pipeline);
    assert_int_equal(destroyed, 1);
    pipeline = piping_new("enrich: false\n");
    assert_int_equal(flowenrich_pipeline_add_resolver(pipeline, &resolver, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(destroyed, 2);
    assert_int_equal(flowenrich_pipeline_add_resolver(NULL, &resolver, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(destroyed, 3);
    flowenrich_pipeline_free(pipeline);
}

/* A second call of advance has nothing to add, at any time. */
static void output_is_given_once(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("enrich: false\nfields: [bytes]\n");
    flowenrich_error error = { 0 };
    int32_t done = 0;
    size_t used;

    (void)state;
    piping_must(flowenrich_pipeline_feed(pipeline, PIPING_LINE, strlen(PIPING_LINE), &used, &error),
                &error);
    assert_int_equal(flowenrich_pipeline_output(pipeline).len, 0);
    piping_must(flowenrich_pipeline_advance(pipeline, 0, &done, &error), &error);
    assert_true(done);
    assert_true(fle_text_is(flowenrich_pipeline_output(pipeline), "{\"bytes\":420}\n"));
    piping_must(flowenrich_pipeline_advance(pipeline, 1, &done, &error), &error);
    assert_int_equal(flowenrich_pipeline_output(pipeline).len, 0);
    piping_must(flowenrich_pipeline_feed(pipeline, PIPING_LINE, strlen(PIPING_LINE), &used, &error),
                &error); /* the input goes on */
    piping_must(flowenrich_pipeline_end(pipeline, &done, &error), &error);
    piping_must(flowenrich_pipeline_end(pipeline, &done, &error), &error); /* of nothing */
    assert_true(done);
    flowenrich_pipeline_free(pipeline);
}

/* What one pipeline gives out as rows is taken in by another, behind what that one has parsed. */
static void rows_of_arrow_go_the_same_way(void **state)
{
    static const char input[] = PIPING_LINE PIPING_OTHER PIPING_LINE;
    flowenrich_pipeline *from = piping_new("enrich: false\nencoder: none\n");
    flowenrich_pipeline *pipeline = piping_new("enrich: false\nfields: [bytes]\nlimits: {rows: 2}\n"
                                               "filter: {action: ACCEPT}\n");
    flowenrich_error error = { 0 };
    struct ArrowSchema schema;
    struct ArrowArray array;
    fle_buffer out;
    int32_t done;
    size_t used, row = 0;

    (void)state;
    fle_buffer_init(&out, &pipeline->allocator);
    piping_must(flowenrich_pipeline_feed(from, input, sizeof input - 1, &used, &error), &error);
    piping_must(flowenrich_pipeline_advance(from, FLOWENRICH_TIME_END, &done, &error), &error);
    piping_must(
        flowenrich_batch_export(flowenrich_pipeline_batch(from), NULL, &schema, &array, &error),
        &error);
    piping_must(flowenrich_pipeline_feed(pipeline, PIPING_LINE, strlen(PIPING_LINE), &used, &error),
                &error);
    assert_int_equal(flowenrich_pipeline_import(pipeline, &schema, &array, &row, &error),
                     FLOWENRICH_ERR_ARG); /* the input isn't over */
    piping_must(piping_end(pipeline, &out, &error), &error);
    while (row < (size_t)array.length) {
        piping_must(flowenrich_pipeline_import(pipeline, &schema, &array, &row, &error), &error);
        piping_take(pipeline, &out);
    }
    assert_true(fle_text_is(fle_text(out.data, out.len),
                            "{\"bytes\":420}\n{\"bytes\":420}\n{\"bytes\":420}\n"));
    fle_buffer_free(&out);
    array.release(&array);
    schema.release(&schema);
    flowenrich_pipeline_free(pipeline);
    flowenrich_pipeline_free(from);
}

static void too_many_bad_lines_end_it(void **state)
{
    flowenrich_pipeline *pipeline =
        piping_new("enrich: false\nfields: [bytes]\nlimits: {bad_lines: 1}\n");
    flowenrich_error error = { 0 };
    int32_t done = 0;
    size_t used;
    static const char input[] = PIPING_LINE "bad\n" PIPING_OTHER "bad\n" PIPING_LINE;

    (void)state;
    assert_int_equal(flowenrich_pipeline_feed(pipeline, input, sizeof input - 1, &used, &error),
                     FLOWENRICH_ERR_LIMIT);
    assert_int_equal(error.line, 4);
    assert_int_equal(flowenrich_pipeline_advance(pipeline, 0, &done, &error), FLOWENRICH_OK);
    assert_true(fle_text_is(flowenrich_pipeline_output(pipeline),
                            "{\"bytes\":420}\n{\"bytes\":640}\n")); /* what was before them */
    flowenrich_pipeline_free(pipeline);
}

/* The bytes that tell what an input is are held, and so is a payload. */
static void too_many_bad_lines_end_what_is_held(void **state)
{
    static const char *const inputs[] = { PIPING_LINE "bad\nbad\n",
                                          "{\"message\":\"bytes\\n420\\nx y\\nx y\\n1\"}" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        flowenrich_pipeline *pipeline =
            piping_new("enrich: false\nfields: [bytes]\nlimits: {bad_lines: 1}\n");
        flowenrich_error error = { 0 };
        fle_allocator memory;
        fle_buffer out;

        fle_allocator_init(&memory, NULL);
        fle_buffer_init(&out, &memory);
        (void)piping_feed(pipeline, inputs[i], strlen(inputs[i]), 1000, &out, &error);
        if (error.status == FLOWENRICH_OK)
            (void)piping_end(pipeline, &out, &error);
        assert_int_equal(error.status, FLOWENRICH_ERR_LIMIT);
        assert_true(error.line > 0);
        piping_must(piping_flush(pipeline, &out, &error), &error);
        fle_buffer_char(&out, '\0');
        assert_string_equal(out.data, "{\"bytes\":420}\n");
        fle_buffer_free(&out);
        flowenrich_pipeline_free(pipeline);
    }
}

static void wrong_arguments_are_refused(void **state)
{
    flowenrich_pipeline *pipeline = piping_new("");
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;
    int32_t done;
    size_t used;

    (void)state;
    opt.size = 1;
    assert_int_equal(flowenrich_pipeline_new(NULL, "", 0, NULL, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pipeline_feed(pipeline, NULL, 1, &used, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pipeline_feed(NULL, "", 0, &used, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pipeline_import(pipeline, NULL, NULL, NULL, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pipeline_end(NULL, &done, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pipeline_advance(pipeline, 0, NULL, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pipeline_begin(NULL, NULL, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pipeline_set_snapshot(NULL, NULL, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_pipeline_load(NULL, "", 0, NULL, NULL, &error), FLOWENRICH_ERR_ARG);
    flowenrich_pipeline_free(pipeline);
    flowenrich_pipeline_free(NULL);
    assert_int_equal(flowenrich_pipeline_new(&pipeline, "", 0, &opt, &error), FLOWENRICH_ERR_ARG);
    assert_null(pipeline);
}

/* A whole run: a document, a payload with a bad line in it, text, an explanation. */
static flowenrich_status run(const flowenrich_allocator *allocator)
{
    static const char yaml[] = "networks: [{cidr: 192.0.2.0/24, name: x}]\nlimits: {rows: 1}\n"
                               "filter: {action: [ACCEPT, REJECT]}\n";
    static const char payload[] =
        "{\"message\":\"2 123456789012 eni-0a1 10.0.0.5 192.0.2.9 40000 5432 6 3 420 1772452800 "
        "1772452860 ACCEPT OK\"}\n{\"message\":\"bad\"}\n";
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    flowenrich_pipeline *pipeline;
    flowenrich_status status;
    int32_t done = 0;
    size_t used = 0, len;
    char text[8192];

    opt.allocator = allocator;
    document.observed_at = 1772452800;
    status = flowenrich_pipeline_new(&pipeline, yaml, sizeof yaml - 1, &opt, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_pipeline_load(pipeline, interfaces, sizeof interfaces - 1, &document,
                                          NULL, NULL);
    for (size_t at = 0; status == FLOWENRICH_OK && at < sizeof payload - 1; at += used)
        status =
            flowenrich_pipeline_feed(pipeline, payload + at, sizeof payload - 1 - at, &used, NULL);
    while (status == FLOWENRICH_OK && !done)
        status = flowenrich_pipeline_end(pipeline, &done, NULL);
    for (size_t at = 0; status == FLOWENRICH_OK && at < strlen(PIPING_LINE); at += used)
        status = flowenrich_pipeline_feed(pipeline, &PIPING_LINE[at], strlen(PIPING_LINE) - at,
                                          &used, NULL);
    done = 0;
    while (status == FLOWENRICH_OK && !done)
        status = flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_pipeline_explain(pipeline, PIPING_LINE, strlen(PIPING_LINE), text,
                                             sizeof text, &len, NULL);
    flowenrich_pipeline_free(pipeline);
    return status;
}

static void each_allocation_may_fail(void **state)
{
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    size_t succeed = 0;

    (void)state;
    for (; status != FLOWENRICH_OK; succeed++) {
        failing memory = { succeed, 0, 0 };
        const flowenrich_allocator allocator = failing_allocator(&memory);

        status = run(&allocator);
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        assert_int_equal(memory.live, 0);
        assert_int_equal(memory.misled, 0);
    }
    assert_true(succeed > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_who_may_change_while_it_runs),
        cmocka_unit_test(a_log_that_was_learned_from_names_both_ends),
        cmocka_unit_test(a_stream_is_held_until_both_ends_have_told),
        cmocka_unit_test(time_that_passes_makes_what_is_held_due),
        cmocka_unit_test(many_pipelines_share_a_snapshot),
        cmocka_unit_test(what_one_loaded_serves_others),
        cmocka_unit_test(a_broken_document_changes_nothing),
        cmocka_unit_test(a_resolver_is_asked_and_destroyed_once),
        cmocka_unit_test(output_is_given_once),
        cmocka_unit_test(rows_of_arrow_go_the_same_way),
        cmocka_unit_test(too_many_bad_lines_end_it),
        cmocka_unit_test(too_many_bad_lines_end_what_is_held),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
