/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/pairer.c: whole logs in, rows of conversations out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing.h"
#include "pairing.h"

/* eni-c at .5 asks eni-s at .9, both of which log it. */
#define C_OUT "eni-c vpc-1 10.0.0.5 10.0.0.9 40000 443 10.0.0.5 10.0.0.9 6 5 500 "
#define C_IN "eni-c vpc-1 10.0.0.9 10.0.0.5 443 40000 10.0.0.9 10.0.0.5 6 4 4000 "
#define S_IN "eni-s vpc-1 10.0.0.5 10.0.0.9 40000 443 10.0.0.5 10.0.0.9 6 5 500 "
#define S_OUT "eni-s vpc-1 10.0.0.9 10.0.0.5 443 40000 10.0.0.9 10.0.0.5 6 4 4000 "

#define SYN " ACCEPT 3 "
#define SYN_ACK " ACCEPT 19 "
#define NO_SYN " ACCEPT 0 "

#define WHO "client.addr client.port server.addr server.port direction.by"
#define HOW_MUCH "uploaded downloaded uploaded_packets downloaded_packets records"

static void whole_logs_become_conversations(void **state)
{
    static const struct {
        const char *paths, *fields, *log, *rows;
    } cases[] = {
        /* logged by both ends, in both directions: once */
        { WHO " " HOW_MUCH, PAIRING_FIELDS,
          C_OUT "1000 1050" SYN "egress OK\n" C_IN "1001 1050" SYN_ACK "ingress OK\n" S_IN
                "1003 1052" SYN "ingress OK\n" S_OUT "1002 1052" SYN_ACK "egress OK\n",
          "10.0.0.5 40000 10.0.0.9 443 syn 500 4000 5 4 4\n" },
        { "start end protocol final late reversal sequence verdict nat", PAIRING_FIELDS,
          C_OUT "1000 1050" SYN "egress OK\n" C_IN "1001 1052" SYN_ACK "ingress OK\n",
          "1000 1052 6 y n n 0 accepted \n" },
        { "observer client.observer server.observer observers hops.observer", PAIRING_FIELDS,
          S_OUT "1002 1052" SYN_ACK "egress OK\n" C_OUT "1000 1050" SYN "egress OK\n",
          "eni-c eni-c eni-s eni-c,eni-s \n" },
        { "meters.observer meters.direction meters.bytes meters.packets", PAIRING_FIELDS,
          S_OUT "1002 1052" SYN_ACK "egress OK\n" C_OUT "1000 1050" SYN "egress OK\n",
          "eni-s,eni-c down,up 4000,500 4,5\n" },
        /* a direction that nobody saw is absent, and not 0 */
        { HOW_MUCH " direction.by", PAIRING_FIELDS, C_OUT "1000 1050" NO_SYN "egress OK\n",
          "500  5  1 one-way\n" },
        /* several windows of one observer are added up, those of two are not */
        { HOW_MUCH, PAIRING_FIELDS,
          C_OUT "1000 1050" SYN "egress OK\n" C_OUT "1060 1110" NO_SYN "egress OK\n" S_IN
                "1030 1080" NO_SYN "ingress OK\n",
          "1000  10  3\n" },
        /* a second flow log, or a second delivery: its time was counted before */
        { HOW_MUCH, PAIRING_FIELDS,
          C_OUT "1000 1050" SYN "egress OK\n" C_OUT "1060 1110" NO_SYN "egress OK\n" C_OUT
                "1000 1050" SYN "egress OK\n" C_OUT "1060 1110" NO_SYN "egress OK\n",
          "1000  10  4\n" },
        /* what comes late fills the gap that it left */
        { HOW_MUCH, PAIRING_FIELDS,
          C_OUT "1000 1050" SYN "egress OK\n" C_OUT "1120 1170" NO_SYN "egress OK\n" C_OUT
                "1060 1110" NO_SYN "egress OK\n",
          "1500  15  3\n" },
        /* through a transit gateway: AWS's own sample has neither times nor bytes */
        { WHO " hops.observer hops.direction records start",
          "interface-id vpc-id srcaddr dstaddr srcport dstport protocol tcp-flags pkt-srcaddr "
          "pkt-dstaddr action log-status\n",
          "eni-3 vpc-a 10.20.33.164 10.40.2.236 39812 80 6 3 10.20.33.164 10.40.2.236 ACCEPT OK\n"
          "eni-3 vpc-a 10.40.2.236 10.20.33.164 80 39812 6 19 10.40.2.236 10.20.33.164 ACCEPT OK\n"
          "eni-1 vpc-a 10.40.1.175 10.40.2.236 39812 80 6 3 10.20.33.164 10.40.2.236 ACCEPT OK\n"
          "eni-2 vpc-a 10.40.2.236 10.40.2.31 80 39812 6 19 10.40.2.236 10.20.33.164 ACCEPT OK\n",
          "10.20.33.164 39812 10.40.2.236 80 syn eni-1,eni-2 up,down 4 \n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pairing p;

        pairing_begin(&p, NULL, cases[i].paths);
        pairing_whole(&p, i, cases[i].fields, cases[i].log, cases[i].rows);
    }
}

static void rows_come_by_active_and_idle_timeout(void **state)
{
    flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
    pairing p;

    (void)state;
    options.active_timeout = 120;
    options.idle_timeout = 180;
    pairing_begin(&p, &options, "sequence final late start end uploaded records");
    pairing_feed(&p, PAIRING_FIELDS, C_OUT "1000 1060" SYN "egress OK\n");
    pairing_advance(&p, 1119);
    assert_string_equal(pairing_rows(&p), "");
    pairing_feed(&p, PAIRING_FIELDS, C_OUT "1060 1120" NO_SYN "egress OK\n");
    pairing_advance(&p, 1120);
    pairing_feed(&p, PAIRING_FIELDS, C_OUT "1120 1180" NO_SYN "egress OK\n");
    pairing_advance(&p, 1359); /* idle at 1360 */
    pairing_advance(&p, 1360);
    pairing_feed(&p, PAIRING_FIELDS, C_OUT "1180 1240" NO_SYN "egress OK\n"); /* late */
    pairing_advance(&p, 1361);
    pairing_advance(&p, FLOWENRICH_TIME_END);
    assert_string_equal(pairing_rows(&p), "0 n n 1000 1120 1000 2\n"
                                          "1 n n 1120 1180 500 1\n"
                                          "2 y n 1180 1180 0 0\n"
                                          "3 y y 1180 1240 500 1\n");
    pairing_end(&p);
}

/* The batch that takes the rows has an allocator of its own, which doesn't fail. */
static bool pair_all(failing *f, const flowenrich_batch *records, flowenrich_batch *rows)
{
    const flowenrich_allocator allocator = failing_allocator(f);
    flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
    flowenrich_status status;
    flowenrich_pairer *pairer;

    options.allocator = &allocator;
    status = flowenrich_pairer_new(&pairer, &options, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_pairer_pair(pairer, records, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_pairer_advance(pairer, FLOWENRICH_TIME_END, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_pairer_take(pairer, rows, NULL);
    assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
    flowenrich_pairer_free(pairer);
    return status == FLOWENRICH_OK;
}

static void running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    flowenrich_batch *records =
        enriching_parse(PAIRING_FIELDS C_OUT "1000 1050" SYN "egress OK\n" C_IN "1001 1050" SYN_ACK
                                             "ingress OK\n" S_IN "1003 1052" SYN "ingress OK\n");
    flowenrich_batch *rows;
    bool done = false;

    (void)state;
    assert_int_equal(flowenrich_batch_new(&rows, 8, NULL, NULL), FLOWENRICH_OK);
    for (size_t n = 0; !done; n++) {
        failing f = { n, 0, 0 };

        done = pair_all(&f, records, rows);
        assert_int_equal(f.live, 0);
    }
    assert_int_equal(flowenrich_batch_rows(rows), 1);
    flowenrich_batch_free(rows);
    flowenrich_batch_free(records);
}

/* Pair records of an object, as Amazon S3 has it. */
static void feed_object(pairing *p, const char *key, const char *records)
{
    flowenrich_source source = FLOWENRICH_SOURCE_INIT;
    flowenrich_error error = { 0 };
    char log[1024];
    flowenrich_batch *batch;

    snprintf(log, sizeof log, "%s%s", PAIRING_FIELDS, records);
    source.flow_log = FLE_TEXT("fl-1");
    source.bucket = FLE_TEXT("logs");
    source.key = fle_text_of(key);
    batch = enriching_parse_from(log, &source);
    enriching_must(flowenrich_pairer_pair(p->pairer, batch, &error), &error);
    flowenrich_batch_free(batch);
}

static void records_that_come_again_in_another_object_count_once(void **state)
{
    const flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
    pairing p;

    (void)state;
    pairing_begin(&p, &options, HOW_MUCH);
    /* within one they are two flows */
    feed_object(&p, "a", C_OUT "1000 1050" SYN "egress OK\n" C_OUT "1000 1050" SYN "egress OK\n");
    feed_object(&p, "b", C_OUT "1000 1050" SYN "egress OK\n" C_OUT "1000 1050" SYN "egress OK\n");
    /* a part of it, and something new */
    feed_object(&p, "c",
                C_OUT "1060 1110" NO_SYN "egress OK\n" C_OUT "1000 1050" SYN "egress OK\n");
    /* after its conversation was over, and told */
    pairing_advance(&p, 4000);
    feed_object(&p, "d", C_OUT "1060 1110" NO_SYN "egress OK\n");
    pairing_advance(&p, 100000);
    assert_string_equal("1500  15  3\n", pairing_rows(&p));
    assert_int_equal(3, pairing_stat(&p, "records"));
    assert_int_equal(4, pairing_stat(&p, "duplicate_records"));
    assert_int_equal(0, pairing_stat(&p, "late_records"));
    pairing_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_logs_become_conversations),
        cmocka_unit_test(rows_come_by_active_and_idle_timeout),
        cmocka_unit_test(records_that_come_again_in_another_object_count_once),
        cmocka_unit_test(running_out_of_memory_is_told_and_leaks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
