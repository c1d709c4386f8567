/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unwrap/envelope.h"
#include "unwrapping.h"

static int make_bench(void **state)
{
    *state = calloc(1, sizeof(bench));
    return *state ? 0 : -1;
}

static int free_bench(void **state)
{
    bench_free(*state);
    free(*state);
    return 0;
}

static void text_is_known_from_envelopes_and_comes_as_it_is(void **state)
{
    static const struct {
        const char *payload;
        const char *transcript;
    } cases[] = {
        { "version srcaddr\n2 10.0.0.1", "text: version srcaddr\n2 10.0.0.1\n" },
        { "\xef\xbb\xbfversion\n2\n", "text: \xef\xbb\xbfversion\n2\n\n" },
        { "[ERROR] a line of somebody's", "text: [ERROR] a line of somebody's\n" },
        { "{ not JSON", "text: { not JSON\n" },
        /* An export of CloudWatch Logs: times are taken off, the first one is told. */
        { "1970-01-01T00:01:00.000Z 2 a\n1970-01-01T00:02:00.000Z 2 b\n\nno time\n"
          "1970-01-01T00:02:00Z 2 c",
          "text time=60: 2 a\n2 b\n\nno time\n1970-01-01T00:02:00Z 2 c\n" },
        { "1970-01-01T00:01:00.000Z \n1970-01-01T00:01:00.000Z ", "text time=60: \n\n" },
        { "1970-01-01T00:01:00.000Z", "text: 1970-01-01T00:01:00.000Z\n" }, /* nothing behind it */
        { "1970-01-01 00:01:00.000Z 2 a", "text: 1970-01-01 00:01:00.000Z 2 a\n" },
        /* It may come in an envelope, too. */
        { "{\"body\":\"1970-01-01T00:01:00.000Z a\\n1970-01-01T00:02:00.000Z b\"}",
          "text time=60: a\nb\n" },
    };
    bench *b = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_text payload = fle_text_of(cases[i].payload);

        if (strcmp(transcript_of(b, payload), cases[i].transcript) != 0)
            fail_msg("%s gave %s", cases[i].payload, b->transcript);
        if (strcmp(transcript_of(b, gzip(b, payload)), cases[i].transcript) != 0)
            fail_msg("%s, zipped, gave %s", cases[i].payload, b->transcript);
    }
}

static void what_others_must_read_is_named(void **state)
{
    bench *b = *state;

    assert_string_equal(transcript_of(b, FLE_TEXT("PAR1\x15\x04")),
                        "ERR_UNSUPPORTED @0 a Parquet file, which isn't text\n");
    assert_string_equal(transcript_of(b, gzip(b, FLE_TEXT("PAR1\x15\x04"))),
                        "ERR_UNSUPPORTED @0 a Parquet file, which isn't text, at byte 0 once "
                        "decoded\n");
    assert_string_equal(transcript_of(b, FLE_TEXT("{\"data\":\"KLUv/SQ\"}")),
                        "ERR_UNSUPPORTED @0 data: zstd data, which has to be decompressed first, "
                        "at byte 0 once decoded\n");
}

static void plain_text_is_not_copied(void **state)
{
    static const char text[] = LINE "\n" LINE;
    flowenrich_message message = FLOWENRICH_MESSAGE_INIT;
    flowenrich_envelope *envelope;
    size_t used;

    (void)state;
    assert_int_equal(flowenrich_envelope_new(&envelope, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(
        flowenrich_envelope_read(envelope, text, sizeof text - 1, &used, &message, NULL), 0);
    assert_int_equal(used, sizeof text - 1);
    assert_ptr_equal(message.text.data, text);
    assert_int_equal(message.text.len, sizeof text - 1);
    flowenrich_envelope_free(envelope);
}

/* Put the texts of all messages behind one another; '*status' is what stopped it, or OK. */
static flowenrich_text read_text(bench *b, flowenrich_text payload, size_t room, uint32_t max_ratio,
                                 flowenrich_status *status)
{
    flowenrich_envelope_options options = FLOWENRICH_ENVELOPE_OPTIONS_INIT;
    flowenrich_envelope *envelope;
    char *out = keep(b, room);
    size_t len = 0;
    uint32_t part = 0;

    options.max_ratio = max_ratio;
    assert_int_equal(flowenrich_envelope_new(&envelope, &options, NULL), FLOWENRICH_OK);
    for (;;) {
        flowenrich_message message = FLOWENRICH_MESSAGE_INIT;
        size_t used;

        *status =
            flowenrich_envelope_read(envelope, payload.data, payload.len, &used, &message, NULL);
        payload.data += used;
        payload.len -= used;
        if (message.kind == FLOWENRICH_MESSAGE_NONE)
            break;
        assert_int_equal(message.part, part++);
        assert_true(message.text.len <= FLE_WINDOW && len + message.text.len <= room);
        memcpy(out + len, message.text.data, message.text.len);
        len += message.text.len;
    }
    flowenrich_envelope_free(envelope);
    return fle_text(out, len);
}

static flowenrich_text lines(bench *b, const char *prefix, size_t n)
{
    char *text = keep(b, n * (strlen(prefix) + sizeof LINE + 20));
    size_t len = 0;

    for (size_t i = 0; i < n; i++)
        len += (size_t)sprintf(text + len, "%s%zu %s\n", prefix, i, LINE);
    return fle_text(text, len);
}

static void long_text_comes_in_parts(void **state)
{
    static const char date[] = "2025-02-25T12:25:04.000Z ";
    bench *b = *state;
    const flowenrich_text plain = lines(b, "", 20000);
    const flowenrich_text dated = lines(b, date, 20000);
    const flowenrich_text payloads[] = { gzip(b, plain), dated, gzip(b, dated),
                                         base64(b, gzip(b, dated)) };
    flowenrich_status status;

    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
        const flowenrich_text payload =
            i == 3 ? joined(b, "{\"data\":\"", payloads[i], "\"}") : payloads[i];
        const flowenrich_text text = read_text(b, payload, dated.len, 0, &status);

        if (status != FLOWENRICH_OK || !fle_text_equal(text, plain))
            fail_msg("%zu: %zu of %zu bytes", i, text.len, plain.len);
    }
}

/* What looks like a time in the midst of a line longer than a part is none. */
static void a_line_longer_than_a_part_is_cut(void **state)
{
    static const char date[] = "2025-02-25T12:25:04.000Z ";
    bench *b = *state;
    const size_t len = FLE_WINDOW + sizeof date - 1 + 100;
    char *text = keep(b, len);
    flowenrich_text read;
    flowenrich_status status;

    memset(text, 'x', len);
    memcpy(text, date, sizeof date - 1);
    memcpy(text + FLE_WINDOW, date, sizeof date - 1);
    read = read_text(b, fle_text(text, len), len, 0, &status);
    assert_int_equal(read.len, len - (sizeof date - 1));
    assert_memory_equal(read.data, text + sizeof date - 1, read.len);
}

/* The lines before come out; the one that is cut off might have lost digits. */
static void of_broken_gzip_the_whole_lines_come_out(void **state)
{
    bench *b = *state;
    const flowenrich_text text = lines(b, "", 3);
    const flowenrich_text zipped = gzip(b, text);
    size_t most = 0;

    for (size_t cut = 2; cut < zipped.len; cut++) {
        flowenrich_status status;
        const flowenrich_text read = read_text(b, fle_text(zipped.data, cut), text.len, 0, &status);

        assert_int_equal(status, FLOWENRICH_ERR_SYNTAX);
        assert_true(read.len <= text.len && memcmp(read.data, text.data, read.len) == 0);
        assert_true(read.len == 0 || read.data[read.len - 1] == '\n');
        most = read.len > most ? read.len : most;
    }
    assert_int_equal(most, text.len);
}

static void of_broken_gzip_the_whole_objects_come_out(void **state)
{
    bench *b = *state;
    const flowenrich_text zipped =
        gzip(b, FLE_TEXT(PAYLOAD(EVENT("1", "a")) "\n" PAYLOAD(EVENT("2", "b"))));
    const char *transcript = transcript_of(b, fle_text(zipped.data, zipped.len - 4));

    assert_int_equal(strncmp(transcript, "ERR_SYNTAX @", 12), 0);
    assert_non_null(strstr(transcript, "the gzip data ends too early\ntext id=1"));
    assert_non_null(strstr(transcript, "text id=2"));
}

/* Firehose appends one gzip member to the other, and may zip the whole once more. */
static void gzip_members_stand_back_to_back(void **state)
{
    bench *b = *state;
    const flowenrich_text one = gzip(b, FLE_TEXT("{\"message\":\"a\"}"));
    const flowenrich_text two = gzip(b, FLE_TEXT("{\"message\":\"b\"}"));
    const flowenrich_text both = concatenated(b, one, two);

    assert_string_equal(transcript_of(b, both), "text: a\nb\n\n");
    assert_string_equal(transcript_of(b, gzip(b, both)), "text: a\nb\n\n");
}

static void bombs_are_stopped(void **state)
{
    enum { SIZE = 8 << 20 };
    bench *b = *state;
    char *zeros = keep(b, SIZE);
    flowenrich_text bomb;
    flowenrich_status status;

    /* As text it is stopped by its ratio. */
    memset(zeros, '\n', SIZE);
    bomb = gzip(b, fle_text(zeros, SIZE));
    assert_true(read_text(b, bomb, SIZE, 100, &status).len < 2 << 20);
    assert_int_equal(status, FLOWENRICH_ERR_LIMIT);

    /* As JSON as well, and what is behind it comes out. */
    zeros[0] = '{';
    bomb = joined(b, "{\"records\":[{\"recordId\":\"r1\",\"data\":\"",
                  base64(b, gzip(b, fle_text(zeros, SIZE))),
                  "\"},{\"recordId\":\"r2\",\"data\":\"YQ==\"}]}");
    assert_non_null(strstr(transcript_of(b, bomb),
                           "records[0].data: the gzip data grows more than 'max_ratio' allows"));
    assert_non_null(strstr(b->transcript, "text record=r2: a\n"));
}

static void decoded_bytes_are_bounded(void **state)
{
    bench *b = *state;
    const flowenrich_text json = joined(b, "{\"x\":\"", lines(b, "", 20000), "\"}");
    const flowenrich_text payloads[] = {
        gzip(b, json),
        joined(b, "{\"data\":\"", base64(b, lines(b, "", 20000)), "\"}"),
        joined(b, "{\"data\":\"", base64(b, gzip(b, json)), "\"}"),
    };
    flowenrich_envelope_options options = FLOWENRICH_ENVELOPE_OPTIONS_INIT;

    options.max_bytes = 1 << 20;
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
        flowenrich_envelope *envelope;

        assert_int_equal(flowenrich_envelope_new(&envelope, &options, NULL), FLOWENRICH_OK);
        transcribe(b, envelope, payloads[i]);
        if (strncmp(b->transcript, "ERR_LIMIT", 9) != 0 ||
            !strstr(b->transcript, "more than 'max_bytes' allows"))
            fail_msg("%zu: %s", i, b->transcript);
        flowenrich_envelope_free(envelope);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_bench, free_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(text_is_known_from_envelopes_and_comes_as_it_is),
        TEST(what_others_must_read_is_named),
        TEST(plain_text_is_not_copied),
        TEST(long_text_comes_in_parts),
        TEST(a_line_longer_than_a_part_is_cut),
        TEST(of_broken_gzip_the_whole_lines_come_out),
        TEST(of_broken_gzip_the_whole_objects_come_out),
        TEST(gzip_members_stand_back_to_back),
        TEST(bombs_are_stopped),
        TEST(decoded_bytes_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
