/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pipeline/clocks.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "failing.h"
#include "pipeline/clocks.h"

#define NEVER FLOWENRICH_TIME_ABSENT

/* Rows that end then, of the flow log or the log group of that name. */
static flowenrich_batch *rows_of(const char *name, flowenrich_time end)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    char log[100];
    size_t used;
    int32_t done;

    if (strncmp(name, "fl-", 3) == 0)
        source.flow_log = fle_text_of(name);
    else
        source.log_group = fle_text_of(name);
    snprintf(log, sizeof log, "start end\n%lld %lld\n", (long long)end - 60, (long long)end);
    assert_int_equal(flowenrich_parser_new(&parser, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_batch_new(&batch, 4, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_begin(parser, &source, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_parse(parser, log, strlen(log), &used, batch, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_parser_finish(parser, batch, &done, NULL), FLOWENRICH_OK);
    flowenrich_parser_free(parser);
    return batch;
}

typedef struct step {
    const char *source;   /* NULL: the owner's clock is told */
    flowenrich_time when; /* the end of its rows, or the owner's time */
    flowenrich_time time; /* that it is then */
} step;

static void run(size_t number, int64_t idle, const step *steps)
{
    fle_allocator allocator;
    fle_clocks clocks;

    fle_allocator_init(&allocator, NULL);
    assert_true(fle_clocks_init(&clocks, &allocator, 7, idle));
    for (size_t i = 0; steps[i].when; i++) {
        if (steps[i].source) {
            flowenrich_batch *batch = rows_of(steps[i].source, steps[i].when);

            assert_true(fle_clocks_note(&clocks, batch));
            flowenrich_batch_free(batch);
        } else {
            fle_clocks_tell(&clocks, steps[i].when);
        }
        if (fle_clocks_time(&clocks) != steps[i].time)
            fail_msg("case %zu, step %zu: %lld", number, i, (long long)fle_clocks_time(&clocks));
    }
    fle_clocks_free(&clocks);
}

static void it_is_as_late_as_by_who_is_last(void **state)
{
    static const struct {
        int64_t idle;
        step steps[12];
    } cases[] = {
        /* without names there is one source, and nobody to be waited for */
        { 900, { { "", 1000, 1000 }, { "", 5000, 5000 }, { "", 4000, 5000 } } },
        /* others than the first named one may be heard of a little later */
        { 900, { { "fl-a", 1000, NEVER }, { "fl-a", 1800, NEVER }, { "fl-a", 1900, 1900 } } },
        /* hours behind, but sending */
        { 900,
          { { "fl-a", 90000, NEVER },
            { "fl-b", 10000, NEVER },
            { "fl-a", 90600, NEVER },
            { "fl-b", 10600, NEVER },
            { "fl-a", 91200, 10600 },
            { "fl-b", 11200, 11200 },
            { "fl-a", 91800, 11200 } } },
        /* the other way round */
        { 900,
          { { "fl-b", 10000, NEVER },
            { "fl-a", 90000, NEVER },
            { "fl-b", 10600, NEVER },
            { "fl-a", 90600, NEVER },
            { "fl-b", 11200, 11200 },
            { "fl-a", 91200, 11200 } } },
        /* it stopped; then it goes on, and is late */
        { 900,
          { { "fl-a", 1000, NEVER },
            { "fl-b", 1000, NEVER },
            { "fl-b", 1900, 1000 },
            { "fl-b", 1901, 1901 },
            { "fl-a", 1200, 1200 },
            { "fl-b", 2000, 1200 } } },
        /* nothing comes: time goes on by the owner's clock, and then nobody is waited for */
        { 900,
          { { "fl-a", 1000, NEVER },
            { "fl-b", 3000, NEVER },
            { NULL, 50, NEVER },
            { NULL, 950, 1900 },
            { NULL, 951, 3901 } } },
        /* the owner's clock says nothing while something comes, or when it goes back */
        { 0,
          { { "", 1000, 1000 },
            { NULL, 50, 1000 },
            { "", 1060, 1060 },
            { NULL, 5000, 1060 },
            { NULL, 10, 1060 },
            { NULL, 20, 1070 } } },
        /* log groups are sources, too, where flow logs aren't known */
        { 60,
          { { "group", 1000, NEVER },
            { "other", 500, NEVER },
            { "group", 1060, 500 },
            { "group", 1061, 1061 } } },
        /* a row alone of another year is wrong; two aren't */
        { 900,
          { { "", 1000, 1000 }, { "", 900000000, 1000 }, { "", 1060, 1060 },
            { "", 900000000, 1060 }, { "", 900000060, 900000060 } } },
        /* the end of time */
        { 900, { { "fl-a", 1000, NEVER }, { NULL, FLOWENRICH_TIME_END, FLOWENRICH_TIME_END } } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run(i, cases[i].idle, cases[i].steps);
}

/* What clocks and rows say may be anything. */
static void no_time_is_too_late(void **state)
{
    static const step steps[] = {
        { "fl-a", INT64_MAX - 1, NEVER },     { NULL, 5, NEVER },
        { NULL, INT64_MAX - 1, INT64_MAX - 1 }, { NULL, 5, INT64_MAX - 1 },
        { NULL, INT64_MAX - 1, INT64_MAX - 1 }, { "fl-a", 1000, INT64_MAX - 1 },
        { NULL, 0, 0 },
    };

    (void)state;
    run(0, 900, steps);
}

static bool use(const fle_allocator *allocator, const flowenrich_batch *rows)
{
    fle_clocks clocks;
    const bool done = fle_clocks_init(&clocks, allocator, 7, 0) && fle_clocks_note(&clocks, rows);

    fle_clocks_free(&clocks);
    return done;
}

static void nothing_leaks_when_memory_runs_out(void **state)
{
    flowenrich_batch *rows = rows_of("fl-a", 1000);
    size_t n = 0;
    bool done = false;

    (void)state;
    while (!done) {
        failing f = { .succeed = n++ };
        const flowenrich_allocator given = failing_allocator(&f);
        fle_allocator allocator;

        fle_allocator_init(&allocator, &given);
        done = use(&allocator, rows);
        assert_int_equal(f.live, 0);
    }
    assert_in_range(n, 4, 100);
    flowenrich_batch_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_as_late_as_by_who_is_last),
        cmocka_unit_test(no_time_is_too_late),
        cmocka_unit_test(nothing_leaks_when_memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
