/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of watching groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "enriched.h"
#include "enriching.h"
#include "failing.h"

#define WINDOW 300
#define MOST_ROWS 512

/* What one group had in a window, by number. */
typedef struct row {
    int window;
    const char *app, *server;
    uint64_t rejects;
} row;

static flowenrich_batch *make_batch(size_t capacity)
{
    flowenrich_batch *batch;

    assert_int_equal(flowenrich_batch_new(&batch, capacity, NULL, NULL), FLOWENRICH_OK);
    return batch;
}

static flowenrich_batch *groups_of(const row *rows, size_t n)
{
    flowenrich_batch *batch = make_batch(n > 0 ? n : 1);

    for (size_t i = 0; i < n; i++) {
        const flowenrich_time start = 1772452800 + (flowenrich_time)rows[i].window * WINDOW;

        assert_true(enriched_time(batch, "window.start", i, start) &&
                    enriched_time(batch, "window.end", i, start + WINDOW) &&
                    enriched_text(batch, "client.tags.app", i, rows[i].app) &&
                    enriched_text(batch, "server.tags.app", i, rows[i].server) &&
                    enriched_u64(batch, "rejects", i, rows[i].rejects) &&
                    enriched_u64(batch, "bytes", i, 1000));
    }
    batch->rows = n;
    return batch;
}

static flowenrich_watcher *make_watcher(const char *policy, uint64_t max_bytes, uint64_t seed)
{
    static const char *const by[] = { "client.tags.app", "server.tags.app" };
    flowenrich_watcher_options opt = FLOWENRICH_WATCHER_OPTIONS_INIT;
    flowenrich_error error = { 0 };
    flowenrich_watcher *watcher;

    opt.policy = policy;
    opt.policy_len = policy ? strlen(policy) : 0;
    opt.by = by;
    opt.by_count = 2;
    opt.max_bytes = max_bytes;
    opt.hash_seed = seed;
    enriching_must(flowenrich_watcher_new(&watcher, &opt, &error), &error);
    return watcher;
}

static uint64_t stat_of(const flowenrich_watcher *watcher, const char *name)
{
    flowenrich_stat stats[16];
    const size_t n = flowenrich_watcher_stats(watcher, stats, 16);

    for (size_t i = 0; i < n; i++)
        if (strcmp(stats[i].name, name) == 0)
            return stats[i].value;
    fail_msg("no stat %s", name);
    return 0;
}

/* Each alarm as "3:shop>db spike 900/0/8; ". */
static void watch(flowenrich_watcher *watcher, const row *rows, size_t n, size_t capacity,
                  char *out)
{
    flowenrich_batch *groups = groups_of(rows, n), *alarms = make_batch(capacity);
    flowenrich_error error = { 0 };
    size_t at = 0;

    *out = '\0';
    while (at < n) {
        enriching_must(flowenrich_watcher_watch(watcher, groups, &at, alarms, &error), &error);
        for (size_t i = 0; i < alarms->rows; i++) {
            const long long start = atoll(enriching_value(alarms, "window.start", i));

            out += sprintf(out, "%lld:%s>%s ", (start - 1772452800) / WINDOW,
                           enriching_value(alarms, "client.tags.app", i),
                           enriching_value(alarms, "server.tags.app", i));
            if (strcmp(enriching_value(alarms, "alarm.kind", i), "spike") == 0)
                out += sprintf(out, "%s/%s/%s; ", enriching_value(alarms, "alarm.value", i),
                               enriching_value(alarms, "alarm.usual", i),
                               enriching_value(alarms, "alarm.limit", i));
            else
                out += sprintf(out, "unexpected; ");
        }
    }
    flowenrich_batch_free(groups);
    flowenrich_batch_free(alarms);
}

static void a_spike_is_far_from_the_groups_own_past(void **state)
{
    static const struct {
        const char *about;
        uint64_t rejects[12]; /* of one group, a window each */
        const char *alarms;
    } cases[] = {
        { "as ever", { 30, 31, 29, 30, 32, 30, 31, 30, 29, 30, 31, 30 }, "" },
        { "a spike", { 30, 31, 29, 30, 32, 30, 31, 300 }, "7:a>b 300/30/70; " },
        { "told once while it lasts", { 3, 3, 3, 3, 3, 3, 90, 90, 90 }, "6:a>b 90/3/11; " },
        { "again after the cooldown", { 3, 3, 3, 3, 3, 3, 90, 3, 3, 90 },
          "6:a>b 90/3/11; 9:a>b 90/3/11; " },
        { "too early to tell", { 3, 3, 3, 90 }, "" },
        { "too few to be told", { 0, 0, 0, 0, 0, 0, 19 }, "" },
        { "out of nothing", { 0, 0, 0, 0, 0, 0, 20 }, "6:a>b 20/0/8; " },
        { "spikes don't blunt it", { 3, 900, 3, 3, 800, 3, 3, 90 }, "7:a>b 90/3/11; " },
        { "it scatters, more is needed", { 10, 90, 20, 80, 15, 85, 300 }, "" },
        { "a rise becomes usual", { 3, 3, 3, 3, 3, 3, 60, 60, 60, 60, 60, 60 }, "6:a>b 60/3/11; " },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_watcher *watcher =
            make_watcher("spikes: [{measure: rejects, windows: 6, warmup: 6, cooldown: 2}]", 0, i);
        row rows[12];
        char alarms[512];

        for (int k = 0; k < 12; k++)
            rows[k] = (row){ k, "a", "b", cases[i].rejects[k] };
        watch(watcher, rows, 12, 4, alarms);
        if (strcmp(alarms, cases[i].alarms) != 0)
            fail_msg("%s: %s", cases[i].about, alarms);
        flowenrich_watcher_free(watcher);
    }
}

#define A_DAY (86400 / WINDOW)

/* What is usual at an hour of the day: little at night, much at noon, a backup at three. */
static uint64_t usual_at(int window)
{
    const int of_day = window % A_DAY, from_noon = abs(of_day - A_DAY / 2);

    if (of_day >= 3 * 12 && of_day < 3 * 12 + 6)
        return 5000;
    return (uint64_t)(1000 - 6 * from_noon + window * 37 % 11);
}

/* Watch so many days, a window more in one place; returns what was told from the third day on. */
static void watch_days(const char *policy, int days, int where, uint64_t more, char *out)
{
    flowenrich_watcher *watcher = make_watcher(policy, 0, 0);

    *out = '\0';
    for (int window = 0; window < days * A_DAY; window++) {
        const row one = { window, "a", "b", usual_at(window) + (window == where ? more : 0) };
        char alarms[512];

        watch(watcher, &one, 1, 4, alarms);
        if (window >= 2 * A_DAY)
            strcat(out, alarms);
    }
    flowenrich_watcher_free(watcher);
}

/* The same without a season tells of each backup, and doesn't see twice as much at night. */
static void a_season_knows_the_hour_of_the_day(void **state)
{
    static const char by_day[] = "spikes: [{measure: rejects, season: day}]";
    static const char plain[] = "spikes: [{measure: rejects}]";
    const int night = 5 * A_DAY + 12, backup = 5 * A_DAY + 3 * 12 + 2;
    static char alarms[65536];
    char expected[64];

    (void)state;
    watch_days(by_day, 7, -1, 0, alarms);
    assert_string_equal(alarms, "");
    watch_days(by_day, 7, night, 4000, alarms);
    sprintf(expected, "%d:a>b", night);
    assert_memory_equal(alarms, expected, strlen(expected));
    assert_ptr_equal(strstr(alarms, "; "), alarms + strlen(alarms) - 2); /* and nothing else */
    watch_days(by_day, 7, backup, 5000, alarms);
    sprintf(expected, "%d:a>b", backup);
    assert_memory_equal(alarms, expected, strlen(expected));
    watch_days(plain, 7, -1, 0, alarms);
    assert_non_null(strstr(alarms, ":a>b 50")); /* each backup */
}

/* Of the first days nothing is told, since nothing is known. */
static void a_season_begins_after_two_of_it(void **state)
{
    static const row spike[] = { { 0, "a", "b", 1 },
                                 { A_DAY + 40, "a", "b", 900 },
                                 { 2 * A_DAY + 90, "a", "b", 900 } };
    flowenrich_watcher *watcher =
        make_watcher("spikes: [{measure: rejects, season: day, seasons: 3}]", 0, 0);
    char alarms[512];

    (void)state;
    watch(watcher, spike, 3, 4, alarms);
    assert_string_equal(alarms, "666:a>b 900/0/8; ");
    flowenrich_watcher_free(watcher);
}

static void a_season_is_some_windows(void **state)
{
    static const struct {
        const char *policy;
        int seconds;
        const char *message;
    } cases[] = {
        { "spikes: [{measure: rejects, season: day}]", 3500,
          "the season of the spike 'rejects' isn't a whole number of windows, which are 3500 "
          "seconds apart" },
        { "spikes: [{measure: rejects, season: week, seasons: 2}]", 60,
          "the spike 'rejects' looks back over 20190 windows, and 12000 are the most: take longer "
          "windows or fewer seasons" },
    };
    static const row one = { 0, "a", "b", 1 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_watcher *watcher = make_watcher(cases[i].policy, 0, 0);
        flowenrich_batch *groups = groups_of(&one, 1), *alarms = make_batch(2);
        flowenrich_error error;
        size_t at = 0;

        enriched_time(groups, "window.end", 0, 1772452800 + cases[i].seconds);
        assert_int_equal(flowenrich_watcher_watch(watcher, groups, &at, alarms, &error),
                         FLOWENRICH_ERR_ARG);
        assert_string_equal(error.message, cases[i].message);
        flowenrich_batch_free(groups);
        flowenrich_batch_free(alarms);
        flowenrich_watcher_free(watcher);
    }
}

/* Windows that nobody told of had nothing; a group that is new had nothing before. */
static void what_nobody_told_of_was_nothing(void **state)
{
    static const row rows[] = {
        { 0, "a", "b", 100 }, { 7, "a", "b", 100 }, { 7, "new", "b", 50 }, { 8, "c", "b", 2 },
    };
    flowenrich_watcher *watcher = make_watcher(NULL, 0, 0);
    char alarms[512];

    (void)state;
    watch(watcher, rows, 4, 1, alarms);
    assert_string_equal(alarms, "7:a>b 100/0/8; 7:new>b 50/0/8; ");
    assert_int_equal(stat_of(watcher, "rows"), 4);
    assert_int_equal(stat_of(watcher, "spikes"), 2);
    assert_int_equal(stat_of(watcher, "held"), 3);
    flowenrich_watcher_free(watcher);
}

static void what_comes_late_counts_in_its_window(void **state)
{
    static const row rows[] = {
        { 0, "a", "b", 1 },  { 8, "a", "b", 15 }, { 9, "a", "b", 1 },
        { 8, "a", "b", 15 }, { 0, "a", "b", 99 }, { 40, "a", "b", 1 },
        { 9, "a", "b", 99 },
    };
    flowenrich_watcher *watcher = make_watcher(NULL, 0, 0);
    char alarms[512];

    (void)state;
    watch(watcher, rows, 7, 2, alarms);
    assert_string_equal(alarms, "8:a>b 30/0/8; "); /* 15 and 15 */
    assert_int_equal(stat_of(watcher, "too_late"), 1);
    flowenrich_watcher_free(watcher);
}

static void who_is_not_allowed_is_unexpected(void **state)
{
    static const char policy[] =
        "edges:\n"
        "  where: server.tags.app matches '*-db'\n"
        "  cooldown: 1\n"
        "  allow:\n"
        "  - client.tags.app == 'orders' and server.tags.app == 'orders-db'\n"
        "  - client.tags.app: backup\n";
    static const row rows[] = {
        { 0, "orders", "orders-db", 0 }, { 0, "backup", "orders-db", 0 },
        { 0, "web", "orders", 0 },       { 0, "web", "orders-db", 0 },
        { 0, "orders", "users-db", 0 },  { 1, "web", "orders-db", 0 }, /* told not long ago */
        { 2, "web", "orders-db", 0 },
    };
    flowenrich_watcher *watcher = make_watcher(policy, 0, 0);
    char alarms[512];

    (void)state;
    watch(watcher, rows, 7, 8, alarms);
    assert_string_equal(alarms, "0:web>orders-db unexpected; 0:orders>users-db unexpected; "
                                "2:web>orders-db unexpected; ");
    assert_int_equal(stat_of(watcher, "unexpected"), 3);
    assert_int_equal(stat_of(watcher, "repeated"), 1);
    flowenrich_watcher_free(watcher);
}

/* Neither the seed nor how rows were cut and alarms taken matters. */
static void alarms_are_the_same_for_any_cut_and_seed(void **state)
{
    static const char policy[] =
        "spikes: [{measure: rejects, warmup: 2}, {measure: bytes, where: rejects > 80}]\n"
        "edges: {allow: [rejects < 40], cooldown: 3}\n";
    static row rows[MOST_ROWS];
    static const char *const apps[] = { "a", "b", "c", "d", "e", "f", "g" };
    static char expected[65536], alarms[65536];

    (void)state;
    for (int i = 0; i < MOST_ROWS; i++)
        rows[i] = (row){ i / 40, apps[i % 7], apps[i * i % 5], (uint64_t)(i * 37 % 101) };
    for (uint64_t seed = 0; seed < 4; seed++) {
        flowenrich_watcher *watcher = make_watcher(policy, 0, seed);
        const size_t piece = seed == 0 ? MOST_ROWS : 7 * seed;
        char *end = alarms;

        for (size_t at = 0; at < MOST_ROWS; at += piece, end += strlen(end))
            watch(watcher, rows + at, at + piece < MOST_ROWS ? piece : MOST_ROWS - at, 3 + seed,
                  end);
        if (seed == 0)
            strcpy(expected, alarms);
        assert_true(strlen(expected) > 1000);
        assert_string_equal(alarms, expected);
        flowenrich_watcher_free(watcher);
    }
}

static void without_room_alarms_of_edges_are_told_again(void **state)
{
    flowenrich_watcher *watcher = make_watcher("edges: {allow: []}", 1, 0);
    static const row rows[] = { { 0, "a", "b", 0 }, { 1, "a", "b", 0 }, { 1, "c", "b", 0 } };
    char alarms[512];

    (void)state;
    watch(watcher, rows, 3, 1, alarms);
    assert_string_equal(alarms, "0:a>b unexpected; 1:c>b unexpected; "); /* one has always room */
    flowenrich_watcher_free(watcher);
}

static void groups_that_can_not_be_watched_are_refused(void **state)
{
    flowenrich_watcher *watcher =
        make_watcher("spikes: [{measure: rejects}, {measure: flows}]", 0, 0);
    static const row one = { 0, "a", "b", 1 };
    flowenrich_batch *groups = groups_of(&one, 1), *alarms = make_batch(2), *small = make_batch(1);
    flowenrich_error error;
    size_t at = 0;

    (void)state;
    assert_int_equal(flowenrich_watcher_watch(watcher, groups, &at, small, &error),
                     FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message, "'alarms' has no room for 2 rows");
    assert_int_equal(flowenrich_watcher_watch(watcher, groups, &at, alarms, &error),
                     FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message, "the groups have no 'flows' that is a whole number: ask the "
                                       "aggregator for it");
    assert_int_equal(at, 0);
    flowenrich_watcher_free(watcher);
    watcher = make_watcher("edges: {allow: [{server.type: rds:db}]}", 0, 0);
    assert_int_equal(flowenrich_watcher_watch(watcher, groups, &at, alarms, &error),
                     FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message, "the policy asks for 'server.type', which the groups don't "
                                       "have: group by it");
    flowenrich_watcher_free(watcher);
    fle_batch_drop_columns(groups);
    enriched_time(groups, "window.start", 0, 0);
    enriched_time(groups, "window.end", 0, WINDOW);
    groups->rows = 1;
    watcher = make_watcher("edges: {allow: [], minimum: 1}", 0, 0);
    assert_int_equal(flowenrich_watcher_watch(watcher, groups, &at, alarms, &error),
                     FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message, "the groups have no 'bytes' that is a whole number: ask the "
                                       "aggregator for it");
    flowenrich_batch_free(groups);

    groups = make_batch(1);
    groups->rows = 1;
    assert_int_equal(flowenrich_watcher_watch(watcher, groups, &at, alarms, &error),
                     FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message, "the groups have no windows: give the aggregator one");
    flowenrich_batch_free(groups);
    flowenrich_batch_free(alarms);
    flowenrich_batch_free(small);
    flowenrich_watcher_free(watcher);
    flowenrich_watcher_free(NULL);
}

/* What has no time, and what had no room for groups of its own. */
static void some_rows_are_passed_over(void **state)
{
    static const row rows[] = { { 0, "a", "b", 0 }, { 1, "a", "b", 0 }, { 1, "c", "b", 0 } };
    flowenrich_watcher *watcher = make_watcher("edges: {allow: []}", 0, 0);
    flowenrich_batch *groups = groups_of(rows, 3), *alarms = make_batch(4);
    size_t at = 0;

    (void)state;
    fle_column_clear(fle_batch_find(groups, FLE_TEXT("window.start")), 0);
    fle_column_set_bool(fle_batch_add(groups, FLE_TEXT("other"), FLOWENRICH_TYPE_BOOL), 1, true);
    assert_int_equal(flowenrich_watcher_watch(watcher, groups, &at, alarms, NULL), FLOWENRICH_OK);
    assert_int_equal(at, 3);
    assert_int_equal(alarms->rows, 1);
    assert_string_equal(enriching_value(alarms, "client.tags.app", 0), "c");
    flowenrich_batch_free(groups);
    flowenrich_batch_free(alarms);
    flowenrich_watcher_free(watcher);
}

static void memory_may_run_out(void **state)
{
    static const char policy[] = "spikes: [{measure: rejects}]\nedges: {allow: [bytes < 5]}";
    static const row rows[] = { { 0, "a", "b", 1 }, { 7, "c", "b", 90 } };
    flowenrich_batch *groups = groups_of(rows, 2);
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    failing f = { 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);

    (void)state;
    for (size_t succeed = 0; status == FLOWENRICH_ERR_NOMEM; succeed++) {
        flowenrich_watcher_options opt = FLOWENRICH_WATCHER_OPTIONS_INIT;
        flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
        flowenrich_watcher *watcher = NULL;
        flowenrich_batch *alarms = NULL;
        size_t at = 0;

        f.succeed = succeed;
        opt.allocator = settings.allocator = &allocator;
        opt.policy = policy;
        opt.policy_len = sizeof policy - 1;
        status = flowenrich_watcher_new(&watcher, &opt, NULL);
        if (status == FLOWENRICH_OK)
            status = flowenrich_batch_new(&alarms, 8, &settings, NULL);
        if (status == FLOWENRICH_OK)
            status = flowenrich_watcher_watch(watcher, groups, &at, alarms, NULL);
        flowenrich_watcher_free(watcher);
        flowenrich_batch_free(alarms);
        assert_int_equal(f.live, 0);
    }
    assert_int_equal(status, FLOWENRICH_OK);
    flowenrich_batch_free(groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spike_is_far_from_the_groups_own_past),
        cmocka_unit_test(a_season_knows_the_hour_of_the_day),
        cmocka_unit_test(a_season_begins_after_two_of_it),
        cmocka_unit_test(a_season_is_some_windows),
        cmocka_unit_test(what_nobody_told_of_was_nothing),
        cmocka_unit_test(what_comes_late_counts_in_its_window),
        cmocka_unit_test(who_is_not_allowed_is_unexpected),
        cmocka_unit_test(alarms_are_the_same_for_any_cut_and_seed),
        cmocka_unit_test(without_room_alarms_of_edges_are_told_again),
        cmocka_unit_test(groups_that_can_not_be_watched_are_refused),
        cmocka_unit_test(some_rows_are_passed_over),
        cmocka_unit_test(memory_may_run_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
