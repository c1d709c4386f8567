/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "loading.h"

/* One address of an interface, seen at noon. */
#define HELD(eni, vpc, address)                                                                    \
    "{'NetworkInterfaceId': '" eni "', 'VpcId': '" vpc "', 'PrivateIpAddress': '" address          \
    "', 'PrivateIpAddresses': [{'PrivateIpAddress': '" address "'}]}"

static const char interfaces[] =
    "{'NetworkInterfaces': [" HELD("eni-a", "vpc-a", "10.0.0.5") "," HELD(
        "eni-b", "vpc-b",
        "10.0.0.5") "," HELD("eni-b2", "vpc-b",
                             "10.1.0.5") "," HELD("eni-c", "vpc-c",
                                                  "10.2.0.5") "," HELD("eni-d", "vpc-d",
                                                                       "10.2.0.5") ","
                                                                                   "{'"
                                                                                   "NetworkInterfac"
                                                                                   "eId': 'eni-p', "
                                                                                   "'VpcId': "
                                                                                   "'vpc-c', "
                                                                                   "'PrivateIpAddre"
                                                                                   "sses': ["
                                                                                   " {'"
                                                                                   "PrivateIpAddres"
                                                                                   "s': "
                                                                                   "'10.2.0.6', "
                                                                                   "'Association': "
                                                                                   "{'PublicIp': "
                                                                                   "'198.51.100.7'}"
                                                                                   "}],"
                                                                                   " '"
                                                                                   "Ipv6Addresses':"
                                                                                   " [{'"
                                                                                   "Ipv6Address': "
                                                                                   "'2600:1f18::6'}"
                                                                                   "],"
                                                                                   " 'Ipv4Prefixes'"
                                                                                   ": "
                                                                                   "[{'Ipv4Prefix':"
                                                                                   " '10.2.0.64/"
                                                                                   "28'}]}]}";

static const char vpcs[] =
    "{'Vpcs': [{'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/16'},"
    "{'VpcId': 'vpc-b', 'CidrBlock': '10.0.0.0/16', 'CidrBlockAssociationSet':"
    " [{'CidrBlock': '10.1.0.0/16'}]},"
    "{'VpcId': 'vpc-c', 'CidrBlock': '10.2.0.0/16'},"
    "{'VpcId': 'vpc-d', 'CidrBlock': '10.2.0.0/16'}]}";

static const char subnets[] =
    "{'Subnets': [{'SubnetId': 'subnet-c', 'VpcId': 'vpc-c', 'CidrBlock': '10.2.0.64/26'},"
    "{'SubnetId': 'subnet-c-small', 'VpcId': 'vpc-c', 'CidrBlock': '10.2.0.0/28'}]}";

#define PEERING(id, a, b)                                                                          \
    "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': '" id                                   \
    "', 'Status': {'Code': 'active'}, 'RequesterVpcInfo': {'VpcId': '" a                           \
    "'}, 'AccepterVpcInfo': {'VpcId': '" b "'}}]}"

struct asked {
    const char *vpc, *address, *expected;
};

static void check(struct cataloging *c, const struct asked *asked, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const fle_finding finding = cataloging_ask(c, asked[i].vpc, asked[i].address, NOON, NOON);
        char got[200];

        if (strcmp(cataloging_say(c, &finding, asked[i].address, got, sizeof got),
                   asked[i].expected) != 0)
            fail_msg("%s seen from '%s': '%s', not '%s'", asked[i].address, asked[i].vpc, got,
                     asked[i].expected);
    }
}

#define CHECK(c, asked) check(c, asked, sizeof asked / sizeof *asked)

static void an_address_means_what_it_means_in_the_observers_vpc(void **state)
{
    static const struct asked asked[] = {
        { "vpc-a", "10.0.0.5", "eni-a address sighted" },
        { "vpc-b", "10.0.0.5", "eni-b address sighted" }, /* the same address */
        { "vpc-a", "10.0.0.6", "not_in_inventory" },      /* in its blocks: only resolved there */
        { "vpc-c", "10.2.0.6", "eni-p address sighted in subnet-c-small" },
        { "vpc-c", "10.2.0.70", "eni-p prefix sighted in subnet-c" },
        { "vpc-c", "10.2.0.100", "not_in_inventory in subnet-c" },
        { "vpc-c", "10.2.1.1", "not_in_inventory" },
        { "vpc-c", "2600:1f18::6", "eni-p address sighted" },
        { "", "10.0.0.5", "unknown_space" },
        { "vpc-unheard-of", "10.0.0.5", "unknown_space" },
    };
    struct cataloging *c = *state;

    load(c, interfaces, NOON);
    load(c, vpcs, NOON);
    load(c, subnets, NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    CHECK(c, asked);
}

static void a_joined_vpc_is_asked_next(void **state)
{
    static const struct asked asked[] = {
        { "vpc-a", "10.0.0.5", "eni-a address sighted" }, /* overlaps vpc-b: its own comes first */
        { "vpc-a", "10.1.0.5", "eni-b2 address sighted" },
        { "vpc-a", "10.1.0.6", "not_in_inventory" },
        { "vpc-a", "10.2.0.5", "eni-c address sighted in subnet-c-small" },
        { "vpc-b", "10.2.0.5", "unreachable_space" }, /* peerings don't lead on */
        { "vpc-c", "10.1.0.5", "unreachable_space" },
        { "vpc-a", "10.99.0.1", "not_in_inventory" },
        { "vpc-d", "10.0.0.5", "unreachable_space" },
    };
    static const struct asked with_two[] = {
        { "vpc-a", "10.2.0.5", "ambiguous_cidr" },
        { "vpc-a", "10.1.0.5", "eni-b2 address sighted" },
    };
    struct cataloging *c = *state;

    load(c, interfaces, NOON);
    load(c, vpcs, NOON);
    load(c, subnets, NOON);
    load(c, PEERING("pcx-1", "vpc-a", "vpc-b") PEERING("pcx-2", "vpc-c", "vpc-a"), NOON);
    load(c, PEERING("pcx-3", "vpc-a", "vpc-c"), NOON); /* twice the same */
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    CHECK(c, asked);
    load(c, PEERING("pcx-4", "vpc-a", "vpc-d"), NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    CHECK(c, with_two);
}

static void the_only_vpc_that_has_it_is_assumed_if_no_join_is_known_and_all_blocks_are(void **state)
{
    static const struct asked all_known[] = {
        { "vpc-a", "10.1.0.5", "eni-b2 address assumed" },
        { "vpc-a", "10.1.0.6", "not_in_inventory" },
        { "vpc-a", "10.2.0.5", "ambiguous_cidr" },
        { "vpc-a", "10.2.0.6", "ambiguous_cidr" },
        { "vpc-a", "10.99.0.1", "not_in_inventory" },
    };
    static const struct asked not_all_known[] = {
        { "vpc-a", "10.1.0.5", "unreachable_space" },
        { "vpc-a", "10.99.0.1", "not_in_inventory" },
    };
    struct cataloging *c = *state;

    load(c, interfaces, NOON);
    load(c, vpcs, NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    CHECK(c, all_known);
    load(c, "{'Subnets': [{'SubnetId': 'subnet-e', 'VpcId': 'vpc-e'}]}", NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    CHECK(c, not_all_known);
}

/* A listing without an item says that there is none. */
static void a_listing_of_no_peerings_is_knowledge(void **state)
{
    static const struct asked asked[] = { { "vpc-a", "10.1.0.5", "unreachable_space" } };
    struct cataloging *c = *state;

    load(c, interfaces, NOON);
    load(c, vpcs, NOON);
    load(c, "{'VpcPeeringConnections': []}", NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    CHECK(c, asked);
}

static void without_blocks_an_address_seen_in_a_vpc_is_inside(void **state)
{
    static const struct asked asked[] = {
        { "vpc-a", "10.0.0.5", "eni-a address sighted" },
        { "vpc-b", "10.0.0.5", "eni-b address sighted" },
        { "vpc-a", "10.1.0.5", "unreachable_space" },
        { "vpc-a", "10.0.0.6", "not_in_inventory" },
    };
    struct cataloging *c = *state;

    load(c, interfaces, NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    CHECK(c, asked);
}

static void public_addresses_are_the_same_from_everywhere(void **state)
{
    static const struct asked asked[] = {
        { "vpc-a", "198.51.100.7", "eni-p public-address sighted" },
        { "vpc-c", "198.51.100.7", "eni-p public-address sighted" },
        { "", "198.51.100.7", "eni-p public-address sighted" },
        { "vpc-a", "2600:1f18::6", "eni-p address sighted" }, /* elsewhere, but one of a kind */
        { "", "2600:1f18::6", "eni-p address sighted" },
        { "vpc-a", "198.51.100.8", "not_in_inventory" },
        { "", "8.8.8.8", "not_in_inventory" },
        { "vpc-a", "2600:1f18::7", "not_in_inventory" },
    };
    struct cataloging *c = *state;

    load(c, interfaces, NOON);
    load(c, vpcs, NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    CHECK(c, asked);
}

/* A VPC that uses addresses of the internet's as if they were private. */
static void a_block_of_the_observers_vpc_comes_before_the_internet(void **state)
{
    static const struct asked asked[] = {
        { "vpc-a", "30.1.0.5", "not_in_inventory" },
        { "vpc-b", "30.1.0.5", "eni-x public-address sighted" },
    };
    struct cataloging *c = *state;

    load(c,
         "{'Vpcs': [{'VpcId': 'vpc-a', 'CidrBlock': '30.1.0.0/16'},"
         "{'VpcId': 'vpc-b', 'CidrBlock': '10.0.0.0/16'}]}"
         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-x', 'VpcId': 'vpc-b',"
         " 'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.1',"
         "  'Association': {'PublicIp': '30.1.0.5'}}]}]}",
         NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    CHECK(c, asked);
}

static void an_owner_is_asked_for_at_its_time(void **state)
{
    static const struct {
        flowenrich_time from, until;
        const char *expected;
    } cases[] = {
        { NOON, NOON + HOUR, "eni-old address sighted" },
        { NOON - HOUR, NOON, "eni-old address assumed" },
        { NOON - 86400 - 1, NOON, "not_observed_then eni-old" },
        { NOON + HOUR, NOON + HOUR + 1, "owner_changed eni-new" },
        { NOON + 2 * HOUR, NOON + 3 * HOUR, "eni-new address assumed" },
        { FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT, "owner_changed eni-new" },
    };
    struct cataloging *c = *state;

    load(c, "{'NetworkInterfaces': [" HELD("eni-old", "vpc-a", "10.0.0.5") "]}", NOON);
    load(c, "{'NetworkInterfaces': [" HELD("eni-old", "vpc-a", "10.0.0.5") "]}", NOON + HOUR);
    load(c, "{'NetworkInterfaces': [" HELD("eni-new", "vpc-a", "10.0.0.5") "]}", NOON + 2 * HOUR);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_finding finding =
            cataloging_ask(c, "vpc-a", "10.0.0.5", cases[i].from, cases[i].until);
        char got[200];

        if (strcmp(cataloging_say(c, &finding, "10.0.0.5", got, sizeof got), cases[i].expected) !=
            0)
            fail_msg("[%lld, %lld]: '%s', not '%s'", (long long)(cases[i].from - NOON),
                     (long long)(cases[i].until - NOON), got, cases[i].expected);
        assert_true(finding.first != FLOWENRICH_TIME_ABSENT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_address_means_what_it_means_in_the_observers_vpc,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_joined_vpc_is_asked_next, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(
            the_only_vpc_that_has_it_is_assumed_if_no_join_is_known_and_all_blocks_are,
            cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_listing_of_no_peerings_is_knowledge, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(without_blocks_an_address_seen_in_a_vpc_is_inside,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(public_addresses_are_the_same_from_everywhere,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(a_block_of_the_observers_vpc_comes_before_the_internet,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(an_owner_is_asked_for_at_its_time, cataloging_set_up,
                                        cataloging_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
