/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "eventing.h"

static void load(struct cataloging *c, const char *json)
{
    if (cataloging_load(c, json, FLOWENRICH_TIME_ABSENT) != FLOWENRICH_OK)
        fail_msg("%s: %s", json, c->error.message);
}

#define ITEM(type, id, status, time, configuration)                                                \
    "{'version': '1.3', 'configurationItemStatus': '" status "', 'resourceType': 'AWS::EC2::" type \
    "', 'resourceId': '" id "', 'configurationItemCaptureTime': '2026-11-20T" time                 \
    ".603Z'" configuration "}"
#define INTERFACE(more)                                                                            \
    ", 'configuration': {'networkInterfaceId': 'eni-1', 'vpcId': 'vpc-1', 'ownerId': '1', "        \
    "'availabilityZone': 'us-east-1a', 'attachment': {'instanceId': 'i-1', 'instanceOwnerId': "    \
    "'1', 'attachTime': null, 'deviceIndex': 0}, 'groups': [{'groupId': 'sg-1'}], 'tagSet': "      \
    "[{'key': 'nic', 'value': 'a'}], 'privateIpAddresses': [{'primary': true, "                    \
    "'privateIpAddress': '10.0.0.5'}" more "]}"
#define INSTANCE(value)                                                                            \
    ", 'configuration': {'instanceId': 'i-1', 'tags': [{'key': 'app', 'value': '" value "'}]}"

static void an_item_is_a_document_of_one(void **state)
{
    struct cataloging *c = *state;
    char out[128];

    load(c, "{'fileVersion': '1.0', 'configurationItems': [" ITEM(
                "NetworkInterface", "eni-1", "OK", "12:00:00",
                INTERFACE("")) ", " ITEM("Instance", "i-1", "ResourceDiscovered", "12:00:00",
                                         INSTANCE("web")) ", " ITEM("Volume", "vol-1", "OK",
                                                                    "12:00:00",
                                                                    ", 'configuration': {}") "]}");
    load(c, ITEM("NetworkInterface", "eni-1", "OK", "13:00:00",
                 INTERFACE(", {'privateIpAddress': '10.0.0.6'}")));
    load(c, "{'messageType': 'ConfigurationItemChangeNotification', 'configurationItem': " ITEM(
                "Instance", "i-1", "OK", "13:00:00", INSTANCE("api")) "}");
    load(c, "{'detail-type': 'Config Configuration Item Change', 'time': '2026-11-20T15:00:05Z', "
            "'detail': {'configurationItem': " ITEM("NetworkInterface", "eni-1", "ResourceDeleted",
                                                    "15:00:00", "") "}}");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(eventing_then(c, "eni-1", NOON, NOON, out, sizeof out),
                        "i-1 sg-1 app=web nic=a");
    assert_string_equal(eventing_then(c, "eni-1", NOON + HOUR, NOON + HOUR, out, sizeof out),
                        "i-1 sg-1 app=api nic=a");
    assert_string_equal(eventing_owner(c, "vpc-1", "10.0.0.5", NOON, NOON + HOUR, out, sizeof out),
                        "eni-1 address sighted");
    assert_string_equal(
        eventing_owner(c, "vpc-1", "10.0.0.6", NOON + HOUR, NOON + 2 * HOUR, out, sizeof out),
        "eni-1 address assumed");
    assert_string_equal(
        eventing_owner(c, "vpc-1", "10.0.0.6", NOON + HOUR, NOON + 3 * HOUR, out, sizeof out),
        "not_observed_then eni-1");
}

/* get-resource-config-history prints what it is as a string. */
static void a_configuration_may_be_a_string(void **state)
{
    struct cataloging *c = *state;
    const char json[] =
        "{\"configurationItems\": [{\"configurationItemStatus\": \"OK\", \"resourceType\": "
        "\"AWS::EC2::NetworkInterface\", \"resourceId\": \"eni-1\", "
        "\"configurationItemCaptureTime\": \"2026-11-20T12:00:00Z\", \"configuration\": "
        "\"{\\\"networkInterfaceId\\\":\\\"eni-1\\\",\\\"vpcId\\\":\\\"vpc-1\\\","
        "\\\"privateIpAddress\\\":\\\"10.0.0.5\\\"}\"}, {\"configurationItemStatus\": \"OK\", "
        "\"resourceType\": \"AWS::EC2::NetworkInterface\", \"resourceId\": \"eni-2\", "
        "\"configurationItemCaptureTime\": \"2026-11-20T12:00:00Z\", \"configuration\": \"{\"}, "
        "{\"configurationItemStatus\": \"OK\", \"resourceType\": \"AWS::EC2::VPC\"}]}";
    flowenrich_stat stats[5];
    char out[128];

    assert_int_equal(
        flowenrich_catalog_load(c->catalog, json, sizeof json - 1, NULL, NULL, &c->error),
        FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(eventing_owner(c, "vpc-1", "10.0.0.5", NOON, NOON, out, sizeof out),
                        "eni-1 address sighted");
    flowenrich_catalog_stats(c->catalog, stats, 5);
    assert_int_equal(stats[4].value, 2); /* one that can't be read, one without a time */
}

/* What an instance had goes with it. */
static void an_instance_that_is_gone_is_terminated(void **state)
{
    struct cataloging *c = *state;
    char out[128];

    load(c, ITEM("NetworkInterface", "eni-1", "OK", "12:00:00", INTERFACE("")));
    load(c, ITEM("Instance", "i-1", "ResourceDeleted", "12:10:00", ""));
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(eventing_owner(c, "vpc-1", "10.0.0.5", NOON, NOON + 599, out, sizeof out),
                        "eni-1 address assumed");
    assert_string_equal(eventing_owner(c, "vpc-1", "10.0.0.5", NOON, NOON + 600, out, sizeof out),
                        "not_observed_then eni-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_item_is_a_document_of_one, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_configuration_may_be_a_string, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(an_instance_that_is_gone_is_terminated, cataloging_set_up,
                                        cataloging_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
