/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "unwrap/s3key.h"

#define NAME "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz"

static void keys_tell_account_region_and_flow_log(void **state)
{
    static const struct {
        const char *key;
        const char *account; /* NULL: not a flow log's */
        const char *region, *flow_log;
    } cases[] = {
        { "AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20/" NAME, "123456789012",
          "us-east-1", "fl-1234abcd" },
        { "my/prefix/AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20/16/" NAME,
          "123456789012", "us-east-1", "fl-1234abcd" }, /* a folder per hour */
        { NAME, "123456789012", "us-east-1", "fl-1234abcd" }, /* copied elsewhere */
        { "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/"
          "year=2018/month=06/day=20/hour=16/" NAME,
          "123456789012", "us-east-1", "fl-1234abcd" },
        { "123456789012_vpcflowlogs_us-gov-west-1_fl-0f_20180620T1620Z_h.log.parquet",
          "123456789012", "us-gov-west-1", "fl-0f" },
        /* Files that were renamed: the folders tell. */
        { "AWSLogs/123456789012/vpcflowlogs/us-east-1/2018/06/20/merged.gz", "123456789012",
          "us-east-1", "" },
        { "p/AWSLogs/aws-account-id=1/aws-service=vpcflowlogs/aws-region=eu-west-1/x", "1",
          "eu-west-1", "" },
        { "p/AWSLogs/aws-account-id=1/service=vpcflowlogs/aws-region=eu-west-1/x", "1", "eu-west-1",
          "" }, /* as the guide of transit gateways prints it */
        { "AWSLogs/o-a1b2c3/123456789012/vpcflowlogs/us-east-1/x", "123456789012", "us-east-1",
          "" }, /* of an organisation */
        { "AWSLogs/AWSLogs/123456789012/vpcflowlogs/us-east-1/x", "123456789012", "us-east-1",
          "" }, /* the prefix is named so as well */
        { "", NULL, NULL, NULL },
        { "AWSLogs/123456789012/CloudTrail/us-east-1/2018/06/20/x.json.gz", NULL, NULL, NULL },
        { "AWSLogs/o-a1b2c3/vpcflowlogs/us-east-1/x", NULL, NULL, NULL }, /* no account */
        { "123456789012/vpcflowlogs/us-east-1/x", NULL, NULL, NULL },
        { "x_vpcflowlogs_us-east-1_fl-1_2_3.log.gz", NULL, NULL, NULL },
        { "123_vpcflowlogs_us-east-1_1_2_3.log.gz", NULL, NULL, NULL },
        { "logs/flow.log", NULL, NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_source source = FLOWENRICH_SOURCE_INIT;
        const int32_t found =
            flowenrich_source_from_key(&source, cases[i].key, strlen(cases[i].key));

        if (found != (cases[i].account != NULL))
            fail_msg("%s: %d", cases[i].key, (int)found);
        if (found && (!fle_text_is(source.account, cases[i].account) ||
                      !fle_text_is(source.region, cases[i].region) ||
                      !fle_text_is(source.flow_log, cases[i].flow_log) ||
                      !fle_text_is(source.key, cases[i].key)))
            fail_msg("%s: '%.*s' '%.*s' '%.*s'", cases[i].key, (int)source.account.len,
                     source.account.data, (int)source.region.len, source.region.data,
                     (int)source.flow_log.len, source.flow_log.data);
    }
}

static void a_source_of_no_known_size_is_left_alone(void **state)
{
    flowenrich_source source = { 0 };

    (void)state;
    assert_int_equal(flowenrich_source_from_key(&source, NAME, sizeof NAME - 1), 0);
    assert_int_equal(flowenrich_source_from_key(NULL, NAME, sizeof NAME - 1), 0);
    source.size = sizeof source;
    assert_int_equal(flowenrich_source_from_key(&source, NULL, 0), 0);
    assert_null(source.account.data);
}

static void keys_of_notifications_are_decoded(void **state)
{
    static const struct {
        const char *raw, *key;
    } cases[] = {
        { "", "" },
        { "a/b.gz", "a/b.gz" },
        { "Happy%20Face+Two.jpg", "Happy Face Two.jpg" },
        { "aws-account-id%3D1/%2B", "aws-account-id=1/+" },
        { "%e2%82%AC", "\xe2\x82\xac" },
        { "100%", "100%" }, /* not an escape, but somebody's key */
        { "%zz%4", "%zz%4" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[64];
        const size_t len = fle_s3key_decode(fle_text_of(cases[i].raw), out);

        if (!fle_text_is(fle_text(out, len), cases[i].key))
            fail_msg("%s", cases[i].raw);
    }
}

static void log_streams_are_named_after_interfaces(void **state)
{
    static const struct {
        const char *stream, *interface_id;
    } cases[] = {
        { "eni-9f825df9-all", "eni-9f825df9" },
        { "eni-0416a1c81c87ab9c9-accept", "eni-0416a1c81c87ab9c9" },
        { "eni-9f825df9", "eni-9f825df9" },
        { "eni-", "" },
        { "eni-xyz-all", "" },
        { "eni-12_x", "" },
        { "tgw-attach-1", "" },
        { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!fle_text_is(fle_stream_interface(fle_text_of(cases[i].stream)), cases[i].interface_id))
            fail_msg("%s", cases[i].stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_tell_account_region_and_flow_log),
        cmocka_unit_test(a_source_of_no_known_size_is_left_alone),
        cmocka_unit_test(keys_of_notifications_are_decoded),
        cmocka_unit_test(log_streams_are_named_after_interfaces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
