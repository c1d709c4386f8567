/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "calling.h"

/* The address itself is only named by what allocated it; the interface by its instance. */
static void an_elastic_address_is_whose_it_was_associated_with(void **state)
{
    struct cataloging *c = *state;

    call(c, NOON + 1000, "DisassociateAddress", "'associationId': 'eipassoc-1'", "");
    call(c, NOON + 100, "AssociateAddress", "'allocationId': 'eipalloc-1', 'instanceId': 'i-1'",
         "'associationId': 'eipassoc-1'");
    call(c, NOON + 1500, "AssociateAddress",
         "'allocationId': 'eipalloc-1', 'networkInterfaceId': 'eni-2'",
         "'associationId': 'eipassoc-2'");
    call(c, NOON + 3000, "ReleaseAddress", "'allocationId': 'eipalloc-1'", "");
    call(c, NOON, "AllocateAddress", "'domain': 'vpc'",
         "'allocationId': 'eipalloc-1', 'publicIp': '192.0.2.7', 'domain': 'vpc'");
    call(c, NOON, "RunInstances", "", LAUNCHED);
    call(c, NOON, "CreateNetworkInterface", "", CREATED("eni-2", "10.0.0.6"));
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_owner(c, "vpc-1", "192.0.2.7", NOON + 160, NOON + 1000, "eni-1 public-address exact");
    check_owner(c, "vpc-1", "192.0.2.7", NOON + 1100, NOON + 1200, "not_observed_then eni-2");
    check_owner(c, "vpc-1", "192.0.2.7", NOON + 1560, NOON + 1560, "eni-2 public-address sighted");
    check_owner(c, "vpc-1", "192.0.2.7", NOON + 3060, NOON + 3060, "not_in_inventory");
}

/* Documents tell which address an allocation is, and an association from before all events. */
static void an_elastic_address_may_be_known_by_documents(void **state)
{
    static const char document[] =
        "{'Addresses': [{'PublicIp': '192.0.2.7', 'AllocationId': 'eipalloc-1', 'AssociationId': "
        "'eipassoc-1', 'NetworkInterfaceId': 'eni-1', 'PrivateIpAddress': '10.0.0.5'}]}";
    struct cataloging *c = *state;

    assert_int_equal(cataloging_load(c, document, NOON), FLOWENRICH_OK);
    call(c, NOON + 1000, "DisassociateAddress", "'associationId': 'eipassoc-1'", "");
    call(c, NOON + 2000, "AssociateAddress",
         "'allocationId': 'eipalloc-1', 'networkInterfaceId': 'eni-2'",
         "'associationId': 'eipassoc-2'");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_owner(c, "", "192.0.2.7", NOON, NOON + 1000, "eni-1 public-address sighted");
    check_owner(c, "", "192.0.2.7", NOON + 1500, NOON + 1510, "not_observed_then eni-2");
    check_owner(c, "", "192.0.2.7", NOON + 2060, NOON + 2060, "eni-2 public-address sighted");
}

static void gateways_and_endpoints_end_with_their_interfaces(void **state)
{
    struct cataloging *c = *state;

    call(c, NOON, "CreateNatGateway", "'subnetId': 'subnet-1'",
         "'CreateNatGatewayResponse': {'natGateway': {'natGatewayId': 'nat-1', 'vpcId': 'vpc-1', "
         "'natGatewayAddressSet': {'item': [{'networkInterfaceId': 'eni-1'}]}, 'tagSet': {'items': "
         "[{'key': 'app', 'value': 'egress'}]}}}");
    call(c, NOON, "CreateNetworkInterface", "", CREATED("eni-1", "10.0.0.5"));
    call(c, NOON, "CreateVpcEndpoint", "",
         "'CreateVpcEndpointResponse': {'vpcEndpoint': {'vpcEndpointId': 'vpce-1', 'vpcId': "
         "'vpc-1', 'ownerId': '111122223333', 'vpcEndpointType': 'Interface', 'serviceName': "
         "'com.amazonaws.us-east-1.sqs', 'networkInterfaceIdSet': {'item': ['eni-2']}}}");
    call(c, NOON, "CreateNetworkInterface", "", CREATED("eni-2", "10.0.0.6"));
    call(c, NOON + 1000, "DeleteNatGateway", "'DeleteNatGatewayRequest': {'NatGatewayId': 'nat-1'}",
         "");
    call(c, NOON + 2000, "DeleteVpcEndpoints",
         "'DeleteVpcEndpointsRequest': {'VpcEndpointId': {'tag': 1, 'content': 'vpce-1'}}", "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_owner(c, "vpc-1", "10.0.0.5", NOON + 60, NOON + 1000, "eni-1 address exact");
    check_owner(c, "vpc-1", "10.0.0.6", NOON + 60, NOON + 2000, "eni-2 address exact");
    check_owner(c, "vpc-1", "10.0.0.6", NOON + 60, NOON + 2001, "owner_changed eni-2");
    check_then(c, "eni-1", NOON + 60, "nat-1 sg-1 app=egress");
    check_then(c, "eni-2", NOON + 60, "vpce-1 sg-1");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_elastic_address_is_whose_it_was_associated_with),
        CASE(an_elastic_address_may_be_known_by_documents),
        CASE(gateways_and_endpoints_end_with_their_interfaces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
