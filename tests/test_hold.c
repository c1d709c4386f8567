/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of rows that wait for the other end's record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "enrich/enricher.h"
#include "enrich/proof.h"
#include "enriching.h"
#include "failing.h"

#define HEADER                                                                                     \
    "interface-id srcaddr dstaddr srcport dstport protocol packets start end log-status "          \
    "flow-direction pkt-srcaddr pkt-dstaddr vpc-id\n"
#define SENT "%s 10.0.0.1 10.0.0.2 %u 443 6 5 %lld %lld OK egress 10.0.0.1 10.0.0.2 vpc-1\n"
#define RECEIVED "%s 10.0.0.1 10.0.0.2 %u 443 6 5 %lld %lld OK ingress 10.0.0.1 10.0.0.2 vpc-1\n"
#define NOON ENRICHING_NOON

/* A log of lines that are added one at a time. */
typedef struct text {
    char data[1 << 16];
    size_t len;
} text;

static void add(text *to, const char *line, const char *who, unsigned port, flowenrich_time start,
                flowenrich_time end)
{
    if (to->len == 0)
        to->len = (size_t)snprintf(to->data, sizeof to->data, HEADER);
    to->len += (size_t)snprintf(to->data + to->len, sizeof to->data - to->len, line, who, port,
                                (long long)start, (long long)end);
    assert_true(to->len < sizeof to->data);
}

static flowenrich_enricher *new_enricher(int64_t hold, uint64_t max_bytes,
                                         const flowenrich_allocator *allocator)
{
    flowenrich_enricher_options opt = FLOWENRICH_ENRICHER_OPTIONS_INIT;
    flowenrich_enricher *enricher = NULL;

    opt.allocator = allocator;
    opt.hold = hold;
    opt.max_bytes = max_bytes;
    (void)flowenrich_enricher_new(&enricher, &opt, NULL);
    return enricher;
}

/* The source ports of rows that are due, and who the far end is: "1 eni-b, 2 -". */
typedef struct taken {
    char text[1 << 16];
    size_t len;
} taken;

static flowenrich_status take(flowenrich_enricher *enricher, size_t capacity, taken *to)
{
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    flowenrich_batch *out;
    flowenrich_status status;

    opt.allocator = &enricher->allocator;
    status = flowenrich_batch_new(&out, capacity, &opt, NULL);
    if (status == FLOWENRICH_OK)
        status = flowenrich_enricher_take(enricher, out, NULL);
    while (status == FLOWENRICH_OK && out->rows > 0) {
        for (size_t row = 0; row < out->rows; row++) {
            const char *who = enriching_value(out, "server.interface_id", row);

            to->len += (size_t)snprintf(to->text + to->len, sizeof to->text - to->len, "%s%s %s",
                                        to->len ? ", " : "", enriching_value(out, "srcport", row),
                                        who[0] ? who : "-");
            assert_true(to->len < sizeof to->text);
        }
        flowenrich_batch_clear(out);
        status = flowenrich_enricher_take(enricher, out, NULL);
    }
    flowenrich_batch_free(out);
    return status;
}

/* Hold the lines of a log, up to so many a batch, and take what is due. */
static flowenrich_status hold(flowenrich_enricher *enricher, const text *log, size_t rows,
                              taken *to)
{
    flowenrich_batch *all, *some;
    flowenrich_parser *parser;
    flowenrich_status status = FLOWENRICH_OK;
    size_t used = 0, at = 0;
    int32_t done = 0;

    enriching_must(flowenrich_batch_new(&some, rows, NULL, NULL), NULL);
    enriching_must(flowenrich_parser_new(&parser, NULL, NULL), NULL);
    all = some;
    while (status == FLOWENRICH_OK && !done) {
        enriching_must(
            flowenrich_parser_parse(parser, log->data + at, log->len - at, &used, all, NULL), NULL);
        at += used;
        if (at == log->len)
            enriching_must(flowenrich_parser_finish(parser, all, &done, NULL), NULL);
        for (size_t row = 0; status == FLOWENRICH_OK && row < all->rows;) {
            status = flowenrich_enricher_hold(enricher, all, &row, NULL);
            if (status == FLOWENRICH_OK)
                status = take(enricher, 16, to);
        }
        flowenrich_batch_clear(all);
    }
    flowenrich_parser_free(parser);
    flowenrich_batch_free(some);
    return status;
}

static const char *held(flowenrich_enricher *enricher, const text *log)
{
    static taken out;

    out.len = 0;
    out.text[0] = '\0';
    assert_int_equal(hold(enricher, log, 64, &out), FLOWENRICH_OK);
    return out.text;
}

static const char *advanced(flowenrich_enricher *enricher, flowenrich_time now)
{
    static taken out;

    out.len = 0;
    out.text[0] = '\0';
    assert_int_equal(flowenrich_enricher_advance(enricher, now, NULL), FLOWENRICH_OK);
    assert_int_equal(take(enricher, 16, &out), FLOWENRICH_OK);
    return out.text;
}

static void a_record_waits_for_the_other_end_s(void **state)
{
    flowenrich_enricher *enricher = new_enricher(600, 0, NULL);
    text early = { .len = 0 }, mirrors = { .len = 0 }, late = { .len = 0 };
    (void)state;

    add(&early, SENT, "eni-a", 1, NOON, NOON + 60);
    assert_string_equal(held(enricher, &early), "");
    for (int i = -2; i <= 2; i++) /* before and after, so that it had the address all the time */
        add(&mirrors, RECEIVED, "eni-b", 1, NOON + 60 * i, NOON + 60 * i + 60);
    assert_string_equal(held(enricher, &mirrors), "");
    assert_int_equal(enriching_stat(enricher, "held"), 6);
    add(&late, SENT, "eni-a", 2, NOON + 600, NOON + 659); /* one second short of the step */
    assert_string_equal(held(enricher, &late), "");
    late.len = 0;
    add(&late, SENT, "eni-a", 2, NOON + 600, NOON + 660);
    assert_string_equal(held(enricher, &late), "1 eni-b, 1 eni-b, 1 eni-b, 1 eni-b");
    assert_string_equal(advanced(enricher, FLOWENRICH_TIME_END), "1 eni-b, 1 eni-b, 2 -, 2 -");
    assert_int_equal(enriching_stat(enricher, "held"), 0);
    assert_int_equal(enriching_stat(enricher, "hurried"), 0);
    flowenrich_enricher_free(enricher);
}

static void they_come_out_as_they_came_in(void **state)
{
    flowenrich_enricher *enricher = new_enricher(600, 0, NULL);
    text log = { .len = 0 };
    (void)state;

    add(&log, SENT, "eni-a", 1, NOON + 540, NOON + 599);
    add(&log, SENT, "eni-a", 2, NOON, NOON + 60); /* late, and behind one that is not */
    assert_string_equal(held(enricher, &log), "");
    assert_string_equal(advanced(enricher, NOON + 660), "");
    assert_string_equal(advanced(enricher, NOON), ""); /* time doesn't go back */
    assert_string_equal(advanced(enricher, NOON + 1199), "1 -, 2 -");
    flowenrich_enricher_free(enricher);
}

static void the_longest_record_tells_how_long_to_wait(void **state)
{
    flowenrich_enricher *enricher = new_enricher(0, 0, NULL);
    text log = { .len = 0 };
    (void)state;

    add(&log, SENT, "eni-a", 1, NOON - 300, NOON);
    add(&log, SENT, "eni-a", 2, NOON - 86400, NOON); /* no aggregation interval is that long */
    assert_string_equal(held(enricher, &log), "");
    assert_string_equal(advanced(enricher, NOON + 1199), "");
    assert_string_equal(advanced(enricher, NOON + 1200), "1 -, 2 -");
    flowenrich_enricher_free(enricher);
}

#define WINDOW(seconds)                                                                            \
    "{\"FlowLogs\": [{\"FlowLogId\": \"fl-1\", \"MaxAggregationInterval\": " seconds "}]}"

/* After how many minutes a record of a minute is due, where nothing says how long to wait. */
static int minutes_held(const char *documents)
{
    flowenrich_enricher *enricher = new_enricher(0, 0, NULL);
    flowenrich_snapshot *snapshot = documents ? enriching_inventory(documents) : NULL;
    text log = { .len = 0 };
    int minutes = 0;

    assert_int_equal(flowenrich_enricher_set_snapshot(enricher, snapshot, NULL), FLOWENRICH_OK);
    add(&log, SENT, "eni-a", 1, NOON - 60, NOON);
    assert_string_equal(held(enricher, &log), "");
    while (advanced(enricher, NOON + 60 * minutes)[0] == '\0')
        assert_in_range(++minutes, 1, 100);
    flowenrich_snapshot_free(snapshot);
    flowenrich_enricher_free(enricher);
    return minutes;
}

/* The other end's may be one of ten minutes, should none have come yet. */
static void a_window_that_documents_tell_lengthens_the_wait(void **state)
{
    const int without = minutes_held(NULL);
    (void)state;

    assert_int_equal(minutes_held(WINDOW("60")), without);
    assert_int_equal(minutes_held(WINDOW("600")), without + 9);
}

static void what_has_no_time_waits_only_for_those_before(void **state)
{
    flowenrich_enricher *enricher = new_enricher(600, 0, NULL);
    flowenrich_batch *batch = enriching_parse("srcport interface-id\n7 eni-1\n8 eni-1\n");
    taken out = { .len = 0 };
    size_t row = 0;
    (void)state;

    assert_int_equal(flowenrich_enricher_hold(enricher, batch, &row, NULL), FLOWENRICH_OK);
    assert_int_equal(row, 2);
    assert_string_equal(advanced(enricher, 0), "7 -, 8 -");
    assert_int_equal(take(enricher, 1, &out), FLOWENRICH_OK);
    assert_int_equal(out.len, 0);
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

/* Three hours of records, mostly in order, of which most have a mirror that comes later. */
static void make_log(text *log, unsigned n)
{
    uint32_t chance = 1;

    log->len = 0;
    for (unsigned i = 0; i < n; i++) {
        flowenrich_time start;

        chance = chance * 1664525u + 1013904223u;
        start = NOON + (flowenrich_time)i * (10800 / n) - (flowenrich_time)(chance >> 16) % 900;
        start += i % 100 == 99 ? 1000000 : 0; /* that is wrong */
        add(log, i % 3 ? RECEIVED : SENT, i % 3 ? (chance >> 8 & 1 ? "eni-b" : "eni-c") : "eni-a",
            chance >> 24 & 3, start - start % 60, start - start % 60 + 59);
    }
}

static void how_records_are_cut_makes_no_difference(void **state)
{
    static const size_t cuts[] = { 1, 2, 7, 64, 1024 };
    static text log;
    static taken first, again;
    (void)state;

    make_log(&log, 400);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        taken *out = i == 0 ? &first : &again;
        flowenrich_enricher *enricher = new_enricher(900, 0, NULL);

        out->len = 0;
        assert_int_equal(hold(enricher, &log, cuts[i], out), FLOWENRICH_OK);
        assert_true(out->len > 0);
        assert_int_equal(flowenrich_enricher_advance(enricher, FLOWENRICH_TIME_END, NULL),
                         FLOWENRICH_OK);
        assert_int_equal(take(enricher, cuts[i], out), FLOWENRICH_OK);
        flowenrich_enricher_free(enricher);
        assert_non_null(strstr(out->text, "eni-b"));
        if (i > 0)
            assert_string_equal(first.text, again.text);
    }
}

/* 2,500 records take two chunks and a half of a third; there is room for one that is full. */
static void the_oldest_go_where_there_is_no_room(void **state)
{
    flowenrich_enricher *enricher = new_enricher(600, 400000, NULL);
    static taken out;
    static text log;
    (void)state;

    out.len = 0;
    for (unsigned i = 0; i < 5; i++) {
        log.len = 0;
        for (unsigned k = 0; k < 500; k++)
            add(&log, SENT, "eni-a", 500 * i + k, NOON, NOON + 60);
        assert_int_equal(hold(enricher, &log, 64, &out), FLOWENRICH_OK);
    }
    assert_int_equal(enriching_stat(enricher, "hurried"), 1024);
    assert_int_equal(enriching_stat(enricher, "held"), 1476);
    assert_memory_equal(out.text, "0 -, 1 -, 2 -", 13);
    flowenrich_enricher_free(enricher);
}

static void one_record_far_ahead_does_not_move_the_time(void **state)
{
    static const struct {
        const char *what;
        int64_t ends[6]; /* after noon, of records of 60 seconds */
        const char *due; /* of those that wait for 600 */
        uint64_t ahead;
    } cases[] = {
        { "alone, it waits for nobody", { 60, 120, 1000000, 180, 720 }, "1 -, 2 -, 3 -", 1 },
        { "two of one window", { 60, 120, 1000000, 1000000, 780 }, "1 -, 2 -, 3 -, 4 -", 2 },
        { "two of different days", { 60, 120, 1000000, 3000000, 780 }, "1 -, 2 -, 3 -, 4 -", 2 },
        { "two, and one of the others between",
          { 60, 120, 1000000, 180, 1000060, 780 },
          "1 -, 2 -, 3 -, 4 -, 5 -",
          2 },
        { "the next confirms it", { 60, 120, 1000000, 1000060 }, "1 -, 2 -", 2 },
        { "by a day: that goes by itself", { 60, 120, 86520 }, "1 -, 2 -", 0 },
        { "by a day and a second", { 60, 120, 86521 }, "", 1 },
        { "the first of all", { 1000000, 60, 120, 720 }, "1 -, 2 -, 3 -", 1 },
        { "the first of all alone", { 60 }, "", 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_enricher *enricher = new_enricher(600, 0, NULL);
        text log = { .len = 0 };
        const char *due;

        for (unsigned k = 0; k < 6 && cases[i].ends[k] > 0; k++)
            add(&log, SENT, cases[i].ends[k] < 1000000 ? "eni-a" : "eni-far", k + 1,
                NOON + cases[i].ends[k] - 60, NOON + cases[i].ends[k]);
        due = held(enricher, &log);
        if (strcmp(due, cases[i].due) != 0)
            fail_msg("%s: %s", cases[i].what, due);
        if (enriching_stat(enricher, "ahead") != cases[i].ahead)
            fail_msg("%s: %d", cases[i].what, (int)enriching_stat(enricher, "ahead"));
        if (cases[i].ends[0] < 1000000 && cases[i].ahead > 0 &&
            fle_mirrors_find(enricher->hold.mirrors, FLE_TEXT("eni-far")))
            fail_msg("%s: is learned from", cases[i].what);
        flowenrich_enricher_free(enricher);
    }
}

static void what_was_learned_is_forgotten(void **state)
{
    flowenrich_enricher *enricher = new_enricher(600, 0, NULL);
    const int64_t kept = 600 + 60 + 60 + FLE_MIRRORS_REACH;
    (void)state;

    for (int64_t at = 0; at <= 3 * kept; at += 300) {
        text log = { .len = 0 };
        char who[32];

        snprintf(who, sizeof who, "eni-%d", (int)at);
        add(&log, SENT, who, 1, NOON + at, NOON + at + 60);
        held(enricher, &log);
        if (at == kept / 300 * 300)
            assert_non_null(fle_mirrors_find(enricher->hold.mirrors, FLE_TEXT("eni-0")));
    }
    assert_null(fle_mirrors_find(enricher->hold.mirrors, FLE_TEXT("eni-0")));
    flowenrich_enricher_free(enricher);
}

/* With room for some hundred records, a stream of thousands goes on being learned from. */
static void what_is_old_makes_room_for_what_is_new(void **state)
{
    flowenrich_enricher *enricher = new_enricher(600, 80000, NULL);
    (void)state;

    for (unsigned i = 0; i < 2000; i++) {
        text log = { .len = 0 };

        add(&log, SENT, "eni-a", i, NOON + 60 * i, NOON + 60 * i + 60);
        held(enricher, &log);
    }
    assert_true(fle_mirrors_kept(enricher->hold.mirrors) > 1500);
    flowenrich_enricher_free(enricher);
}

static void a_batch_outlives_what_is_forgotten(void **state)
{
    flowenrich_enricher *enricher = new_enricher(600, 0, NULL);
    text log = { .len = 0 };
    flowenrich_batch *out;
    char text_of_it[4096];
    size_t len;
    (void)state;

    for (int i = 0; i < 5; i++)
        add(&log, i == 2 ? SENT : RECEIVED, i == 2 ? "eni-a" : "eni-b", 1, NOON + 60 * i,
            NOON + 60 * i + 60);
    add(&log, RECEIVED, "eni-b", 1, NOON + 120, NOON + 180);
    held(enricher, &log);
    assert_int_equal(flowenrich_batch_new(&out, 8, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_enricher_advance(enricher, FLOWENRICH_TIME_END, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_enricher_take(enricher, out, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_enricher_take(enricher, out, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_enricher_free(enricher);
    enricher = new_enricher(0, 0, NULL);
    assert_string_equal(enriching_value(out, "server.interface_id", 2), "eni-b");
    assert_string_equal(enriching_value(out, "server.by", 2), "mirror");
    assert_int_equal(
        flowenrich_enricher_explain(enricher, out, 2, text_of_it, sizeof text_of_it, &len, NULL),
        FLOWENRICH_OK);
    flowenrich_enricher_free(enricher);
    flowenrich_batch_free(out);
}

static void every_allocation_may_fail(void **state)
{
    static text log;
    static taken out;
    bool done = false;
    size_t n;
    (void)state;

    make_log(&log, 60);
    for (n = 0; !done; n++) {
        failing f = { .succeed = n };
        const flowenrich_allocator allocator = failing_allocator(&f);
        flowenrich_enricher *enricher = new_enricher(60, 0, &allocator);

        out.len = 0;
        done = enricher && hold(enricher, &log, 16, &out) == FLOWENRICH_OK;
        if (done) {
            flowenrich_enricher_advance(enricher, FLOWENRICH_TIME_END, NULL);
            done = take(enricher, 16, &out) == FLOWENRICH_OK;
        }
        flowenrich_enricher_free(enricher);
        assert_int_equal(f.live, 0);
        assert_int_equal(f.misled, 0);
    }
    assert_true(n > 40);
}

static void what_it_cannot_be_asked_for_is_refused(void **state)
{
    flowenrich_enricher *enricher = new_enricher(0, 0, NULL);
    flowenrich_batch *batch = enriching_parse("srcport\n7\n");
    size_t row = 2;
    (void)state;

    assert_null(new_enricher(-1, 0, NULL));
    assert_int_equal(flowenrich_enricher_hold(NULL, batch, &row, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_hold(enricher, NULL, &row, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_hold(enricher, batch, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_hold(enricher, batch, &row, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_advance(NULL, 0, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_take(NULL, batch, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_enricher_take(enricher, NULL, NULL), FLOWENRICH_ERR_ARG);
    flowenrich_batch_free(batch);
    flowenrich_enricher_free(enricher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_waits_for_the_other_end_s),
        cmocka_unit_test(they_come_out_as_they_came_in),
        cmocka_unit_test(the_longest_record_tells_how_long_to_wait),
        cmocka_unit_test(a_window_that_documents_tell_lengthens_the_wait),
        cmocka_unit_test(what_has_no_time_waits_only_for_those_before),
        cmocka_unit_test(how_records_are_cut_makes_no_difference),
        cmocka_unit_test(the_oldest_go_where_there_is_no_room),
        cmocka_unit_test(one_record_far_ahead_does_not_move_the_time),
        cmocka_unit_test(what_was_learned_is_forgotten),
        cmocka_unit_test(what_is_old_makes_room_for_what_is_new),
        cmocka_unit_test(a_batch_outlives_what_is_forgotten),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(what_it_cannot_be_asked_for_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
