/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/aliases.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

#define BALANCER "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/keep/00000000000000b0"

/* Two nodes with pods, of which the first one's has 10.0.0.77 and .78; a server, a balancer. */
static const char inventory[] =
    "{\"NetworkInterfaces\":["
    "{\"NetworkInterfaceId\":\"eni-a\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.5\","
    "\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"10.0.0.5\"},{\"PrivateIpAddress\":"
    "\"10.0.0.77\"},{\"PrivateIpAddress\":\"10.0.0.78\"}]},"
    "{\"NetworkInterfaceId\":\"eni-c\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.6\","
    "\"PrivateIpAddresses\":[{\"PrivateIpAddress\":\"10.0.0.6\"},{\"PrivateIpAddress\":"
    "\"10.0.0.99\"}]},"
    "{\"NetworkInterfaceId\":\"eni-b\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.9\"},"
    "{\"NetworkInterfaceId\":\"eni-n\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.80\","
    "\"InterfaceType\":\"network_load_balancer\",\"RequesterId\":\"amazon-elb\",\"OwnerId\":\"1\","
    "\"RequesterManaged\":true,\"AvailabilityZone\":\"us-east-1a\",\"Description\":\"ELB "
    "net/keep/00000000000000b0\"}]}"
    "{\"TargetGroups\":[{\"TargetGroupArn\":\"arn:g\",\"Protocol\":\"TCP\",\"Port\":8443,"
    "\"LoadBalancerArns\":[\"" BALANCER "\"]}]}"
    "{\"Listeners\":[{\"LoadBalancerArn\":\"" BALANCER "\",\"Port\":443,\"Protocol\":\"TCP\"}]}"
    "{\"TargetHealthDescriptions\":[{\"Target\":{\"Id\":\"10.0.0.9\",\"Port\":8443}}]}";

#define FIELDS                                                                                     \
    "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action\n"
#define PACKETS                                                                                    \
    "interface-id pkt-srcaddr pkt-dstaddr srcaddr dstaddr srcport dstport protocol packets bytes " \
    "start end action\n"
#define UP "6 5 500 1772452800 1772452850 ACCEPT\n"
#define MORE "6 7 700 1772452860 1772452910 ACCEPT\n"

#define FLAGS                                                                                      \
    "interface-id pkt-srcaddr pkt-dstaddr srcaddr dstaddr srcport dstport protocol packets bytes " \
    "start end action tcp-flags\n"

static void pair(const char *fields, const char *log, const char *more, size_t number,
                 const char *rows)
{
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    pairing p;

    pairing_begin(&p, NULL, "records client.addr server.addr uploaded observers");
    assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
    flowenrich_snapshot_free(snapshot);
    pairing_feed(&p, fields, log);
    pairing_whole(&p, number, strstr(fields, "tcp-flags") ? fields : FIELDS, more, rows);
}

static void who_logs_later_by_another_address_joins(void **state)
{
    static const struct {
        const char *fields, *log, *more, *rows;
    } cases[] = {
        /* the node has its own address where the server has the pod's */
        { FIELDS, "eni-b 10.0.0.77 10.0.0.9 4000 5432 " UP, "eni-a 10.0.0.5 10.0.0.9 4000 5432 " UP,
          "2 10.0.0.77 10.0.0.9 500 eni-a,eni-b\n" },
        /* long after it began */
        { FIELDS,
          "eni-b 10.0.0.77 10.0.0.9 4000 5432 " UP
          "eni-b 10.0.0.77 10.0.0.9 4000 5432 6 1 50 1772456400 1772456460 ACCEPT\n",
          "eni-a 10.0.0.5 10.0.0.9 4000 5432 6 1 50 1772456400 1772456460 ACCEPT\n",
          "1 10.0.0.77 10.0.0.9 500 eni-b\n2 10.0.0.77 10.0.0.9 50 eni-a,eni-b\n" },
        /* it logs the packets' addresses, as it turns out */
        { PACKETS,
          "eni-b 10.0.0.77 10.0.0.9 10.0.0.77 10.0.0.9 4000 5432 " UP
          "eni-a 10.0.0.77 10.0.0.9 10.0.0.5 10.0.0.9 4000 5432 " UP,
          "", "2 10.0.0.77 10.0.0.9 500 eni-a,eni-b\n" },
        /* both ends are pods, which somebody between them told first */
        { "tgw-id tgw-attachment-id tgw-src-vpc-id tgw-dst-vpc-id srcaddr dstaddr srcport dstport "
          "protocol packets bytes start end\n",
          "tgw-1 tgw-attach-1 vpc-1 vpc-1 10.0.0.99 10.0.0.77 4000 5432 6 5 500 1772452800 "
          "1772452850\n",
          "eni-c 10.0.0.6 10.0.0.77 4000 5432 " UP "eni-a 10.0.0.99 10.0.0.5 4000 5432 " UP,
          "3 10.0.0.99 10.0.0.77 500 eni-c,tgw-attach-1,eni-a\n" },
        /* one side of a load balancer was told before the client logged anything */
        { FIELDS, "eni-n 10.0.0.77 10.0.0.80 4000 443 " UP,
          "eni-a 10.0.0.5 10.0.0.80 4000 443 " UP "eni-b 10.0.0.77 10.0.0.9 4000 8443 " UP,
          "3 10.0.0.77 10.0.0.9 500 eni-a,eni-n,eni-b\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        pair(cases[i].fields, cases[i].log, cases[i].more, i, cases[i].rows);
}

/* The same client asks the same target again, as that tells before the load balancer does. */
static void the_next_one_has_the_legs_of_the_one_before(void **state)
{
#define FRONT(ports, counts, times, flags)                                                         \
    "eni-a 10.0.0.5 10.0.0.80 10.0.0.5 10.0.0.80 " ports " 6 " counts " " times " ACCEPT " flags   \
    "\n"
#define BACK(way, ports, counts, times, flags)                                                     \
    "eni-b " way " " way " " ports " 6 " counts " " times " ACCEPT " flags "\n"
#define TO "10.0.0.5 10.0.0.9"
#define BEGIN "1772452800 1772452860"
#define SOONER "1772453040 1772453100"
#define AGAIN "1772453060 1772453120"
#define LATER "1772453100 1772453160"
#define LAST "1772453121 1772453180"
#define BY "10.0.0.9 10.0.0.5"
    static const char first[] = FRONT("4000 443", "5 500", BEGIN, "3")
        BACK(TO, "4000 8443", "5 500", BEGIN, "3") BACK(BY, "8443 4000", "4 400", BEGIN, "19");
    /* what has no SYN is nearer to the one after the silence, on both sides */
    static const char then[] =
        BACK(TO, "4000 8443", "7 700", AGAIN, "2") FRONT("4000 443", "1 50", LATER, "1")
            BACK(TO, "4000 8443", "1 50", LAST, "1") FRONT("4000 443", "7 700", SOONER, "2");

    (void)state;
    pair(FLAGS, first, then, 0,
         "3 10.0.0.5 10.0.0.9 500 eni-a,eni-b\n4 10.0.0.5 10.0.0.9 750 eni-a,eni-b\n");
}

static void pods_that_took_one_port_are_told_apart_where_somebody_does(void **state)
{
    static const struct {
        const char *log, *more, *rows;
    } cases[] = {
        /* their node logs nothing */
        { "eni-b 10.0.0.77 10.0.0.9 4000 5432 " UP "eni-b 10.0.0.78 10.0.0.9 4000 5432 " MORE, "",
          "1 10.0.0.77 10.0.0.9 500 eni-b\n1 10.0.0.78 10.0.0.9 700 eni-b\n" },
        /* its log has both as one: that says nothing new of either */
        { "eni-b 10.0.0.77 10.0.0.9 4000 5432 " UP "eni-b 10.0.0.78 10.0.0.9 4000 5432 " UP,
          "eni-a 10.0.0.5 10.0.0.9 4000 5432 6 10 1000 1772452800 1772452850 ACCEPT\n",
          "1 10.0.0.77 10.0.0.9 500 eni-b\n1 10.0.0.78 10.0.0.9 500 eni-b\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        pair(FIELDS, cases[i].log, cases[i].more, i, cases[i].rows);
}

/* What an evicted one said isn't said again by who calls it by another name. */
static void an_evicted_one_is_known_by_its_names(void **state)
{
    flowenrich_pairer_options opt = FLOWENRICH_PAIRER_OPTIONS_INIT;
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    pairing p;
    (void)state;

    opt.max_bytes = 1;
    pairing_begin(&p, &opt, "uploaded");
    assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
    flowenrich_snapshot_free(snapshot);
    pairing_feed(&p, FIELDS, "eni-b 10.0.0.77 10.0.0.9 4000 5432 " UP);
    for (unsigned i = 0; pairing_stat(&p, "evicted") == 0; i++) {
        char record[200];

        assert_true(i < 100000);
        snprintf(record, sizeof record, "eni-b 10.7.%u.%u 10.0.0.9 4000 5432 %s", i / 250, i % 250,
                 MORE);
        pairing_feed(&p, FIELDS, record);
    }
    pairing_feed(&p, FIELDS, "eni-a 10.0.0.5 10.0.0.9 4000 5432 " UP);
    assert_int_equal(pairing_stat(&p, "uncounted_records"), 1);
    /* also not where it has gone on since */
    pairing_feed(&p, FIELDS, "eni-b 10.0.0.77 10.0.0.9 4000 5432 " MORE);
    assert_int_equal(pairing_stat(&p, "uncounted_records"), 1);
    pairing_feed(&p, FIELDS, "eni-a 10.0.0.5 10.0.0.9 4000 5432 " UP);
    assert_int_equal(pairing_stat(&p, "uncounted_records"), 2);
    pairing_end(&p);
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    pairing_fail(enriching_inventory(inventory), FIELDS "eni-n 10.0.0.77 10.0.0.80 4000 443 " UP
                                                        "eni-a 10.0.0.5 10.0.0.80 4000 443 " UP
                                                        "eni-b 10.0.0.99 10.0.0.77 4000 8443 " UP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_logs_later_by_another_address_joins),
        cmocka_unit_test(the_next_one_has_the_legs_of_the_one_before),
        cmocka_unit_test(pods_that_took_one_port_are_told_apart_where_somebody_does),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
        cmocka_unit_test(an_evicted_one_is_known_by_its_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
