/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stating.h"

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

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_interface_states_what_it_lists),
        CASE(an_instance_states_whose_its_interfaces_are),
        CASE(a_nat_gateway_states_what_its_interface_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
