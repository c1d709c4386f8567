/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stating.h"

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
        cmocka_unit_test_setup_teardown(other_items_state_their_own, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
