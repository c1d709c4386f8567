/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "loading.h"

/* An identity as cataloging_identity() writes it. */
static void check(struct cataloging *c, const char *id, const char *expected)
{
    const fle_identity *identity;
    fle_buffer out;

    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    identity = cataloging_interface(c, id);
    assert_non_null(identity);
    fle_buffer_init(&out, &c->allocator);
    cataloging_identity(identity, &out);
    if (!fle_text_is(fle_text(out.data, out.len), expected))
        fail_msg("%s:\n%.*s, not\n%s", id, (int)out.len, out.data, expected);
    fle_buffer_free(&out);
}

#define INSTANCE(more)                                                                             \
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'SubnetId': "        \
    "'subnet-1', 'OwnerId': '111122223333', 'AvailabilityZone': 'us-east-1a', 'Attachment': "      \
    "{'InstanceId': 'i-1'}" more "}]}"

static void an_instance_is_all_that_its_documents_say(void **state)
{
    struct cataloging *c = *state;

    load(c,
         INSTANCE(", 'Groups': [{'GroupId': 'sg-2'}, {'GroupId': 'sg-1'}, {'GroupId': 'sg-2'}], "
                  "'TagSet': [{'Key': 'app', 'Value': 'of the interface'}, {'Key': 'nic', 'Value': "
                  "'1'}]"),
         NOON);
    load(c,
         "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'AvailabilityZoneId': 'use1-az4',"
         " 'AvailabilityZone': 'us-east-1a', 'OwnerId': '444455556666'}]}",
         NOON);
    load(c,
         "{'Reservations': [{'ReservationId': 'r-1', 'Instances': [{'InstanceId': 'i-1', 'Tags': ["
         "{'Key': 'app', 'Value': 'web'}]}]}]}",
         NOON);
    load(c,
         "{'ResourceTagMappingList': [{'ResourceARN': "
         "'arn:aws:ec2:us-east-1:111122223333:instance/i-1', 'Tags': [{'Key': 'app', 'Value': "
         "'by ARN'}, {'Key': 'env', 'Value': 'prod'}]}]}",
         NOON);
    check(c, "eni-1",
          "ec2:instance|eni-1|subnet-1|vpc-1|111122223333|us-east-1a|use1-az4|us-east-1||||"
          "arn:aws:ec2:us-east-1:111122223333:instance/i-1,|sg-1,sg-2,|app,web,env,prod,nic,1,|.1");
}

static void newer_documents_take_away_what_is_gone(void **state)
{
    struct cataloging *c = *state;

    load(c,
         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'SubnetId': "
         "'subnet-1', 'OwnerId': '111122223333', 'AvailabilityZone': 'us-east-1a', 'TagSet': []}]}",
         NOON + 1); /* detached, without groups and tags */
    load(c, INSTANCE(", 'Groups': [{'GroupId': 'sg-1'}], 'TagSet': [{'Key': 'a', 'Value': 'b'}]"),
         NOON);
    check(c, "eni-1",
          "ec2:interface|eni-1|subnet-1|vpc-1|111122223333|us-east-1a||us-east-1||||"
          "arn:aws:ec2:us-east-1:111122223333:network-interface/eni-1,|||.1");
}

static void an_interface_is_placed_by_its_subnet_if_it_says_nothing(void **state)
{
    struct cataloging *c = *state;

    load(
        c,
        "{'NatGateways': [{'NatGatewayId': 'nat-1', 'SubnetId': 'subnet-1', 'State': 'available',"
        " 'Tags': [{'Key': 'Name', 'Value': 'nat'}], 'NatGatewayAddresses': [{'NetworkInterfaceId':"
        " 'eni-1', 'PrivateIp': '10.0.0.5'}]}]}"
        "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'AvailabilityZone': 'us-east-1a',"
        " 'AvailabilityZoneId': 'use1-az4', 'OwnerId': '444455556666'}]}",
        NOON);
    /* whose it is, the subnet doesn't tell: that may be shared; so no ARN */
    check(c, "eni-1",
          "ec2:nat-gateway|eni-1|subnet-1|vpc-1||us-east-1a|use1-az4|us-east-1|||||"
          "|Name,nat,|nat-gateway>1");
}

static void an_endpoints_interface_is_of_its_service(void **state)
{
    struct cataloging *c = *state;

    load(c,
         "{'VpcEndpoints': [{'VpcEndpointId': 'vpce-1', 'VpcEndpointType': 'Interface', 'VpcId': "
         "'vpc-1', 'OwnerId': '111122223333', 'ServiceName': 'com.amazonaws.us-east-1.sqs',"
         " 'NetworkInterfaceIds': ['eni-1'], 'Tags': [{'Key': 'app', 'Value': 'queue'}]},"
         "{'VpcEndpointId': 'vpce-2', 'VpcEndpointType': 'GatewayLoadBalancer', 'VpcId': 'vpc-1',"
         " 'ServiceName': 'com.amazonaws.vpce.us-east-1.vpce-svc-1', 'NetworkInterfaceIds': "
         "['eni-2']}]}"
         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'InterfaceType': 'vpc_endpoint',"
         " 'AvailabilityZone': 'us-east-1a', 'Description': 'VPC Endpoint Interface vpce-1'}]}",
         NOON);
    check(c, "eni-1",
          "ec2:vpc-endpoint|eni-1||vpc-1|111122223333|us-east-1a||us-east-1|sqs|||"
          "arn:aws:ec2:us-east-1:111122223333:vpc-endpoint/vpce-1,||app,queue,|vpc-endpoint.1");
    check(c, "eni-2", "ec2:gateway-load-balancer-endpoint|eni-2||vpc-1|||||||||||vpc-endpoint>1");
}

static void a_managed_resource_has_the_tags_of_its_arn(void **state)
{
    struct cataloging *c = *state;

    load(c,
         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'OwnerId': '111122223333',"
         " 'AvailabilityZone': 'us-gov-west-1a', 'InterfaceType': 'lambda', 'Description':"
         " 'AWS Lambda VPC ENI-pay-8c7ac78b-e11d-4dea-8a47-ab2bdeba9bf5'},"
         "{'NetworkInterfaceId': 'eni-2', 'OwnerId': '111122223333', 'RequesterManaged': true,"
         " 'AvailabilityZone': 'cn-north-1a', 'Description': 'RDSNetworkInterface',"
         " 'TagSet': [{'Key': 'app', 'Value': 'db'}]}]}"
         "{'ResourceTagMappingList': [{'ResourceARN': "
         "'arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:pay',"
         " 'Tags': [{'Key': 'app', 'Value': 'payments'}]}]}",
         NOON);
    check(c, "eni-1",
          "lambda:function|eni-1|||111122223333|us-gov-west-1a||us-gov-west-1||||"
          "arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:pay,||app,payments,|.0");
    /* which database isn't told: there is no ARN, and only the interface's own tags */
    check(c, "eni-2",
          "rds:db|eni-2|||111122223333|cn-north-1a||cn-north-1|||||"
          "|app,db,|.0");
}

static void an_instance_that_takes_packets_for_others_forwards(void **state)
{
    struct cataloging *c = *state;

    load(c, INSTANCE(", 'SourceDestCheck': true"), NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_false(cataloging_interface(c, "eni-1")->forwards);
    load(c, INSTANCE(", 'SourceDestCheck': false"), NOON + 1);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_true(cataloging_interface(c, "eni-1")->forwards);
}

static void a_table_without_a_fitting_kind_leaves_the_type_out(void **state)
{
    static const char kinds[] = "kinds: [{type: acme:box, interface-types: [box]}]";
    struct cataloging c;
    (void)state;

    assert_int_equal(cataloging_new(&c, kinds, 0), FLOWENRICH_OK);
    load(&c,
         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'InterfaceType': 'box'},"
         "{'NetworkInterfaceId': 'eni-2'}]}",
         NOON);
    check(&c, "eni-1", "acme:box|eni-1|||||||||||||.0");
    check(&c, "eni-2", "|eni-2|||||||||||||.0");
    assert_int_equal(cataloging_free(&c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_instance_is_all_that_its_documents_say,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(newer_documents_take_away_what_is_gone, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(an_interface_is_placed_by_its_subnet_if_it_says_nothing,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(an_endpoints_interface_is_of_its_service, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_managed_resource_has_the_tags_of_its_arn,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(an_instance_that_takes_packets_for_others_forwards,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test(a_table_without_a_fitting_kind_leaves_the_type_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
