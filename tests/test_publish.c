/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "loading.h"

static void check(struct cataloging *c, const char *address, flowenrich_time from,
                  flowenrich_time until, const char *expected)
{
    const fle_finding finding = cataloging_ask(c, "vpc-a", address, from, until);
    char got[200];

    if (strcmp(cataloging_say(c, &finding, NULL, got, sizeof got), expected) != 0)
        fail_msg("%s in [%lld, %lld]: '%s', not '%s'", address, (long long)(from - NOON),
                 (long long)(until - NOON), got, expected);
}

/* The time of attachment is a sighting of the primary address, and of no other. */
static void an_attachment_proves_the_primary_address(void **state)
{
    struct cataloging *c = *state;

    load(c,
         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-a',"
         " 'PrivateIpAddress': '10.0.0.5', 'Attachment': {'AttachTime': '2026-11-01T00:00:00Z'},"
         " 'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.5',"
         "  'Association': {'PublicIp': '198.51.100.7'}}, {'PrivateIpAddress': '10.0.0.6'}],"
         " 'Ipv6Addresses': [{'Ipv6Address': '2600:1f18::5'}]}]}",
         NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check(c, "10.0.0.5", NOON - 10 * 86400, NOON, "eni-1 address sighted");
    check(c, "10.0.0.5", NOON - 30 * 86400, NOON, "not_observed_then eni-1");
    check(c, "10.0.0.6", NOON - 10 * 86400, NOON, "not_observed_then eni-1");
    check(c, "198.51.100.7", NOON - 10 * 86400, NOON, "not_observed_then eni-1");
    check(c, "2600:1f18::5", NOON - 10 * 86400, NOON, "not_observed_then eni-1");
    check(c, "198.51.100.7", NOON, NOON, "eni-1 public-address sighted");
}

#define LISTED(addresses)                                                                          \
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-a',"                     \
    " 'PrivateIpAddresses': [" addresses "]}]}"
#define ADDRESS(text) "{'PrivateIpAddress': '" text "'}"

/* A floating address went away for an hour, and came back: nobody says where it was. */
static void an_address_missing_from_a_whole_listing_was_not_held(void **state)
{
    struct cataloging *c = *state;

    load(c, LISTED(ADDRESS("10.0.0.5") "," ADDRESS("10.0.0.9")), NOON);
    load(c, LISTED(ADDRESS("10.0.0.5")), NOON + HOUR);
    load(c, LISTED(ADDRESS("10.0.0.5") "," ADDRESS("10.0.0.9")), NOON + 2 * HOUR);
    load(c, LISTED(ADDRESS("10.0.0.5")), NOON + 3 * HOUR);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check(c, "10.0.0.5", NOON, NOON + 3 * HOUR, "eni-1 address sighted");
    check(c, "10.0.0.9", NOON, NOON + 2 * HOUR, "not_observed_then eni-1");
    check(c, "10.0.0.9", NOON, NOON + HOUR - 1, "eni-1 address assumed");
    check(c, "10.0.0.9", NOON + 2 * HOUR, NOON + 2 * HOUR, "eni-1 address sighted");
    check(c, "10.0.0.9", NOON + 2 * HOUR, NOON + 3 * HOUR, "not_observed_then eni-1");
    check(c, "10.0.0.9", NOON + 4 * HOUR, NOON + 4 * HOUR, "not_observed_then eni-1");
}

/* An elastic address listed by itself is a sighting, but no listing of all. */
static void documents_that_name_one_address_say_nothing_of_the_others(void **state)
{
    struct cataloging *c = *state;

    load(c, LISTED(ADDRESS("10.0.0.5") "," ADDRESS("10.0.0.9")), NOON);
    load(c,
         "{'Addresses': [{'PublicIp': '198.51.100.7', 'NetworkInterfaceId': 'eni-1',"
         " 'PrivateIpAddress': '10.0.0.5'}]}",
         NOON + HOUR);
    load(c, LISTED(ADDRESS("10.0.0.5") "," ADDRESS("10.0.0.9")), NOON + 2 * HOUR);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check(c, "10.0.0.9", NOON, NOON + 2 * HOUR, "eni-1 address sighted");
    check(c, "198.51.100.7", NOON + HOUR, NOON + HOUR, "eni-1 public-address sighted");
    /* the whole listings before and after haven't got it */
    check(c, "198.51.100.7", NOON + HOUR, NOON + 2 * HOUR, "not_observed_then eni-1");
}

static void what_an_interface_holds_is_its_own(void **state)
{
    static const struct {
        const char *address;
        bool own;
    } cases[] = {
        { "10.0.0.5", true },
        { "10.0.0.70", true }, /* in its prefix */
        { "10.0.0.6", false },
        { "10.0.0.80", false },
    };
    struct cataloging *c = *state;
    const fle_entry *interface;

    load(c,
         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-a',"
         " 'PrivateIpAddress': '10.0.0.5', 'Ipv4Prefixes': [{'Ipv4Prefix': '10.0.0.64/28'}]},"
         "{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-a', 'PrivateIpAddress': '10.0.0.6'}]}"
         "{'Addresses': [{'PublicIp': '198.51.100.7', 'NetworkInterfaceId': 'eni-3',"
         " 'PrivateIpAddress': '10.0.0.7'}]}",
         NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    interface = cataloging_entry(c, "eni-1");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_address address;

        assert_true(fle_address_parse(cases[i].address, strlen(cases[i].address), &address));
        if (fle_snapshot_is_own(c->snapshot, interface, &address) != cases[i].own)
            fail_msg("%s: %d", cases[i].address, !cases[i].own);
        /* an interface whose VPC no document tells */
        assert_int_equal(fle_snapshot_is_own(c->snapshot, cataloging_entry(c, "eni-3"), &address),
                         false);
    }
    assert_false(
        fle_snapshot_is_own(c->snapshot, &(fle_entry){ .flags = 0 }, &(fle_address){ { 0 } }));
}

static void check_range(struct cataloging *c, const char *text, const char *service,
                        const char *region)
{
    const fle_identity *range;
    fle_address address;

    assert_true(fle_address_parse(text, strlen(text), &address));
    range = cataloging_tell(c, fle_snapshot_range(c->snapshot, &address));
    if (!service) {
        assert_null(range);
        return;
    }
    assert_non_null(range);
    assert_true(fle_text_is(range->single[FLE_ATTR_TYPE], "aws:service"));
    assert_true(fle_text_is(range->single[FLE_ATTR_AWS_SERVICE], service));
    assert_true(fle_text_is(range->single[FLE_ATTR_REGION], region));
}

static void the_newest_publication_of_ranges_counts(void **state)
{
    struct cataloging *c = *state;

    load(c,
         "{'createDate': '2026-11-20-12-00-00', 'prefixes': ["
         "{'ip_prefix': '52.216.0.0/15', 'region': 'us-east-1', 'service': 'S3'},"
         "{'ip_prefix': '15.230.39.208/31', 'region': 'GLOBAL', 'service': "
         "'ROUTE53_HEALTHCHECKS'}]}",
         FLOWENRICH_TIME_ABSENT);
    load(c,
         "{'createDate': '2026-11-19-12-00-00', 'prefixes': ["
         "{'ip_prefix': '52.216.0.0/15', 'region': 'us-east-1', 'service': 'EC2'},"
         "{'ip_prefix': '3.0.0.0/15', 'region': 'us-east-1', 'service': 'EC2'}]}",
         FLOWENRICH_TIME_ABSENT);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    check_range(c, "52.216.0.1", "s3", "us-east-1");
    check_range(c, "15.230.39.208", "route53_healthchecks", ""); /* of no region */
    check_range(c, "3.0.0.1", NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_attachment_proves_the_primary_address, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(an_address_missing_from_a_whole_listing_was_not_held,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(documents_that_name_one_address_say_nothing_of_the_others,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test_setup_teardown(what_an_interface_holds_is_its_own, cataloging_set_up,
                                        cataloging_tear_down),
        cmocka_unit_test_setup_teardown(the_newest_publication_of_ranges_counts, cataloging_set_up,
                                        cataloging_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
