/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/outside.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pair/observers.h"
#include "pairing.h"

/* Two instances, a server with an elastic address, and a NAT gateway. */
static const char inventory[] =
    "{\"NetworkInterfaces\":["
    "{\"NetworkInterfaceId\":\"eni-a\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.5\"},"
    "{\"NetworkInterfaceId\":\"eni-b\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.6\"},"
    "{\"NetworkInterfaceId\":\"eni-s\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.9\","
    "\"Association\":{\"PublicIp\":\"54.1.1.9\"}},"
    "{\"NetworkInterfaceId\":\"eni-w\",\"VpcId\":\"vpc-1\",\"PrivateIpAddress\":\"10.0.0.81\","
    "\"Association\":{\"PublicIp\":\"54.1.1.81\"},\"InterfaceType\":\"nat_gateway\"}]}";

#define PATHS "records client.addr client.port uploaded downloaded nat outside.addr outside.port"

#define SERVER "203.0.113.9"
#define IN(client, port)                                                                           \
    "eni-w vpc-1 " client " 10.0.0.81 " port " 443 " client " " SERVER " 6 5 500 "
#define INTO(client, port)                                                                         \
    "eni-w vpc-1 10.0.0.81 " client " 443 " port " " SERVER " " client " 6 4 900 "
#define OUT(port, server)                                                                          \
    "eni-w vpc-1 10.0.0.81 " server " " port " 443 10.0.0.81 " server " 6 5 500 "
#define BACK(port, bytes)                                                                          \
    "eni-w vpc-1 " SERVER " 10.0.0.81 443 " port " " SERVER " 10.0.0.81 6 4 " bytes " "
#define AT_A "eni-a vpc-1 10.0.0.5 " SERVER " 4000 443 10.0.0.5 " SERVER " 6 5 500 "

#define NOW "1772452800 1772452850 "
#define SOON "1772452830 1772452880 "
#define THEN "1772453400 1772453450 "
#define EGRESS "ACCEPT 2 egress OK\n"
#define INGRESS "ACCEPT 18 ingress OK\n"
#define OUTWARDS "ACCEPT 18 egress OK\n"
#define INWARDS "ACCEPT 2 ingress OK\n"

#define A_INSIDE(time) AT_A time EGRESS IN("10.0.0.5", "4000") time INWARDS
#define B_INSIDE(time) IN("10.0.0.6", "5000") time INWARDS
#define OUTSIDE(port, time) OUT(port, SERVER) time EGRESS

static const char skipdata[] =
    "eni-w vpc-1 - - - - - - - - - 1772452790 1772452850 - - - SKIPDATA\n";

static void begin(pairing *p, const flowenrich_pairer_options *options)
{
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);

    pairing_begin(p, options, PATHS);
    assert_int_equal(flowenrich_pairer_set_snapshot(p->pairer, snapshot, NULL), FLOWENRICH_OK);
    flowenrich_snapshot_free(snapshot);
}

static void outside_legs_belong_to_the_only_one_that_agrees(void **state)
{
    static const char apart[] = "1 10.0.0.81 1024 500  outside  \n2 10.0.0.5 4000 500  inside  \n";
    static const struct {
        const char *log, *rows;
    } cases[] = {
        /* server, port, time, and all that was counted */
        { A_INSIDE(NOW) OUTSIDE("1024", NOW), "3 10.0.0.5 4000 500  inside 10.0.0.81 1024\n" },
        { A_INSIDE(NOW) INTO("10.0.0.5", "4000") NOW OUTWARDS OUTSIDE("1024", NOW)
              BACK("1024", "900") NOW INGRESS,
          "5 10.0.0.5 4000 500 900 inside 10.0.0.81 1024\n" },
        /* whichever comes first, a little later */
        { OUTSIDE("1024", SOON) A_INSIDE(NOW), "3 10.0.0.5 4000 500  inside 10.0.0.81 1024\n" },
        /* another amount, an answer that nobody got, another time */
        { A_INSIDE(NOW) OUTSIDE("1024", NOW) OUTSIDE("1024", SOON),
          "2 10.0.0.5 4000 500  inside  \n2 10.0.0.81 1024 1000  outside  \n" },
        { A_INSIDE(NOW) OUTSIDE("1024", NOW) BACK("1024", "900") NOW INGRESS,
          "2 10.0.0.81 1024 500 900 outside  \n2 10.0.0.5 4000 500  inside  \n" },
        { A_INSIDE(NOW) OUTSIDE("1024", THEN),
          "2 10.0.0.5 4000 500  inside  \n1 10.0.0.81 1024 500  outside  \n" },
        /* another server */
        { A_INSIDE(NOW) OUT("1024", "203.0.113.8") NOW EGRESS, apart },
        /* two instances that do the same: nobody can tell */
        { A_INSIDE(NOW) B_INSIDE(SOON) OUTSIDE("1024", NOW),
          "1 10.0.0.81 1024 500  outside  \n2 10.0.0.5 4000 500  inside  \n"
          "1 10.0.0.6 5000 500  inside  \n" },
        { A_INSIDE(NOW) OUTSIDE("1024", NOW) OUTSIDE("1025", SOON),
          "1 10.0.0.81 1024 500  outside  \n2 10.0.0.5 4000 500  inside  \n"
          "1 10.0.0.81 1025 500  outside  \n" },
        /* unless they do it one after the other */
        { A_INSIDE(NOW) B_INSIDE(THEN) OUTSIDE("1025", THEN) OUTSIDE("1024", NOW),
          "3 10.0.0.5 4000 500  inside 10.0.0.81 1024\n"
          "2 10.0.0.6 5000 500  inside 10.0.0.81 1025\n" },
        /* what only the instance logged isn't known to have gone through that gateway */
        { AT_A NOW EGRESS OUTSIDE("1024", NOW),
          "1 10.0.0.81 1024 500  outside  \n1 10.0.0.5 4000 500    \n" },
        /* records of that time are missing: there may have been others */
        { skipdata, "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pairing p;

        begin(&p, NULL);
        if (cases[i].log == skipdata) {
            pairing_feed(&p, PAIRING_FIELDS, A_INSIDE(NOW) OUTSIDE("1024", NOW));
            pairing_whole(&p, i, PAIRING_FIELDS, skipdata, apart);
        } else {
            pairing_whole(&p, i, PAIRING_FIELDS, cases[i].log, cases[i].rows);
        }
    }
}

/* Formats say less: on which side it was, or what was on the wire. */
static void formats_that_say_less_join_as_well(void **state)
{
    static const char v2[] =
        "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action\n";
    static const char v3[] = "interface-id srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr "
                             "protocol packets bytes start end action tcp-flags\n";
    static const struct {
        const char *fields, *log, *rows;
    } cases[] = {
        { v3,
          "eni-w 10.0.0.5 10.0.0.81 4000 443 10.0.0.5 203.0.113.9 6 5 500 " NOW "ACCEPT 2\n"
          "eni-w 10.0.0.81 203.0.113.9 1024 443 10.0.0.81 203.0.113.9 6 5 500 " NOW "ACCEPT 2\n",
          "2 10.0.0.5 4000 500  inside 10.0.0.81 1024\n" },
        /* the inside leg lacks the server: it has that by the instance's record */
        { v2,
          "eni-w 10.0.0.81 203.0.113.9 1024 443 6 5 500 " NOW "ACCEPT\n"
          "eni-w 10.0.0.5 10.0.0.81 4000 443 6 5 500 " NOW "ACCEPT\n"
          "eni-a 10.0.0.5 203.0.113.9 4000 443 6 5 500 " NOW "ACCEPT\n",
          "3 10.0.0.5 4000 500  inside 10.0.0.81 1024\n" },
        /* and without that record it has none */
        { v2,
          "eni-w 10.0.0.81 203.0.113.9 1024 443 6 5 500 " NOW "ACCEPT\n"
          "eni-w 10.0.0.5 10.0.0.81 4000 443 6 5 500 " NOW "ACCEPT\n",
          "1 10.0.0.81 1024 500  outside  \n1 10.0.0.5 4000 500  outside  \n" },
        /* to an elastic address of ours, whose interface saw the gateway's */
        { PAIRING_FIELDS,
          "eni-w vpc-1 10.0.0.5 10.0.0.81 4000 443 10.0.0.5 54.1.1.9 6 5 500 " NOW INWARDS
          "eni-w vpc-1 10.0.0.81 54.1.1.9 1024 443 10.0.0.81 54.1.1.9 6 5 500 " NOW EGRESS
          "eni-s vpc-1 54.1.1.81 10.0.0.9 1024 443 54.1.1.81 10.0.0.9 6 5 500 " NOW INWARDS,
          "3 10.0.0.5 4000 500  inside 10.0.0.81 1024\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pairing p;

        begin(&p, NULL);
        pairing_whole(&p, i, cases[i].fields, cases[i].log, cases[i].rows);
    }
}

/* By what comes with version 11 no document is needed, nor has such a gateway an interface. */
static void gateways_of_a_region_join_as_well(void **state)
{
    static const char fields[] =
        "interface-id resource-id az-id srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr "
        "protocol packets bytes start end action tcp-flags flow-direction log-status\n";
    pairing p;

    (void)state;
    pairing_begin(&p, NULL, PATHS);
    pairing_whole(&p, 0, fields,
                  "- nat-1 use1-az1 10.0.0.5 203.0.113.9 4000 443 10.0.0.5 203.0.113.9 "
                  "6 5 500 " NOW INWARDS
                  "- nat-1 use1-az1 54.1.1.81 203.0.113.9 1024 443 54.1.1.81 "
                  "203.0.113.9 6 5 500 " NOW EGRESS,
                  "2 10.0.0.5 4000 500  inside 54.1.1.81 1024\n");
}

static void a_stream_joins_what_is_over_and_waits_with_what_isnt(void **state)
{
    flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
    pairing p;

    (void)state;
    options.active_timeout = 60;
    begin(&p, &options);
    pairing_feed(&p, PAIRING_FIELDS, A_INSIDE(NOW) OUTSIDE("1024", NOW));
    pairing_advance(&p, 1772452870);
    assert_string_equal(pairing_rows(&p), "2 10.0.0.5 4000 500  inside  \n");
    pairing_feed(&p, PAIRING_FIELDS, OUTSIDE("1024", SOON) A_INSIDE(SOON));
    for (int64_t now = 1772452900; now < 1772455000; now += 10)
        pairing_advance(&p, now);
    assert_string_equal(pairing_rows(&p), "2 10.0.0.5 4000 500  inside  \n"
                                          "2 10.0.0.5 4000 500  inside  \n"
                                          "2 10.0.0.5 4000 0  inside 10.0.0.81 1024\n");
    assert_int_equal(pairing_stat(&p, "joined_outside_legs"), 1);
    pairing_advance(&p, FLOWENRICH_TIME_END);
    assert_int_equal(pairing_stat(&p, "open"), 0);
    pairing_end(&p);
}

/* Records of a time may still come: so one that agrees may not be the only one. */
static void what_is_over_too_soon_is_told_apart(void **state)
{
    flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
    pairing p;

    (void)state;
    options.idle_timeout = 60;
    begin(&p, &options);
    pairing_feed(&p, PAIRING_FIELDS, A_INSIDE(NOW) OUTSIDE("1024", NOW));
    pairing_advance(&p, 1772453000);
    assert_string_equal(pairing_rows(&p),
                        "1 10.0.0.81 1024 500  outside  \n2 10.0.0.5 4000 500  inside  \n");
    pairing_end(&p);
}

/* Only the last times of which records are missing are kept: of earlier ones all may be. */
static void what_may_be_missing_is_heeded_when_it_is_forgotten(void **state)
{
    pairing p;

    (void)state;
    begin(&p, NULL);
    pairing_feed(&p, PAIRING_FIELDS, skipdata);
    for (unsigned i = 0; i < FLE_OBSERVER_SKIPS; i++) {
        char later[200];

        snprintf(later, sizeof later, "eni-w vpc-1 - - - - - - - - - %u %u - - - SKIPDATA\n",
                 1772460000 + i * 60, 1772460060 + i * 60);
        pairing_feed(&p, PAIRING_FIELDS, later);
    }
    pairing_whole(&p, 0, PAIRING_FIELDS, A_INSIDE(NOW) OUTSIDE("1024", NOW),
                  "1 10.0.0.81 1024 500  outside  \n2 10.0.0.5 4000 500  inside  \n");
}

/* Who is a gateway may be known later than its records come. */
static void a_gateway_may_be_known_later(void **state)
{
    flowenrich_snapshot *snapshot = enriching_inventory(inventory);
    pairing p;

    (void)state;
    pairing_begin(&p, NULL, PATHS);
    pairing_feed(&p, PAIRING_FIELDS, A_INSIDE(NOW) OUTSIDE("1024", NOW));
    assert_int_equal(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), FLOWENRICH_OK);
    flowenrich_snapshot_free(snapshot);
    pairing_whole(&p, 0, PAIRING_FIELDS, "", "3 10.0.0.5 4000 500  inside 10.0.0.81 1024\n");
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    pairing_fail(enriching_inventory(inventory),
                 PAIRING_FIELDS A_INSIDE(NOW) B_INSIDE(THEN) OUTSIDE("1024", NOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outside_legs_belong_to_the_only_one_that_agrees),
        cmocka_unit_test(formats_that_say_less_join_as_well),
        cmocka_unit_test(gateways_of_a_region_join_as_well),
        cmocka_unit_test(a_stream_joins_what_is_over_and_waits_with_what_isnt),
        cmocka_unit_test(what_is_over_too_soon_is_told_apart),
        cmocka_unit_test(what_may_be_missing_is_heeded_when_it_is_forgotten),
        cmocka_unit_test(a_gateway_may_be_known_later),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
