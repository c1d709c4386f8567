/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/fold.h"
#include "eventing.h"
#include "loading.h"

/* 10.0.0.5 goes from eni-1 to eni-2, which is new, by way of an event each. */
static void change(struct cataloging *c)
{
    load(c,
         "{'Vpcs': [{'VpcId': 'vpc-a', 'CidrBlock': '10.0.0.0/16'}]}"
         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-a',"
         " 'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.5'}]}]}",
         NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(eventing_call(c, NOON + HOUR, "UnassignPrivateIpAddresses",
                                   "'networkInterfaceId': 'eni-1', 'privateIpAddressesSet': "
                                   "{'item': [{'privateIpAddress': '10.0.0.5'}]}",
                                   ""),
                     FLOWENRICH_OK);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    load(c,
         "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-a',"
         " 'PrivateIpAddress': '10.0.0.5', 'Ipv4Prefixes': [{'Ipv4Prefix': '10.1.0.16/28'}]}]}",
         NOON + 2 * HOUR);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
}

static void one_whole_snapshot_has_what_two_have(void **state)
{
    struct cataloging *c = *state;
    flowenrich_snapshot *layered, *folded;
    char text[64];

    change(c);
    layered = c->snapshot;
    assert_non_null(layered->layer);
    assert_int_equal(layered->holders.n_keys, 1);
    folded = c->snapshot = fle_snapshot_fold(layered);
    assert_non_null(folded);
    assert_null(folded->layer);
    assert_int_equal(folded->holders.n_keys, 2); /* the address and the prefix */
    assert_int_equal(folded->holders.n_intervals, 3);
    assert_string_equal(
        eventing_owner(c, "vpc-a", "10.0.0.5", NOON, NOON + HOUR, text, sizeof text),
        "eni-1 address sighted");
    assert_string_equal(
        eventing_owner(c, "vpc-a", "10.0.0.5", NOON + 2 * HOUR, NOON + 2 * HOUR, text, sizeof text),
        "eni-2 address sighted");
    assert_string_equal(eventing_owner(c, "vpc-a", "10.1.0.17", NOON + 2 * HOUR, NOON + 2 * HOUR,
                                       text, sizeof text),
                        "eni-2 prefix sighted");
    assert_non_null(cataloging_entry(c, "eni-2"));
    flowenrich_snapshot_free(layered);
}

static void without_memory_nothing_is_folded_or_left(void **state)
{
    struct cataloging *c = *state;
    flowenrich_snapshot *folded = NULL;

    change(c);
    for (size_t succeed = 0; !folded; succeed++) {
        const size_t live = c->f.live;

        c->f.succeed = succeed;
        folded = fle_snapshot_fold(c->snapshot);
        assert_true(folded || c->f.live == live);
    }
    c->f.succeed = SIZE_MAX;
    flowenrich_snapshot_free(folded);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(one_whole_snapshot_has_what_two_have),
        CASE(without_memory_nothing_is_folded_or_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
