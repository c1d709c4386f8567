/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/balanced.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

/* A network load balancer and its targets; a client, 10.0.0.5; a stranger in another VPC. */
#define INTERFACES                                                                                 \
    "{\"NetworkInterfaces\":["                                                                     \
    "{\"NetworkInterfaceId\":\"eni-n\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.80\","    \
    "\"InterfaceType\":\"network_load_balancer\",\"RequesterId\":\"amazon-elb\",\"OwnerId\":"      \
    "\"1\",\"RequesterManaged\":true,\"AvailabilityZone\":\"us-east-1a\",\"Description\":"         \
    "\"ELB net/keep/00000000000000b0\"},"                                                          \
    "{\"NetworkInterfaceId\":\"eni-c\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.5\"},"    \
    "{\"NetworkInterfaceId\":\"eni-s\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.3\"},"    \
    "{\"NetworkInterfaceId\":\"eni-t\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.9\"}]}"

#define BALANCER "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/keep/00000000000000b0"

static const char targets[] =
    "{\"TargetGroups\":[{\"TargetGroupArn\":\"arn:g\",\"Protocol\":\"TCP\",\"Port\":8443,"
    "\"LoadBalancerArns\":[\"" BALANCER "\"]}]}"
    "{\"Listeners\":[{\"LoadBalancerArn\":\"" BALANCER "\",\"Port\":443,\"Protocol\":\"TCP\"}]}"
    "{\"TargetHealthDescriptions\":[{\"Target\":{\"Id\":\"10.0.0.9\",\"Port\":8443}}]}";

static const char another[] =
    "{\"TargetHealthDescriptions\":[{\"Target\":{\"Id\":\"10.0.0.3\",\"Port\":8443}}]}";

#define AT_C "eni-c vpc-1 10.0.0.5 10.0.0.80 4000 443 10.0.0.5 10.0.0.80 "
#define AT_C_BACK "eni-c vpc-1 10.0.0.80 10.0.0.5 443 4000 10.0.0.80 10.0.0.5 "
#define AT_N "eni-n vpc-1 10.0.0.5 10.0.0.80 4000 443 10.0.0.5 10.0.0.80 "
#define FROM_N "eni-n vpc-1 10.0.0.80 10.0.0.9 4000 8443 10.0.0.5 10.0.0.9 "
#define AT_T "eni-t vpc-1 10.0.0.5 10.0.0.9 4000 8443 10.0.0.5 10.0.0.9 "
#define AT_S "eni-s vpc-1 10.0.0.5 10.0.0.3 4000 8443 10.0.0.5 10.0.0.3 "

#define UP "6 5 500 1772452800 1772452850 ACCEPT 2 egress OK\n"
#define UP_IN "6 5 500 1772452800 1772452850 ACCEPT 2 ingress OK\n"
#define DOWN_IN "6 4 900 1772452800 1772452850 ACCEPT 18 ingress OK\n"
#define LATER "6 7 700 1772453200 1772453250 ACCEPT 0 egress OK\n"

static flowenrich_snapshot *snapshot_of(const char *documents, const char *more)
{
    char all[4096];

    snprintf(all, sizeof all, "%s%s%s", INTERFACES, documents, more);
    return enriching_inventory(all);
}

static void both_sides_of_a_load_balancer_are_one_if_that_is_proven(void **state)
{
    static const struct {
        const char *documents, *more, *log, *rows;
    } cases[] = {
        /* it logged both sides itself */
        { "", "", AT_C UP AT_N UP_IN FROM_N UP AT_T UP_IN AT_C_BACK DOWN_IN,
          "5 10.0.0.5 10.0.0.9 500 900  eni-c eni-n eni-t\n" },
        /* whichever comes first */
        { "", "", FROM_N UP AT_T UP_IN AT_C UP AT_N UP_IN AT_C_BACK DOWN_IN,
          "5 10.0.0.5 10.0.0.9 500 900  eni-c eni-n eni-t\n" },
        { "", "", AT_T UP_IN AT_C UP AT_N UP_IN AT_C_BACK DOWN_IN FROM_N UP,
          "5 10.0.0.5 10.0.0.9 500 900  eni-c eni-n eni-t\n" },
        /* it logs nothing, but documents tell its listener and its target */
        { targets, "", AT_C UP AT_T UP_IN, "2 10.0.0.5 10.0.0.9 500   eni-c  eni-t\n" },
        { targets, "", AT_T UP_IN AT_C UP, "2 10.0.0.5 10.0.0.9 500   eni-c  eni-t\n" },
        /* nothing tells that these belong together */
        { "", "", AT_C UP AT_T UP_IN,
          "1 10.0.0.5 10.0.0.9 500     eni-t\n1 10.0.0.5 10.0.0.80 500   eni-c  \n" },
        /* who is called isn't its target */
        { targets, "", AT_C UP AT_S UP_IN,
          "1 10.0.0.5 10.0.0.80 500   eni-c  \n1 10.0.0.5 10.0.0.3 500     eni-s\n" },
        /* either may be its target, so one of them says what is before it, too */
        { targets, another, AT_S UP_IN AT_T UP_IN AT_C UP,
          "1 10.0.0.5 10.0.0.9 500     eni-t\n1 10.0.0.5 10.0.0.80 500  outside eni-c  \n"
          "1 10.0.0.5 10.0.0.3 500     eni-s\n" },
        /* not at the same time */
        { targets, "", AT_T UP_IN AT_C LATER,
          "1 10.0.0.5 10.0.0.9 500     eni-t\n1 10.0.0.5 10.0.0.80 700   eni-c  \n" },
        /* that it was at the same time shows only by another record */
        { targets, "", AT_T UP_IN AT_C LATER AT_C UP, "3 10.0.0.5 10.0.0.9 1200   eni-c  eni-t\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_snapshot *snapshot = snapshot_of(cases[i].documents, cases[i].more);
        pairing p;

        pairing_begin(&p, NULL,
                      "records client.addr server.addr uploaded downloaded nat client.observer "
                      "hops.observer server.observer");
        assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
        flowenrich_snapshot_free(snapshot);
        pairing_whole(&p, i, PAIRING_FIELDS, cases[i].log, cases[i].rows);
    }
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    pairing_fail(snapshot_of(targets, another), PAIRING_FIELDS AT_C UP AT_S UP_IN AT_T UP_IN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_of_a_load_balancer_are_one_if_that_is_proven),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
