/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "eventing.h"
#include "loading.h"

static void check(struct cataloging *c, const char *id, flowenrich_time time, const char *type,
                  const char *expected)
{
    char out[128];

    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(eventing_then(c, id, time, time, out, sizeof out), expected);
    if (!fle_text_is(cataloging_interface(c, id)->single[FLE_ATTR_TYPE], type))
        fail_msg("%s: not a %s", id, type);
}

#define RDS(id, vpc, address)                                                                      \
    "{'NetworkInterfaceId': '" id "', 'VpcId': '" vpc "', 'OwnerId': '1', 'RequesterId': "         \
    "'amazon-rds', 'RequesterManaged': true, 'Description': 'RDSNetworkInterface', "               \
    "'AvailabilityZone': 'us-east-1a', 'PrivateIpAddress': '" address "'}"
#define DATABASE                                                                                   \
    "{'DBInstances': [{'DBInstanceArn': 'arn:aws:rds:us-east-1:1:db:shop', 'Endpoint': "           \
    "{'Address': 'shop.abc.us-east-1.rds.amazonaws.com', 'Port': 5432}, 'DBSubnetGroup': "         \
    "{'VpcId': 'vpc-1'}, 'TagList': [{'Key': 'team', 'Value': 'red'}]}]}"

/* Two VPCs use the address; the database says which is its. */
static void a_database_is_behind_its_name(void **state)
{
    struct cataloging *c = *state;

    load(c,
         "{'NetworkInterfaces': [" RDS("eni-1", "vpc-1", "10.0.0.5") ", " RDS("eni-2", "vpc-2",
                                                                              "10.0.0.5") "]}",
         NOON);
    load(c, DATABASE, NOON);
    check(c, "eni-1", NOON, "rds:db", ""); /* so far nobody knows of which */
    load(c,
         "{'endpoint': 'Shop.abc.us-east-1.rds.amazonaws.com.', 'address': '10.0.0.5', "
         "'observed_at': '2026-11-20T12:00:00Z'}\n"
         "{'endpoint': 'other.example', 'address': '10.0.0.5', 'observed_at': "
         "'2026-11-20T12:00:00Z'}",
         FLOWENRICH_TIME_ABSENT);
    check(c, "eni-1", NOON, "rds:db", "shop team=red");
    check(c, "eni-2", NOON, "rds:db", "");
}

/* Its own name and its cluster's: both are what the interface is of. */
static void a_database_is_behind_the_names_of_its_cluster_too(void **state)
{
    static const char *const names[] = { "c.cluster-abc.example", "c.cluster-ro-abc.example",
                                         "custom.example" };
    struct cataloging *c = *state;
    char json[200];

    load(c, "{'NetworkInterfaces': [" RDS("eni-1", "vpc-1", "10.0.0.5") "]}", NOON);
    load(c,
         "{'DBClusters': [{'DBClusterArn': 'arn:aws:rds:us-east-1:1:cluster:books', 'Endpoint': "
         "'c.cluster-abc.example', 'ReaderEndpoint': 'c.cluster-ro-abc.example', "
         "'CustomEndpoints': ['custom.example'], 'TagList': [{'Key': 'team', 'Value': 'blue'}]}]}",
         NOON);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(json, sizeof json, "[{'endpoint': '%s', 'address': '10.0.0.5'}]", names[i]);
        load(c, json, NOON);
        check(c, "eni-1", NOON, "rds:db", "books team=blue");
    }
}

/* The name was resolved between two sightings of one interface; another had it later. */
static void the_interface_is_that_of_the_time(void **state)
{
    struct cataloging *c = *state;

    load(c, "{'NetworkInterfaces': [" RDS("eni-1", "vpc-1", "10.0.0.5") "]}", NOON);
    load(c, "{'NetworkInterfaces': [" RDS("eni-1", "vpc-1", "10.0.0.5") "]}", NOON + HOUR);
    load(c, "{'NetworkInterfaces': [" RDS("eni-2", "vpc-1", "10.0.0.5") "]}", NOON + 2 * HOUR);
    load(c, DATABASE, NOON);
    load(c, "[{'endpoint': 'shop.abc.us-east-1.rds.amazonaws.com', 'address': '10.0.0.5'}]",
         NOON + 1);
    check(c, "eni-1", NOON, "rds:db", "shop team=red");
    check(c, "eni-2", NOON, "rds:db", "");
    load(c, "{'endpoint': 'shop.abc.us-east-1.rds.amazonaws.com', 'address': '10.0.0.5'}",
         NOON + 9 * HOUR); /* nobody's: it was seen on two, and on neither around that */
    check(c, "eni-2", NOON, "rds:db", "");
}

#define LAMBDA(id, subnet, groups)                                                                 \
    "{'NetworkInterfaceId': '" id "', 'VpcId': 'vpc-1', 'OwnerId': '1', 'InterfaceType': "         \
    "'lambda', 'AvailabilityZone': 'us-east-1a', 'Description': "                                  \
    "'AWS Lambda VPC ENI-pay-8c7ac78b-e11d-4dea-8a47-ab2bdeba9bf5', 'SubnetId': '" subnet "', "    \
    "'Groups': [" groups "]}"
#define FUNCTION(name, subnets, groups)                                                            \
    "{'FunctionArn': 'arn:aws:lambda:us-east-1:1:function:" name "', 'VpcConfig': {'SubnetIds': "  \
    "[" subnets "], 'SecurityGroupIds': [" groups "]}}"

static void an_interface_is_of_all_functions_that_share_it(void **state)
{
    struct cataloging *c = *state;

    load(c,
         "{'NetworkInterfaces': [" LAMBDA(
             "eni-1", "subnet-1",
             "{'GroupId': 'sg-1'}, {'GroupId': 'sg-2'}") ", " LAMBDA("eni-2", "subnet-2",
                                                                     "{'GroupId': 'sg-1'}") "]}",
         NOON);
    check(c, "eni-1", NOON, "lambda:function", "pay sg-1 sg-2");
    load(
        c,
        "{'Functions': [" FUNCTION("pay", "'subnet-1', 'subnet-2'", "'sg-2', 'sg-1'") ", " FUNCTION(
            "bill", "'subnet-1'",
            "'sg-1', 'sg-2'") ", " FUNCTION("few", "'subnet-1'",
                                            "'sg-1'") ", " FUNCTION("none", "",
                                                                    "") ", {'FunctionArn': "
                                                                        "'arn:aws:lambda:us-east-1:"
                                                                        "1:function:outside'}]}",
        NOON);
    check(c, "eni-1", NOON, "lambda:function", "pay bill sg-1 sg-2");
    load(c, "{'Functions': [" FUNCTION("pay", "'subnet-1', 'subnet-2'", "'sg-2', 'sg-1'") "]}",
         NOON + HOUR);
    check(c, "eni-1", NOON, "lambda:function", "pay bill sg-1 sg-2");
    check(c, "eni-1", NOON + HOUR, "lambda:function", "pay sg-1 sg-2");
    check(c, "eni-1", NOON + 60, "lambda:function", "pay sg-1 sg-2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_database_is_behind_the_names_of_its_cluster_too,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_database_is_behind_its_name, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(the_interface_is_that_of_the_time, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(an_interface_is_of_all_functions_that_share_it,
                                        cataloging_set_up, cataloging_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
