/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/catalog/tables.c: whose route tables are whose, where documents say little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/snapshot.h"
#include "loading.h"

#define TABLE(id, vpc, association)                                                                \
    "{'RouteTables': [{'RouteTableId': '" id "', 'VpcId': '" vpc "', 'Associations': ["            \
    "{" association "}], 'Routes': [{'DestinationCidrBlock': '0.0.0.0/0', 'GatewayId': '" id       \
    "'}]}]}"
#define MAIN "'Main': true"
#define OF(subnet) "'Main': false, 'SubnetId': '" subnet "'"
#define SUBNET(vpc) "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': '" vpc "'}]}"

static void a_subnet_has_the_table_that_documents_of_its_vpc_agree_on(void **state)
{
    static const struct {
        const char *documents, *table; /* of subnet-1 in vpc-1 */
    } cases[] = {
        { TABLE("a", "vpc-1", MAIN), "a" },
        { TABLE("a", "vpc-1", MAIN) TABLE("b", "vpc-1", OF("subnet-2")), "a" },
        { TABLE("a", "vpc-1", MAIN) TABLE("b", "vpc-1", OF("subnet-1")), "b" },
        { SUBNET("vpc-1") TABLE("b", "vpc-1", OF("subnet-1")), "b" },
        { TABLE("b", "vpc-2", OF("subnet-1")) TABLE("a", "vpc-1", MAIN), "a" }, /* another's */
        { TABLE("b", "vpc-1", OF("subnet-1")) TABLE("c", "vpc-1", OF("subnet-1")), "?" }, /* both */
        { TABLE("a", "vpc-1", MAIN) TABLE("b", "vpc-1", MAIN), "?" },
        { TABLE("b", "vpc-1", OF("subnet-2")), "?" }, /* the main one isn't known */
        { TABLE("a", "", MAIN), "?" },
        /* That it has one of another VPC's can't be. */
        { SUBNET("vpc-1") TABLE("b", "vpc-2", OF("subnet-1")) TABLE("a", "vpc-1", MAIN), "?" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_journey journey = { .vpc = FLE_TEXT("vpc-1"), .subnet = FLE_TEXT("subnet-1") };
        fle_direction direction = { { "?", 1 }, false };
        struct cataloging c;
        fle_address address;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        load(&c, cases[i].documents, NOON);
        assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
        assert_true(fle_address_parse("192.0.2.1", 9, &address));
        journey.to = &address;
        journey.from = journey.until = NOON;
        (void)fle_snapshot_route(c.snapshot, &journey, &direction);
        if (!fle_text_is(direction.target, cases[i].table))
            fail_msg("%s: %.*s rather than %s", cases[i].documents, (int)direction.target.len,
                     direction.target.data, cases[i].table);
        assert_int_equal(cataloging_free(&c), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subnet_has_the_table_that_documents_of_its_vpc_agree_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
