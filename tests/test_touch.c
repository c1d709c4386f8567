/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/snapshot.h"
#include "loading.h"

/* Does a document make a later version of the snapshot before, or a whole one? */
static void only_what_touches_little_makes_a_later_version(void **state)
{
    static const struct {
        const char *json;
        bool whole;
    } cases[] = {
        { "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-a',"
          " 'PrivateIpAddress': '10.0.0.6'}]}",
          false },
        { "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-b',"
          " 'PrivateIpAddress': '10.0.0.6'}]}",
          true }, /* numbers of VPCs are in the order of their ids */
        { "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'SubnetId': 'subnet-2'}]}",
          true }, /* it never moves, so one of two documents is wrong */
        { "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/24'}]}",
          true },
        { "{'DBInstances': [{'DBInstanceIdentifier': 'db', 'DBInstanceArn': 'arn:aws:rds:us-east-1:"
          "111122223333:db:db', 'Endpoint': {'Address': 'db.example'}}]}",
          false },
        { "{'endpoint': 'db.example', 'address': '10.0.0.5', 'observed_at': "
          "'2026-11-20T12:00:00Z'}",
          false },
        { "{'Functions': [{'FunctionArn': 'arn:aws:lambda:us-east-1:1:function:f', 'VpcConfig': "
          "{'SubnetIds': ['subnet-1'], 'SecurityGroupIds': []}}]}",
          true },
        { "{'ResourceTagMappingList': [{'ResourceARN': 'arn:aws:ec2:us-east-1:111122223333:"
          "instance/i-1', 'Tags': [{'Key': 'app', 'Value': 'web'}]}]}",
          false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        load(&c,
             "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-a',"
             " 'SubnetId': 'subnet-1', 'PrivateIpAddress': '10.0.0.5'}]}",
             NOON);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        assert_null(c.snapshot->whole);
        load(&c, cases[i].json, NOON + HOUR);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        if ((c.snapshot->whole == NULL) != cases[i].whole)
            fail_msg("%s: %s", cases[i].json, cases[i].whole ? "a version" : "whole");
        assert_int_equal(cataloging_free(&c), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_touches_little_makes_a_later_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
