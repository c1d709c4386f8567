/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unwrap/envelope.h"
#include "unwrapping.h"

#define FROM_STREAM " account=123456789010 group=vpc stream=eni-9f825df9-all interface=eni-9f825df9"
#define S3_RECORD                                                                                  \
    "{\"eventSource\":\"aws:s3\",\"awsRegion\":\"us-east-1\","                                     \
    "\"eventTime\":\"1970-01-01T00:01:00.123Z\",\"eventName\":\"ObjectCreated:Put\","              \
    "\"s3\":{\"bucket\":{\"name\":\"logs\"},\"object\":{\"key\":\"a%3D1/b+c.log.gz\"}}}"

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

static void assert_transcript(bench *b, flowenrich_text payload, const char *expected)
{
    const char *transcript = transcript_of(b, payload);

    if (strcmp(transcript, expected) != 0)
        fail_msg("%.*s\ngave\n%s\nnot\n%s", (int)payload.len, payload.data, transcript, expected);
}

static void plain_envelopes_give_what_they_hold(void **state)
{
    static const struct {
        const char *payload;
        const char *transcript;
    } cases[] = {
        /* All events of a payload are one text, and the first one's id is its own. */
        { PAYLOAD(EVENT("7", "a") "," EVENT("8", "b")),
          "text id=7" FROM_STREAM " time=1548934870: a\nb\n\n" },
        /* Whatever the order of the members. */
        { "{\"logEvents\":[{\"message\":\"a\"}],\"logGroup\":\"g\"}", "text group=g: a\n\n" },
        /* Fields that CloudWatch Logs extracted don't stand in for the line. */
        { "{\"logEvents\":[{\"extractedFields\":{\"bytes\":\"1\"},\"message\":\"a b\"}]}",
          "text: a b\n\n" },
        { "{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{\"message\":\"check\"}]}", "" },
        { PAYLOAD(""), "" },
        /* Back to back, and one a line. */
        { PAYLOAD(EVENT("7", "a")) PAYLOAD(EVENT("8", "b")) "\n" PAYLOAD(EVENT("9", "c")) "\n",
          "text id=7" FROM_STREAM " time=1548934870: a\n\n"
          "text id=8" FROM_STREAM " time=1548934870: b\n\n"
          "text id=9" FROM_STREAM " time=1548934870: c\n\n" },
        { "\xef\xbb\xbf {\"message\":\"a\"}", "text: a\n\n" },
        /* get-log-events; as an array, as some tools print it. */
        { "[{\"events\":[{\"timestamp\":1,\"message\":\"a\",\"ingestionTime\":2}],"
          "\"nextForwardToken\":\"f/1\"}]",
          "text time=1: a\n\n" },
        /* filter-log-events: streams mix, and each run of one is a text. */
        { "{\"events\":[{\"logStreamName\":\"eni-1-all\",\"message\":\"a\",\"eventId\":\"1\"},"
          "{\"logStreamName\":\"eni-1-all\",\"message\":\"b\",\"eventId\":\"2\"},"
          "{\"logStreamName\":\"eni-2-all\",\"message\":\"c\",\"eventId\":\"3\"},"
          "{\"logStreamName\":\"eni-1-all\",\"message\":\"d\",\"eventId\":\"4\"}],"
          "\"searchedLogStreams\":[]}",
          "text id=1 stream=eni-1-all interface=eni-1: a\nb\n\n"
          "text id=3 stream=eni-2-all interface=eni-2: c\n\n"
          "text id=4 stream=eni-1-all interface=eni-1: d\n\n" },
        /* Firehose's own delivery; a line that ends already gets no second newline. */
        { "{\"message\":\"a\"}{\"message\":\"b\\n\"}\n{\"message\":\"c\"}", "text: a\nb\nc\n\n" },
        /* Vector: a text for each object, of the account and region its key tells. */
        { "{\"message\":\"a\",\"bucket\":\"l\",\"object\":\"AWSLogs/1/vpcflowlogs/eu-west-1/x\","
          "\"region\":\"us-east-1\",\"source_type\":\"aws_s3\","
          "\"timestamp\":\"1970-01-01T00:01:00Z\"}\n"
          "{\"message\":\"b\",\"bucket\":\"l\",\"object\":\"k\"}\n",
          "text account=1 region=eu-west-1 bucket=l key=AWSLogs/1/vpcflowlogs/eu-west-1/x time=60: "
          "a\n\n"
          "text bucket=l key=k: b\n\n" },
        /* A message that is an envelope: as Vector reads Firehose. */
        { "{\"message\":\"{\\\"logEvents\\\":[{\\\"message\\\":\\\"a\\\"}]}\","
          "\"source_type\":\"aws_kinesis_firehose\"}",
          "text: a\n\n" },
        { "{\"message\":{\"logEvents\":[{\"message\":\"a\"}]}}", "text: a\n\n" },
        /* S3's notification, its test, and what isn't about a new object. */
        { "{\"Records\":[" S3_RECORD "]}",
          "object region=us-east-1 bucket=logs key=a=1/b c.log.gz time=60\n" },
        { "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"logs\"}", "" },
        { "{\"Records\":[{\"eventName\":\"ObjectRemoved:Delete\","
          "\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}]}",
          "" },
        /* EventBridge doesn't encode the key. */
        { "{\"detail-type\":\"Object Created\",\"region\":\"eu-west-1\",\"id\":\"17\","
          "\"detail\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"a+b%20c\"}}}",
          "object id=17 region=eu-west-1 bucket=b key=a+b%20c\n" },
        /* SQS, to Lambda and as receive-message prints it; SNS in it, or to Lambda. */
        { "{\"Records\":[{\"messageId\":\"m1\",\"body\":\"Message Body\"}]}",
          "text record=m1: Message Body\n" },
        { "{\"Messages\":[{\"MessageId\":\"m1\",\"Body\":\"text\"}]}", "text record=m1: text\n" },
        { "{\"Records\":[{\"messageId\":\"m1\",\"body\":"
          "\"{\\\"Type\\\":\\\"Notification\\\",\\\"Message\\\":\\\"a b\\\"}\"}]}",
          "text record=m1: a b\n" },
        { "{\"Records\":[{\"Sns\":{\"MessageId\":\"s1\",\"Message\":\"a b\"}}]}",
          "text record=s1: a b\n" },
        { "{\"Type\":\"SubscriptionConfirmation\",\"Message\":\"You have chosen\"}", "" },
        /* Kafka, to Lambda: an object of arrays. */
        { "{\"eventSource\":\"aws:kafka\",\"records\":{\"t-0\":[{\"value\":\"YQ==\"}],"
          "\"t-1\":[],\"t-2\":[{\"value\":\"Yg==\"},{\"value\":\"Yw==\"}]}}",
          "text: a\ntext: b\ntext: c\n" },
        /* Nothing to be had. */
        { "", "" },
        { " \n", "text:  \n\n" },
        { "{\"Records\":[]}", "" },
        { "[]", "" },
        { "{\"message\":\"\"}", "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_transcript(*state, fle_text_of(cases[i].payload), cases[i].transcript);
}

static void encoded_envelopes_are_opened(void **state)
{
    static const flowenrich_text payload = { PAYLOAD(EVENT("7", "a")),
                                             sizeof(PAYLOAD(EVENT("7", "a"))) - 1 };
    static const struct {
        const char *before, *after;
        const char *record;
    } cases[] = {
        { "{\"awslogs\":{\"data\":\"", "\"}}", "" },
        { "{\"Records\":[{\"kinesis\":{\"sequenceNumber\":\"49\",\"data\":\"", "\"}}]}",
          " record=49" },
        { "{\"invocationId\":\"i\",\"records\":[{\"recordId\":\"r1\",\"data\":\"", "\"}]}",
          " record=r1" },
        { "{\"requestId\":\"i\",\"timestamp\":1578090901599,\"records\":[{\"data\":\"", "\"}]}",
          "" },
        { "{\"records\":{\"t-0\":[{\"value\":\"", "\"}]}}", "" },
    };
    bench *b = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_text plain =
            joined(b, cases[i].before, base64(b, payload), cases[i].after);
        const flowenrich_text zipped =
            joined(b, cases[i].before, base64(b, gzip(b, payload)), cases[i].after);
        char expected[256];

        snprintf(expected, sizeof expected, "text%s id=7" FROM_STREAM " time=1548934870: a\n\n",
                 cases[i].record);
        assert_transcript(b, plain, expected);
        assert_transcript(b, zipped, expected);
        assert_transcript(b, gzip(b, zipped), expected);
    }
}

static void a_slash_may_be_escaped_in_base64(void **state)
{
    assert_transcript(*state, FLE_TEXT("{\"data\":\"Pz8\\/\"}"), "text: ?\?\?\n");
}

/* S3 told SNS, which told SQS, which a Lambda function reads. */
static void notifications_come_in_notifications(void **state)
{
    bench *b = *state;
    const flowenrich_text s3 = FLE_TEXT("{\"Records\":[" S3_RECORD "," S3_RECORD "]}");
    const flowenrich_text sns =
        joined(b, "{\"Type\":\"Notification\",\"Message\":\"", escaped(b, s3), "\"}");
    const flowenrich_text sqs =
        joined(b, "{\"Records\":[{\"messageId\":\"m1\",\"body\":\"", escaped(b, sns), "\"}]}");

    assert_transcript(b, sqs,
                      "object record=m1 region=us-east-1 bucket=logs key=a=1/b c.log.gz time=60\n"
                      "object record=m1 region=us-east-1 bucket=logs key=a=1/b c.log.gz time=60\n");
}

static void what_is_broken_is_refused_alone_and_named(void **state)
{
    static const struct {
        const char *payload;
        const char *transcript;
    } cases[] = {
        { "{\"records\":[{\"recordId\":\"r1\",\"data\":\"YQ==\"},"
          "{\"recordId\":\"r2\",\"data\":\"Y*==\"},{\"recordId\":\"r3\",\"data\":\"Yg==\"}]}",
          "text record=r1: a\n"
          "ERR_SYNTAX record=r2 @70 records[1].data: not base64\n"
          "text record=r3: b\n" },
        { "{\"Records\":[{\"messageId\":\"m1\",\"body\":\"{\\\"a\\\"\"},"
          "{\"messageId\":\"m2\",\"body\":\"x\"}]}",
          "ERR_SYNTAX record=m1 @12 Records[0].body: expected ':', but the data ends, at byte 4 "
          "once decoded\n"
          "text record=m2: x\n" },
        { "{\"Records\":[{\"body\":\"a\\x\"}]}",
          "ERR_SYNTAX @22 Records[0].body: a backslash with no meaning\n" },
        { "{\"data\":\"H4sIAAAA\"}",
          "ERR_SYNTAX @0 data: the gzip data ends too early, at byte 6 once decoded\n" },
        { "{\"Records\":\"x\"}", "ERR_SYNTAX @12 Records: expected an array\n" },
        { "{\"data\":5}", "ERR_SYNTAX @8 data: expected a string\n" },
        { "{\"Records\":[5,{\"body\":\"a\"}]}",
          "ERR_SYNTAX @12 Records[0]: expected an object\ntext: a\n" },
        { "{\"a\":1}",
          "ERR_SYNTAX @0 expected an envelope: an object with logEvents, Records, records, events, "
          "awslogs, data, value, body or message, or of an S3 object\n" },
        /* The lines gathered so far come out before what is wrong behind them. */
        { "{\"logEvents\":[{\"message\":\"a\"},{\"message\":\"\\x\"},{\"message\":\"b\"}]}",
          "text: a\n\n"
          "ERR_SYNTAX @42 logEvents[1].message: a backslash with no meaning\n"
          "text: b\n\n" },
        { "{\"logEvents\":[{\"message\":\"a\"},{\"id\":\"9\"},{\"message\":\"b\"}]}",
          "text: a\n\n"
          "ERR_SYNTAX @30 logEvents[1]: expected an envelope: an object with logEvents, Records, "
          "records, events, awslogs, data, value, body or message, or of an S3 object\n"
          "text: b\n\n" },
        /* Behind a broken object, the next line that begins with one. */
        { "{\"message\":\"a\"}\n{\"message\"\n x\n{\"message\":\"b\"}",
          "text: a\n\nERR_SYNTAX @28 [1]: expected ':'\ntext: b\n\n" },
        { "{\"message\":\"a\n{\"message\":\"b\"}", /* the string ends in the next line */
          "ERR_SYNTAX @16 expected ',' or '}'\ntext: b\n\n" },
        { "{\"message\":\"a\"} x {\"message\":\"b\"}",
          "text: a\n\nERR_SYNTAX @16 [1]: expected an object\n" },
    };
    bench *b = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_transcript(b, fle_text_of(cases[i].payload), cases[i].transcript);
}

/* Nothing comes out of a payload that isn't whole, and the error is at its end. */
static void a_payload_cut_anywhere_is_refused(void **state)
{
    static const char *const payloads[] = {
        PAYLOAD(EVENT("7", "a") "," EVENT("8", "b\\u00e9\\\\")),
        "{\"records\":[{\"recordId\":\"r1\",\"data\":\"YWJj\"}],\"x\":[true,-1.5e3,{}]}",
        "[{\"Records\":[" S3_RECORD "]}]",
    };
    bench *b = *state;

    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++)
        for (size_t cut = 1; cut < strlen(payloads[i]); cut++) {
            char *part = memcpy(keep(b, cut), payloads[i], cut);
            const char *transcript = transcript_of(b, fle_text(part, cut));

            if (strncmp(transcript, "ERR_SYNTAX @", 12) != 0 || strchr(transcript, '\n')[1] != '\0')
                fail_msg("%.*s gave %s", (int)cut, part, transcript);
            bench_free(b);
        }
}

static void nesting_ends_somewhere(void **state)
{
    bench *b = *state;
    flowenrich_text text = FLE_TEXT("{\"message\":\"a\"}");
    flowenrich_text arrays = FLE_TEXT("{\"message\":\"a\"}");

    for (int i = 0; i < 7; i++)
        text = joined(b, "{\"data\":\"", base64(b, text), "\"}");
    assert_transcript(b, text, "text: a\n\n");
    for (int i = 0; i < 20; i++)
        text = joined(b, "{\"data\":\"", base64(b, text), "\"}");
    assert_non_null(strstr(transcript_of(b, text), "too many envelopes in another"));
    assert_int_equal(strncmp(b->transcript, "ERR_LIMIT @0 data.data.data", 27), 0);
    for (int i = 0; i < 20; i++)
        arrays = joined(b, "[", arrays, "]");
    assert_non_null(strstr(transcript_of(b, arrays), "too many envelopes in another"));
}

/* A line never lies in two parts, and the same lines come in the same order. */
static void a_long_payload_comes_in_parts(void **state)
{
    enum { EVENTS = 9000 };
    static const char event[] = "{\"message\":\"" LINE "\"}";
    bench *b = *state;
    char *payload = keep(b, EVENTS * (sizeof event + 1) + 100);
    size_t len = 0, lines = 0, used;
    uint32_t parts = 0;
    flowenrich_envelope *envelope;

    len += (size_t)sprintf(payload, "{\"logStream\":\"s\",\"logEvents\":[");
    for (int i = 0; i < EVENTS; i++)
        len += (size_t)sprintf(payload + len, "%s%s", i > 0 ? "," : "", event);
    len += (size_t)sprintf(payload + len, "]}");
    assert_int_equal(flowenrich_envelope_new(&envelope, NULL, NULL), FLOWENRICH_OK);
    for (size_t at = 0;; at += used) {
        flowenrich_message message = FLOWENRICH_MESSAGE_INIT;

        assert_int_equal(
            flowenrich_envelope_read(envelope, payload + at, len - at, &used, &message, NULL),
            FLOWENRICH_OK);
        if (message.kind == FLOWENRICH_MESSAGE_NONE)
            break;
        assert_int_equal(message.part, parts++);
        assert_true(message.text.len < FLE_WINDOW + sizeof LINE);
        assert_int_equal(message.text.len % sizeof LINE, 0);
        lines += message.text.len / sizeof LINE;
    }
    assert_int_equal(lines, EVENTS);
    assert_true(parts >= 3);
    flowenrich_envelope_free(envelope);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_bench, free_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(plain_envelopes_give_what_they_hold),
        TEST(encoded_envelopes_are_opened),
        TEST(a_slash_may_be_escaped_in_base64),
        TEST(notifications_come_in_notifications),
        TEST(what_is_broken_is_refused_alone_and_named),
        TEST(a_payload_cut_anywhere_is_refused),
        TEST(nesting_ends_somewhere),
        TEST(a_long_payload_comes_in_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
