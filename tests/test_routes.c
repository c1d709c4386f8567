/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/catalog/routes.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/snapshot.h"
#include "loading.h"

#define TABLE(id, vpc, associations, routes)                                                       \
    "{'RouteTableId': '" id "', 'VpcId': '" vpc "', 'Associations': [" associations                \
    "], 'Routes': [" routes "]}"
#define TABLES(tables) "{'RouteTables': [" tables "]}"
#define MAIN "{'Main': true}"
#define OF(subnet)                                                                                 \
    "{'Main': false, 'SubnetId': '" subnet "', 'AssociationState': {'State': 'associated'}}"
#define LOCAL "{'DestinationCidrBlock': '10.0.0.0/16', 'GatewayId': 'local', 'State': 'active'}"
#define DEFAULT(key, target)                                                                       \
    "{'DestinationCidrBlock': '0.0.0.0/0', '" key "': '" target "', 'State': 'active'}"

#define MAIN_TABLE TABLE("rtb-main", "vpc-a", MAIN, LOCAL "," DEFAULT("NatGatewayId", "nat-1"))
#define PUBLIC_TABLE                                                                               \
    TABLE("rtb-public", "vpc-a", OF("subnet-public") "," OF("subnet-moved"),                       \
          LOCAL "," DEFAULT("GatewayId", "igw-1") PUBLIC_ROUTES)
#define PUBLIC_ROUTES                                                                              \
    ",{'DestinationIpv6CidrBlock': '::/0', 'EgressOnlyInternetGatewayId': 'eigw-1'}"               \
    ",{'DestinationCidrBlock': '10.1.0.0/16', 'VpcPeeringConnectionId': 'pcx-1'}"                  \
    ",{'DestinationCidrBlock': '10.1.2.0/24', 'TransitGatewayId': 'tgw-1'}"                        \
    ",{'DestinationCidrBlock': '10.1.3.0/24', 'TransitGatewayId': 'tgw-1', 'State': 'blackhole'}"  \
    ",{'DestinationPrefixListId': 'pl-own', 'NetworkInterfaceId': 'eni-1', 'InstanceId': 'i-1'}"   \
    ",{'DestinationPrefixListId': 'pl-s3', 'GatewayId': 'vpce-1'}"
#define OTHER_TABLE                                                                                \
    TABLE("rtb-other", "vpc-a",                                                                    \
          OF("subnet-moved") ",{'GatewayId': 'igw-1'}"                                             \
                             ",{'SubnetId': 'subnet-leaving',"                                     \
                             " 'AssociationState': {'State': 'disassociated'}}",                   \
          LOCAL)
#define PARTIAL_TABLE                                                                              \
    TABLE("rtb-partial", "vpc-b", OF("subnet-partial"),                                            \
          LOCAL ",{'DestinationPrefixListId': 'pl-unknown', 'GatewayId': 'vpce-2'}")

#define LOST_TABLE TABLE("rtb-lost", "", MAIN, LOCAL)
#define ALL_TABLES                                                                                 \
    TABLES(MAIN_TABLE "," PUBLIC_TABLE "," OTHER_TABLE "," PARTIAL_TABLE "," LOST_TABLE)

static const char documents[] =
    ALL_TABLES "{'PrefixLists': [{'PrefixListId': 'pl-own', 'PrefixListName': 'offices'},"
               " {'PrefixListId': 'pl-s3', 'PrefixListName': 'com.amazonaws.us-east-1.s3'}]}"
               "{'PrefixListId': 'pl-own', 'Entries': [{'Cidr': '192.0.2.0/24'}]}";

static void check_route(const struct cataloging *c, const char *vpc, const char *subnet,
                        const char *to, const char *service, flowenrich_time time,
                        const char *expected)
{
    fle_journey journey = { .vpc = fle_text_of(vpc),
                            .subnet = fle_text_of(subnet),
                            .service = fle_text_of(service),
                            .from = time,
                            .until = time };
    fle_direction direction;
    fle_address address;
    char got[60] = "";

    assert_true(fle_address_parse(to, strlen(to), &address));
    journey.to = &address;
    if (fle_snapshot_route(c->snapshot, &journey, &direction))
        snprintf(got, sizeof got, "%.*s%s", (int)direction.target.len, direction.target.data,
                 direction.by_list ? " by list" : "");
    if (strcmp(got, expected) != 0)
        fail_msg("%s to %s: '%s', not '%s'", subnet, to, got, expected);
}

static void the_most_specific_route_of_the_subnets_table_leads_the_way(void **state)
{
    static const struct {
        const char *vpc, *subnet, *to, *service, *target;
    } cases[] = {
        { "vpc-a", "subnet-private", "203.0.113.9", "", "nat-1" }, /* by the main one */
        { "vpc-a", "subnet-private", "10.0.7.7", "", "local" },
        { "vpc-a", "subnet-private", "2001:db8::1", "", "" },
        { "vpc-a", "subnet-leaving", "203.0.113.9", "", "nat-1" },
        { "vpc-a", "subnet-public", "203.0.113.9", "", "igw-1" },
        { "vpc-a", "subnet-public", "2001:db8::1", "", "eigw-1" },
        { "vpc-a", "subnet-public", "10.1.1.1", "", "pcx-1" },
        { "vpc-a", "subnet-public", "10.1.2.1", "", "tgw-1" },
        { "vpc-a", "subnet-public", "10.1.3.1", "", "blackhole" },
        { "vpc-a", "subnet-public", "192.0.2.9", "", "eni-1 by list" },
        { "vpc-a", "subnet-public", "52.216.1.1", "s3", "vpce-1 by list" },
        { "vpc-a", "subnet-public", "52.216.1.1", "dynamodb", "igw-1" },
        { "vpc-a", "subnet-moved", "203.0.113.9", "", "" }, /* two have it */
        { "vpc-b", "subnet-partial", "10.0.7.7", "", "" },  /* the list may have it, too */
        { "vpc-b", "subnet-b", "10.0.7.7", "", "" },        /* no main one is known */
        { "vpc-c", "subnet-c", "10.0.7.7", "", "" }, /* nor is rtb-lost's VPC */
    };
    struct cataloging *c = *state;

    load(c, documents, NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_route(c, cases[i].vpc, cases[i].subnet, cases[i].to, cases[i].service, NOON,
                    cases[i].target);
}

/* Between two observations that differ either may have been so. */
static void a_route_is_that_of_the_time(void **state)
{
    static const struct {
        flowenrich_time hours; /* from noon */
        const char *target;
    } cases[] = { { -9, "igw-1" }, { -2, "igw-1" }, { -1, "igw-1" }, { 0, "igw-1" },
                  { 1, "" },       { 2, "nat-1" },  { 9, "nat-1" } };
    struct cataloging *c = *state;

    load(c, TABLES(TABLE("rtb-1", "vpc-a", MAIN, DEFAULT("GatewayId", "igw-1"))), NOON - 2 * HOUR);
    load(c, TABLES(TABLE("rtb-1", "vpc-a", MAIN, DEFAULT("NatGatewayId", "nat-1"))),
         NOON + 2 * HOUR);
    load(c, TABLES(TABLE("rtb-1", "vpc-a", MAIN, DEFAULT("GatewayId", "igw-1"))), NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_route(c, "vpc-a", "subnet-1", "203.0.113.9", "", NOON + cases[i].hours * HOUR,
                    cases[i].target);
    check_route(c, "vpc-a", "subnet-1", "203.0.113.9", "", FLOWENRICH_TIME_ABSENT, "");
}

#define PEERINGS                                                                                   \
    "{'VpcPeeringConnections': ["                                                                  \
    "{'VpcPeeringConnectionId': 'pcx-b', 'Status': {'Code': 'active'},"                            \
    " 'RequesterVpcInfo': {'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/16'},"                         \
    " 'AccepterVpcInfo': {'VpcId': 'vpc-b', 'CidrBlock': '10.1.0.0/16'}},"                         \
    "{'VpcPeeringConnectionId': 'pcx-c', 'Status': {'Code': 'active'},"                            \
    " 'RequesterVpcInfo': {'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/16'},"                         \
    " 'AccepterVpcInfo': {'VpcId': 'vpc-c', 'CidrBlock': '10.1.0.0/16'}}]}"                        \
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-b', 'VpcId': 'vpc-b',"                     \
    " 'PrivateIpAddress': '10.1.1.1'}, {'NetworkInterfaceId': 'eni-c', 'VpcId': 'vpc-c',"          \
    " 'PrivateIpAddress': '10.1.1.1'}]}"

/* Both peers have the same blocks. */
static void routes_tell_which_of_the_joined_vpcs_is_reached(void **state)
{
    static const struct {
        const char *routes, *found;
    } cases[] = {
        { "", "ambiguous_cidr" }, /* not loaded */
        { LOCAL, "unreachable_space" },
        { LOCAL ",{'DestinationCidrBlock': '10.1.0.0/16', 'VpcPeeringConnectionId': 'pcx-b'}",
          "eni-b address assumed" },
        { LOCAL ",{'DestinationCidrBlock': '10.1.0.0/16', 'VpcPeeringConnectionId': 'pcx-b'},"
                "{'DestinationCidrBlock': '10.1.1.0/24', 'VpcPeeringConnectionId': 'pcx-c'}",
          "eni-c address assumed" },
        { LOCAL ",{'DestinationCidrBlock': '10.1.0.0/16', 'TransitGatewayId': 'tgw-1'}",
          "unreachable_space" },
        { LOCAL ",{'DestinationPrefixListId': 'pl-1', 'VpcPeeringConnectionId': 'pcx-b'}",
          "ambiguous_cidr" }, /* whose entries nobody knows */
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_finding finding;
        struct cataloging c;
        char json[600], said[100];

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        load(&c, PEERINGS, NOON);
        snprintf(json, sizeof json, TABLES(TABLE("rtb-1", "vpc-a", MAIN, "%s")), cases[i].routes);
        if (cases[i].routes[0])
            load(&c, json, NOON);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        finding = cataloging_ask(&c, "vpc-a", "10.1.1.1", NOON + 1, NOON + 2);
        if (strcmp(cataloging_say(&c, &finding, NULL, said, sizeof said), cases[i].found) != 0)
            fail_msg("%s: %s", cases[i].routes, said);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

static void memory_may_run_out_anywhere(void **state)
{
    static const char *const all[] = { documents, NULL };
    (void)state;

    load_without_memory(all);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_most_specific_route_of_the_subnets_table_leads_the_way),
        TEST(a_route_is_that_of_the_time),
        cmocka_unit_test(routes_tell_which_of_the_joined_vpcs_is_reached),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
