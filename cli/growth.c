/* SPDX-License-Identifier: Apache-2.0 */
/* ask why-did-transfer-grow: which groups moved between two periods, most first. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "group_rows.h"
#include "groups.h"
#include "message.h"
#include "moment.h"
#include "question.h"

#define SHORTEST 60 /* seconds of a window: logs tell no more of when */

enum { BEFORE, AFTER, N_PERIODS };
enum { BYTES, AMOUNT, N_SUMS };

typedef struct period {
    flowenrich_time from, to;
} period;

/* A table of what moved: groups of short windows, which the periods are made of. */
typedef struct comparison {
    const char *title;
    const char *const *by;
    size_t n_by;
    int sum; /* what decides which moved most */
    flowenrich_aggregator *aggregator;
    group_rows rows;
} comparison;

/* What is compared: pairs and their paths by bytes, meters by what they cost. */
typedef struct growth {
    period periods[N_PERIODS];
    comparison parts[2];
} growth;

enum { N_PARTS = 2 };

static const char *const meters[] = { "charges.meter", "charges.payer" };
static const char *const sums[] = { "bytes", "amount" };

/* What a group came to in each period. */
typedef struct change {
    const group_row *row;
    int64_t in[N_PERIODS][N_SUMS];
} change;

/* "FROM..TO". */
static outcome read_period(period *out, const char *option, const char *text)
{
    const char *dots = text ? strstr(text, "..") : NULL;
    char from[MOMENT_TEXT];

    if (text == NULL)
        return misuse(
            "ask why-did-transfer-grow: %s is missing: two periods are compared, --before "
            "FROM..TO and --after FROM..TO",
            option);
    if (dots && (size_t)(dots - text) < sizeof from) {
        snprintf(from, sizeof from, "%.*s", (int)(dots - text), text);
        if (moment_parse(from, &out->from) && moment_parse(dots + 2, &out->to))
            return out->from < out->to
                       ? OUTCOME_DONE
                       : misuse("%s: the period %s ends before it begins", option, text);
    }
    return misuse("%s: the period is written FROM..TO, such as "
                  "2026-11-20T09:00Z..2026-11-20T09:30Z",
                  option);
}

static outcome read_periods(period out[N_PERIODS], const options *opt)
{
    const outcome done = read_period(&out[BEFORE], "--before", opt->before);

    return done == OUTCOME_DONE ? read_period(&out[AFTER], "--after", opt->after) : done;
}

/* The longest windows that both periods are made of. */
static int64_t common_length(const period periods[N_PERIODS])
{
    const flowenrich_time edges[] = { periods[BEFORE].from, periods[BEFORE].to, periods[AFTER].from,
                                      periods[AFTER].to };
    int64_t length = 0;

    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        int64_t a = edges[i] < 0 ? -edges[i] : edges[i];

        while (a != 0) {
            const int64_t rest = length % a;

            length = a;
            a = rest;
        }
    }
    return length;
}

/*
 * Conversations are cut into rows as time goes on, not at the end of the logs, and what a row
 * counts is spread over the windows it covers.
 */
outcome question_growth_prepare(options *opt)
{
    period periods[N_PERIODS];
    int64_t window;

    if (opt->by.n > GROUP_ROWS_KEYS)
        return misuse("--by: more than %d paths are too many", GROUP_ROWS_KEYS);
    if (opt->hold == HOLD_UNSAID)
        opt->hold = HOLD_AUTO;
    opt->active = SHORTEST;
    opt->spread = true;
    opt->window = 3600;
    if (opt->print_config && !opt->before && !opt->after)
        return OUTCOME_DONE;
    if (read_periods(periods, opt) != OUTCOME_DONE)
        return OUTCOME_MISUSE;
    window = common_length(periods);
    if (window < SHORTEST)
        return misuse("--before, --after: periods begin and end with a minute");
    opt->window = window < INT32_MAX ? (uint32_t)window : INT32_MAX;
    if (opt->since == FLOWENRICH_TIME_ABSENT)
        opt->since = periods[periods[BEFORE].from > periods[AFTER].from].from;
    if (opt->until == FLOWENRICH_TIME_ABSENT)
        opt->until = periods[periods[BEFORE].to < periods[AFTER].to].to;
    return OUTCOME_DONE;
}

static outcome make(comparison *to, const options *opt)
{
    flowenrich_aggregator_options wanted = groups_asked(opt);
    flowenrich_error error;

    wanted.by = to->by;
    wanted.by_count = to->n_by;
    wanted.measures = sums;
    wanted.measure_count = N_SUMS;
    wanted.hash_seed = options_seed(opt);
    group_rows_init(&to->rows, to->by, to->n_by, sums, N_SUMS);
    if (flowenrich_aggregator_new(&to->aggregator, &wanted, &error) != FLOWENRICH_OK)
        return misuse("--by: %s", error.message);
    return OUTCOME_DONE;
}

static outcome add(void *ctx, flowenrich_text encoded, flowenrich_batch *batch)
{
    growth *to = ctx;
    flowenrich_error error;

    (void)encoded;
    for (size_t i = 0; i < N_PARTS; i++)
        if (flowenrich_aggregator_add(to->parts[i].aggregator, batch, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

static int compare_keys(const group_row *a, const group_row *b)
{
    for (size_t i = 0; i < GROUP_ROWS_KEYS; i++) {
        const int order = strcmp(a->keys[i] ? a->keys[i] : "", b->keys[i] ? b->keys[i] : "");

        if (order || (a->keys[i] == NULL) != (b->keys[i] == NULL))
            return order ? order : (a->keys[i] != NULL) - (b->keys[i] != NULL);
    }
    return 0;
}

static int compare_rows(const void *a, const void *b)
{
    return compare_keys(a, b);
}

static int64_t moved(const change *of, int sum)
{
    return of->in[AFTER][sum] - of->in[BEFORE][sum];
}

/* Most first. */
static int compare_by(const change *a, const change *b, int sum)
{
    const int64_t left = llabs(moved(a, sum)), right = llabs(moved(b, sum));

    return left != right ? (left < right ? 1 : -1) : compare_keys(a->row, b->row);
}

static int compare_bytes(const void *a, const void *b)
{
    return compare_by(a, b, BYTES);
}

static int compare_amounts(const void *a, const void *b)
{
    return compare_by(a, b, AMOUNT);
}

/* Put a window's group to the period that it is in, if it is in one. */
static void count(change *to, const group_row *row, const period periods[N_PERIODS])
{
    for (size_t i = 0; i < N_PERIODS; i++)
        if (row->window >= periods[i].from && row->window < periods[i].to)
            for (size_t sum = 0; sum < N_SUMS; sum++)
                to->in[i][sum] +=
                    row->is_reversal ? -(int64_t)row->sums[sum] : (int64_t)row->sums[sum];
}

/* All groups that moved; free() them. NULL without memory. */
static change *find_changes(comparison *of, const period periods[N_PERIODS], size_t *n)
{
    group_rows *rows = &of->rows;
    change *all = calloc(rows->n + 1, sizeof *all);

    *n = 0;
    if (all == NULL)
        return NULL;
    if (rows->n > 0)
        qsort(rows->items, rows->n, sizeof *rows->items, compare_rows);
    for (size_t i = 0, end; i < rows->n; i = end) {
        all[*n] = (change){ .row = &rows->items[i] };
        for (end = i; end < rows->n && compare_keys(&rows->items[i], &rows->items[end]) == 0; end++)
            count(&all[*n], &rows->items[end], periods);
        *n += moved(&all[*n], of->sum) != 0;
    }
    qsort(all, *n, sizeof *all, of->sum == BYTES ? compare_bytes : compare_amounts);
    return all;
}

static outcome add_change(answer *to, const comparison *of, const change *found)
{
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < of->n_by; i++)
        done = answer_add_text(to, found->row->keys[i]);
    for (size_t i = 0; done == OUTCOME_DONE && i < N_PERIODS; i++)
        done = answer_add_number(to, found->in[i][of->sum]);
    if (done == OUTCOME_DONE)
        done = answer_add_number(to, moved(found, of->sum));
    if (done == OUTCOME_DONE && of->sum == BYTES)
        done = answer_add_number(to, moved(found, AMOUNT));
    return done;
}

static size_t name_columns(const comparison *of, answer_column out[GROUP_ROWS_KEYS + 4])
{
    const answer_kind kind = of->sum == BYTES ? ANSWER_BYTES : ANSWER_MONEY;
    size_t n = 0;

    for (; n < of->n_by; n++)
        out[n] = (answer_column){ of->by[n], ANSWER_TEXT, false };
    out[n++] = (answer_column){ "before", kind, false };
    out[n++] = (answer_column){ "after", kind, false };
    out[n++] = (answer_column){ of->sum == BYTES ? "bytes_change" : "amount_change", kind, true };
    if (of->sum == BYTES)
        out[n++] = (answer_column){ "amount_change", ANSWER_MONEY, true };
    return n;
}

static outcome write_changes(growth *of, comparison *part, const options *opt, output *out,
                             uint64_t *more)
{
    answer_column columns[GROUP_ROWS_KEYS + 4];
    const size_t n_columns = name_columns(part, columns);
    size_t n;
    change *all = find_changes(part, of->periods, &n);
    const size_t shown = opt->groups > 0 && opt->groups < n ? (size_t)opt->groups : n;
    answer to;
    outcome done;

    if (all == NULL)
        return failure_no_memory();
    done = answer_init(&to, opt, columns, n_columns);
    for (size_t i = 0; done == OUTCOME_DONE && i < shown; i++)
        done = add_change(&to, part, &all[i]);
    if (done == OUTCOME_DONE)
        done = answer_write(&to, part->title, out);
    *more += n - shown;
    answer_free(&to);
    free(all);
    return done;
}

static outcome take(comparison *part)
{
    flowenrich_error error;

    if (flowenrich_aggregator_advance(part->aggregator, FLOWENRICH_TIME_END, &error) !=
        FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return group_rows_take(&part->rows, part->aggregator);
}

static void tell(const growth *of, uint64_t more)
{
    const period *before = &of->periods[BEFORE], *after = &of->periods[AFTER];

    if (before->to - before->from != after->to - after->from)
        notice("the periods are not of the same length, and what they hold is compared as it is");
    groups_tell_more(more);
}

static outcome show(growth *of, const options *opt)
{
    output out;
    uint64_t more = 0;
    outcome done = output_open(&out, opt->output);

    for (size_t i = 0; done == OUTCOME_DONE && i < N_PARTS; i++)
        done = take(&of->parts[i]);
    for (size_t i = 0; done == OUTCOME_DONE && i < N_PARTS; i++)
        done = write_changes(of, &of->parts[i], opt, &out, &more);
    if (done == OUTCOME_DONE)
        done = output_commit(&out);
    if (done == OUTCOME_DONE)
        tell(of, more);
    output_free(&out);
    return done;
}

outcome question_growth(run *r, const options *opt)
{
    growth of = { .parts = { { .title = "Pairs and paths\n",
                               .by = opt->by.items,
                               .n_by = opt->by.n,
                               .sum = BYTES },
                             { .title = "\nMeters\n", .by = meters, .n_by = 2, .sum = AMOUNT } } };
    const sink adding = { &of, add, NULL };
    outcome done = read_periods(of.periods, opt);

    for (size_t i = 0; done == OUTCOME_DONE && i < N_PARTS; i++)
        done = make(&of.parts[i], opt);
    if (done == OUTCOME_DONE && !file_list_is_dated(&r->files))
        notice("the names of the logs don't tell their times, so they are read as they are given: "
               "give them in the order of time, or a conversation that several have counts twice");
    if (done == OUTCOME_DONE)
        done = run_logs(r, &adding);
    if (done == OUTCOME_DONE)
        done = show(&of, opt);
    for (size_t i = 0; i < N_PARTS; i++) {
        group_rows_free(&of.parts[i].rows);
        flowenrich_aggregator_free(of.parts[i].aggregator);
    }
    return done;
}
