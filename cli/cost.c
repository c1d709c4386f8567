/* SPDX-License-Identifier: Apache-2.0 */
/* flowenrich cost: what the traffic cost, and whom. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "command.h"
#include "groups.h"
#include "message.h"
#include "month.h"
#include "output.h"
#include "run.h"
#include "table.h"
#include "text.h"
#include "value.h"

#define ROWS 2048
#define MOST_PATHS 16
#define MOST_SUMS 6

/* A table of the report: groups by some paths, what of their sums is shown, and which of them. */
typedef struct section {
    const char *title;
    const char *by[4];               /* behind the paths of --by, if it has these */
    const char *sums[MOST_SUMS];     /* the first one isn't 0 in what is shown */
    const char *headings[MOST_SUMS]; /* of those */
    const char *meter;               /* only what is charged for this; NULL: all */
    bool by_asked;                   /* the paths of --by come first */
} section;

static const section sections[] = {
    { "Who caused it",
      { NULL },
      { "bytes", "amount", "amount", "uploaded", "downloaded", "uncosted_bytes" },
      { "bytes", "cost", "month", "uploaded", "downloaded", "uncosted" },
      NULL,
      true },
    { "What for",
      { "charges.meter", "charges.payer", "charges.region", "charges.currency" },
      { "bytes", "amount", "amount" },
      { "bytes", "cost", "month" },
      NULL,
      false },
    { "Through NAT gateways",
      { "charges.meter" },
      { "bytes", "amount", "amount" },
      { "bytes", "cost", "month" },
      "nat-gateway",
      true },
    { "Between zones",
      { "client.availability_zone_id", "server.availability_zone_id", "charges.meter" },
      { "bytes", "amount", "amount" },
      { "bytes", "cost", "month" },
      "cross-az",
      false },
    { "Not costed, and why", { "uncosted" }, { "uncosted_bytes" }, { "bytes" }, NULL, false },
};

enum { N_SECTIONS = sizeof sections / sizeof *sections, WHAT_FOR = 1 };

typedef struct part {
    const section *of;
    const char *by[MOST_PATHS];
    size_t n_by, n_sums;
    flowenrich_aggregator *aggregator;
    uint64_t more; /* groups that aren't shown */
    table table;
} part;

typedef struct cost {
    const options *opt;
    const flowenrich_tariff *tariff;
    uint64_t seed;
    part parts[N_SECTIONS];
    flowenrich_batch *groups;
    buffer lines; /* of JSON */
    month month;
    bool for_people; /* the output is a terminal */
    output out;
} cost;

static outcome add(void *ctx, flowenrich_text encoded, flowenrich_batch *batch)
{
    const cost *to = ctx;
    flowenrich_error error;

    (void)encoded;
    for (size_t i = 0; i < N_SECTIONS; i++)
        if (flowenrich_aggregator_add(to->parts[i].aggregator, batch, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

static outcome add_path(part *to, const char *path)
{
    if (to->n_by == MOST_PATHS)
        return misuse("--by: more than %d paths are too many", MOST_PATHS - 1);
    for (size_t i = 0; i < to->n_by; i++)
        if (strcmp(to->by[i], path) == 0)
            return OUTCOME_DONE;
    to->by[to->n_by++] = path;
    return OUTCOME_DONE;
}

static outcome make_part(part *to, const section *of, const cost *all)
{
    flowenrich_aggregator_options grouping = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    const text_list *asked = &all->opt->by;
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    to->of = of;
    for (size_t i = 0; of->by_asked && done == OUTCOME_DONE && i < asked->n; i++)
        done = add_path(to, asked->items[i]);
    for (size_t i = 0; done == OUTCOME_DONE && i < 4 && of->by[i]; i++)
        done = add_path(to, of->by[i]);
    if (done != OUTCOME_DONE)
        return done;
    while (to->n_sums < MOST_SUMS && of->sums[to->n_sums])
        to->n_sums++;
    table_init(&to->table, to->n_by + to->n_sums, to->n_by);
    grouping.hash_seed = all->seed;
    grouping.by = to->by;
    grouping.by_count = to->n_by;
    if (flowenrich_aggregator_new(&to->aggregator, &grouping, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

static outcome load_rates(run *r, const text_list *files)
{
    for (size_t i = 0; i < files->n; i++) {
        flowenrich_error error;
        char *data;
        size_t len;
        flowenrich_status status;

        if (input_read_all(files->items[i], &data, &len) != OUTCOME_DONE)
            return OUTCOME_FAILED;
        status = flowenrich_pipeline_load_rates(r->pipeline, data, len, &error);
        free(data);
        if (status != FLOWENRICH_OK)
            return failure_of(files->items[i], &error);
    }
    return OUTCOME_DONE;
}

static outcome make(cost *to, run *r, const options *opt)
{
    flowenrich_options settings = FLOWENRICH_OPTIONS_INIT;
    flowenrich_error error;
    outcome done = load_rates(r, &opt->rates);

    to->opt = opt;
    to->tariff = flowenrich_pipeline_tariff(r->pipeline);
    to->seed = settings.hash_seed = options_seed(opt);
    to->for_people = opt->output == NULL && isatty(STDOUT_FILENO);
    for (size_t i = 0; done == OUTCOME_DONE && i < N_SECTIONS; i++)
        done = make_part(&to->parts[i], &sections[i], to);
    if (done == OUTCOME_DONE &&
        flowenrich_batch_new(&to->groups, ROWS, &settings, &error) != FLOWENRICH_OK)
        done = failure_of(NULL, &error);
    return done == OUTCOME_DONE ? output_open(&to->out, opt->output) : done;
}

static void free_all(cost *to)
{
    output_free(&to->out);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        table_free(&to->parts[i].table);
        flowenrich_aggregator_free(to->parts[i].aggregator);
    }
    free(to->lines.data);
    flowenrich_batch_free(to->groups);
}

static outcome view(cost *to, const char *path, flowenrich_column *out)
{
    flowenrich_error error;

    return value_column(to->groups, path, out, &error) == FLOWENRICH_OK ? OUTCOME_DONE
                                                                        : failure_of(NULL, &error);
}

/* Keep the groups that the section is about, and no more than are wanted. */
static outcome keep_wanted(cost *to, part *of, size_t rows, uint64_t *left)
{
    uint8_t keep[ROWS / 8] = { 0 };
    flowenrich_column meter, sum;
    flowenrich_error error;
    outcome done = view(to, of->of->sums[0], &sum);

    if (done == OUTCOME_DONE)
        done = view(to, "charges.meter", &meter);
    if (done != OUTCOME_DONE)
        return done;
    for (size_t row = 0; row < rows; row++) {
        if (value_number(&sum, row) == 0 ||
            (of->of->meter && !value_is(&meter, row, of->of->meter)))
            continue;
        if (*left > 0)
            keep[row / 8] |= (uint8_t)(1U << row % 8);
        else
            of->more++;
        *left -= *left > 0;
    }
    return flowenrich_batch_keep(to->groups, keep, &error) == FLOWENRICH_OK
               ? OUTCOME_DONE
               : failure_of(NULL, &error);
}

static outcome add_sum(cost *to, part *of, size_t i, size_t row)
{
    flowenrich_column column;
    char text[NUMBER_TEXT];
    uint64_t sum;
    outcome done = view(to, of->of->sums[i], &column);

    if (done != OUTCOME_DONE)
        return done;
    sum = value_number(&column, row);
    if (strcmp(of->of->headings[i], "month") == 0)
        sum = month_sum(&to->month, sum);
    if (strcmp(of->of->sums[i], "amount") == 0)
        text_money(sum, to->for_people, text);
    else if (to->for_people)
        text_bytes(sum, text);
    else
        snprintf(text, sizeof text, "%" PRIu64, sum);
    return table_add(&of->table, text, strlen(text));
}

static outcome add_row(cost *to, part *of, size_t row)
{
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < of->n_by; i++) {
        flowenrich_column column;

        done = view(to, of->by[i], &column);
        if (done == OUTCOME_DONE)
            done = table_add_value(&of->table, &column, row);
    }
    for (size_t i = 0; done == OUTCOME_DONE && i < of->n_sums; i++)
        done = add_sum(to, of, i, row);
    return done;
}

static bool tells_month(const section *of)
{
    for (size_t i = 0; i < MOST_SUMS && of->headings[i]; i++)
        if (strcmp(of->headings[i], "month") == 0)
            return true;
    return false;
}

/* JSON has all sums of a group; the month is no sum of the library's. */
static outcome write_lines(cost *to, const part *of, flowenrich_encoder *encoder)
{
    outcome done = buffer_encode(&to->lines, encoder, to->groups);
    flowenrich_column amount;
    size_t at = 0;

    if (done == OUTCOME_DONE)
        done = view(to, "amount", &amount);
    for (size_t row = 0; done == OUTCOME_DONE && row < flowenrich_batch_rows(to->groups); row++) {
        const flowenrich_text line = buffer_line(&to->lines, &at);
        char end[64] = "}\n";

        if (tells_month(of->of))
            snprintf(end, sizeof end, ",\"Month\":%" PRIu64 "}\n",
                     month_sum(&to->month, value_number(&amount, row)));
        done = output_write(&to->out, line.data, line.len);
        if (done == OUTCOME_DONE)
            done = output_write(&to->out, end, strlen(end));
    }
    return done;
}

static outcome take_part(cost *to, part *of, flowenrich_encoder *encoder)
{
    uint64_t left = to->opt->groups > 0 ? to->opt->groups : UINT64_MAX;
    outcome done = OUTCOME_DONE;

    for (;;) {
        flowenrich_error error;
        size_t rows;

        if (flowenrich_aggregator_take(of->aggregator, to->groups, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
        rows = flowenrich_batch_rows(to->groups);
        if (rows == 0)
            return OUTCOME_DONE;
        if (of->of == &sections[WHAT_FOR])
            done = month_add(&to->month, to->tariff, to->groups);
        if (done == OUTCOME_DONE)
            done = keep_wanted(to, of, rows, &left);
        if (done == OUTCOME_DONE && encoder)
            done = write_lines(to, of, encoder);
        rows = flowenrich_batch_rows(to->groups);
        for (size_t row = 0; !encoder && done == OUTCOME_DONE && row < rows; row++)
            done = add_row(to, of, row);
        if (done != OUTCOME_DONE)
            return done;
    }
}

static outcome write_json(cost *to)
{
    flowenrich_encoder_options settings = FLOWENRICH_ENCODER_OPTIONS_INIT;
    flowenrich_encoder *encoder;
    flowenrich_error error;
    outcome done = OUTCOME_DONE;

    settings.hash_seed = to->seed;
    if (flowenrich_encoder_new(&encoder, "json", &settings, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    for (size_t i = 0; done == OUTCOME_DONE && i < N_SECTIONS; i++)
        done = take_part(to, &to->parts[i], encoder);
    flowenrich_encoder_free(encoder);
    return done;
}

static outcome add_headings(part *to)
{
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < to->n_by; i++)
        done = table_add(&to->table, to->by[i], strlen(to->by[i]));
    for (size_t i = 0; done == OUTCOME_DONE && i < to->n_sums; i++)
        done = table_add(&to->table, to->of->headings[i], strlen(to->of->headings[i]));
    return done;
}

static outcome write_text(cost *to, const char *text)
{
    return output_write(&to->out, text, strlen(text));
}

static outcome write_tables(cost *to)
{
    outcome done = OUTCOME_DONE;

    for (size_t i = 0; done == OUTCOME_DONE && i < N_SECTIONS; i++) {
        part *of = &to->parts[i];
        char title[64];

        done = add_headings(of);
        if (done == OUTCOME_DONE)
            done = take_part(to, of, NULL);
        if (done != OUTCOME_DONE || of->table.n == of->table.columns)
            continue;
        snprintf(title, sizeof title, "%s%s\n", i > 0 ? "\n" : "", of->of->title);
        done = write_text(to, title);
        if (done == OUTCOME_DONE)
            done = output_table(&to->out, &of->table, to->for_people && color_wanted());
    }
    return done;
}

static void tell(const cost *to)
{
    uint64_t more = 0;

    for (size_t i = 0; i < N_SECTIONS; i++)
        more += to->parts[i].more;
    groups_tell_more(more);
    month_tell(&to->month);
}

static outcome run_with(run *r, const options *opt)
{
    cost to = { 0 };
    const sink adding = { &to, add, NULL };
    outcome done = make(&to, r, opt);

    if (done == OUTCOME_DONE)
        done = run_logs(r, &adding);
    month_init(&to.month, r->seen.first, r->seen.last);
    if (done == OUTCOME_DONE)
        done = opt->json ? write_json(&to) : write_tables(&to);
    if (done == OUTCOME_DONE)
        done = output_commit(&to.out);
    if (done == OUTCOME_DONE)
        tell(&to);
    free_all(&to);
    return done == OUTCOME_DONE ? run_end(r) : done;
}

outcome command_cost(const options *opt)
{
    run r;
    outcome done;

    if (opt->by.n == 0)
        return misuse("cost: --by is missing: whose cost it is, such as --by client.tags.app");
    done = groups_check(opt);
    if (done != OUTCOME_DONE)
        return done;
    done = run_init(&r, opt, &opt->arguments);
    if (done == OUTCOME_DONE)
        done = run_with(&r, opt);
    run_free(&r);
    return done;
}
