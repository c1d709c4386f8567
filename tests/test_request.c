/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/request.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aggregate/request.h"

static flowenrich_status ask(fle_request *request, const char *by, const char *measure)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    static fle_allocator allocator;

    fle_allocator_init(&allocator, NULL);
    opt.by = &by;
    opt.by_count = by != NULL;
    opt.measures = &measure;
    opt.measure_count = measure != NULL;
    return fle_request_init(request, &opt, &allocator, NULL);
}

static void measures_are_read(void **state)
{
    static const struct {
        const char *measure;
        fle_measure_kind kind;
        const char *path, *column;
        uint32_t number;
    } cases[] = {
        { "bytes", FLE_MEASURE_SUM, "", "bytes", 0 },
        { "first", FLE_MEASURE_FIRST, "", "first", 0 },
        { "last", FLE_MEASURE_LAST, "", "last", 0 },
        { "distinct(client.addr)", FLE_MEASURE_DISTINCT, "client.addr", "distinct.client.addr", 0 },
        { "p50(bytes)", FLE_MEASURE_QUANTILE, "bytes", "p50.bytes", 500 },
        { "p99.9(duration)", FLE_MEASURE_QUANTILE, "duration", "p99_9.duration", 999 },
        { "p0.1(bytes)", FLE_MEASURE_QUANTILE, "bytes", "p0_1.bytes", 1 },
        { "top(server.port)", FLE_MEASURE_TOP, "server.port", "top.server.port", 10 },
        { "top3(client.tags.a.b)", FLE_MEASURE_TOP, "client.tags.a.b", "top3.client.tags.a.b", 3 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_request request;
        const fle_measure *measure;

        assert_int_equal(ask(&request, NULL, cases[i].measure), FLOWENRICH_OK);
        measure = request.measures;
        if (measure->kind != cases[i].kind || !fle_text_is(measure->path, cases[i].path) ||
            !fle_text_is(measure->column, cases[i].column) || measure->number != cases[i].number)
            fail_msg("%s", cases[i].measure);
        if (measure->kind == FLE_MEASURE_TOP)
            assert_true(measure->weights.len == measure->column.len + strlen("_bytes"));
        fle_request_free(&request);
    }
}

static void what_is_no_measure_is_refused(void **state)
{
    static const char *const cases[] = {
        "",         "byte",    "distinct",    "distinct()", "distinct(a",
        "p(bytes)", "p0(a)",   "p100(bytes)", "p99.99(a)",  "p99.(a)",
        "p-1(a)",   "top0(a)", "topx(a)",     "top1001(a)", "mean(bytes)",
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_request request;

        if (ask(&request, NULL, cases[i]) != FLOWENRICH_ERR_ARG)
            fail_msg("'%s'", cases[i]);
        fle_request_free(&request);
    }
}

static void networks_are_read_off_paths_of_addresses(void **state)
{
    static const struct {
        const char *by, *path; /* NULL: refused */
        uint8_t network;
    } cases[] = {
        { "client.addr/24", "client.addr", 24 },
        { "srcaddr/0", "srcaddr", 0 },
        { "client.addr", "client.addr", FLE_NO_NETWORK },
        { "client.tags.a/24", "client.tags.a/24", FLE_NO_NETWORK }, /* a tag's key */
        { "client.addr/x", "client.addr/x", FLE_NO_NETWORK },
        { "client.addr/129", NULL, 0 },
        { "dstport/8", NULL, 0 },
        { "nobody/8", NULL, 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_request request;
        const flowenrich_status status = ask(&request, cases[i].by, NULL);

        if ((status == FLOWENRICH_OK) != (cases[i].path != NULL) ||
            (cases[i].path && (!fle_text_is(request.by[0].path, cases[i].path) ||
                               request.by[0].network != cases[i].network)))
            fail_msg("%s", cases[i].by);
        fle_request_free(&request);
    }
}

static void a_request_reads_what_it_groups_by_and_sums_up(void **state)
{
    static const struct {
        const char *by, *measure, *path;
        bool reads;
    } cases[] = {
        { "scope", "bytes", "scope", true },
        { "scope", "bytes", "path", false },
        { "client.addr/24", "bytes", "client.addr", true }, /* not its network */
        { NULL, "uploaded", "uploaded", true },
        { NULL, "distinct(path)", "path", true },
        { NULL, "first", "scope", false },
        { NULL, "rejects", "verdict", true }, /* which says what was truly denied */
        { NULL, NULL, "verdict", true },      /* rejects is among the core measures */
        { NULL, "bytes", "verdict", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_request request;

        assert_int_equal(ask(&request, cases[i].by, cases[i].measure), FLOWENRICH_OK);
        if (fle_request_reads(&request, fle_text_of(cases[i].path)) != cases[i].reads)
            fail_msg("case %zu: %s", i, cases[i].path);
        fle_request_free(&request);
    }
}

/* A name after another of them, and none behind: no two requests sign alike. */
static void requests_that_differ_sign_differently(void **state)
{
    static const char *const paths[] = { "a", "ab", NULL };
    static const char *const measures[] = { "bytes", "records", NULL };
    fle_allocator allocator;
    fle_buffer signs[9];
    (void)state;

    fle_allocator_init(&allocator, NULL);
    for (size_t i = 0; i < 9; i++) {
        fle_request request;

        assert_int_equal(ask(&request, paths[i / 3], measures[i % 3]), FLOWENRICH_OK);
        fle_buffer_init(&signs[i], &allocator);
        fle_request_sign(&request, &signs[i]);
        fle_request_free(&request);
    }
    for (size_t i = 0; i < 9; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(fle_text_equal(fle_text(signs[i].data, signs[i].len),
                                        fle_text(signs[j].data, signs[j].len)));
    for (size_t i = 0; i < 9; i++)
        fle_buffer_free(&signs[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_are_read),
        cmocka_unit_test(what_is_no_measure_is_refused),
        cmocka_unit_test(networks_are_read_off_paths_of_addresses),
        cmocka_unit_test(a_request_reads_what_it_groups_by_and_sums_up),
        cmocka_unit_test(requests_that_differ_sign_differently),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
