/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/pair/due.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pairing.h"

#define FROM(client, start, end)                                                                   \
    "eni-c vpc-1 10.0.0." client " 10.0.0.9 40000 443 10.0.0." client " 10.0.0.9 6 5 500 " start   \
    " " end " ACCEPT 2 egress OK\n"

static void rows_come_in_the_order_in_which_they_are_due(void **state)
{
    static const int64_t steps[] = { 1, 7, 5000 };
    char first[1024] = "";

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
        pairing p;

        options.idle_timeout = 100;
        options.hash_seed = i;
        pairing_begin(&p, &options, "client.addr end");
        pairing_feed(&p, PAIRING_FIELDS,
                     FROM("3", "1000", "1030") FROM("4", "1000", "1010") FROM("5", "1000", "1020")
                         FROM("6", "9000", "9000"));
        for (int64_t now = 1000; now < 1200; now += steps[i])
            pairing_advance(&p, now);
        pairing_advance(&p, 1200);
        assert_string_equal(pairing_rows(&p), "10.0.0.4 1010\n10.0.0.5 1020\n10.0.0.3 1030\n");
        pairing_advance(&p, FLOWENRICH_TIME_END);
        if (i == 0)
            snprintf(first, sizeof first, "%s", pairing_rows(&p));
        assert_string_equal(pairing_rows(&p), first);
        assert_int_equal(pairing_stat(&p, "open"), 0);
        pairing_end(&p);
    }
}

static void late_records_make_a_row_and_later_a_conversation_that_is_marked(void **state)
{
    flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
    pairing p;

    (void)state;
    options.idle_timeout = 100;
    options.lateness = 50;
    pairing_begin(&p, &options, "sequence final late marks uploaded");
    pairing_feed(&p, PAIRING_FIELDS, FROM("3", "1000", "1030"));
    pairing_advance(&p, 1140);
    pairing_feed(&p, PAIRING_FIELDS, FROM("3", "940", "1000"));
    pairing_advance(&p, 1141);
    pairing_advance(&p, 2000); /* forgotten by now */
    pairing_feed(&p, PAIRING_FIELDS, FROM("3", "880", "940"));
    pairing_advance(&p, FLOWENRICH_TIME_END);
    assert_string_equal(pairing_rows(&p), "0 y n  500\n1 y y  500\n0 y y late 500\n");
    assert_int_equal(pairing_stat(&p, "late_records"), 1);
    assert_int_equal(pairing_stat(&p, "late_conversations"), 1);
    pairing_end(&p);
}

#define WINDOW(seconds)                                                                            \
    "{\"FlowLogs\": [{\"FlowLogId\": \"fl-1\", \"MaxAggregationInterval\": " seconds "}]}"

/* For how many seconds after its last record a conversation is open. */
static int64_t seconds_open(const char *documents)
{
    flowenrich_snapshot *snapshot = documents ? enriching_inventory(documents) : NULL;
    int64_t now = 1060;
    pairing p;

    pairing_begin(&p, NULL, "end");
    enriching_must(flowenrich_pairer_set_snapshot(p.pairer, snapshot, NULL), NULL);
    pairing_feed(&p, PAIRING_FIELDS, FROM("3", "1000", "1060"));
    do {
        pairing_advance(&p, now++);
        assert_true(now < 10000);
    } while (pairing_rows(&p)[0] == '\0');
    pairing_end(&p);
    flowenrich_snapshot_free(snapshot);
    return now - 1060;
}

/* Twice the longest window; a record of a minute, which may be as late, makes it two. */
static void a_window_that_documents_tell_keeps_conversations_open(void **state)
{
    const int64_t without = seconds_open(NULL);
    (void)state;

    assert_int_equal(seconds_open(WINDOW("60")), without);
    assert_int_equal(seconds_open(WINDOW("600")), without + 2 * (600 - 120));
}

enum { TALKS = 12000, A_TIME = 40 };

/* Conversations of a second each, so many at a time. */
static void feed_talks(pairing *p, unsigned first, unsigned time)
{
    char log[A_TIME * 160];
    size_t len = 0;

    for (unsigned at = first; at < first + A_TIME; at++)
        len += (size_t)snprintf(log + len, sizeof log - len,
                                "eni-c vpc-1 10.0.0.5 10.0.0.9 %u 443 10.0.0.5 10.0.0.9 6 5 500 "
                                "%u %u ACCEPT 2 egress OK\n",
                                1024 + at, time, time);
    pairing_feed(p, PAIRING_FIELDS, log);
}

/* Whether time went on before, and turned the wheels, or not. */
static void who_was_idle_longest_goes_first_when_bytes_are_short(void **state)
{
    static const unsigned begins[] = { 1000, 100000 };

    (void)state;
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        flowenrich_pairer_options options = FLOWENRICH_PAIRER_OPTIONS_INIT;
        uint64_t rows = 0, bytes;
        unsigned last;
        pairing p;

        options.max_bytes = 1 << 20;
        pairing_begin(&p, &options, "end");
        pairing_feed(&p, PAIRING_FIELDS, FROM("3", "100", "100"));
        feed_talks(&p, 0, begins[i]);
        pairing_advance(&p, begins[i] - 1);
        assert_string_equal(pairing_rows(&p), "100\n");
        fle_buffer_clear(&p.out);
        for (unsigned at = A_TIME; at < TALKS; at += A_TIME)
            feed_talks(&p, at, begins[i] + at);
        for (const char *at = pairing_rows(&p); *at; at = strchr(at, '\n') + 1) {
            assert_int_equal(strtoul(at, NULL, 10), begins[i] + rows / A_TIME * A_TIME);
            rows++;
        }
        assert_int_equal(pairing_stat(&p, "evicted"), rows);
        assert_int_equal(pairing_stat(&p, "open"), TALKS - rows);
        assert_in_range(rows, TALKS / 4, TALKS - 1000);
        bytes = pairing_stat(&p, "bytes");
        assert_true(bytes < 5 * options.max_bytes / 4);
        /* what another observer tells of the same time was said already */
        last = (unsigned)(rows / A_TIME - 1) * A_TIME;
        feed_talks(&p, last, begins[i] + last);
        assert_in_range(pairing_stat(&p, "uncounted_records"), A_TIME / 10 * 9, A_TIME);
        pairing_end(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_the_order_in_which_they_are_due),
        cmocka_unit_test(late_records_make_a_row_and_later_a_conversation_that_is_marked),
        cmocka_unit_test(a_window_that_documents_tell_keeps_conversations_open),
        cmocka_unit_test(who_was_idle_longest_goes_first_when_bytes_are_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
