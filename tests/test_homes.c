/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/homes.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

static const char inventory[] =
    "{\"NetworkInterfaces\":["
    "{\"NetworkInterfaceId\":\"eni-a\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.5\","
    "\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"10.0.0.5\",\"Association\":{\"PublicIp\":"
    "\"54.0.0.5\"}},{\"PrivateIpAddress\":\"10.0.0.77\"}]},"
    "{\"NetworkInterfaceId\":\"eni-b\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.9\","
    "\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"10.0.0.9\",\"Association\":{\"PublicIp\":"
    "\"54.0.0.9\"}}]},"
    "{\"NetworkInterfaceId\":\"eni-g\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.70\","
    "\"InterfaceType\":\"transit_gateway\"},"
    "{\"NetworkInterfaceId\":\"eni-n\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.80\","
    "\"InterfaceType\":\"network_load_balancer\",\"RequesterId\":\"amazon-elb\","
    "\"Description\":\"ELB net/keep/00000000000000b0\"},"
    "{\"NetworkInterfaceId\":\"eni-w\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.81\","
    "\"InterfaceType\":\"nat_gateway\",\"PrivateIpAddresses\":[{\"PrivateIpAddress\":"
    "\"10.0.0.81\",\"Association\":{\"PublicIp\":\"54.0.0.81\"}}]}]}"
    "{\"Listeners\":[{\"LoadBalancerArn\":\"arn:b\",\"Port\":443,\"Protocol\":\"TCP\"}]}";

#define TIME "6 5 500 1772452800 1772452850 ACCEPT 2 "

#define V2 "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action\n"
#define V2_TIME "6 5 500 1772452800 1772452850 ACCEPT\n"

static void pair(size_t number, const char *fields, const char *log, const char *paths,
                 const char *rows)
{
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    pairing p;

    pairing_begin(&p, NULL, paths);
    assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
    flowenrich_snapshot_free(snapshot);
    pairing_whole(&p, number, fields, log, rows);
}

static void ours_are_known_by_public_and_by_secondary_addresses(void **state)
{
    static const struct {
        const char *fields, *log, *rows;
    } cases[] = {
        /* both by public addresses */
        { PAIRING_FIELDS,
          "eni-a vpc-1 10.0.0.5 54.0.0.9 4000 443 10.0.0.5 54.0.0.9 " TIME "egress OK\n"
          "eni-b vpc-1 54.0.0.5 10.0.0.9 4000 443 54.0.0.5 10.0.0.9 " TIME "ingress OK\n",
          "2 10.0.0.5 54.0.0.5 10.0.0.9 54.0.0.9\n" },
        /* nobody of ours */
        { PAIRING_FIELDS,
          "eni-a vpc-1 10.0.0.5 8.8.8.8 4000 443 10.0.0.5 8.8.8.8 " TIME "egress OK\n",
          "1 10.0.0.5  8.8.8.8 \n" },
        /* a secondary address, in a log that has the primary one for it */
        { "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
          "tcp-flags\n",
          "eni-a 10.0.0.5 10.0.0.9 4000 443 6 5 500 1772452800 1772452850 ACCEPT 2\n"
          "eni-b 10.0.0.77 10.0.0.9 4000 443 6 5 500 1772452800 1772452850 ACCEPT 2\n",
          "2 10.0.0.77  10.0.0.9 \n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        pair(i, cases[i].fields, cases[i].log,
             "records client.addr client.public server.addr server.public", cases[i].rows);
}

static void what_gateways_write_over_packets_is_no_end(void **state)
{
    static const struct {
        const char *fields, *log, *rows;
    } cases[] = {
        /* a transit gateway's address stands for somebody else's */
        { V2,
          "eni-b 10.0.0.9 10.3.0.1 4000 443 " V2_TIME "eni-g 10.0.0.9 10.0.0.70 4000 443 " V2_TIME,
          "eni-g 10.0.0.9 10.0.0.70 outside\neni-b 10.0.0.9 10.3.0.1 \n" },
        /* unless the other end says that it talks to it */
        { V2,
          "eni-b 10.0.0.9 10.0.0.70 4000 443 " V2_TIME "eni-g 10.0.0.9 10.0.0.70 4000 443 " V2_TIME,
          "eni-b,eni-g 10.0.0.9 10.0.0.70 \n" },
        /* a load balancer's does towards its targets, not where it listens */
        { V2, "eni-n 10.0.0.80 10.0.0.9 4000 8443 " V2_TIME, "eni-n 10.0.0.80 10.0.0.9 outside\n" },
        { V2, "eni-n 10.0.0.9 10.0.0.80 4000 443 " V2_TIME, "eni-n 10.0.0.9 10.0.0.80 \n" },
        /* a NAT gateway that logs nothing calls ours by a public address */
        { PAIRING_FIELDS,
          "eni-b vpc-1 54.0.0.81 10.0.0.9 4000 443 54.0.0.81 10.0.0.9 " TIME "ingress OK\n",
          "eni-b 54.0.0.81 10.0.0.9 outside\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        pair(i, cases[i].fields, cases[i].log, "observers client.addr server.addr nat",
             cases[i].rows);
}

/* They log the packets' addresses, of which those of nodes have logs without. */
static void gateways_without_interfaces_join_them_that_tell_less(void **state)
{
    static const struct {
        const char *fields, *log;
    } cases[] = {
        { "tgw-id tgw-attachment-id tgw-src-vpc-id tgw-dst-vpc-id srcaddr dstaddr srcport dstport "
          "protocol packets bytes start end\n",
          "tgw-1 tgw-attach-1 vpc-1 - 10.0.0.77 10.7.0.1 4000 443 6 5 500 1772452800 "
          "1772452850\n" },
        { "interface-id resource-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport "
          "protocol packets bytes start end action vpc-id\n",
          "- nat-1 10.0.0.77 10.7.0.1 10.0.0.77 10.7.0.1 4000 443 6 5 500 1772452800 1772452850 "
          "ACCEPT vpc-1\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_snapshot *snapshot = enriching_inventory(inventory);
        pairing p;

        pairing_begin(&p, NULL, "records client.addr server.addr uploaded");
        assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
        flowenrich_snapshot_free(snapshot);
        pairing_feed(&p, V2, "eni-a 10.0.0.5 10.7.0.1 4000 443 " V2_TIME);
        pairing_whole(&p, i, cases[i].fields, cases[i].log, "2 10.0.0.77 10.7.0.1 500\n");
    }
}

static void a_log_with_packet_addresses_tells_more_than_a_second_one_without(void **state)
{
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    pairing p;

    (void)state;
    pairing_begin(&p, NULL, "client.addr records uploaded");
    assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
    flowenrich_snapshot_free(snapshot);
    pairing_feed(&p, PAIRING_FIELDS,
                 "eni-a vpc-1 10.0.0.5 10.0.0.9 4000 443 10.0.0.77 10.0.0.9 " TIME "egress OK\n");
    pairing_feed(&p, V2, "eni-a 10.0.0.5 10.0.0.9 4000 443 " V2_TIME);
    pairing_advance(&p, FLOWENRICH_TIME_END);
    assert_string_equal(pairing_rows(&p), "10.0.0.77 1 500\n");
    assert_int_equal(pairing_stat(&p, "uncounted_records"), 1);
    pairing_end(&p);
}

/* Its own address stood for a pod's, as it turns out; so nobody knows whether that is the one. */
static void what_a_log_without_them_said_before_is_left_out_of_sums(void **state)
{
    static const struct {
        const char *first, *then, *rows;
    } cases[] = {
        { "eni-a 10.0.0.5 10.0.0.9 4000 443 " V2_TIME,
          "eni-a vpc-1 10.0.0.5 10.0.0.9 4000 443 10.0.0.77 10.0.0.9 " TIME "egress OK\n",
          "10.0.0.77  1 500\n10.0.0.5 outside 1 500\n" },
        /* to a public address of ours: by which the interface may be known, too, or the pod is */
        { "eni-a 10.0.0.5 54.0.0.9 4000 443 " V2_TIME,
          "eni-a vpc-1 10.0.0.5 54.0.0.9 4000 443 10.0.0.77 54.0.0.9 " TIME "egress OK\n",
          "10.0.0.5 outside 1 500\n10.0.0.77  1 500\n" },
        /* the other log has nothing of a pod: there is nothing to take for a pod's */
        { "eni-a 10.0.0.5 54.0.0.9 4000 443 " V2_TIME,
          "eni-a vpc-1 10.0.0.5 54.0.0.9 4000 443 10.0.0.5 54.0.0.9 " TIME "egress OK\n",
          "10.0.0.5  2 500\n" },
        /* who has no other address is that */
        { "eni-b 10.0.0.9 10.3.0.1 4000 443 " V2_TIME,
          "eni-b vpc-1 10.0.0.9 10.3.0.1 4000 443 10.0.0.9 10.3.0.1 " TIME "egress OK\n",
          "10.0.0.9  2 500\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_snapshot *snapshot = enriching_inventory(inventory);
        pairing p;

        pairing_begin(&p, NULL, "client.addr nat records uploaded");
        assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
        flowenrich_snapshot_free(snapshot);
        pairing_feed(&p, V2, cases[i].first);
        pairing_whole(&p, i, PAIRING_FIELDS, cases[i].then, cases[i].rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_are_known_by_public_and_by_secondary_addresses),
        cmocka_unit_test(what_gateways_write_over_packets_is_no_end),
        cmocka_unit_test(gateways_without_interfaces_join_them_that_tell_less),
        cmocka_unit_test(a_log_with_packet_addresses_tells_more_than_a_second_one_without),
        cmocka_unit_test(what_a_log_without_them_said_before_is_left_out_of_sums),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
