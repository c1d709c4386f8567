/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/catalog/vpcs.c: what events change of a VPC is published by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/snapshot.h"
#include "eventing.h"
#include "loading.h"

static const char interfaces[] =
    "{'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/16'}, {'VpcId': 'vpc-2', 'CidrBlock': "
    "'10.1.0.0/16'}, {'VpcId': 'vpc-3', 'CidrBlock': '10.2.0.0/16'}]}"
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'PrivateIpAddress': "
    "'10.0.0.5'}, {'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-2', 'PrivateIpAddress': "
    "'10.1.0.5'}]}";

static const char documents[] =
    "{'RouteTables': [{'RouteTableId': 'rtb-1', 'VpcId': 'vpc-1', 'Associations': [{'Main': true, "
    "'RouteTableAssociationId': 'rtbassoc-1'}], 'Routes': [{'DestinationCidrBlock': '0.0.0.0/0', "
    "'GatewayId': 'igw-1'}, {'DestinationPrefixListId': 'pl-1', 'GatewayId': 'tgw-1'}]}]}"
    "{'PrefixListId': 'pl-1', 'Entries': [{'Cidr': '192.0.2.0/24'}]}"
    "{'VpcEndpoints': [{'VpcEndpointId': 'vpce-1', 'VpcEndpointType': 'Gateway', 'VpcId': 'vpc-1',"
    " 'ServiceName': 'com.amazonaws.us-east-1.s3', 'State': 'available'}]}"
    "{'VpcPeeringConnections': []}";

/* Where packets of vpc-1 go, its link to vpc-2, its gateways, whom it finds at 10.1.0.5. */
static const char *say(struct cataloging *c, flowenrich_time time)
{
    static char text[256];
    const char *const to[] = { "198.51.100.1", "192.0.2.1" };
    size_t len = 0;

    for (size_t i = 0; i < 2; i++) {
        fle_address address;
        const fle_journey journey = { .vpc = FLE_TEXT("vpc-1"),
                                      .subnet = FLE_TEXT("subnet-1"),
                                      .to = &address,
                                      .from = time,
                                      .until = time + 60 };
        fle_direction direction = { { "?", 1 }, false };

        assert_true(fle_address_parse(to[i], strlen(to[i]), &address));
        (void)fle_snapshot_route(c->snapshot, &journey, &direction);
        len += (size_t)snprintf(text + len, sizeof text - len, "%.*s ", (int)direction.target.len,
                                direction.target.data);
    }
    len += (size_t)snprintf(text + len, sizeof text - len, "link %d%s, ",
                            (int)fle_snapshot_link(c->snapshot, 1, 2),
                            fle_snapshot_has_gateway(c->snapshot, 1, FLE_TEXT("s3")) ? " s3" : "");
    eventing_owner(c, "vpc-1", "10.1.0.5", time, time + 60, text + len, sizeof text - len);
    return text;
}

#define PEERING                                                                                    \
    "'vpcPeeringConnection': {'vpcPeeringConnectionId': 'pcx-1', 'requesterVpcInfo': {'vpcId': "   \
    "'vpc-1'}, 'accepterVpcInfo': {'vpcId': 'vpc-2'}}"

static void what_events_change_of_a_vpc_is_published_by_itself(void **state)
{
    static const struct {
        const char *call, *request, *response, *then;
    } events[] = {
        { "CreateRoute",
          "'routeTableId': 'rtb-1', 'destinationCidrBlock': '198.51.100.0/24', 'natGatewayId': "
          "'nat-1'",
          "", "nat-1 tgw-1 link 0 s3, unreachable_space" },
        { "DeleteRoute", "'routeTableId': 'rtb-1', 'destinationPrefixListId': 'pl-1'", "",
          "nat-1 igw-1 link 0 s3, unreachable_space" },
        { "AcceptVpcPeeringConnection", "", PEERING,
          "nat-1 igw-1 link 1 s3, unreachable_space" }, /* no route leads there yet */
        { "CreateRoute",
          "'routeTableId': 'rtb-1', 'destinationCidrBlock': '10.1.0.0/16', "
          "'vpcPeeringConnectionId': 'pcx-1'",
          "", "nat-1 igw-1 link 1 s3, eni-2 address sighted" },
        { "DeleteVpcEndpoints",
          "'DeleteVpcEndpointsRequest': {'VpcEndpointId': {'content': 'vpce-1'}}", "",
          "nat-1 igw-1 link 1, eni-2 address sighted" },
        { "CreateVpcEndpoint", "",
          "'CreateVpcEndpointResponse': {'vpcEndpoint': {'vpcEndpointId': 'vpce-2', "
          "'vpcEndpointType': 'Gateway', 'vpcId': 'vpc-1', 'serviceName': "
          "'com.amazonaws.us-east-1.s3'}}",
          "nat-1 igw-1 link 1 s3, eni-2 address sighted" },
        { "CreateRouteTable", "",
          "'routeTable': {'routeTableId': 'rtb-2', 'vpcId': 'vpc-1', 'routeSet': {'items': "
          "[{'destinationCidrBlock': '0.0.0.0/0', 'gatewayId': 'igw-2'}]}}",
          "nat-1 igw-1 link 1 s3, eni-2 address sighted" },
        { "AssociateRouteTable", "'routeTableId': 'rtb-2', 'subnetId': 'subnet-1'",
          "'associationId': 'rtbassoc-2'", "igw-2 igw-2 link 1 s3, eni-2 address sighted" },
        { "DisassociateRouteTable", "'associationId': 'rtbassoc-2'", "",
          "nat-1 igw-1 link 1 s3, eni-2 address sighted" },
        { "ReplaceRouteTableAssociation", "'routeTableId': 'rtb-2', 'associationId': 'rtbassoc-1'",
          "'newAssociationId': 'rtbassoc-3'", "igw-2 igw-2 link 1 s3, eni-2 address sighted" },
        { "DeleteVpcPeeringConnection", "'vpcPeeringConnectionId': 'pcx-1'", "",
          "igw-2 igw-2 link 1 s3, unreachable_space" }, /* there was one */
        { "AssociateVpcCidrBlock", "",
          "'vpcId': 'vpc-1', 'cidrBlockAssociation': {'cidrBlock': '10.1.0.0/24'}",
          "igw-2 igw-2 link 1 s3, not_in_inventory" }, /* it is of its own now */
        { "DeleteRouteTable", "'routeTableId': 'rtb-2'", "", "? ? link 1 s3, not_in_inventory" },
        { "CreateNetworkInterface", "",
          "'networkInterface': {'networkInterfaceId': 'eni-3', 'vpcId': 'vpc-3', "
          "'privateIpAddress': '10.2.0.5'}",
          "? ? link 1 s3, not_in_inventory" },
    };
    struct cataloging *c = *state;
    const flowenrich_snapshot *whole;
    flowenrich_time time = NOON;

    load(c, documents, NOON - HOUR);
    load(c, interfaces, NOON - HOUR);
    load(c, interfaces, NOON + 24 * HOUR); /* so that nobody is only assumed */
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    whole = c->snapshot;
    assert_null(whole->layer);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++, time += HOUR / 2) {
        assert_int_equal(
            eventing_call(c, time, events[i].call, events[i].request, events[i].response),
            FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
        if (!c->snapshot->layer)
            fail_msg("%s: made as a whole", events[i].call);
        if (strcmp(say(c, time + 300), events[i].then) != 0)
            fail_msg("%s: %s rather than %s", events[i].call, say(c, time + 300), events[i].then);
    }
    assert_int_equal(flowenrich_snapshot_vpc(c->snapshot, 2).len, 5); /* vpc-3 has some now */
}

static void a_vpc_that_nobody_named_makes_a_whole_snapshot(void **state)
{
    struct cataloging *c = *state;

    load(c, documents, NOON);
    load(c, interfaces, NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(eventing_call(c, NOON, "AcceptVpcPeeringConnection", "",
                                   "'vpcPeeringConnection': {'vpcPeeringConnectionId': 'pcx-1', "
                                   "'requesterVpcInfo': {'vpcId': 'vpc-1'}, 'accepterVpcInfo': "
                                   "{'vpcId': 'vpc-9'}}"),
                     FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_null(c->snapshot->layer);
    assert_int_equal(fle_snapshot_space(c->snapshot, FLE_TEXT("vpc-9")), 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_events_change_of_a_vpc_is_published_by_itself),
        TEST(a_vpc_that_nobody_named_makes_a_whole_snapshot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
