/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "calling.h"

static void an_instance_has_its_address_from_its_launch_to_its_end(void **state)
{
    struct cataloging *c = *state;

    call(c, NOON, "RunInstances", "", LAUNCHED);
    call(c, NOON + HOUR, "TerminateInstances", INSTANCES("i-1"), "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_owner(c, "vpc-1", "10.0.0.5", NOON + 60, NOON + HOUR, "eni-1 address exact");
    check_owner(c, "vpc-1", "10.0.0.5", NOON + 59, NOON + HOUR, "owner_changed eni-1");
    check_owner(c, "vpc-1", "10.0.0.5", NOON + 60, NOON + HOUR + 1, "owner_changed eni-1");
    check_owner(c, "vpc-1", "10.0.0.5", NOON - 9, NOON - 1, "not_observed_then eni-1");
    check_then(c, "eni-1", NOON + 1, "i-1 sg-1 app=web");
}

/* Only its primary interface was to be deleted with it. */
static void an_interface_may_outlive_its_instance(void **state)
{
    struct cataloging *c = *state;

    call(c, NOON, "CreateNetworkInterface", "", CREATED("eni-2", "10.0.0.6"));
    call(c, NOON + 100, "AttachNetworkInterface",
         "'networkInterfaceId': 'eni-2', 'instanceId': 'i-1', 'deviceIndex': 1",
         "'attachmentId': 'eni-attach-2'");
    call(c, NOON + 200, "ModifyNetworkInterfaceAttribute",
         "'networkInterfaceId': 'eni-2', 'attachment': {'attachmentId': 'eni-attach-2', "
         "'deleteOnTermination': false}",
         "");
    call(c, NOON + HOUR, "TerminateInstances", INSTANCES("i-1"), "");
    call(c, NOON + 2 * HOUR, "DeleteNetworkInterface", "'networkInterfaceId': 'eni-2'",
         "'_return': true");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_owner(c, "vpc-1", "10.0.0.6", NOON + 60, NOON + 2 * HOUR, "eni-2 address exact");
    check_owner(c, "vpc-1", "10.0.0.6", NOON + 2 * HOUR, NOON + 2 * HOUR + 1,
                "owner_changed eni-2");
    check_then(c, "eni-2", NOON + 90, "eni-2 sg-1");
    check_then(c, "eni-2", NOON + 101, "i-1 sg-1");
    check_then(c, "eni-2", NOON + HOUR + 60, "eni-2 sg-1");
}

/* Detaching names the attachment, which another event or a document says the interface of. */
static void a_moved_interface_is_of_whom_it_was_attached_to(void **state)
{
    struct cataloging *c = *state;

    call(c, NOON + 200, "DetachNetworkInterface", "'attachmentId': 'eni-attach-2'", "");
    call(c, NOON + 300, "AttachNetworkInterface",
         "'networkInterfaceId': 'eni-2', 'instanceId': 'i-2', 'deviceIndex': 1",
         "'attachmentId': 'eni-attach-3'");
    call(c, NOON + 100, "AttachNetworkInterface",
         "'networkInterfaceId': 'eni-2', 'instanceId': 'i-1', 'deviceIndex': 1",
         "'attachmentId': 'eni-attach-2'");
    call(c, NOON, "CreateNetworkInterface", "", CREATED("eni-2", "10.0.0.6"));
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_then(c, "eni-2", NOON + 150, "i-1 sg-1");
    check_then(c, "eni-2", NOON + 259, "i-1 sg-1"); /* it is still being detached */
    check_then(c, "eni-2", NOON + 280, "eni-2 sg-1");
    check_then(c, "eni-2", NOON + 400, "i-2 sg-1");
}

static void addresses_and_prefixes_come_and_go(void **state)
{
    struct cataloging *c = *state;

    call(c, NOON, "CreateNetworkInterface", "", CREATED("eni-1", "10.0.0.5"));
    call(c, NOON, "CreateNetworkInterface", "", CREATED("eni-2", "10.0.0.6"));
    call(c, NOON + 500, "AssignPrivateIpAddresses",
         "'networkInterfaceId': 'eni-1', 'secondaryPrivateIpAddressCount': 1",
         "'networkInterfaceId': 'eni-1', 'assignedPrivateIpAddressesSet': "
         "{'assignedPrivateIpAddressSetType': [{'privateIpAddress': '10.0.0.7'}]}, "
         "'assignedIpv4PrefixSet': {'item': [{'ipv4Prefix': '10.0.1.0/28'}]}");
    call(c, NOON + 1000, "UnassignPrivateIpAddresses",
         "'networkInterfaceId': 'eni-1', 'privateIpAddressesSet': {'item': "
         "[{'privateIpAddress': '10.0.0.7'}]}",
         "");
    call(c, NOON + 1010, "AssignPrivateIpAddresses",
         "'networkInterfaceId': 'eni-2', 'privateIpAddressesSet': {'item': "
         "[{'privateIpAddress': '10.0.0.7'}]}, 'allowReassignment': true",
         "'_return': true");
    call(c, NOON + 2000, "DeleteNetworkInterface", "'networkInterfaceId': 'eni-2'", "");
    call(c, NOON + 500, "AssignIpv6Addresses", "'networkInterfaceId': 'eni-2', 'count': 1",
         "'AssignIpv6AddressesResponse': {'assignedIpv6Addresses': {'item': '2001:db8::7'}}");
    call(c, NOON + 1500, "UnassignIpv6Addresses",
         "'networkInterfaceId': 'eni-2', 'ipv6Addresses': {'item': ['2001:db8::7']}", "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_owner(c, "vpc-1", "10.0.0.7", NOON + 560, NOON + 1000, "eni-1 address exact");
    check_owner(c, "vpc-1", "10.0.0.7", NOON + 990, NOON + 1100, "owner_changed eni-2");
    check_owner(c, "vpc-1", "10.0.0.7", NOON + 1070, NOON + 2000, "eni-2 address exact");
    check_owner(c, "vpc-1", "10.0.0.7", NOON + 2100, NOON + 2200, "not_observed_then eni-2");
    check_owner(c, "vpc-1", "10.0.1.9", NOON + 560, NOON + 560, "eni-1 prefix sighted");
    check_owner(c, "vpc-1", "2001:db8::7", NOON + 560, NOON + 1500, "eni-2 address exact");
}

/* A public address that isn't elastic is given back at a stop. */
static void an_instance_that_stops_loses_its_public_address(void **state)
{
    static const char document[] =
        "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', "
        "'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.5', 'Association': {'PublicIp': "
        "'192.0.2.8', 'IpOwnerId': 'amazon'}}, {'PrivateIpAddress': '10.0.0.6', 'Association': "
        "{'PublicIp': '192.0.2.9', 'IpOwnerId': '111122223333'}}], 'Attachment': {'InstanceId': "
        "'i-1', 'AttachmentId': 'eni-attach-1', 'DeviceIndex': 0}}]}";
    struct cataloging *c = *state;

    assert_int_equal(cataloging_load(c, document, NOON), FLOWENRICH_OK);
    call(c, NOON + 1000, "StopInstances", INSTANCES("i-1"), "");
    call(c, NOON + 2000, "StartInstances", INSTANCES("i-1"), "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_owner(c, "vpc-1", "192.0.2.8", NOON, NOON + 1000, "eni-1 public-address sighted");
    check_owner(c, "vpc-1", "192.0.2.8", NOON + 1000, NOON + 1001, "owner_changed eni-1");
    check_owner(c, "vpc-1", "192.0.2.9", NOON, NOON, "eni-1 public-address sighted");
    check_owner(c, "vpc-1", "192.0.2.9", NOON + 1000, NOON + 1001, "not_observed_then eni-1");
}

static void groups_and_tags_change(void **state)
{
    struct cataloging *c = *state;

    call(c, NOON, "RunInstances", "", LAUNCHED);
    call(c, NOON + 1000, "ModifyInstanceAttribute",
         "'instanceId': 'i-1', 'groupSet': {'items': [{'groupId': 'sg-2'}]}", "");
    call(c, NOON + 2000, "ModifyNetworkInterfaceAttribute",
         "'networkInterfaceId': 'eni-1', 'groupSet': {'items': [{'groupId': 'sg-3'}]}", "");
    call(c, NOON + 3000, "CreateTags",
         "'resourcesSet': {'items': [{'resourceId': 'i-1'}, {'resourceId': 'vol-1'}]}, 'tagSet': "
         "{'items': [{'key': 'app', 'value': 'api'}, {'key': 'zone', 'value': 'z'}]}",
         "");
    call(c, NOON + 4000, "DeleteTags",
         "'resourcesSet': {'items': [{'resourceId': 'i-1'}]}, 'tagSet': {'items': [{'key': 'app'}, "
         "{'key': 'zone', 'value': 'another'}]}",
         "");
    call(c, NOON + 5000, "DeleteTags", "'resourcesSet': {'items': [{'resourceId': 'i-1'}]}", "");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_then(c, "eni-1", NOON + 1000, "i-1 sg-1 app=web");
    check_then(c, "eni-1", NOON + 1001, "i-1 app=web");
    check_then(c, "eni-1", NOON + 1060, "i-1 sg-2 app=web");
    check_then(c, "eni-1", NOON + 2060, "i-1 sg-3 app=web");
    check_then(c, "eni-1", NOON + 3001, "i-1 sg-3");
    check_then(c, "eni-1", NOON + 3060, "i-1 sg-3 app=api zone=z");
    check_then(c, "eni-1", NOON + 4060, "i-1 sg-3 zone=z");
    check_then(c, "eni-1", NOON + 5060, "i-1 sg-3");
}

static void what_a_call_lacks_is_no_fact(void **state)
{
    static const char *const names[] = {
        "AllocateAddress",
        "AssignPrivateIpAddresses",
        "AssociateAddress",
        "AttachNetworkInterface",
        "CreateNatGateway",
        "CreateNetworkInterface",
        "CreateTags",
        "CreateVpcEndpoint",
        "DeleteNatGateway",
        "DeleteNetworkInterface",
        "DetachNetworkInterface",
        "DisassociateAddress",
        "ModifyInstanceAttribute",
        "ModifyNetworkInterfaceAttribute",
        "ReleaseAddress",
        "RunInstances",
        "TerminateInstances",
        "UnassignPrivateIpAddresses",
    };
    struct cataloging *c = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        call(c, NOON, names[i], "'x': 1", "'instancesSet': {'items': [{}]}");
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_null(cataloging_interface(c, "eni-1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_instance_has_its_address_from_its_launch_to_its_end,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(an_interface_may_outlive_its_instance, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_moved_interface_is_of_whom_it_was_attached_to,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(addresses_and_prefixes_come_and_go, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(an_instance_that_stops_loses_its_public_address,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(groups_and_tags_change, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(what_a_call_lacks_is_no_fact, cataloging_set_up,
                                        cataloging_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
