/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "unwrap/origin.h"

typedef struct fixture {
    fle_allocator allocator;
    fle_arena arena;
    fle_origin origin;
} fixture;

static int begin(void **state)
{
    static fixture f;
    const flowenrich_source nothing = FLOWENRICH_SOURCE_INIT;

    fle_allocator_init(&f.allocator, NULL);
    fle_arena_init(&f.arena, &f.allocator);
    *state = &f;
    return fle_origin_init(&f.origin, &nothing, &f.arena) ? 0 : -1;
}

static int end(void **state)
{
    fle_arena_free(&((fixture *)*state)->arena);
    return 0;
}

static void add(fixture *f, const char *object)
{
    fle_json_scan scan = { object, object + strlen(object), NULL };
    fle_members members;

    assert_true(fle_members_take(&scan, &members));
    assert_true(fle_origin_add(&f->origin, &members, &f->arena));
}

static void assert_text(flowenrich_text text, const char *expected)
{
    if (!fle_text_is(text, expected))
        fail_msg("'%.*s', not '%s'", (int)text.len, text.data, expected);
}

static void a_caller_s_source_is_copied_and_its_key_read(void **state)
{
    fixture *f = *state;
    char key[] = "AWSLogs/1/vpcflowlogs/us-east-1/1_vpcflowlogs_us-east-1_fl-2_x_y.log.gz";
    flowenrich_source given = FLOWENRICH_SOURCE_INIT;

    given.key = fle_text_of(key);
    given.region = FLE_TEXT("eu-west-1");
    given.log_stream = FLE_TEXT("eni-12-all");
    assert_true(fle_origin_init(&f->origin, &given, &f->arena));
    memset(key, 'x', sizeof key - 1);
    assert_text(f->origin.source.account, "1");
    assert_text(f->origin.source.flow_log, "fl-2");
    assert_text(f->origin.source.region, "eu-west-1"); /* the caller knows better */
    assert_text(f->origin.source.interface_id, "eni-12");
    assert_int_equal(f->origin.time, FLOWENRICH_TIME_ABSENT);
}

static void nearer_to_the_records_is_better_but_for_the_record(void **state)
{
    fixture *f = *state;

    add(f, "{\"messageId\":\"outer\",\"awsRegion\":\"us-east-1\",\"owner\":1,\"time\":5}");
    add(f, "{\"recordId\":\"inner\",\"region\":\"eu\\u002dwest-1\",\"timestamp\":7000000000000}");
    assert_text(f->origin.record, "outer");
    assert_text(f->origin.source.region, "eu-west-1");
    assert_text(f->origin.source.account, "1");
    assert_int_equal(f->origin.time, 7000000000);
}

static void an_object_lies_in_its_bucket_s_region(void **state)
{
    fixture *f = *state;

    add(f, "{\"region\":\"us-east-1\",\"detail\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":"
           "\"AWSLogs/1/vpcflowlogs/eu-west-1/x+y\"}}}");
    assert_text(f->origin.source.region, "us-east-1");
    assert_text(f->origin.source.key, "AWSLogs/1/vpcflowlogs/eu-west-1/x+y");
    add(f, "{\"s3\":{\"object\":{\"key\":\"x%2by+z\"}}}");
    assert_text(f->origin.source.key, "x+y z");
}

static void a_line_comes_from_its_key_s_region(void **state)
{
    fixture *f = *state;

    add(f, "{\"message\":\"x\",\"region\":\"us-east-1\",\"bucket\":\"b\","
           "\"object\":\"AWSLogs/1/vpcflowlogs/eu-west-1/x\"}");
    assert_text(f->origin.source.region, "eu-west-1");
    assert_text(f->origin.source.account, "1");
}

static void another_stream_is_another_interface(void **state)
{
    fixture *f = *state;

    add(f, "{\"logStream\":\"eni-12-all\"}");
    assert_text(f->origin.source.interface_id, "eni-12");
    add(f, "{\"logStream\":\"tgw-attach-12\"}");
    assert_text(f->origin.source.interface_id, "");
}

static void times_are_read_in_all_their_forms(void **state)
{
    static const struct {
        const char *object;
        flowenrich_time time;
    } cases[] = {
        { "{\"timestamp\":1548934870123}", 1548934870 },
        { "{\"timestamp\":1548934870}", 1548934870 },
        { "{\"kinesis\":{\"approximateArrivalTimestamp\":1480641523.477}}", 1480641523 },
        { "{\"eventTime\":\"1970-01-01T00:01:00.123Z\"}", 60 },
        { "{\"timestamp\":\"\"}", FLOWENRICH_TIME_ABSENT },
        { "{\"timestamp\":\"soon\"}", FLOWENRICH_TIME_ABSENT },
        { "{\"timestamp\":-1}", FLOWENRICH_TIME_ABSENT },
        { "{\"timestamp\":18446744073709551615}", FLOWENRICH_TIME_ABSENT },
        { "{\"timestamp\":[]}", FLOWENRICH_TIME_ABSENT },
    };
    fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        f->origin.time = FLOWENRICH_TIME_ABSENT;
        add(f, cases[i].object);
        if (f->origin.time != cases[i].time)
            fail_msg("%s", cases[i].object);
    }
}

static void a_text_with_a_bad_escape_stays_as_it_is(void **state)
{
    fixture *f = *state;

    add(f, "{\"owner\":\"a\\tb\\x\"}");
    assert_text(f->origin.source.account, "a\\tb\\x");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_caller_s_source_is_copied_and_its_key_read),
        TEST(nearer_to_the_records_is_better_but_for_the_record),
        TEST(an_object_lies_in_its_bucket_s_region),
        TEST(a_line_comes_from_its_key_s_region),
        TEST(another_stream_is_another_interface),
        TEST(times_are_read_in_all_their_forms),
        TEST(a_text_with_a_bad_escape_stays_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
