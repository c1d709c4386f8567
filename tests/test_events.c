/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "eventing.h"
#include "loading.h"

static uint64_t stat_of(struct cataloging *c, const char *name)
{
    flowenrich_stat stats[32];
    const size_t n = flowenrich_catalog_stats(c->catalog, stats, 32);

    for (size_t i = 0; i < n; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    fail_msg("there is no count '%s'", name);
    return 0;
}

#define CREATE(id, eni, time, more)                                                                \
    "{'eventVersion': '1.08', 'eventSource': 'ec2.amazonaws.com', 'eventName': "                   \
    "'CreateNetworkInterface', 'eventTime': '2026-11-20T" time "Z', 'eventID': '" id "'" more      \
    ", 'responseElements': {'networkInterface': {'networkInterfaceId': '" eni "', 'vpcId': "       \
    "'vpc-1', 'privateIpAddressesSet': {'item': [{'privateIpAddress': '10.0.0.5'}]}}}}"
#define ENVELOPE(type, time, more)                                                                 \
    "{'version': '0', 'id': 'envelope-" time "', 'detail-type': '" type "', 'account': "           \
    "'111122223333', 'region': 'us-east-1', 'time': '2026-11-20T" time "Z'" more "}"

static void events_come_alone_in_files_and_in_envelopes(void **state)
{
    struct cataloging *c = *state;

    load(c, CREATE("1", "eni-1", "12:00:00", ""), FLOWENRICH_TIME_ABSENT);
    load(c,
         "{'Records': [" CREATE("2", "eni-2", "12:00:00", "") ", " CREATE("3", "eni-3", "12:00:01",
                                                                          "") "]}",
         NOON + HOUR); /* when the file was fetched says nothing */
    load(c,
         CREATE("4", "eni-4", "12:00:00", "") "\n" CREATE("5", "eni-5", "12:00:00",
                                                          "") "\n{'Subnets': []}",
         NOON);
    load(c,
         "[" ENVELOPE("AWS API Call via CloudTrail", "12:00:00",
                      ", 'detail': " CREATE("6", "eni-6", "12:00:00", "")) "]",
         FLOWENRICH_TIME_ABSENT);
    assert_int_equal(stat_of(c, "events"), 6);
    assert_int_equal(stat_of(c, "interfaces"), 6);
    assert_int_equal(stat_of(c, "documents"), 4);
}

static void a_copy_of_an_event_is_counted_and_no_more(void **state)
{
    struct cataloging *c = *state;
    uint64_t facts;

    load(c,
         "{'Records': [" CREATE("1", "eni-1", "12:00:00", "") ", " CREATE("1", "eni-1", "12:00:00",
                                                                          "") "]}",
         FLOWENRICH_TIME_ABSENT);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    facts = stat_of(c, "facts");
    load(c,
         ENVELOPE("AWS API Call via CloudTrail", "12:00:00",
                  ", 'detail': " CREATE("1", "eni-1", "12:00:00", "")),
         FLOWENRICH_TIME_ABSENT);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(stat_of(c, "events"), 1);
    assert_int_equal(stat_of(c, "repeated_events"), 2);
    assert_int_equal(stat_of(c, "facts"), facts);
}

/* Of a file that can't be read nothing is kept, not even that its events were seen. */
static void a_file_is_read_as_a_whole(void **state)
{
    struct cataloging *c = *state;

    assert_int_equal(cataloging_load(c, CREATE("1", "eni-1", "12:00:00", "") "{", NOON),
                     FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(stat_of(c, "facts"), 0);
    load(c, CREATE("1", "eni-1", "12:00:00", ""), NOON);
    assert_int_equal(stat_of(c, "events"), 1);
    assert_int_equal(stat_of(c, "repeated_events"), 0);
}

static void a_call_that_failed_is_no_fact(void **state)
{
    struct cataloging *c = *state;

    load(c, CREATE("1", "eni-1", "12:00:00", ", 'errorCode': 'Client.DryRunOperation'"), NOON);
    load(c, CREATE("2", "eni-1", "12:00:00", ", 'errorMessage': 'no'"), NOON);
    load(c, "{'eventName': 'DescribeInstances', 'eventTime': '2026-11-20T12:00:00Z'}", NOON);
    load(c,
         "{'eventName': 'CreateTags', 'eventTime': '2026-11-20T12:00:00Z', 'eventSource': "
         "'autoscaling.amazonaws.com'}",
         NOON);
    load(c, ENVELOPE("AWS Health Event", "12:00:00", ""), NOON);
    load(c, "{'eventName': 'CreateTags', 'eventTime': 'yesterday'}", NOON);
    assert_int_equal(stat_of(c, "events"), 0);
    assert_int_equal(stat_of(c, "failed_events"), 2);
    assert_int_equal(stat_of(c, "other_events"), 3);
    assert_int_equal(stat_of(c, "skipped_items"), 1);
    assert_int_equal(stat_of(c, "interfaces"), 0);
    assert_int_equal(cataloging_load(c,
                                     "{'Records': [{'eventVersion': '2.1', 'eventSource': "
                                     "'aws:s3', 'eventTime': '2026-11-20T12:00:00Z', "
                                     "'eventName': 'ObjectCreated:Put'}]}",
                                     NOON),
                     FLOWENRICH_ERR_UNSUPPORTED);
}

#define TAG_CHANGE(time, version, tags)                                                            \
    ENVELOPE("Tag Change on Resource", time,                                                       \
             ", 'resources': ['arn:aws:ec2:us-east-1:111122223333:instance/i-1'], 'detail': "      \
             "{'changed-tag-keys': ['app'], 'service': 'ec2', 'resource-type': 'instance', "       \
             "'version': " version ", 'tags': {" tags "}}")
#define ATTACHED                                                                                   \
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'OwnerId': "         \
    "'111122223333', 'AvailabilityZone': 'us-east-1a', 'Attachment': {'InstanceId': 'i-1'}}]}"

/* Of one second, the later version is right; and one that says less than is known came late. */
static void tags_are_those_of_the_latest_version(void **state)
{
    static const struct {
        flowenrich_time time;
        const char *is;
    } cases[] = {
        { 0, "i-1" },
        { 160, "i-1 app=web" },
        { 201, "i-1" },
        { 260, "i-1 app=api env=prod" },
        { 400, "i-1 app=api env=prod" },
        { 500, "i-1 app=api env=prod" },
    };
    struct cataloging *c = *state;
    char out[128];

    load(c, ATTACHED, NOON);
    load(c, TAG_CHANGE("12:03:20", "4", "'app': 'api', 'env': 'prod'"), NOON);
    load(c, TAG_CHANGE("12:05:00", "2", "'app': 'old'"), NOON);
    load(c,
         "{'detail-type': 'Tag Change on Resource', 'time': '2026-11-20T12:03:20Z', 'detail': "
         "{'service': 'ec2', 'version': 3, 'tags': {'app': 'api'}}, 'resources': "
         "['arn:aws:ec2:us-east-1:111122223333:instance/i-1']}",
         NOON);
    load(c, TAG_CHANGE("12:01:40", "1", "'app': 'web'"), NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(eventing_then(c, "eni-1", NOON + cases[i].time, NOON + cases[i].time, out,
                                 sizeof out),
                   cases[i].is) != 0)
            fail_msg("at %d: %s", (int)cases[i].time, out);
}

static void the_state_of_an_instance_ends_its_interfaces(void **state)
{
    struct cataloging *c = *state;
    char out[128];

    load(c, ATTACHED, NOON);
    load(c, CREATE("1", "eni-1", "12:00:00", ""), NOON);
    load(c,
         ENVELOPE("EC2 Instance State-change Notification", "12:10:00",
                  ", 'detail': {'instance-id': 'i-1', 'state': 'shutting-down'}"),
         NOON);
    load(c,
         ENVELOPE("EC2 Instance State-change Notification", "12:11:00",
                  ", 'detail': {'instance-id': 'i-1', 'state': 'terminated'}"),
         NOON);
    load(c, ENVELOPE("EC2 Instance State-change Notification", "12:12:00", ", 'detail': {}"), NOON);
    assert_int_equal(stat_of(c, "skipped_items"), 1);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(
        eventing_owner(c, "vpc-1", "10.0.0.5", NOON + 60, NOON + 600, out, sizeof out),
        "eni-1 address exact");
    assert_string_equal(
        eventing_owner(c, "vpc-1", "10.0.0.5", NOON + 601, NOON + 602, out, sizeof out),
        "owner_changed eni-1");
}

#define TASK(time, status)                                                                         \
    ENVELOPE(                                                                                      \
        "ECS Task State Change", time,                                                             \
        ", 'detail': {'attachments': [{'type': 'eni', 'status': '" status "', 'details': "         \
        "[{'name': 'subnetId', 'value': 'subnet-1'}, {'name': 'networkInterfaceId', 'value': "     \
        "'eni-1'}, {'name': 'privateIPv4Address', 'value': '10.0.0.5'}]}, {'type': 'sdi'}], "      \
        "'availabilityZone': 'us-east-1a', 'clusterArn': "                                         \
        "'arn:aws:ecs:us-east-1:111122223333:cluster/prod', 'group': 'service:shop', "             \
        "'taskArn': 'arn:aws:ecs:us-east-1:111122223333:task/prod/4711'}")

/* The subnet says which VPC it is in. */
static void a_task_has_its_interface_while_that_is_attached(void **state)
{
    struct cataloging *c = *state;
    char out[128];

    load(c, "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/24'}]}",
         NOON);
    load(c, TASK("12:01:00", "ATTACHED"), NOON);
    load(c, TASK("12:02:00", "ATTACHED"), NOON);
    load(c, TASK("12:10:00", "DELETED"), NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(eventing_then(c, "eni-1", NOON, NOON, out, sizeof out), "4711 shop");
    assert_true(fle_text_is(cataloging_interface(c, "eni-1")->single[FLE_ATTR_TYPE], "ecs:task"));
    assert_string_equal(
        eventing_owner(c, "vpc-1", "10.0.0.5", NOON + 60, NOON + 120, out, sizeof out),
        "eni-1 address sighted");
    assert_string_equal(
        eventing_owner(c, "vpc-1", "10.0.0.5", NOON + 60, NOON + 121, out, sizeof out),
        "not_observed_then eni-1");
}

/* Where events tell what changes, nothing is assumed beyond the last of them, unless asked for. */
static void nothing_is_assumed_past_events(void **state)
{
    static const struct {
        int64_t assume;
        bool events;
        const char *owner;
    } cases[] = {
        { 0, false, "eni-1 address assumed" },  { 0, true, "not_observed_then eni-1" },
        { 500, true, "eni-1 address assumed" }, { -1, false, "not_observed_then eni-1" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;
        char out[128];

        assert_int_equal(cataloging_new(&c, NULL, cases[i].assume), FLOWENRICH_OK);
        load(&c,
             "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', "
             "'PrivateIpAddress': '10.0.0.5'}]}",
             NOON);
        if (cases[i].events)
            load(&c, TAG_CHANGE("12:03:20", "4", "'app': 'api'"), NOON);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        assert_string_equal(
            eventing_owner(&c, "vpc-1", "10.0.0.5", NOON + 300, NOON + 310, out, sizeof out),
            cases[i].owner);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

/* Who has it some time after it was given away: at once, within a minute, or as told. */
static void what_events_say_comes_about_within_the_slack(void **state)
{
    static const struct {
        int64_t slack, after;
        const char *owner;
    } cases[] = {
        { 0, 1, "owner_changed eni-2" },    { 0, 59, "owner_changed eni-2" },
        { 0, 60, "eni-2 address sighted" }, { 300, 299, "owner_changed eni-2" },
        { 300, 300, "eni-2 address sighted" },
        { -1, 1, "eni-2 address sighted" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_catalog_options opt = FLOWENRICH_CATALOG_OPTIONS_INIT;
        struct cataloging c;
        char text[256];
        fle_finding finding;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        flowenrich_catalog_free(c.catalog);
        opt.allocator = &c.allocator;
        opt.event_slack = cases[i].slack;
        assert_int_equal(flowenrich_catalog_new(&c.catalog, &opt, &c.error), FLOWENRICH_OK);
        assert_int_equal(cataloging_load(&c,
                                         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', "
                                         "'VpcId': 'vpc-1', 'PrivateIpAddresses': "
                                         "[{'PrivateIpAddress': '10.0.0.9'}]}]}",
                                         NOON - HOUR),
                         FLOWENRICH_OK);
        assert_int_equal(
            cataloging_load(&c,
                            "{'eventName': 'UnassignPrivateIpAddresses', 'eventTime': "
                            "'2026-11-20T12:00:00Z', 'requestParameters': {'networkInterfaceId': "
                            "'eni-1', 'privateIpAddressesSet': {'item': [{'privateIpAddress': "
                            "'10.0.0.9'}]}}}{'eventName': 'AssignPrivateIpAddresses', 'eventTime': "
                            "'2026-11-20T12:00:00Z', 'requestParameters': {'networkInterfaceId': "
                            "'eni-2', 'privateIpAddressesSet': {'item': [{'privateIpAddress': "
                            "'10.0.0.9'}]}}}",
                            NOON),
            FLOWENRICH_OK);
        assert_int_equal(cataloging_load(&c,
                                         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-2', "
                                         "'VpcId': 'vpc-1', 'PrivateIpAddresses': "
                                         "[{'PrivateIpAddress': '10.0.0.9'}]}]}",
                                         NOON + HOUR),
                         FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        finding =
            cataloging_ask(&c, "vpc-1", "10.0.0.9", NOON + cases[i].after, NOON + cases[i].after);
        if (strcmp(cataloging_say(&c, &finding, false, text, sizeof text), cases[i].owner) != 0)
            fail_msg("%lld s, %lld after: %s", (long long)cases[i].slack, (long long)cases[i].after,
                     text);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_events_say_comes_about_within_the_slack),
        cmocka_unit_test_setup_teardown(events_come_alone_in_files_and_in_envelopes,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_copy_of_an_event_is_counted_and_no_more,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_file_is_read_as_a_whole, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_call_that_failed_is_no_fact, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(tags_are_those_of_the_latest_version, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(the_state_of_an_instance_ends_its_interfaces,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_task_has_its_interface_while_that_is_attached,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test(nothing_is_assumed_past_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
