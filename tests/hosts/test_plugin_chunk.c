/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/fluent-bit/chunk.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chunk.h"
#include "chunks.h"

#define NESTED "input: text\nencoder: msgpack\n"
#define FLAT "input: text\nencoder: msgpack-flat\nenrich: false\nfields: [bytes]\n"
#define TIME "[[<8>,{}],"

struct fixture {
    chunk_filter filter;
    flowenrich_pipeline *pipeline;
    buffer in;
    flowenrich_error error;
};

static int set_up(void **state)
{
    static struct fixture f;

    f = (struct fixture){ .filter = { .key = { "log", 3 } } };
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    flowenrich_pipeline_free(f->pipeline);
    chunk_free(&f->filter);
    buffer_free(&f->in);
    return 0;
}

static void begin(struct fixture *f, const char *yaml)
{
    flowenrich_pipeline_free(f->pipeline);
    assert_int_equal(flowenrich_pipeline_new(&f->pipeline, yaml, strlen(yaml), NULL, NULL),
                     FLOWENRICH_OK);
    buffer_clear(&f->in);
}

/* What becomes of some bytes, as text; NULL if they stay as they are. */
static char *run_bytes(struct fixture *f, const char *data, size_t len)
{
    void *out;
    size_t out_len;
    char *shown;

    switch (chunk_run(&f->filter, f->pipeline, data, len, &out, &out_len, &f->error)) {
    case CHUNK_CHANGED:
        shown = chunks_show(out, out_len);
        free(out);
        return shown;
    case CHUNK_UNTOUCHED:
        assert_null(out);
        return NULL;
    default:
        fail_msg("%s", f->error.message);
        return NULL;
    }
}

static void expect(struct fixture *f, const char *wanted)
{
    char *shown = run_bytes(f, f->in.data, f->in.len);

    if (shown && wanted ? strcmp(shown, wanted) != 0 : shown != wanted)
        fail_msg("it becomes\n%swanted was\n%s", shown ? shown : "the same\n",
                 wanted ? wanted : "the same\n");
    free(shown);
}

static void a_line_gives_way_to_what_it_says(void **state)
{
    struct fixture *f = *state;

    begin(f, FLAT);
    chunks_event(&f->in, "log", CHUNKS_LINE);
    chunks_event(&f->in, "log", CHUNKS_LINE "\n");
    expect(f, TIME "{\"bytes\":420}]\n" TIME "{\"bytes\":420}]\n");
    f->filter.keeps = true;
    expect(f, TIME "{\"log\":\"" CHUNKS_LINE "\",\"bytes\":420}]\n" TIME "{\"log\":\"" CHUNKS_LINE
                   "\n\",\"bytes\":420}]\n");
    f->filter.key = chunks_text("message");
    expect(f, NULL);
}

static void every_layout_of_an_event_is_read(void **state)
{
    static const struct {
        const char *head;
        size_t len;
        const char *shown;
    } cases[] = {
        { "\x92\x92\xd7\0xxxxxxxx\x80", 13, "[[<8>,{}]," },         /* since Fluent Bit 2.1 */
        { "\x92\x92\xd7\0xxxxxxxx\x81\x01\x02", 15, "[[<8>,{1:2}]," }, /* metadata stays */
        { "\xdd\0\0\0\x02\xdc\0\x02\x05\xdf\0\0\0\0", 14, "[[5,{}]," }, /* the longest heads */
        { "\x92\xd7\0xxxxxxxx", 11, "[<8>," },                      /* before 2.1 */
        { "\x92\xc7\x08\0xxxxxxxx", 12, "[<8>," },
        { "\x92\x05", 2, "[5," },
        { "\x92\xcb\x3f\xf8\0\0\0\0\0\0", 10, "[1.5f," },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char wanted[256];

        begin(f, FLAT);
        buffer_append(&f->in, cases[i].head, cases[i].len);
        buffer_append(&f->in, "\x81", 1);
        chunks_string(&f->in, "log");
        chunks_string(&f->in, CHUNKS_LINE);
        snprintf(wanted, sizeof wanted, "%s{\"bytes\":420}]\n", cases[i].shown);
        expect(f, wanted);
    }
}

static void other_members_stay_where_they_are(void **state)
{
    struct fixture *f = *state;

    begin(f, FLAT);
    chunks_head(&f->in);
    buffer_append(&f->in, "\x85", 1);
    chunks_string(&f->in, "file");
    buffer_append(&f->in, "\x91\xc0", 2);
    buffer_append(&f->in, "\x07\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
                  10);              /* keys may be anything */
    chunks_string(&f->in, "bytes"); /* ours counts */
    buffer_append(&f->in, "\xc0", 1);
    chunks_string(&f->in, "log");
    chunks_string(&f->in, CHUNKS_LINE);
    chunks_string(&f->in, "z");
    buffer_append(&f->in, "\xca\x3f\0\0\0", 5);
    expect(f, TIME "{\"file\":[null],7:18446744073709551615,\"z\":0.5f,\"bytes\":420}]\n");
}

static void bytes_are_a_line_too(void **state)
{
    struct fixture *f = *state;

    begin(f, FLAT);
    chunks_head(&f->in);
    buffer_append(&f->in, "\x81\xa3log\xc4", 6);
    buffer_append(&f->in, &(char){ sizeof CHUNKS_LINE - 1 }, 1);
    buffer_append(&f->in, CHUNKS_LINE, sizeof CHUNKS_LINE - 1);
    expect(f, TIME "{\"bytes\":420}]\n");
}

static void what_is_not_ours_stays(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "\r",
        "\n",
        "\xef\xbb\xbf ", /* nothing */
        "hello",
        "GET / HTTP/1.1 200", /* of somebody else's */
        CHUNKS_LINE " 7",
        CHUNKS_LINE "\x80",           /* refused */
        CHUNKS_LINE "\n" CHUNKS_LINE, /* two lines */
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        begin(f, FLAT);
        chunks_event(&f->in, "log", texts[i]);
        expect(f, NULL);
    }
    begin(f, FLAT);
    chunks_event(&f->in, "other", CHUNKS_LINE);
    buffer_append(&f->in, "\x92\x05\x06", 3);                     /* a body that is no map */
    buffer_append(&f->in, "\x93\x05\x80\x80", 4);                 /* three things */
    buffer_append(&f->in, "\x92\x05\x81\xa3log\x07", 8);          /* a number at the key */
    buffer_append(&f->in, "\x92\x05\x80\xc0\xa3log", 8);          /* no array at all */
    buffer_append(&f->in, "\x92\x93\x05\x80\x80\x81\xa3log", 10); /* another layout */
    chunks_string(&f->in, CHUNKS_LINE);
    expect(f, NULL);
}

static void groups_stay_groups(void **state)
{
    static const struct {
        const char *head;
        size_t len;
    } cases[] = {
        { "\x92\x92\xd7\0\xff\xff\xff\xff\0\0\0\0\x80", 13 }, /* begins */
        { "\x92\x92\xd7\0\xff\xff\xff\xfe\0\0\0\0\x80", 13 }, /* ends */
        { "\x92\x92\xff\x80", 4 },
        { "\x92\x92\xcb\xc0\0\0\0\0\0\0\0\x80", 12 },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin(f, FLAT);
        buffer_append(&f->in, cases[i].head, cases[i].len);
        buffer_append(&f->in, "\x81", 1);
        chunks_string(&f->in, "log");
        chunks_string(&f->in, CHUNKS_LINE);
        expect(f, NULL);
    }
}

/* What the pipeline leaves out is dropped, what it can't read isn't. */
static void the_filter_and_headers_drop_events(void **state)
{
    struct fixture *f = *state;

    begin(f, FLAT "filter: {bytes: 420}\n");
    chunks_event(&f->in, "log", "srcaddr bytes log-status");
    chunks_event(&f->in, "log", "10.0.0.1 420 OK");
    chunks_event(&f->in, "log", "10.0.0.1 7 OK");
    chunks_event(&f->in, "log", "10.0.0.1 x OK");
    chunks_event(&f->in, "log", "10.0.0.2 420 OK");
    chunks_event(&f->in, "log", "10.0.0.2 8 OK");
    expect(f, TIME "{\"bytes\":420}]\n" TIME "{\"log\":\"10.0.0.1 x OK\"}]\n" TIME
                   "{\"bytes\":420}]\n");
    buffer_clear(&f->in);
    chunks_event(&f->in, "log", "srcaddr bytes log-status");
    expect(f, ""); /* nothing is left */
}

static void rows_without_traffic_are_as_the_encoder_has_them(void **state)
{
    struct fixture *f = *state;

    begin(f, NESTED "fields: [downloaded]\n");
    chunks_event(&f->in, "log", CHUNKS_NODATA);
    chunks_event(&f->in, "log", CHUNKS_LINE);
    chunks_event(&f->in, "log", "no");
    chunks_event(&f->in, "log", CHUNKS_NODATA);
    expect(f, TIME "{}]\n" TIME "{\"log\":\"no\"}]\n");
    begin(f, "input: text\nencoder: msgpack-flat\nfields: [log_status, uploaded]\n");
    chunks_event(&f->in, "log", CHUNKS_NODATA);
    chunks_event(&f->in, "log", CHUNKS_LINE);
    expect(f, TIME "{\"log_status\":\"NODATA\",\"uploaded\":null}]\n" TIME
                   "{\"log_status\":\"OK\",\"uploaded\":420}]\n");
}

static void numbers_keep_all_their_bits(void **state)
{
    struct fixture *f = *state;

    begin(f, FLAT "formats: [\"bytes dstport\"]\n");
    chunks_event(&f->in, "log", "18446744073709551615 1");
    chunks_event(&f->in, "log", "9007199254740993 1");
    expect(f, TIME "{\"bytes\":18446744073709551615}]\n" TIME "{\"bytes\":9007199254740993}]\n");
}

/* Of some hundred lines in batches of any size, every third refused, every fifth left out. */
static void each_line_knows_its_event(void **state)
{
    static const char *const limits[] = { "", "limits: {rows: 1}\n", "limits: {rows: 7}\n" };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        buffer wanted = { 0 };
        char yaml[256];

        snprintf(yaml, sizeof yaml,
                 "%sformats: [\"bytes dstport\"]\nfilter: {dstport: {not: 5}}\n%s", FLAT,
                 limits[i]);
        begin(f, yaml);
        for (unsigned n = 0; n < 1000; n++) {
            char text[64];

            snprintf(text, sizeof text, "%u %s", n, n % 3 == 0 ? "x" : n % 5 == 0 ? "5" : "6");
            chunks_event(&f->in, "log", text);
            if (n % 3 != 0 && n % 5 == 0)
                continue;
            snprintf(text, sizeof text,
                     n % 3 == 0 ? TIME "{\"log\":\"%u x\"}]\n" : TIME "{\"bytes\":%u}]\n", n);
            chunks_print(&wanted, text);
        }
        buffer_append(&wanted, "", 1);
        expect(f, wanted.data);
        buffer_free(&wanted);
    }
}

/* All refused: no row comes that would empty the batch. */
static void a_chunk_of_nothing_but_refused_lines_stays(void **state)
{
    struct fixture *f = *state;

    begin(f, FLAT "filter: {bytes: 1}\n");
    for (unsigned n = 0; n < 1000; n++)
        chunks_event(&f->in, "log", "no flow log");
    expect(f, NULL);
}

/* Events before the place where a chunk is cut are taken, what is left is as it was. */
static void a_chunk_may_break_off_anywhere(void **state)
{
    struct fixture *f = *state;
    size_t first;

    begin(f, FLAT);
    chunks_event(&f->in, "log", CHUNKS_LINE);
    first = f->in.len;
    chunks_event(&f->in, "log", CHUNKS_LINE);
    for (size_t cut = 0; cut < f->in.len; cut++) {
        char *copy = calloc(1, cut + !cut);
        enum chunk_outcome outcome;
        size_t len;
        void *out;

        memcpy(copy, f->in.data, cut);
        outcome = chunk_run(&f->filter, f->pipeline, copy, cut, &out, &len, &f->error);
        if (outcome != (cut < first ? CHUNK_UNTOUCHED : CHUNK_CHANGED))
            fail_msg("cut at %zu, it comes to %d", cut, (int)outcome);
        if (outcome == CHUNK_CHANGED)
            assert_memory_equal((char *)out + len - (cut - first), copy + first, cut - first);
        free(out);
        free(copy);
    }
}

static void how_a_flow_is_cut_into_chunks_changes_nothing(void **state)
{
    struct fixture *f = *state;
    buffer whole = { 0 }, parts = { 0 };

    begin(f, NESTED);
    for (unsigned n = 0; n < 100; n++) {
        const size_t start = f->in.len;
        char *shown;

        chunks_event(&f->in, "log", n % 7 == 0 ? CHUNKS_NODATA : n % 5 ? CHUNKS_LINE : "else");
        shown = run_bytes(f, f->in.data + start, f->in.len - start);
        if (n % 7 && n % 5 == 0)
            shown = chunks_show(f->in.data + start, f->in.len - start);
        chunks_print(&parts, shown);
        free(shown);
    }
    whole.data = run_bytes(f, f->in.data, f->in.len);
    buffer_append(&parts, "", 1);
    assert_string_equal(whole.data, parts.data);
    buffer_free(&whole);
    buffer_free(&parts);
}

static void a_failure_of_the_pipeline_leaves_the_chunk(void **state)
{
    static const struct {
        const char *yaml, *why;
    } cases[] = {
        { FLAT "limits: {bad_lines: 1}\n", "2 lines can't be read" },
        { "input: text\nencoder: none\n", "set it to json" },
        { "input: text\nencoder: csv\n", "set it to json" },
        { NESTED "level: conversation\n", "needs 'level: record'" },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len;
        void *out;

        begin(f, cases[i].yaml);
        chunks_event(&f->in, "log", CHUNKS_LINE);
        chunks_event(&f->in, "log", "x");
        chunks_event(&f->in, "log", "x");
        assert_int_equal(
            chunk_run(&f->filter, f->pipeline, f->in.data, f->in.len, &out, &len, &f->error),
            CHUNK_FAILED);
        assert_null(out);
        if (!strstr(f->error.message, cases[i].why))
            fail_msg("it says: %s", f->error.message);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    static const struct CMUnitTest tests[] = {
        TEST(a_line_gives_way_to_what_it_says),
        TEST(every_layout_of_an_event_is_read),
        TEST(other_members_stay_where_they_are),
        TEST(bytes_are_a_line_too),
        TEST(what_is_not_ours_stays),
        TEST(groups_stay_groups),
        TEST(the_filter_and_headers_drop_events),
        TEST(rows_without_traffic_are_as_the_encoder_has_them),
        TEST(numbers_keep_all_their_bits),
        TEST(each_line_knows_its_event),
        TEST(a_chunk_of_nothing_but_refused_lines_stays),
        TEST(a_chunk_may_break_off_anywhere),
        TEST(how_a_flow_is_cut_into_chunks_changes_nothing),
        TEST(a_failure_of_the_pipeline_leaves_the_chunk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
