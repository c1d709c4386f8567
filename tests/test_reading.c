/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the texts of an input: which of them are one, and what is said of their lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "piping.h"

#define BARE "enrich: false\nfields: [bytes]\n"
#define OF(key, line)                                                                              \
    "{\"bucket\":\"logs\",\"object\":\"" key "\",\"region\":\"us-east-1\","                        \
    "\"source_type\":\"aws_s3\",\"message\":\"" line "\"}\n"
#define EVENT(stream, line)                                                                        \
    "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"123456789012\",\"logGroup\":\"g\","             \
    "\"logStream\":\"" stream "\",\"subscriptionFilters\":[\"f\"],\"logEvents\":["                 \
    "{\"id\":\"1\",\"timestamp\":1772452800000,\"message\":\"" line "\"}]}\n"

static void feed(flowenrich_pipeline *pipeline, const char *text, fle_buffer *out)
{
    flowenrich_error error = { 0 };

    piping_must(piping_feed(pipeline, text, strlen(text), 11, out, &error), &error);
}

/* All that is whole is read: the payload is cut there. */
static void cut(flowenrich_pipeline *pipeline, fle_buffer *out)
{
    flowenrich_error error = { 0 };
    int32_t done = 0;

    while (!done) {
        piping_must(flowenrich_pipeline_advance(pipeline, 0, &done, &error), &error);
        piping_take(pipeline, out);
    }
}

/*
 * Each text is cut behind the third of its values, whether or not more are taken in
 * before: what comes of it must not tell.
 */
static void a_header_holds_for_its_stream_over_all_pieces(void **state)
{
    static const struct {
        const char *parts[4], *output;
    } cases[] = {
        { { OF("a", "bytes"), OF("a", "1"), OF("a", "2"), OF("a", "3") },
          "{\"bytes\":1}\n{\"bytes\":2}\n{\"bytes\":3}\n" },
        { { OF("a", "bytes"), OF("a", "1"), OF("b", "bytes start"), OF("b", "2 9") },
          "{\"bytes\":1}\n{\"bytes\":2}\n" },
        { { OF("a", "bytes"), OF("a", "1"), OF("b", "x"), OF("b", "2") }, "{\"bytes\":1}\n" },
        { { EVENT("a", "bytes\\n1"), EVENT("a", "2"), EVENT("a", "3"), EVENT("a", "bytes\\n4") },
          "{\"bytes\":1}\n{\"bytes\":4}\n" }, /* payloads by themselves */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned cuts = 0; cuts < 8; cuts++) {
            flowenrich_pipeline *pipeline = piping_new(BARE);
            flowenrich_error error = { 0 };
            fle_allocator memory;
            fle_buffer out;

            fle_allocator_init(&memory, NULL);
            fle_buffer_init(&out, &memory);
            for (unsigned part = 0; part < 4; part++) {
                feed(pipeline, cases[i].parts[part], &out);
                if (cuts >> part & 1)
                    cut(pipeline, &out);
            }
            piping_must(piping_end(pipeline, &out, &error), &error);
            piping_must(piping_flush(pipeline, &out, &error), &error);
            fle_buffer_char(&out, '\0');
            if (strcmp(out.data, cases[i].output) != 0)
                fail_msg("%zu, cut %u: %s", i, cuts, out.data);
            fle_buffer_free(&out);
            flowenrich_pipeline_free(pipeline);
        }
}

static void a_refused_line_is_told_with_the_text_it_was_in(void **state)
{
    static const struct {
        const char *input, *places; /* of each refused line */
    } cases[] = {
        { "bad\n" PIPING_LINE, ":1 " },
        { EVENT("s1", "bad") EVENT("s2", "worse\\nworst"),
          "log stream s1:1 log stream s2:1 log stream s2:2 " },
        { "{\"records\":[{\"recordId\":\"r1\",\"data\":\"eCB5IHoK\"},"
          "{\"recordId\":\"r2\",\"data\":\"eCB5IHoK\"}]}",
          "record r1:1 record r2:1 " },
        { OF("a", "x y") OF("a", "y z"), ":1 :2 " },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_pipeline *pipeline = piping_new(BARE);
        flowenrich_error error = { 0 };
        char places[128] = "";
        int32_t done = 0;
        size_t used, len = strlen(cases[i].input);

        piping_must(flowenrich_pipeline_feed(pipeline, cases[i].input, len, &used, &error), &error);
        do {
            for (size_t j = 0; j < flowenrich_pipeline_rejects(pipeline); j++) {
                flowenrich_reject bad = { .size = sizeof bad };
                const size_t at = strlen(places);

                piping_must(flowenrich_pipeline_reject(pipeline, j, &bad, &error), &error);
                snprintf(places + at, sizeof places - at, "%.*s:%u ", (int)bad.place.len,
                         bad.place.data ? bad.place.data : "", (unsigned)bad.line);
            }
            if (done)
                break;
            piping_must(flowenrich_pipeline_end(pipeline, &done, &error), &error);
        } while (true);
        if (strcmp(places, cases[i].places) != 0)
            fail_msg("%s: %s", cases[i].input, places);
        flowenrich_pipeline_free(pipeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_holds_for_its_stream_over_all_pieces),
        cmocka_unit_test(a_refused_line_is_told_with_the_text_it_was_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
