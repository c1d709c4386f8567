/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "loading.h"
#include "catalog/snapshot.h"

static void check_place(struct cataloging *c, const char *vpc, const char *text,
                        const char *expected)
{
    const fle_spaces *spaces = &c->snapshot->spaces;
    const uint32_t space = fle_spaces_find(spaces, fle_text_of(vpc));
    const flowenrich_text *single;
    fle_address address;
    char got[200];

    assert_true(fle_address_parse(text, strlen(text), &address));
    single = cataloging_tell(c, fle_spaces_place(spaces, space, &address))->single;
    snprintf(got, sizeof got, "%.*s %.*s %.*s %.*s %.*s", (int)single[FLE_ATTR_SUBNET_ID].len,
             single[FLE_ATTR_SUBNET_ID].data, (int)single[FLE_ATTR_VPC_ID].len,
             single[FLE_ATTR_VPC_ID].data, (int)single[FLE_ATTR_ACCOUNT_ID].len,
             single[FLE_ATTR_ACCOUNT_ID].data, (int)single[FLE_ATTR_AVAILABILITY_ZONE_ID].len,
             single[FLE_ATTR_AVAILABILITY_ZONE_ID].data, (int)single[FLE_ATTR_REGION].len,
             single[FLE_ATTR_REGION].data);
    if (strcmp(got, expected) != 0)
        fail_msg("%s in %s: '%s', not '%s'", text, vpc, got, expected);
}

static void an_address_lies_in_the_subnet_that_has_it_or_in_the_vpc(void **state)
{
    struct cataloging *c = *state;

    load(c,
         "{'Vpcs': [{'VpcId': 'vpc-a', 'OwnerId': '111122223333', 'CidrBlock': '10.0.0.0/16'}]}"
         "{'Subnets': [{'SubnetId': 'subnet-wide', 'VpcId': 'vpc-a', 'OwnerId': '444455556666',"
         " 'CidrBlock': '10.0.16.0/20', 'AvailabilityZone': 'eu-west-1a',"
         " 'AvailabilityZoneId': 'euw1-az3'},"
         "{'SubnetId': 'subnet-narrow', 'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/24',"
         " 'Ipv6CidrBlockAssociationSet': [{'Ipv6CidrBlock': '2001:db8::/64',"
         "  'Ipv6CidrBlockState': {'State': 'associated'}}]},"
         "{'SubnetId': 'subnet-old', 'VpcId': 'vpc-a', 'CidrBlock': '10.0.17.0/28'},"
         "{'SubnetId': 'subnet-elsewhere', 'VpcId': 'vpc-b', 'CidrBlock': '10.0.0.0/28'},"
         "{'SubnetId': 'subnet-nowhere', 'CidrBlock': '10.0.0.0/28'}]}",
         NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_place(c, "vpc-a", "10.0.0.1", "subnet-narrow vpc-a   ");
    check_place(c, "vpc-a", "2001:db8::1", "subnet-narrow vpc-a   ");
    check_place(c, "vpc-a", "10.0.16.1", "subnet-wide vpc-a 444455556666 euw1-az3 eu-west-1");
    /* they can't both be there at one time */
    check_place(c, "vpc-a", "10.0.17.1", " vpc-a 111122223333  eu-west-1");
    /* the VPC's region is its subnets' */
    check_place(c, "vpc-a", "10.0.99.1", " vpc-a 111122223333  eu-west-1");
    check_place(c, "vpc-b", "10.0.0.1", "subnet-elsewhere vpc-b   ");
}

static void a_subnet_is_where_its_newest_listing_says(void **state)
{
    struct cataloging *c = *state;

    load(c,
         "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-a', 'CidrBlock': '10.0.1.0/24',"
         " 'AvailabilityZoneId': 'use1-az1'}]}",
         NOON);
    load(c, "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/24'}]}",
         NOON - 1);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_place(c, "vpc-a", "10.0.1.1", "subnet-1 vpc-a  use1-az1 ");
    check_place(c, "vpc-a", "10.0.0.1", " vpc-a   ");
}

static void a_vpc_is_known_by_whatever_names_it(void **state)
{
    static const struct {
        const char *json;
        size_t n;
    } cases[] = {
        { "{'Vpcs': [{'VpcId': 'vpc-a'}]}", 1 },
        { "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-a'}]}", 1 },
        { "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-a'}]}", 1 },
        { "{'VpcEndpoints': [{'VpcEndpointId': 'vpce-1', 'VpcId': 'vpc-a'}]}", 1 },
        { "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': 'pcx-1',"
          " 'RequesterVpcInfo': {'VpcId': 'vpc-a'}, 'AccepterVpcInfo': {'VpcId': 'vpc-b'}}]}",
          2 },
        { "{'TransitGatewayAttachments': [{'TransitGatewayAttachmentId': 'tgw-attach-1',"
          " 'ResourceId': 'vpc-a'}, {'TransitGatewayAttachmentId': 'tgw-attach-2',"
          " 'ResourceId': 'vpn-a'}]}",
          1 },
        { "{'createDate': '2026-11-20-12-00-01', 'prefixes': []}", 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        load(&c, cases[i].json, NOON);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        if (c.snapshot->spaces.n_vpcs != cases[i].n)
            fail_msg("%s: %zu VPCs", cases[i].json, c.snapshot->spaces.n_vpcs);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_address_lies_in_the_subnet_that_has_it_or_in_the_vpc,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_subnet_is_where_its_newest_listing_says,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test(a_vpc_is_known_by_whatever_names_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
