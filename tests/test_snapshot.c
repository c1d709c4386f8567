/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cataloging.h"

static const char document[] =
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-b',"
    " 'PrivateIpAddress': '10.0.0.5', 'TagSet': [{'Key': 'app', 'Value': 'web'}]},"
    "{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-a', 'PrivateIpAddress': '10.0.0.6'}]}"
    "{'Vpcs': [{'VpcId': 'vpc-0'}]}";

static void a_snapshot_needs_no_catalog(void **state)
{
    const fle_identity *interface;
    struct cataloging c;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&c, document, NOON), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    flowenrich_catalog_free(c.catalog);
    c.catalog = NULL;
    interface = cataloging_interface(&c, "eni-1");
    assert_non_null(interface);
    assert_true(fle_text_is(interface->single[FLE_ATTR_TYPE], "ec2:interface"));
    assert_true(fle_text_is(fle_identity_tag(interface, FLE_TEXT("app")), "web"));
    assert_int_equal(cataloging_free(&c), 0);
}

static void a_snapshot_lives_until_its_last_user_is_gone(void **state)
{
    struct cataloging c;
    flowenrich_snapshot *other;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&c, document, NOON), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    other = flowenrich_snapshot_ref(c.snapshot);
    assert_ptr_equal(other, c.snapshot);
    flowenrich_snapshot_free(c.snapshot);
    c.snapshot = other;
    assert_non_null(cataloging_interface(&c, "eni-2"));
    assert_null(cataloging_interface(&c, "eni-3"));
    assert_null(cataloging_interface(&c, ""));
    assert_int_equal(cataloging_free(&c), 0);
    flowenrich_snapshot_free(NULL);
}

static void a_snapshot_stays_as_it_was_published(void **state)
{
    flowenrich_snapshot *before;
    struct cataloging c;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&c, document, NOON), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    before = flowenrich_snapshot_ref(c.snapshot);
    assert_int_equal(
        cataloging_load(&c, "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-3'}]}", NOON),
        FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    assert_non_null(cataloging_interface(&c, "eni-3"));
    assert_null(fle_snapshot_interface(before, FLE_TEXT("eni-3")));
    flowenrich_snapshot_free(before);
    assert_int_equal(cataloging_free(&c), 0);
}

static void vpcs_with_interfaces_are_told_for_messages(void **state)
{
    struct cataloging c;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(cataloging_load(&c, document, NOON), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    assert_true(fle_text_is(flowenrich_snapshot_vpc(c.snapshot, 0), "vpc-a"));
    assert_true(fle_text_is(flowenrich_snapshot_vpc(c.snapshot, 1), "vpc-b"));
    assert_int_equal(flowenrich_snapshot_vpc(c.snapshot, 2).len, 0); /* vpc-0 has none */
    assert_int_equal(cataloging_free(&c), 0);
}

static uint64_t contradictions(const struct cataloging *c)
{
    flowenrich_stat stats[16];
    const size_t n = flowenrich_snapshot_stats(c->snapshot, stats, 16);

    for (size_t i = 0; i < n && i < 16; i++)
        if (strcmp(stats[i].name, "contradictions") == 0)
            return stats[i].value;
    return UINT64_MAX;
}

/* From hand to hand is none; in two hands at a time is one, also of IPv6 that is held in two. */
static void where_documents_contradict_each_other_is_counted(void **state)
{
    static const struct {
        const char *interface;
        flowenrich_time time;
        uint64_t expected;
    } cases[] = {
        { "eni-1", NOON, 0 },
        { "eni-2", NOON + HOUR, 0 },
        { "eni-1", NOON + HOUR, 2 },
        { "eni-2", NOON + 2 * HOUR, 2 },
    };
    struct cataloging *c = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char json[256];

        snprintf(json, sizeof json,
                 "{'NetworkInterfaces': [{'NetworkInterfaceId': '%s', 'VpcId': 'vpc-a', "
                 "'PrivateIpAddress': '10.0.0.5', 'Ipv6Addresses': [{'Ipv6Address': "
                 "'2600:1f18::5'}]}]}",
                 cases[i].interface);
        assert_int_equal(cataloging_load(c, json, cases[i].time), FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
        if (contradictions(c) != cases[i].expected)
            fail_msg("%zu documents: %d", i + 1, (int)contradictions(c));
    }
}

static void an_empty_catalog_publishes_an_empty_snapshot(void **state)
{
    struct cataloging c;
    fle_finding finding;
    (void)state;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    assert_int_equal(flowenrich_snapshot_vpc(c.snapshot, 0).len, 0);
    finding = cataloging_ask(&c, "", "198.51.100.7", NOON, NOON);
    assert_int_equal(finding.reason, FLE_REASON_NOT_IN_INVENTORY);
    assert_null(fle_snapshot_range(c.snapshot, &(fle_address){ { 0 } }));
    assert_int_equal(cataloging_free(&c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_snapshot_needs_no_catalog),
        cmocka_unit_test(a_snapshot_lives_until_its_last_user_is_gone),
        cmocka_unit_test(a_snapshot_stays_as_it_was_published),
        cmocka_unit_test(vpcs_with_interfaces_are_told_for_messages),
        cmocka_unit_test_setup_teardown(where_documents_contradict_each_other_is_counted,
                                        cataloging_set_up, cataloging_tear_down),
        cmocka_unit_test(an_empty_catalog_publishes_an_empty_snapshot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
