/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
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

static flowenrich_envelope *new_envelope(void)
{
    flowenrich_envelope *envelope;

    assert_int_equal(flowenrich_envelope_new(&envelope, NULL, NULL), FLOWENRICH_OK);
    return envelope;
}

/* One of each: gzip in base64, nested text, objects, text in parts. */
static flowenrich_text mixed(bench *b)
{
    const flowenrich_text zipped =
        gzip(b, FLE_TEXT(PAYLOAD(EVENT("7", "a") "," EVENT("8", "b")) "{\"message\":\"c\"}"));
    const flowenrich_text dated = gzip(b, FLE_TEXT("1970-01-01T00:01:00.000Z " LINE "\n"));
    const flowenrich_text first =
        joined(b, "{\"Records\":[{\"messageId\":\"m1\",\"body\":\"{\\\"data\\\":\\\"",
               base64(b, zipped), "\\\"}\"},");
    const flowenrich_text second = joined(
        b, "{\"kinesis\":{\"data\":\"", base64(b, dated),
        "\"}},{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}},{\"data\":\"*\"}]}"
        "\n{\"message\":\"d\",\"bucket\":\"l\"}");

    return concatenated(b, first, second);
}

static void arguments_are_checked(void **state)
{
    flowenrich_envelope_options options = FLOWENRICH_ENVELOPE_OPTIONS_INIT;
    flowenrich_message message = FLOWENRICH_MESSAGE_INIT;
    flowenrich_source source = { 0 };
    flowenrich_envelope *envelope = (flowenrich_envelope *)&options;
    flowenrich_error error;
    size_t used;

    (void)state;
    assert_int_equal(flowenrich_envelope_new(NULL, NULL, &error), FLOWENRICH_ERR_ARG);
    options.size = 1;
    assert_int_equal(flowenrich_envelope_new(&envelope, &options, &error), FLOWENRICH_ERR_ARG);
    assert_null(envelope);
    flowenrich_envelope_free(NULL);
    assert_int_equal(flowenrich_envelope_begin(NULL, NULL, &error), FLOWENRICH_ERR_ARG);

    envelope = new_envelope();
    assert_int_equal(flowenrich_envelope_begin(envelope, &source, &error), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_envelope_read(NULL, "", 0, &used, &message, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_envelope_read(envelope, NULL, 1, &used, &message, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_envelope_read(envelope, "", 0, NULL, &message, &error),
                     FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_envelope_read(envelope, "", 0, &used, NULL, &error),
                     FLOWENRICH_ERR_ARG);
    message.size = 0;
    assert_int_equal(flowenrich_envelope_read(envelope, "", 0, &used, &message, &error),
                     FLOWENRICH_ERR_ARG);
    message.size = sizeof message;
    assert_int_equal(flowenrich_envelope_read(envelope, NULL, 0, &used, &message, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(message.kind, FLOWENRICH_MESSAGE_NONE);
    assert_non_null(message.source);
    flowenrich_envelope_free(envelope);
}

static void each_call_gets_the_rest_wherever_it_lies(void **state)
{
    bench *b = *state;
    const flowenrich_text payload = mixed(b);
    char expected[sizeof b->transcript];
    flowenrich_envelope *envelope = new_envelope();
    size_t at = 0, used;

    snprintf(expected, sizeof expected, "%s", transcript_of(b, payload));
    b->len = 0;
    for (;;) {
        flowenrich_message message = FLOWENRICH_MESSAGE_INIT;
        const size_t left = payload.len - at;
        char *copy = malloc(left + 1);
        flowenrich_error error;
        flowenrich_status status;

        assert_non_null(copy);
        memcpy(copy, payload.data + at, left);
        status = flowenrich_envelope_read(envelope, copy, left, &used, &message, &error);
        if (status != FLOWENRICH_OK)
            b->len +=
                (size_t)sprintf(b->transcript + b->len, "%s @%d %s\n",
                                flowenrich_status_name(status), (int)error.offset, error.message);
        else if (message.kind != FLOWENRICH_MESSAGE_NONE)
            note_message(b, &message);
        free(copy);
        at += used;
        if (status == FLOWENRICH_OK && message.kind == FLOWENRICH_MESSAGE_NONE)
            break;
    }
    assert_string_equal(b->transcript, expected);
    assert_int_equal(at, payload.len);
    flowenrich_envelope_free(envelope);
}

static void anything_but_the_rest_is_refused(void **state)
{
    static const char payload[] = "{\"message\":\"a\",\"bucket\":\"b\"}{\"message\":\"a\"}";
    flowenrich_message message = FLOWENRICH_MESSAGE_INIT;
    flowenrich_envelope *envelope = new_envelope();
    flowenrich_error error;
    size_t used, again;

    (void)state;
    assert_int_equal(
        flowenrich_envelope_read(envelope, payload, sizeof payload - 1, &used, &message, &error),
        FLOWENRICH_OK);
    assert_int_equal(used, 28);
    assert_int_equal(
        flowenrich_envelope_read(envelope, payload, sizeof payload - 1, &again, &message, &error),
        FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message,
                        "43 bytes aren't the 15 left of the payload; to read another "
                        "one, call flowenrich_envelope_begin()");
    flowenrich_envelope_free(envelope);
}

static void begin_drops_the_rest_and_tells_where_from(void **state)
{
    bench *b = *state;
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_message message = FLOWENRICH_MESSAGE_INIT;
    flowenrich_envelope *envelope = new_envelope();
    size_t used;

    source.identity = FLE_TEXT("etag");
    source.bucket = FLE_TEXT("logs");
    source.key = FLE_TEXT("AWSLogs/1/vpcflowlogs/eu-west-1/x");
    assert_int_equal(
        flowenrich_envelope_read(envelope, "{\"message\":\"a\"}{", 16, &used, &message, NULL),
        FLOWENRICH_OK);
    assert_int_equal(flowenrich_envelope_begin(envelope, &source, NULL), FLOWENRICH_OK);
    assert_string_equal(transcribe(b, envelope, FLE_TEXT("text")),
                        "text id=etag account=1 region=eu-west-1 bucket=logs "
                        "key=AWSLogs/1/vpcflowlogs/eu-west-1/x: text\n");
    assert_string_equal(transcribe(b, envelope, gzip(b, FLE_TEXT(PAYLOAD(EVENT("7", "a"))))),
                        "text id=7 account=123456789010 region=eu-west-1 group=vpc "
                        "stream=eni-9f825df9-all interface=eni-9f825df9 bucket=logs "
                        "key=AWSLogs/1/vpcflowlogs/eu-west-1/x time=1548934870: a\n\n");
    assert_int_equal(flowenrich_envelope_begin(envelope, NULL, NULL), FLOWENRICH_OK);
    assert_string_equal(transcribe(b, envelope, FLE_TEXT("text")), "text: text\n");
    flowenrich_envelope_free(envelope);
}

static void all_that_passes_is_counted(void **state)
{
    bench *b = *state;
    const flowenrich_text payload = mixed(b);
    flowenrich_envelope *envelope = new_envelope();

    transcribe(b, envelope, payload);
    transcribe(b, envelope, FLE_TEXT("{\"messageType\":\"CONTROL_MESSAGE\"}"));
    assert_int_equal(stat_of(envelope, "messages"), 5);
    assert_int_equal(stat_of(envelope, "control"), 1);
    assert_int_equal(stat_of(envelope, "failed"), 1);
    assert_int_equal(stat_of(envelope, "bytes_in"), payload.len + 33);
    assert_int_equal(stat_of(envelope, "bytes_out"), 4 + 2 + sizeof LINE + 2);
    assert_int_equal(flowenrich_envelope_stats(envelope, NULL, 0), 5);
    flowenrich_envelope_free(envelope);
}

static void a_caller_s_message_is_filled_as_far_as_it_reaches(void **state)
{
    flowenrich_message message = FLOWENRICH_MESSAGE_INIT;
    flowenrich_envelope *envelope = new_envelope();
    size_t used;

    (void)state;
    message.size = offsetof(flowenrich_message, record);
    message.time = 5;
    assert_int_equal(flowenrich_envelope_read(envelope, "text", 4, &used, &message, NULL), 0);
    assert_int_equal(message.text.len, 4);
    assert_int_equal(message.size, offsetof(flowenrich_message, record));
    assert_int_equal(message.time, 5);
    flowenrich_envelope_free(envelope);
}

static void each_allocation_may_fail(void **state)
{
    bench *b = *state;
    const flowenrich_text payload = mixed(b);
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    bool succeeded = false;

    source.key = FLE_TEXT("a key");
    for (size_t n = 0; !succeeded && n < 200; n++) {
        failing f = { .succeed = n };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_envelope_options options = FLOWENRICH_ENVELOPE_OPTIONS_INIT;
        flowenrich_envelope *envelope;
        flowenrich_error error;
        flowenrich_status status;

        options.allocator = &allocator;
        status = flowenrich_envelope_new(&envelope, &options, &error);
        if (status == FLOWENRICH_OK)
            status = flowenrich_envelope_begin(envelope, &source, &error);
        if (status == FLOWENRICH_OK)
            succeeded = !strstr(transcribe(b, envelope, payload), "ERR_NOMEM");
        else
            assert_int_equal(status, FLOWENRICH_ERR_NOMEM);
        flowenrich_envelope_free(envelope);
        assert_int_equal(f.live, 0);
        assert_int_equal(f.misled, 0);
    }
    assert_true(succeeded);
}

static flowenrich_text read_file(bench *b, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *data = keep(b, 65536);
    size_t len;

    if (!file)
        return fle_text(NULL, 0);
    len = fread(data, 1, 65536, file);
    fclose(file);
    return fle_text(data, len);
}

/* Samples that others published; they aren't part of the project. */
static void published_samples_are_read(void **state)
{
    static const struct {
        const char *path;
        const char *transcript;
    } cases[] = {
        { "../shared/containers/aws-lambda-go_kinesis-firehose-event.json",
          "text record=record1 region=us-west-2 time=1507217624: Hello World\n"
          "text record=record2 region=us-west-2 time=1507217624: Hello World\n" },
        { "../shared/containers/aws-lambda-go_s3-event.json",
          "object region=us-east-1 bucket=sourcebucket key=Happy Face.jpg time=0\n" },
        { "../shared/containers/aws-lambda-go_sqs-event.json",
          "text record=MessageID_1 region=us-west-2: Message Body\n" },
        { "../shared/containers/aws-lambda-go_kinesis-event.json",
          "text record=49568167373333333333333333333333333333333333333333333333 "
          "id=shardId-000000000000:49568167373333333333333333333333333333333333333333333333 "
          "region=us-east-1 time=1480641523: Hello World\n"
          "text record=49568167373333333334444444444444444444444444444444444444 "
          "id=shardId-000000000000:49568167373333333334444444444444444444444444444444444444 "
          "region=us-east-1 time=1480841523: Hello World\n" },
        { "../shared/corpus/newrelic-cwl-subscription.json",
          "text id=34542401864989154948626167510903787499092146739808501760 account=463657938898 "
          "group=/aws/vpc/flow-logs stream=eni-9f825df9-all interface=eni-9f825df9 "
          "time=1548934870: 2 463657938898 eni-9f825df9 - - - - - - - 1548934870 1548934929 - "
          "NODATA\n\n" },
        { "../shared/inventory/awscli_get-log-events.json",
          "text time=1433190184: Example Event 1\nExample Event 1\nExample Event 2\n\n" },
    };
    bench *b = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_text payload = read_file(b, cases[i].path);

        if (!payload.data) {
            print_message("%s isn't there: skipped\n", cases[i].path);
            skip();
        }
        if (strcmp(transcript_of(b, payload), cases[i].transcript) != 0)
            fail_msg("%s gave %s", cases[i].path, b->transcript);
    }
    assert_non_null(
        strstr(transcript_of(b, read_file(b, "../shared/containers/"
                                             "aws-lambda-go_cloudwatch-logs-event.json")),
               "[ERROR] First test message"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_bench, free_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(arguments_are_checked),
        TEST(each_call_gets_the_rest_wherever_it_lies),
        TEST(anything_but_the_rest_is_refused),
        TEST(begin_drops_the_rest_and_tells_where_from),
        TEST(all_that_passes_is_counted),
        TEST(a_caller_s_message_is_filled_as_far_as_it_reaches),
        TEST(each_allocation_may_fail),
        TEST(published_samples_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
