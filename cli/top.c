/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich top: the largest groups of records. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "message.h"
#include "output.h"
#include "run.h"
#include "table.h"
#include "text.h"
#include "value.h"

static const char *const sums[] = { "bytes", "packets", "records" };

enum { N_SUMS = sizeof sums / sizeof *sums };

typedef struct top {
    const options *opt;
    uint64_t seed;
    flowenrich_aggregator *aggregator;
    flowenrich_batch *groups;
    uint64_t left;   /* how many groups may still be shown */
    uint64_t more;   /* how many are not */
    bool for_people; /* the output is a terminal */
    table table;
    output out;
} top;

static outcome add(void *ctx, flowenrich_text encoded, flowenrich_batch *batch)
{
    const top *to = ctx;
    flowenrich_error error;

    (void)encoded;
    if (flowenrich_aggregator_add(to->aggregator, batch, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

static outcome make(top *to, const options *opt)
{
    flowenrich_aggregator_options grouping = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;

    memset(to, 0, sizeof *to);
    to->opt = opt;
    to->seed = options_seed(opt);
    to->left = opt->groups > 0 ? opt->groups : UINT64_MAX;
    to->for_people = opt->output == NULL && isatty(STDOUT_FILENO);
    table_init(&to->table, opt->by.n + N_SUMS, opt->by.n);
    grouping.hash_seed = settings.hash_seed = to->seed;
    grouping.by = opt->by.items;
    grouping.by_count = opt->by.n;
    if (flowenrich_aggregator_new(&to->aggregator, &grouping, &error) != FLOWENRICH_OK)
        return misuse("--by: %s", error.message);
    if (flowenrich_batch_new(&to->groups, 2048, &settings, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return output_open(&to->out, opt->output);
}

static void free_all(top *to)
{
    output_free(&to->out);
    table_free(&to->table);
    flowenrich_batch_free(to->groups);
    flowenrich_aggregator_free(to->aggregator);
}

static outcome add_sum(top *to, const flowenrich_column *column, size_t row, bool bytes)
{
    const uint64_t n = value_present(column, row) ? value_u64(column, row) : 0;
    char text[NUMBER_TEXT];

    if (!to->for_people)
        snprintf(text, sizeof text, "%" PRIu64, n);
    else if (bytes)
        text_bytes(n, text);
    else
        text_count(n, text);
    return table_add(&to->table, text, strlen(text));
}

/* Columns are viewed row by row: it is a table for people, and short. */
static outcome add_row(top *to, size_t row)
{
    const text_list *by = &to->opt->by;
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < by->n + N_SUMS; i++) {
        const bool key = i < by->n;
        flowenrich_column column;
        flowenrich_error error;

        if (value_column(to->groups, key ? by->items[i] : sums[i - by->n], &column, &error) !=
            FLOWENRICH_OK)
            return failure_of(NULL, &error);
        done =
            key ? table_add_value(&to->table, &column, row) : add_sum(to, &column, row, i == by->n);
    }
    return done;
}

static outcome add_headings(top *to)
{
    const text_list *by = &to->opt->by;
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < by->n + N_SUMS; i++) {
        const char *heading = i < by->n ? by->items[i] : sums[i - by->n];

        done = table_add(&to->table, heading, strlen(heading));
    }
    return done;
}

static outcome fill_table(top *to, size_t rows)
{
    outcome done = OUTCOME_DONE;

    for (size_t row = 0; done == OUTCOME_DONE && row < rows; row++)
        done = add_row(to, row);
    return done;
}

/* Drop the rows behind the first 'n'. */
static outcome keep_first(flowenrich_batch *groups, size_t n)
{
    uint8_t keep[2048 / 8] = { 0 };
    flowenrich_error error;

    for (size_t row = 0; row < n; row++)
        keep[row / 8] |= (uint8_t)(1U << row % 8);
    if (flowenrich_batch_keep(groups, keep, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

/* Take all groups out, the largest first, and show as many as are wanted. */
static outcome take_groups(top *to, flowenrich_encoder *encoder)
{
    outcome done = OUTCOME_DONE;

    while (done == OUTCOME_DONE) {
        flowenrich_error error;
        size_t rows, shown;

        if (flowenrich_aggregator_take(to->aggregator, to->groups, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
        rows = flowenrich_batch_rows(to->groups);
        if (rows == 0)
            break;
        shown = rows < to->left ? rows : (size_t)to->left;
        to->left -= shown;
        to->more += rows - shown;
        if (shown < rows)
            done = keep_first(to->groups, shown);
        if (done == OUTCOME_DONE)
            done = encoder ? output_encode(&to->out, encoder, to->groups) : fill_table(to, shown);
    }
    return done;
}

static outcome write_json(top *to)
{
    flowenrich_encoder_options settings = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_encoder *encoder;
    flowenrich_error error;
    outcome done;

    settings.hash_seed = to->seed;
    if (flowenrich_encoder_new(&encoder, "json", &settings, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    done = take_groups(to, encoder);
    flowenrich_encoder_free(encoder);
    return done;
}

static outcome write_table(top *to)
{
    outcome done = add_headings(to);

    if (done == OUTCOME_DONE)
        done = take_groups(to, NULL);
    return done == OUTCOME_DONE
               ? output_table(&to->out, &to->table, to->for_people && color_wanted())
               : done;
}

static outcome run_with(run *r, const options *opt)
{
    top to;
    const sink adding = { &to, add, NULL };
    outcome done = make(&to, opt);

    if (done == OUTCOME_DONE)
        done = run_logs(r, &adding);
    if (done == OUTCOME_DONE)
        done = opt->json ? write_json(&to) : write_table(&to);
    if (done == OUTCOME_DONE)
        done = output_commit(&to.out);
    if (done == OUTCOME_DONE && to.more > 0)
        notice("more groups: %" PRIu64 "; -n 0 shows all", to.more);
    free_all(&to);
    return done == OUTCOME_DONE ? run_end(r) : done;
}

outcome command_top(const options *opt)
{
    run r;
    outcome done;

    if (opt->by.n == 0)
        return misuse("top: --by is missing: what to group by, such as --by client.tags.app");
    done = run_init(&r, opt, &opt->arguments);
    if (done == OUTCOME_DONE)
        done = run_with(&r, opt);
    run_free(&r);
    return done;
}
