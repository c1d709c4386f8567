/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of calls that change networks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/snapshot.h"
#include "eventing.h"
#include "loading.h"

static const char table[] =
    "{'RouteTables': [{'RouteTableId': 'rtb-1', 'VpcId': 'vpc-1', 'Associations': [{'Main': true}],"
    " 'Routes': [{'DestinationCidrBlock': '10.0.0.0/16', 'GatewayId': 'local'}, "
    "{'DestinationCidrBlock': '0.0.0.0/0', 'GatewayId': 'igw-1'}]}]}";

static void call(struct cataloging *c, flowenrich_time time, const char *name, const char *request,
                 const char *response)
{
    assert_int_equal(eventing_call(c, time, name, request, response), FLOWENRICH_OK);
}

/* The target of packets that leave a subnet of vpc-1; "?" if it isn't known. */
static const char *route(const struct cataloging *c, const char *to, flowenrich_time time)
{
    static char target[64];
    fle_address address;
    const fle_journey journey = { .vpc = FLE_TEXT("vpc-1"),
                                  .subnet = FLE_TEXT("subnet-1"),
                                  .to = &address,
                                  .service = { "", 0 },
                                  .from = time,
                                  .until = time + 10 };
    fle_direction direction;

    assert_true(fle_address_parse(to, strlen(to), &address));
    if (!fle_snapshot_route(c->snapshot, &journey, &direction))
        return "?";
    snprintf(target, sizeof target, "%.*s", (int)direction.target.len, direction.target.data);
    return target;
}

static void a_route_leads_where_it_led_then(void **state)
{
    static const struct {
        const char *to;
        flowenrich_time time;
        const char *target;
    } cases[] = {
        { "192.0.2.1", NOON - 1000, "igw-1" },
        { "192.0.2.1", NOON - 5, "?" }, /* it was replaced about then */
        { "192.0.2.1", NOON + 100, "nat-1" },
        { "192.0.2.1", NOON + 2 * HOUR, "nat-1" },
        { "10.1.0.1", NOON + 100, "nat-1" },
        { "10.1.0.1", NOON + HOUR + 100, "pcx-1" },
        { "10.1.0.1", NOON + 2 * HOUR + 100, "nat-1" }, /* and deleted */
        { "10.0.0.1", NOON + 2 * HOUR + 100, "local" },
    };
    struct cataloging *c = *state;

    assert_int_equal(cataloging_load(c, table, NOON - HOUR), FLOWENRICH_OK);
    call(c, NOON, "ReplaceRoute",
         "'routeTableId': 'rtb-1', 'destinationCidrBlock': '0.0.0.0/0', 'natGatewayId': 'nat-1'",
         "");
    call(c, NOON + HOUR, "CreateRoute",
         "'routeTableId': 'rtb-1', 'destinationCidrBlock': '10.1.0.0/16', "
         "'vpcPeeringConnectionId': 'pcx-1'",
         "");
    call(c, NOON + 2 * HOUR, "DeleteRoute",
         "'routeTableId': 'rtb-1', 'destinationCidrBlock': '10.1.0.0/16'", "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(route(c, cases[i].to, cases[i].time), cases[i].target) != 0)
            fail_msg("%s at %+d: %s", cases[i].to, (int)(cases[i].time - NOON),
                     route(c, cases[i].to, cases[i].time));
}

/* Of one that no document has, not all routes are known, unless it was seen to be made. */
static void a_table_may_be_known_by_its_events(void **state)
{
    struct cataloging *c = *state;

    call(c, NOON + 300, "AssociateRouteTable", "'routeTableId': 'rtb-2', 'subnetId': 'subnet-1'",
         "");
    call(c, NOON + 300, "CreateRoute",
         "'routeTableId': 'rtb-2', 'destinationCidrBlock': '0.0.0.0/0', 'gatewayId': 'igw-1'", "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(route(c, "192.0.2.1", NOON + 500), "?");
    call(c, NOON, "CreateRouteTable", "'vpcId': 'vpc-1'",
         "'routeTable': {'routeTableId': 'rtb-2', 'vpcId': 'vpc-1', 'routeSet': {'items': "
         "[{'destinationCidrBlock': '10.0.0.0/16', 'gatewayId': 'local', 'state': 'active'}]}}");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(route(c, "192.0.2.1", NOON + 500), "igw-1");
    assert_string_equal(route(c, "10.0.0.1", NOON + 500), "local");
    call(c, NOON + HOUR, "DeleteRouteTable", "'routeTableId': 'rtb-2'", "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_string_equal(route(c, "192.0.2.1", NOON + 500), "igw-1");
    assert_string_equal(route(c, "192.0.2.1", NOON + HOUR + 500), "?");
}

static const char vpcs[] =
    "{'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/16'}, {'VpcId': 'vpc-2', 'CidrBlock': "
    "'10.1.0.0/16'}]}"
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-2', 'PrivateIpAddress': "
    "'10.1.0.5'}, {'NetworkInterfaceId': 'eni-3', 'VpcId': 'vpc-2', 'PrivateIpAddress': "
    "'10.9.0.5'}]}"
    "{'VpcPeeringConnections': []}";

static const char *who(struct cataloging *c, const char *address, flowenrich_time time)
{
    static char text[128];
    const fle_finding finding = cataloging_ask(c, "vpc-1", address, time, time + 10);

    return cataloging_say(c, &finding, false, text, sizeof text);
}

static void spaces_are_joined_while_their_peering_is_active(void **state)
{
    static const struct {
        flowenrich_time time;
        const char *owner;
    } cases[] = {
        { NOON - 100, "unreachable_space" },
        { NOON + 100, "eni-2 address sighted" },
        { NOON + HOUR - 100, "eni-2 address sighted" },
        { NOON + HOUR + 100, "unreachable_space" },
    };
    struct cataloging *c = *state;

    assert_int_equal(cataloging_load(c, vpcs, NOON - HOUR), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(c, vpcs, NOON + 2 * HOUR), FLOWENRICH_OK);
    call(c, NOON, "AcceptVpcPeeringConnection", "'vpcPeeringConnectionId': 'pcx-1'",
         "'vpcPeeringConnection': {'vpcPeeringConnectionId': 'pcx-1', 'requesterVpcInfo': "
         "{'vpcId': 'vpc-1'}, 'accepterVpcInfo': {'vpcId': 'vpc-2'}, 'status': {'code': "
         "'provisioning'}}");
    call(c, NOON + HOUR, "DeleteVpcPeeringConnection",
         "'DeleteVpcPeeringConnectionRequest': {'VpcPeeringConnectionId': 'pcx-1'}", "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(who(c, "10.1.0.5", cases[i].time), cases[i].owner) != 0)
            fail_msg("at %+d: %s", (int)(cases[i].time - NOON), who(c, "10.1.0.5", cases[i].time));
}

/* 10.9.0.0/16 was vpc-1's until noon, where nobody had 10.9.0.5, and is its peer's since. */
static void an_address_is_of_whose_block_it_was_in_then(void **state)
{
    static const struct {
        flowenrich_time time;
        const char *owner;
    } cases[] = {
        { NOON - 100, "not_in_inventory" },
        { NOON + HOUR, "eni-3 address sighted" },
    };
    static const char peering[] =
        "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': 'pcx-1', 'Status': {'Code': "
        "'active'}, 'RequesterVpcInfo': {'VpcId': 'vpc-1'}, 'AccepterVpcInfo': {'VpcId': "
        "'vpc-2'}}]}";
    struct cataloging *c = *state;

    assert_int_equal(cataloging_load(c, vpcs, NOON - 2 * HOUR), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(c, vpcs, NOON + 2 * HOUR), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(c, peering, NOON), FLOWENRICH_OK);
    call(c, NOON - 2 * HOUR + 600, "AssociateVpcCidrBlock",
         "'AssociateVpcCidrBlockRequest': {'VpcId': 'vpc-1', 'CidrBlock': '10.9.0.0/16'}",
         "'AssociateVpcCidrBlockResponse': {'vpcId': 'vpc-1', 'cidrBlockAssociation': "
         "{'associationId': 'a-1', 'cidrBlock': '10.9.0.0/16'}}");
    call(c, NOON, "DisassociateVpcCidrBlock", "'associationId': 'a-1'",
         "'vpcId': 'vpc-1', 'cidrBlockAssociation': {'associationId': 'a-1', 'cidrBlock': "
         "'10.9.0.0/16'}");
    call(c, NOON + 60, "AssociateVpcCidrBlock", "'vpcId': 'vpc-2'",
         "'vpcId': 'vpc-2', 'cidrBlockAssociation': {'associationId': 'a-2', 'cidrBlock': "
         "'10.9.0.0/16'}");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (strcmp(who(c, "10.9.0.5", cases[i].time), cases[i].owner) != 0)
            fail_msg("at %+d: %s", (int)(cases[i].time - NOON), who(c, "10.9.0.5", cases[i].time));
}

/* Where a document or an event lists the same blocks again they stay as they were. */
static void what_is_seen_again_is_one_block(void **state)
{
    struct cataloging *c = *state;

    for (int i = 0; i < 5; i++)
        assert_int_equal(cataloging_load(c, vpcs, NOON + i * HOUR), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(c->snapshot->spaces.parts.n_cidrs, 2);
}

static void memory_may_run_out_anywhere(void **state)
{
    static const char *const all[] = { vpcs, table, NULL };
    (void)state;

    load_without_memory(all);
}

static void other_calls_are_none_of_these(void **state)
{
    struct cataloging *c = *state;
    flowenrich_stat stats[16];

    call(c, NOON, "CreateRoute", "'routeTableId': 'rtb-1'", ""); /* to nowhere */
    call(c, NOON, "CreateRoute", "", "");
    call(c, NOON, "AcceptVpcPeeringConnection", "", "");
    call(c, NOON, "DeleteVpcPeeringConnection", "", "");
    call(c, NOON, "AssociateVpcCidrBlock", "", "");
    call(c, NOON, "CreateRouteTable", "", "");
    call(c, NOON, "CreateVpc", "", "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    (void)flowenrich_catalog_stats(c->catalog, stats, 16);
    assert_int_equal(stats[4].value, 6); /* skipped_items */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_route_leads_where_it_led_then),
        TEST(a_table_may_be_known_by_its_events),
        TEST(spaces_are_joined_while_their_peering_is_active),
        TEST(an_address_is_of_whose_block_it_was_in_then),
        TEST(what_is_seen_again_is_one_block),
        cmocka_unit_test(memory_may_run_out_anywhere),
        TEST(other_calls_are_none_of_these),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
