/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/derive.h"
#include "eventing.h"

/* What happens to two interfaces, a second instance and an elastic address. */
static const struct {
    flowenrich_time time;
    const char *name, *request, *response;
} calls[] = {
    { 0, "CreateNetworkInterface", "",
      "'networkInterface': {'networkInterfaceId': 'eni-1', 'vpcId': 'vpc-1', "
      "'privateIpAddressesSet': {'item': [{'privateIpAddress': '10.0.0.5'}]}, 'groupSet': "
      "{'items': [{'groupId': 'sg-1'}]}}" },
    { 100, "AttachNetworkInterface", "'networkInterfaceId': 'eni-1', 'instanceId': 'i-1'",
      "'attachmentId': 'a-1'" },
    { 200, "DetachNetworkInterface", "'attachmentId': 'a-1'", "" },
    { 300, "AttachNetworkInterface", "'networkInterfaceId': 'eni-1', 'instanceId': 'i-2'",
      "'attachmentId': 'a-2'" },
    { 310, "AssignPrivateIpAddresses", "'networkInterfaceId': 'eni-1'", "'x': '10.0.0.7'" },
    { 400, "AllocateAddress", "", "'allocationId': 'e-1', 'publicIp': '192.0.2.7'" },
    { 500, "AssociateAddress", "'allocationId': 'e-1', 'networkInterfaceId': 'eni-1'",
      "'associationId': 'o-1'" },
    { 600, "DisassociateAddress", "'associationId': 'o-1'", "" },
    { 700, "ReleaseAddress", "'allocationId': 'e-1'", "" },
    { 800, "CreateTags",
      "'resourcesSet': {'items': [{'resourceId': 'i-2'}]}, 'tagSet': {'items': [{'key': 'app', "
      "'value': 'web'}]}",
      "" },
    { 800, "DeleteTags",
      "'resourcesSet': {'items': [{'resourceId': 'i-2'}]}, 'tagSet': {'items': [{'key': 'app'}]}",
      "" },
    { 820, "ModifyNetworkInterfaceAttribute",
      "'networkInterfaceId': 'eni-1', 'groupSet': {'items': [{'groupId': 'sg-2'}]}", "" },
    { 850, "ModifyNetworkInterfaceAttribute",
      "'networkInterfaceId': 'eni-1', 'groupSet': {'items': [{'groupId': 'sg-3'}]}", "" },
    { 900, "TerminateInstances", "'instancesSet': {'items': [{'instanceId': 'i-2'}]}", "" },
    { 1000, "AssignPrivateIpAddresses", "'networkInterfaceId': 'eni-2'", "'x': '10.0.0.5'" },
    { 1005, "UnassignPrivateIpAddresses", "'networkInterfaceId': 'eni-2', 'x': '10.0.0.5'", "" },
};

#define N_CALLS (sizeof calls / sizeof *calls)

/* And what documents saw in between. */
#define SEEN                                                                                       \
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'OwnerId': "         \
    "'111122223333', 'AvailabilityZone': 'us-east-1a', 'PrivateIpAddresses': "                     \
    "[{'PrivateIpAddress': '10.0.0.5'}], 'Groups': [{'GroupId': 'sg-1'}]}, "                       \
    "{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-1'}]}"

/* All answers for all times, as one text. */
static void describe(struct cataloging *c, fle_buffer *out)
{
    static const char *const addresses[] = { "10.0.0.5", "10.0.0.7", "192.0.2.7" };
    char text[256];

    for (flowenrich_time time = -100; time < 1200; time += 5) {
        fle_buffer_string(
            out, eventing_then(c, "eni-1", NOON + time, NOON + time + 20, text, sizeof text));
        for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
            fle_buffer_char(out, ',');
            fle_buffer_string(out, eventing_owner(c, "vpc-1", addresses[i], NOON + time,
                                                  NOON + time + 20, text, sizeof text));
        }
        fle_buffer_char(out, '\n');
    }
}

static void run(const size_t order[N_CALLS + 1], size_t publish_at, fle_buffer *out)
{
    struct cataloging c;

    assert_int_equal(cataloging_new(&c, NULL, 0), FLOWENRICH_OK);
    for (size_t i = 0; i <= N_CALLS; i++) {
        const size_t k = order[i];

        if (k == N_CALLS)
            assert_int_equal(cataloging_load(&c, SEEN, NOON + 80), FLOWENRICH_OK);
        else
            assert_int_equal(eventing_call(&c, NOON + calls[k].time, calls[k].name,
                                           calls[k].request, calls[k].response),
                             FLOWENRICH_OK);
        if (i == publish_at)
            assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    }
    assert_int_equal(cataloging_publish(&c), FLOWENRICH_OK);
    describe(&c, out);
    assert_int_equal(cataloging_free(&c), 0);
}

static void the_order_of_events_makes_no_difference(void **state)
{
    fle_allocator allocator;
    fle_buffer expected, out;
    size_t order[N_CALLS + 1];
    unsigned random = 1;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&expected, &allocator);
    fle_buffer_init(&out, &allocator);
    for (size_t i = 0; i <= N_CALLS; i++)
        order[i] = i;
    run(order, N_CALLS, &expected);
    assert_non_null(strstr(expected.data, "i-2 sg-1,"));
    for (unsigned turn = 0; turn < 30; turn++) {
        for (size_t i = N_CALLS; i > 0; i--) {
            const size_t other = (random = random * 1664525 + 1013904223) / 65536 % (i + 1);
            const size_t swapped = order[i];

            order[i] = order[other];
            order[other] = swapped;
        }
        fle_buffer_clear(&out);
        run(order, turn % N_CALLS, &out);
        if (out.len != expected.len || memcmp(out.data, expected.data, out.len) != 0)
            fail_msg("turn %u:\n%.*s\nnot\n%.*s", turn, (int)out.len, out.data, (int)expected.len,
                     expected.data);
    }
    fle_buffer_free(&out);
    fle_buffer_free(&expected);
}

static void add(fle_facts *facts, flowenrich_time time, fle_subject kind, const char *subject,
                fle_predicate predicate, const char *value)
{
    fle_fact fact = { time, 0, 0, 0, (uint8_t)kind, (uint8_t)predicate, FLE_SET };

    assert_true(fle_facts_intern(facts, fle_text_of(subject), &fact.subject));
    assert_true(fle_facts_intern(facts, fle_text_of(value), &fact.value));
    assert_true(fle_facts_add(facts, &fact));
}

/* A later event may mean another interface, so nothing that is derived stays. */
static void what_is_derived_is_taken_off_again(void **state)
{
    fle_allocator allocator;
    fle_arena scratch;
    fle_facts facts;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&scratch, &allocator);
    assert_true(fle_facts_init(&facts, &allocator, 7));
    add(&facts, 10, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_ATTACHMENT, "a-1");
    add(&facts, 10, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_INSTANCE, "i-1");
    add(&facts, 20, FLE_SUBJECT_ENI_ATTACHMENT, "a-1", FLE_FACT_STATE, "detached");
    assert_true(fle_facts_sort(&facts, &scratch));
    assert_true(fle_derive(&facts, &scratch));
    assert_int_equal(facts.n, 4);
    assert_int_equal(
        fle_about_newest(fle_facts_of(&facts, FLE_SUBJECT_INTERFACE), FLE_FACT_INSTANCE), 0);
    fle_underive(&facts);
    assert_int_equal(facts.n, 3);
    fle_facts_free(&facts);
    fle_arena_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_events_makes_no_difference),
        cmocka_unit_test(what_is_derived_is_taken_off_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
