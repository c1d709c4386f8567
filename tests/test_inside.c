/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/inside.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

/* Instances, one with a public address, a node with a pod, and a NAT gateway. */
static const char inventory[] =
    "{\"NetworkInterfaces\":["
    "{\"NetworkInterfaceId\":\"eni-a\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.5\"},"
    "{\"NetworkInterfaceId\":\"eni-p\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.6\","
    "\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"10.0.0.6\"},{\"PrivateIpAddress\":"
    "\"10.0.0.77\"}]},"
    "{\"NetworkInterfaceId\":\"eni-e\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.9\","
    "\"Association\":{\"PublicIp\":\"54.0.0.9\"}},"
    "{\"NetworkInterfaceId\":\"eni-w\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.81\","
    "\"InterfaceType\":\"nat_gateway\"}]}";

#define FIELDS                                                                                     \
    "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action\n"
#define UP "6 5 500 1772452800 1772452850 ACCEPT\n"
#define DOWN "6 4 900 1772452800 1772452850 ACCEPT\n"
#define LATER "6 5 500 1772452830 1772452880 ACCEPT\n"
#define MORE "6 6 600 1772452800 1772452850 ACCEPT\n"

#define OUT "eni-a 10.0.0.5 203.0.113.9 4000 443 "
#define BACK "eni-a 203.0.113.9 10.0.0.5 443 4000 "
#define OUT_ELSEWHERE "eni-a 10.0.0.5 203.0.113.8 4000 443 "
#define INTO "eni-w 10.0.0.5 10.0.0.81 4000 443 "
#define FROM "eni-w 10.0.0.81 10.0.0.5 443 4000 "
#define POD_OUT "eni-p 10.0.0.6 203.0.113.9 4000 443 "
#define POD_INTO "eni-w 10.0.0.77 10.0.0.81 4000 443 "

static void legs_to_a_gateway_belong_to_what_they_agree_with(void **state)
{
    static const struct {
        const char *log, *rows;
    } cases[] = {
        /* port, time and counts of both directions */
        { OUT UP BACK DOWN INTO LATER FROM DOWN,
          "4 10.0.0.5 203.0.113.9 500 900 inside eni-a,eni-w\n" },
        /* whichever comes first */
        { FROM DOWN INTO LATER BACK DOWN OUT UP,
          "4 10.0.0.5 203.0.113.9 500 900 inside eni-a,eni-w\n" },
        /* a pod's, that its node has under its own address */
        { POD_OUT UP POD_INTO UP, "2 10.0.0.77 203.0.113.9 500  inside eni-p,eni-w\n" },
        { POD_INTO UP POD_OUT UP, "2 10.0.0.77 203.0.113.9 500  inside eni-p,eni-w\n" },
        /* to a public address of ours */
        { "eni-a 10.0.0.5 54.0.0.9 4000 443 " UP INTO UP,
          "2 10.0.0.5 54.0.0.9 500  inside eni-a,eni-w\n" },
        { "eni-p 10.0.0.6 54.0.0.9 4000 443 " UP POD_INTO UP,
          "2 10.0.0.77 54.0.0.9 500  inside eni-p,eni-w\n" },
        /* another amount, another port, another time */
        { OUT UP INTO MORE, "1 10.0.0.5 10.0.0.81 600  outside eni-w\n"
                            "1 10.0.0.5 203.0.113.9 500   eni-a\n" },
        { OUT UP "eni-w 10.0.0.5 10.0.0.81 4000 8443 " UP,
          "1 10.0.0.5 203.0.113.9 500   eni-a\n1 10.0.0.5 10.0.0.81 500  outside eni-w\n" },
        { OUT UP INTO "6 5 500 1772453400 1772453450 ACCEPT\n",
          "1 10.0.0.5 203.0.113.9 500   eni-a\n1 10.0.0.5 10.0.0.81 500  outside eni-w\n" },
        /* from one port to two servers, alike in all: nobody can tell */
        { OUT UP OUT_ELSEWHERE UP INTO UP, "1 10.0.0.5 203.0.113.8 500   eni-a\n"
                                           "1 10.0.0.5 10.0.0.81 500  outside eni-w\n"
                                           "1 10.0.0.5 203.0.113.9 500   eni-a\n" },
        /* but one of the two may agree */
        { OUT UP OUT_ELSEWHERE MORE INTO UP, "1 10.0.0.5 203.0.113.8 600   eni-a\n"
                                             "2 10.0.0.5 203.0.113.9 500  inside eni-a,eni-w\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_snapshot *snapshot = enriching_inventory(inventory);
        pairing p;

        pairing_begin(&p, NULL,
                      "records client.addr server.addr uploaded downloaded nat observers");
        assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
        flowenrich_snapshot_free(snapshot);
        pairing_whole(&p, i, FIELDS, cases[i].log, cases[i].rows);
    }
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    pairing_fail(enriching_inventory(inventory),
                 FIELDS OUT UP OUT_ELSEWHERE MORE INTO LATER POD_INTO UP POD_OUT UP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(legs_to_a_gateway_belong_to_what_they_agree_with),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
