/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "catalog/items.h"

#define NOW 1795176000 /* 2026-11-20 12:00:00 UTC */

struct fixture {
    fle_allocator allocator;
    fle_arena arena;
    fle_facts facts;
    fle_loader loader;
};

static int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    if (!x || !fle_allocator_init(&x->allocator, NULL))
        return -1;
    fle_arena_init(&x->arena, &x->allocator);
    x->loader.facts = &x->facts;
    x->loader.time = NOW;
    *state = x;
    return fle_facts_init(&x->facts, &x->allocator, 7) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;

    fle_facts_free(&x->facts);
    fle_arena_free(&x->arena);
    free(x);
    return 0;
}

/* Load a list under its key. 'json' has apostrophes for quotes. */
static void load(struct fixture *x, const char *key, const char *json)
{
    const size_t len = strlen(json);
    char *copy = fle_arena_alloc(&x->arena, len);
    const fle_json *list;
    size_t at = 0, i = 0;

    for (size_t k = 0; k < len; k++)
        copy[k] = (char)(json[k] == '\'' ? '"' : json[k]);
    assert_int_equal(fle_json_read(&list, copy, len, &at, &x->arena, NULL), FLOWENRICH_OK);
    while (fle_listing_key(i) && strcmp(fle_listing_key(i), key) != 0)
        i++;
    assert_non_null(fle_listing_key(i));
    fle_listing_load(&x->loader, i, list);
    assert_false(x->loader.failed);
}

/* A fact that must be there: "key=value", how long before now. */
struct expected {
    fle_subject kind;
    const char *subject;
    fle_predicate predicate;
    const char *key, *value;
    flowenrich_time ago;
};

static bool has(const struct fixture *x, const struct expected *e)
{
    for (size_t i = 0; i < x->facts.n; i++) {
        const fle_fact *fact = &x->facts.items[i];

        if (fact->kind == e->kind && fact->predicate == e->predicate &&
            fact->time == NOW - e->ago &&
            fle_text_is(fle_facts_text(&x->facts, fact->subject), e->subject) &&
            fle_text_is(fle_facts_text(&x->facts, fact->key), e->key) &&
            fle_text_is(fle_facts_text(&x->facts, fact->value), e->value))
            return true;
    }
    return false;
}

static void check(const struct fixture *x, const struct expected *expected, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!has(x, &expected[i]))
            fail_msg("no fact %d of %s: '%s' = '%s'", (int)expected[i].predicate,
                     expected[i].subject, expected[i].key, expected[i].value);
    if (x->facts.n != n)
        fail_msg("%zu facts, not %zu", x->facts.n, n);
}

#define CHECK(x, expected) check(x, expected, sizeof expected / sizeof *expected)
#define ENI FLE_SUBJECT_INTERFACE

static void an_interface_states_what_it_lists(void **state)
{
    static const struct expected expected[] = {
        { ENI, "eni-1", FLE_FACT_VPC, "", "vpc-1", 0 },
        { ENI, "eni-1", FLE_FACT_REQUESTER_MANAGED, "", "true", 0 },
        { ENI, "eni-1", FLE_FACT_DESCRIPTION, "", "", 0 }, /* isn't there, or no longer */
        { ENI, "eni-1", FLE_FACT_INSTANCE, "", "i-1", 0 },
        { ENI, "eni-1", FLE_FACT_INSTANCE_OWNER, "", "", 0 },
        { ENI, "eni-1", FLE_FACT_TAGS, "", "", 0 },
        { ENI, "eni-1", FLE_FACT_TAGS, "app", "web", 0 },
        { ENI, "eni-1", FLE_FACT_TAGS, "empty", "", 0 },
        { ENI, "eni-1", FLE_FACT_GROUPS, "", "", 0 },
        { ENI, "eni-1", FLE_FACT_GROUPS, "", "sg-1", 0 },
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "", 0 },
        { ENI, "eni-1", FLE_FACT_PUBLIC, "", "", 0 },
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "10.0.0.5", 0 },
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "10.0.0.6", 0 },
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "2001:db8::5", 0 },
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "10.0.0.64/28", 0 },
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "2001:db8:0:0:1::/80", 0 },
        { ENI, "eni-1", FLE_FACT_PUBLIC, "", "198.51.100.7", 0 },
        /* the primary address was there when the interface was attached; others needn't */
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "10.0.0.5", 7200 },
    };

    load(*state, "NetworkInterfaces",
         "[{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'RequesterManaged': true,"
         " 'PrivateIpAddress': '10.0.0.5',"
         " 'Attachment': {'InstanceId': 'i-1', 'AttachTime': '2026-11-20T10:00:00Z'},"
         " 'TagSet': [{'Key': 'app', 'Value': 'web'}, {'Key': 'empty', 'Value': ''}, {}],"
         " 'Groups': [{'GroupId': 'sg-1'}, {}],"
         " 'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.5',"
         "   'Association': {'PublicIp': '198.51.100.7'}}, {'PrivateIpAddress': '10.0.0.6'}],"
         " 'Ipv6Addresses': [{'Ipv6Address': '2001:db8::5'}],"
         " 'Ipv4Prefixes': [{'Ipv4Prefix': '10.0.0.64/28'}],"
         " 'Ipv6Prefixes': [{'Ipv6Prefix': '2001:db8:0:0:1::/80'}]}]");
    CHECK(*state, expected);
}

static void an_instance_states_whose_its_interfaces_are(void **state)
{
    static const struct expected expected[] = {
        { FLE_SUBJECT_INSTANCE, "i-1", FLE_FACT_TAGS, "", "", 0 },
        { FLE_SUBJECT_INSTANCE, "i-1", FLE_FACT_TAGS, "app", "web", 0 },
        { ENI, "eni-1", FLE_FACT_INSTANCE, "", "i-1", 0 },
        { ENI, "eni-1", FLE_FACT_ZONE, "", "us-east-1a", 0 },
        { ENI, "eni-1", FLE_FACT_SUBNET, "", "subnet-1", 0 },
        { ENI, "eni-1", FLE_FACT_DESCRIPTION, "", "", 0 },
        { ENI, "eni-1", FLE_FACT_GROUPS, "", "", 0 },
        /* only the primary address is told here: that is no listing of all */
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "10.0.0.5", 0 },
        { ENI, "eni-1", FLE_FACT_PUBLIC, "", "198.51.100.7", 0 },
    };

    load(*state, "Reservations",
         "[{'ReservationId': 'r-1', 'Instances': [{'InstanceId': 'i-1',"
         " 'Placement': {'AvailabilityZone': 'us-east-1a'}, 'Tags': [{'Key': 'app', 'Value': "
         "'web'}],"
         " 'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'SubnetId': 'subnet-1',"
         "  'Association': {'PublicIp': '198.51.100.7'}, 'PrivateIpAddress': '10.0.0.5'}]}]}]");
    CHECK(*state, expected);
}

static void a_nat_gateway_states_what_its_interface_holds(void **state)
{
    static const struct expected expected[] = {
        { FLE_SUBJECT_NAT_GATEWAY, "nat-1", FLE_FACT_VPC, "", "vpc-1", 0 },
        { FLE_SUBJECT_NAT_GATEWAY, "nat-1", FLE_FACT_TAGS, "", "", 0 },
        { ENI, "eni-1", FLE_FACT_NAT_GATEWAY, "", "nat-1", 0 },
        { ENI, "eni-1", FLE_FACT_VPC, "", "vpc-1", 0 },
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "10.0.0.5", 0 },
        { ENI, "eni-1", FLE_FACT_PUBLIC, "", "198.51.100.7", 0 },
        { ENI, "eni-1", FLE_FACT_ADDRESSES, "", "10.0.0.5", 7200 - 60 }, /* once it was made */
        { FLE_SUBJECT_NAT_GATEWAY, "nat-2", FLE_FACT_TAGS, "", "", 0 },
        { ENI, "eni-2", FLE_FACT_NAT_GATEWAY, "", "nat-2", 0 }, /* gone, and its address with it */
    };

    load(*state, "NatGateways",
         "[{'NatGatewayId': 'nat-1', 'VpcId': 'vpc-1', 'State': 'available',"
         " 'CreateTime': '2026-11-20T10:00:00Z', 'NatGatewayAddresses': [{'PublicIp': "
         "'198.51.100.7',"
         " 'NetworkInterfaceId': 'eni-1', 'PrivateIp': '10.0.0.5'}]},"
         "{'NatGatewayId': 'nat-2', 'State': 'deleted', 'NatGatewayAddresses': ["
         " {'NetworkInterfaceId': 'eni-2', 'PrivateIp': '10.0.0.9'}, {}]}]");
    CHECK(*state, expected);
}

static void other_items_state_their_own(void **state)
{
    static const struct expected expected[] = {
        { FLE_SUBJECT_SUBNET, "subnet-1", FLE_FACT_ZONE_ID, "", "use1-az1", 0 },
        { FLE_SUBJECT_SUBNET, "subnet-1", FLE_FACT_CIDRS, "", "", 0 },
        { FLE_SUBJECT_SUBNET, "subnet-1", FLE_FACT_CIDRS, "", "10.0.0.0/24", 0 },
        { FLE_SUBJECT_SUBNET, "subnet-1", FLE_FACT_CIDRS_V6, "", "", 0 },
        { FLE_SUBJECT_ENDPOINT, "vpce-1", FLE_FACT_VPC, "", "vpc-1", 0 },
        { FLE_SUBJECT_ENDPOINT, "vpce-1", FLE_FACT_TAGS, "", "", 0 },
        { ENI, "eni-1", FLE_FACT_ENDPOINT, "", "vpce-1", 0 },
        { ENI, "eni-1", FLE_FACT_VPC, "", "vpc-1", 0 },
        { ENI, "eni-2", FLE_FACT_INSTANCE, "", "i-2", 0 },
        { ENI, "eni-2", FLE_FACT_PUBLIC, "", "198.51.100.8", 0 },
        { ENI, "eni-2", FLE_FACT_ADDRESSES, "", "10.0.0.8", 0 },
        { ENI, "", FLE_FACT_PUBLIC, "", "198.51.100.9", 0 },    /* is nobody's */
        { FLE_SUBJECT_PEERING, "", FLE_FACT_STATE, "", "", 0 }, /* that it was listed */
        { FLE_SUBJECT_PEERING, "pcx-1", FLE_FACT_STATE, "", "active", 0 },
        { FLE_SUBJECT_PEERING, "pcx-1", FLE_FACT_ACCEPTER_VPC, "", "vpc-2", 0 },
        { FLE_SUBJECT_VPC, "vpc-2", FLE_FACT_REGION, "", "eu-west-1", 0 },
        { FLE_SUBJECT_VPC, "vpc-2", FLE_FACT_CIDRS, "", "", 0 },
        { FLE_SUBJECT_VPC, "vpc-2", FLE_FACT_CIDRS, "", "10.2.0.0/16", 0 },
        { FLE_SUBJECT_RESOURCE, "arn:aws:x:::y", FLE_FACT_TAGS, "", "", 0 },
        { FLE_SUBJECT_RESOURCE, "arn:aws:x:::y", FLE_FACT_TAGS, "app", "web", 0 },
        { FLE_SUBJECT_RANGE, "52.216.0.0/15", FLE_FACT_RANGE, "us-east-1", "S3", 0 },
        { FLE_SUBJECT_RANGE, "2600:1f18::/33", FLE_FACT_RANGE, "GLOBAL", "EC2", 0 },
    };

    load(
        *state, "Subnets",
        "[{'SubnetId': 'subnet-1', 'CidrBlock': '10.0.0.0/24', 'AvailabilityZoneId': 'use1-az1'}]");
    load(*state, "VpcEndpoints",
         "[{'VpcEndpointId': 'vpce-1', 'VpcId': 'vpc-1', 'NetworkInterfaceIds': ['eni-1', 7]}]");
    load(*state, "Addresses",
         "[{'PublicIp': '198.51.100.8', 'NetworkInterfaceId': 'eni-2', 'PrivateIpAddress': "
         "'10.0.0.8', 'InstanceId': 'i-2'}, {'PublicIp': '198.51.100.9'},"
         " {'PublicIp': '198.51.100.10', 'AssociationId': 'eipassoc-1'}]");
    load(*state, "VpcPeeringConnections",
         "[{'VpcPeeringConnectionId': 'pcx-1', 'Status': {'Code': 'active'},"
         " 'AccepterVpcInfo': {'VpcId': 'vpc-2', 'Region': 'eu-west-1',"
         " 'CidrBlockSet': [{'CidrBlock': '10.2.0.0/16'}]}}]");
    load(*state, "ResourceTagMappingList",
         "[{'ResourceARN': 'arn:aws:x:::y', 'Tags': [{'Key': 'app', 'Value': 'web'}]}]");
    load(*state, "prefixes",
         "[{'ip_prefix': '52.216.0.0/15', 'region': 'us-east-1', 'service': 'S3'}]");
    load(*state, "ipv6_prefixes",
         "[{'ipv6_prefix': '2600:1f18::/33', 'region': 'GLOBAL', 'service': 'EC2'}]");
    CHECK(*state, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_interface_states_what_it_lists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_instance_states_whose_its_interfaces_are, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_nat_gateway_states_what_its_interface_holds, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(other_items_state_their_own, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
