/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cataloging.h"
#include "catalog/snapshot.h"

/* The spaces joined to a VPC's, by their ids: "vpc-b vpc-c". */
static void check_joined_then(struct cataloging *c, const char *vpc, fle_span when,
                              const char *expected)
{
    const fle_spaces *spaces = &c->snapshot->spaces;
    const uint32_t space = fle_spaces_find(spaces, fle_text_of(vpc));
    flowenrich_text vpc_id;
    char got[200] = "";

    assert_true(space > 0);
    for (uint32_t next = 1; next <= spaces->n_vpcs; next++) {
        if (!fle_spaces_are_joined(spaces, space, next, when))
            continue;
        strcat(got, got[0] ? " " : "");
        vpc_id = fle_snapshot_space_vpc(c->snapshot, next);
        strncat(got, vpc_id.data, vpc_id.len);
    }
    if (strcmp(got, expected) != 0)
        fail_msg("joined to %s: '%s', not '%s'", vpc, got, expected);
}

static void check_joined(struct cataloging *c, const char *vpc, const char *expected)
{
    check_joined_then(c, vpc, FLE_NOW, expected);
}

static void peerings_and_transit_gateways_join_vpcs(void **state)
{
    struct cataloging *c = *state;

    assert_int_equal(
        cataloging_load(
            c,
            "{'VpcPeeringConnections': ["
            "{'VpcPeeringConnectionId': 'pcx-1', 'Status': {'Code': 'active'},"
            " 'RequesterVpcInfo': {'VpcId': 'vpc-a'}, 'AccepterVpcInfo': {'VpcId': 'vpc-b'}},"
            "{'VpcPeeringConnectionId': 'pcx-2', 'Status': {'Code': 'pending-acceptance'},"
            " 'RequesterVpcInfo': {'VpcId': 'vpc-a'}, 'AccepterVpcInfo': {'VpcId': 'vpc-x'}}]}"
            "{'TransitGatewayAttachments': ["
            "{'TransitGatewayAttachmentId': 'tgw-attach-1', 'TransitGatewayId': 'tgw-1',"
            " 'ResourceType': 'vpc', 'ResourceId': 'vpc-b', 'State': 'available'},"
            "{'TransitGatewayAttachmentId': 'tgw-attach-2', 'TransitGatewayId': 'tgw-1',"
            " 'ResourceType': 'vpc', 'ResourceId': 'vpc-c', 'State': 'available'},"
            "{'TransitGatewayAttachmentId': 'tgw-attach-3', 'TransitGatewayId': 'tgw-1',"
            " 'ResourceType': 'vpc', 'ResourceId': 'vpc-x', 'State': 'deleted'},"
            "{'TransitGatewayAttachmentId': 'tgw-attach-4', 'TransitGatewayId': 'tgw-1',"
            " 'ResourceType': 'vpn', 'ResourceId': 'vpn-1', 'State': 'available'},"
            "{'TransitGatewayAttachmentId': 'tgw-attach-5', 'TransitGatewayId': 'tgw-2',"
            " 'ResourceType': 'vpc', 'ResourceId': 'vpc-x', 'State': 'available'}]}"
            "{'TransitGatewayVpcAttachments': ["
            "{'TransitGatewayAttachmentId': 'tgw-attach-6', 'TransitGatewayId': 'tgw-1',"
            " 'VpcId': 'vpc-d', 'State': 'available'}]}",
            NOON),
        FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_true(c->snapshot->spaces.joins_loaded);
    check_joined(c, "vpc-a", "vpc-b");
    check_joined(c, "vpc-b", "vpc-a vpc-c vpc-d"); /* of both */
    check_joined(c, "vpc-c", "vpc-b vpc-d");       /* not through to vpc-a */
    check_joined(c, "vpc-x", "");
    /* vpc-a to vpc-x are 1 to 5 */
    assert_int_equal(fle_snapshot_link(c->snapshot, 1, 2), FLE_LINK_PEERING);
    assert_int_equal(fle_snapshot_link(c->snapshot, 3, 2), FLE_LINK_TRANSIT_GATEWAY);
    assert_int_equal(fle_snapshot_link(c->snapshot, 1, 3), FLE_LINK_NONE);
    assert_int_equal(fle_snapshot_link(c->snapshot, 1, 5), FLE_LINK_NONE);
}

static void a_join_that_was_undone_joins_no_more(void **state)
{
    static const char peering[] =
        "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': 'pcx-1', 'Status': {'Code': '%s'},"
        " 'RequesterVpcInfo': {'VpcId': 'vpc-a'}, 'AccepterVpcInfo': {'VpcId': 'vpc-b'}}]}";
    struct cataloging *c = *state;
    char json[400];

    snprintf(json, sizeof json, peering, "deleted");
    assert_int_equal(cataloging_load(c, json, NOON + 1), FLOWENRICH_OK);
    snprintf(json, sizeof json, peering, "active");
    assert_int_equal(cataloging_load(c, json, NOON), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_joined(c, "vpc-a", "");
    check_joined_then(c, "vpc-a", (fle_span){ NOON, NOON }, "vpc-b");
    check_joined_then(c, "vpc-a", (fle_span){ NOON - HOUR, NOON - HOUR }, "vpc-b");
    check_joined_then(c, "vpc-a", (fle_span){ NOON + 2, NOON + HOUR }, "");
    check_joined_then(c, "vpc-a", FLE_ANY_TIME, "vpc-b");
}

static void spaces_are_numbered_by_the_ids_of_their_vpcs(void **state)
{
    struct cataloging *c = *state;

    assert_int_equal(cataloging_load(c,
                                     "{'Vpcs': [{'VpcId': 'vpc-c'}, {'VpcId': 'vpc-a'}]}"
                                     "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-b'}]}",
                                     NOON),
                     FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(fle_snapshot_space(c->snapshot, FLE_TEXT("vpc-a")), 1);
    assert_int_equal(fle_snapshot_space(c->snapshot, FLE_TEXT("vpc-b")), 2);
    assert_int_equal(fle_snapshot_space(c->snapshot, FLE_TEXT("vpc-c")), 3);
    assert_int_equal(fle_snapshot_space(c->snapshot, FLE_TEXT("vpc-d")), 0);
    assert_int_equal(fle_snapshot_space(c->snapshot, FLE_TEXT("")), 0);
    assert_true(fle_text_is(fle_snapshot_space_vpc(c->snapshot, 2), "vpc-b"));
    assert_int_equal(fle_snapshot_space_vpc(c->snapshot, 0).len, 0);
    assert_int_equal(fle_snapshot_space_vpc(c->snapshot, 4).len, 0);
}

static void blocks_are_those_of_the_newest_listing(void **state)
{
    static const struct {
        const char *address;
        bool holds;
    } cases[] = {
        { "10.0.0.0", true },     { "10.0.255.255", true },  { "10.1.0.0", false },
        { "100.64.0.1", true },   { "10.9.0.1", false }, /* was disassociated */
        { "10.8.0.1", false },                           /* of the listing before */
        { "2600:1f18::1", true }, { "2600:1f19::1", false },
    };
    struct cataloging *c = *state;

    assert_int_equal(
        cataloging_load(
            c,
            "{'Vpcs': [{'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/16', 'CidrBlockAssociationSet': ["
            "{'CidrBlock': '10.0.0.0/16', 'CidrBlockState': {'State': 'associated'}},"
            "{'CidrBlock': '100.64.0.0/16', 'CidrBlockState': {'State': 'associated'}},"
            "{'CidrBlock': '10.9.0.0/16', 'CidrBlockState': {'State': 'disassociated'}}],"
            "'Ipv6CidrBlockAssociationSet': [{'Ipv6CidrBlock': '2600:1f18::/56',"
            " 'Ipv6CidrBlockState': {'State': 'associated'}}]}]}",
            NOON),
        FLOWENRICH_OK);
    assert_int_equal(
        cataloging_load(c, "{'Vpcs': [{'VpcId': 'vpc-a', 'CidrBlock': '10.8.0.0/16'}]}", NOON - 1),
        FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_address address;

        assert_true(fle_address_parse(cases[i].address, strlen(cases[i].address), &address));
        if (fle_spaces_holds(&c->snapshot->spaces, 1, &address, FLE_NOW) != cases[i].holds)
            fail_msg("%s: %d", cases[i].address, !cases[i].holds);
    }
}

static void all_blocks_are_known_once_every_vpc_was_listed(void **state)
{
    struct cataloging *c = *state;
    const fle_address v4 = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1 } };
    const fle_address v6 = { { 0xfd } };

    assert_int_equal(
        cataloging_load(c,
                        "{'Vpcs': [{'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/16'}]}"
                        "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': 'pcx-1',"
                        " 'RequesterVpcInfo': {'VpcId': 'vpc-a'},"
                        " 'AccepterVpcInfo': {'VpcId': 'vpc-b', 'CidrBlock': '10.1.0.0/16'}}]}",
                        NOON),
        FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_true(fle_spaces_all_known(&c->snapshot->spaces, &v4));
    assert_false(fle_spaces_all_known(&c->snapshot->spaces, &v6)); /* the peering says no IPv6 */
    assert_int_equal(
        cataloging_load(c, "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-c'}]}", NOON),
        FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_false(fle_spaces_all_known(&c->snapshot->spaces, &v4));
}

static void a_gateway_endpoint_is_its_vpcs(void **state)
{
    struct cataloging *c = *state;

    assert_int_equal(
        cataloging_load(
            c,
            "{'VpcEndpoints': ["
            "{'VpcEndpointId': 'vpce-1', 'VpcEndpointType': 'Gateway', 'VpcId': 'vpc-a',"
            " 'ServiceName': 'com.amazonaws.us-east-1.s3', 'State': 'available'},"
            "{'VpcEndpointId': 'vpce-2', 'VpcEndpointType': 'Gateway', 'VpcId': 'vpc-a',"
            " 'ServiceName': 'com.amazonaws.us-east-1.dynamodb', 'State': 'deleted'},"
            "{'VpcEndpointId': 'vpce-3', 'VpcEndpointType': 'Interface', 'VpcId': 'vpc-a',"
            " 'ServiceName': 'com.amazonaws.us-east-1.sqs', 'State': 'available'},"
            "{'VpcEndpointId': 'vpce-4', 'VpcEndpointType': 'Gateway', 'VpcId': 'vpc-b',"
            " 'ServiceName': 'com.amazonaws.us-east-1.dynamodb', 'State': 'available'}]}",
            NOON),
        FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_true(fle_snapshot_has_gateway(c->snapshot, 1, FLE_TEXT("s3")));
    assert_false(fle_snapshot_has_gateway(c->snapshot, 1, FLE_TEXT("dynamodb")));
    assert_false(fle_snapshot_has_gateway(c->snapshot, 1, FLE_TEXT("sqs")));
    assert_true(fle_snapshot_has_gateway(c->snapshot, 2, FLE_TEXT("dynamodb")));
    assert_false(fle_snapshot_has_gateway(c->snapshot, 2, FLE_TEXT("s3")));
    assert_false(fle_snapshot_has_gateway(c->snapshot, 0, FLE_TEXT("s3")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(peerings_and_transit_gateways_join_vpcs, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_join_that_was_undone_joins_no_more, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(spaces_are_numbered_by_the_ids_of_their_vpcs,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(blocks_are_those_of_the_newest_listing, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(all_blocks_are_known_once_every_vpc_was_listed,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_gateway_endpoint_is_its_vpcs, cataloging_set_up,
                                        cataloging_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
