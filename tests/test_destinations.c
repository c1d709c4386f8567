/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/catalog/destinations.c: what it reads. test_routes.c tests what comes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cataloging.h"

static uint64_t stat(const struct cataloging *c, const char *name)
{
    flowenrich_stat stats[16];
    const size_t n = flowenrich_catalog_stats(c->catalog, stats, 16);

    for (size_t i = 0; i < n && i < 16; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    return UINT64_MAX;
}

/* Sets are marked, were they empty; what can't be read is counted. */
static void items_become_facts_or_are_counted(void **state)
{
    static const struct {
        const char *json;
        uint64_t facts, skipped;
    } cases[] = {
        { "{'RouteTables': [{'RouteTableId': 'rtb-1', 'VpcId': 'vpc-1'}]}", 3, 0 },
        { "{'RouteTables': [{'RouteTableId': 'rtb-1', 'Associations': [{'Main': true},"
          " {'Main': false, 'SubnetId': 'subnet-1'}, {'Main': false, 'GatewayId': 'igw-1'},"
          " {'SubnetId': 'subnet-2', 'AssociationState': {'State': 'disassociating'}}]}]}",
          4, 0 },
        { "{'RouteTables': [{'RouteTableId': 'rtb-1', 'Routes': ["
          "{'DestinationCidrBlock': '10.0.0.0/8', 'GatewayId': 'local'},"
          "{'DestinationIpv6CidrBlock': '::/0', 'GatewayId': 'igw-1'},"
          "{'DestinationPrefixListId': 'pl-1', 'GatewayId': 'vpce-1'},"
          "{'DestinationCidrBlock': 'x', 'GatewayId': 'igw-1'}, {}]}]}",
          5, 2 },
        { "{'RouteTables': [{'VpcId': 'vpc-1'}]}", 0, 1 },
        { "{'PrefixLists': [{'PrefixListId': 'pl-1', 'PrefixListName': 'x', 'Cidrs':"
          " ['10.0.0.0/8', 'x']}]}",
          3, 1 },
        { "{'PrefixListId': 'pl-1', 'Entries': [{'Cidr': '10.0.0.0/8'}, {'Cidr': 'x'}]}", 2, 1 },
        { "{'Entries': []}", 1, 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cataloging c;

        assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
        assert_int_equal(cataloging_load(&c, cases[i].json, NOON), FLOWENRICH_OK);
        if (stat(&c, "facts") != cases[i].facts || stat(&c, "skipped_items") != cases[i].skipped)
            fail_msg("%s: %d facts, %d skipped", cases[i].json, (int)stat(&c, "facts"),
                     (int)stat(&c, "skipped_items"));
        assert_int_equal(cataloging_free(&c), 0);
    }
}

static void entries_of_something_else_are_refused(void **state)
{
    struct cataloging *c = *state;

    assert_int_equal(cataloging_load(c, "{'Entries': [{'Id': '1'}]}", NOON), FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(
        cataloging_load(c, "{'Entries': [{'Cidr': '10.0.0.0/8'}]}", FLOWENRICH_TIME_ABSENT),
        FLOWENRICH_ERR_ARG);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_become_facts_or_are_counted),
        TEST(entries_of_something_else_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
