/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/catalog/ports.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "loading.h"

#define LB "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/feed/0123456789"
#define GROUP "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/feed/0123456789"

static const char documents[] =
    "{'Listeners': [{'ListenerArn': 'l-1', 'LoadBalancerArn': '" LB "', 'Port': 6123,"
    " 'Protocol': 'TCP'}, {'ListenerArn': 'l-2', 'LoadBalancerArn': '" LB "', 'Port': 53,"
    " 'Protocol': 'TCP_UDP'}, {'ListenerArn': 'l-3', 'LoadBalancerArn': '" LB "', 'Port': 70000,"
    " 'Protocol': 'TLS'}, {'ListenerArn': 'l-4', 'LoadBalancerArn': 'gwy', 'Port': 6081,"
    " 'Protocol': 'GENEVE'}]}"
    "{'TargetGroups': [{'TargetGroupArn': '" GROUP "', 'Protocol': 'TCP', 'Port': 45000,"
    " 'TargetType': 'instance', 'LoadBalancerArns': ['" LB "', '']}]}"
    "{'TargetHealthDescriptions': ["
    "{'Target': {'Id': 'i-1', 'Port': 46000}, 'HealthCheckPort': '47000',"
    " 'TargetHealth': {'State': 'unhealthy'}},"
    "{'Target': {'Id': '10.0.1.5', 'Port': 48000, 'AvailabilityZone': 'all'}},"
    "{'Target': {'Id': '2001:db8:0::5', 'Port': 48000}}, {'Target': {}}]}";

static void ports_are_those_of_balancers_and_of_their_targets(void **state)
{
    static const flowenrich_text balancer = { LB, sizeof LB - 1 };
    static const flowenrich_text instance = { "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
                                              47 };
    const fle_identity lb = { .single[FLE_ATTR_TYPE] = FLE_TEXT("elb:network"),
                              .arns = { &balancer, 1 } };
    const fle_identity target = { .single[FLE_ATTR_TYPE] = FLE_TEXT("ec2:instance"),
                                  .arns = { &instance, 1 } };
    const struct {
        const fle_identity *owner, *peer;
        const char *address;
        uint32_t protocol, port;
        fle_listens listens;
    } cases[] = {
        { &lb, NULL, "10.0.1.77", 6, 6123, FLE_LISTENS_HERE },
        { &lb, NULL, "10.0.1.77", 17, 6123, FLE_LISTENS_ELSEWHERE },
        { &lb, NULL, "10.0.1.77", UINT32_MAX, 6123, FLE_LISTENS_HERE }, /* of any protocol */
        { &lb, NULL, "10.0.1.77", 17, 53, FLE_LISTENS_HERE },
        { &lb, NULL, "10.0.1.77", 6, 45000, FLE_LISTENS_ELSEWHERE }, /* it sends there */
        { &target, NULL, "10.0.1.6", 6, 45000, FLE_LISTENS_UNKNOWN },
        { &target, &lb, "10.0.1.6", 6, 45000, FLE_LISTENS_HERE },
        { &target, &lb, "10.0.1.6", 17, 45000, FLE_LISTENS_UNKNOWN },
        { &target, NULL, "10.0.1.6", 6, 46000, FLE_LISTENS_HERE },
        { &target, NULL, "10.0.1.6", 17, 46000, FLE_LISTENS_HERE },
        { &target, NULL, "10.0.1.6", 6, 47000, FLE_LISTENS_HERE }, /* its health is asked there */
        { &target, NULL, "10.0.1.6", 17, 47000, FLE_LISTENS_UNKNOWN },
        { &target, NULL, "10.0.1.6", 6, 48000, FLE_LISTENS_UNKNOWN },
        { NULL, NULL, "10.0.1.5", 6, 48000, FLE_LISTENS_HERE },
        { NULL, NULL, "10.0.1.5", 6, 48001, FLE_LISTENS_UNKNOWN },
        { NULL, NULL, "2001:db8::5", 6, 48000, FLE_LISTENS_HERE },
        { NULL, NULL, NULL, 6, 48000, FLE_LISTENS_UNKNOWN },
    };
    struct cataloging *c = *state;

    load(c, documents, NOON);
    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = cases[i].address;
        fle_address address;

        assert_true(!text || fle_address_parse(text, strlen(text), &address));
        if (fle_snapshot_listens(c->snapshot, cases[i].owner, text ? &address : NULL, cases[i].peer,
                                 cases[i].protocol, cases[i].port) != cases[i].listens)
            fail_msg("case %zu", i);
    }
}

/* A listener's port was its own as long as it was there, and nobody asks when. */
static void ports_of_all_documents_count_also_what_was_forgotten_around_them(void **state)
{
    static const flowenrich_text balancer = { LB, sizeof LB - 1 };
    const fle_identity lb = { .arns = { &balancer, 1 } };
    struct cataloging *c = *state;

    load(c, "{'Listeners': [{'LoadBalancerArn': '" LB "', 'Port': 1, 'Protocol': 'TCP'}]}",
         NOON - 2 * HOUR);
    load(c, "{'Listeners': [{'LoadBalancerArn': '" LB "', 'Port': 2, 'Protocol': 'TCP'}]}",
         NOON - HOUR);
    for (int forgets = 0; forgets < 2; forgets++) {
        if (forgets)
            assert_int_equal(flowenrich_catalog_forget(c->catalog, NOON, &c->error), FLOWENRICH_OK);
        assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
        for (uint32_t port = 1; port <= 2; port++)
            assert_int_equal(fle_snapshot_listens(c->snapshot, &lb, NULL, NULL, 6, port),
                             FLE_LISTENS_HERE);
    }
}

static void without_documents_nothing_is_known(void **state)
{
    struct cataloging *c = *state;

    assert_int_equal(cataloging_publish(c), FLOWENRICH_OK);
    assert_int_equal(fle_snapshot_listens(c->snapshot, NULL, NULL, NULL, 6, 1),
                     FLE_LISTENS_UNKNOWN);
}

static void memory_may_run_out_anywhere(void **state)
{
    static const char *const all[] = { documents, NULL };
    (void)state;

    load_without_memory(all);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cataloging_set_up, cataloging_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ports_are_those_of_balancers_and_of_their_targets),
        TEST(ports_of_all_documents_count_also_what_was_forgotten_around_them),
        TEST(without_documents_nothing_is_known),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
