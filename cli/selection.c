/* SPDX-License-Identifier: Apache-2.0 */
/* Which records are wanted: --since, --until and --where. */
#include "selection.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "path.h"
#include "value.h"

/* Records have the protocol's number; people know its name. */
static const char *number_of_protocol(const char *name)
{
    static const char *const names[][2] = {
        { "icmp", "1" }, { "tcp", "6" }, { "udp", "17" },       { "gre", "47" },
        { "esp", "50" }, { "ah", "51" }, { "ipv6-icmp", "58" }, { "sctp", "132" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i][0]) == 0)
            return names[i][1];
    return name;
}

static outcome read_condition(condition *out, const char *text, bool named)
{
    const char *equals = strchr(text, '=');
    const bool unequal = equals && equals > text && equals[-1] == '!';

    if (equals == NULL)
        return misuse("--where: '%s' is neither PATH=VALUE nor PATH!=VALUE", text);
    out->path = strndup(text, (size_t)(equals - text) - unequal);
    out->value = equals + 1;
    out->equal = !unequal;
    if (out->path == NULL)
        return failure_no_memory();
    if (strcmp(out->path, "protocol") == 0)
        out->value = number_of_protocol(out->value);
    return path_check("--where", out->path, named);
}

outcome selection_init(selection *chosen, const options *opt, size_t rows)
{
    outcome done = OUTCOME_DONE;

    memset(chosen, 0, sizeof *chosen);
    chosen->since = opt->since;
    chosen->until = opt->until;
    chosen->rows = rows;
    chosen->conditions = calloc(opt->where.n + 1, sizeof *chosen->conditions);
    chosen->keep = malloc(rows / 8 + 1);
    if (!chosen->conditions || !chosen->keep)
        return failure_no_memory();
    for (; done == OUTCOME_DONE && chosen->n < opt->where.n; chosen->n++)
        done = read_condition(&chosen->conditions[chosen->n], opt->where.items[chosen->n],
                              opt->command != COMMAND_PARSE);
    return done;
}

void selection_free(selection *chosen)
{
    for (size_t i = 0; i < chosen->n; i++)
        free(chosen->conditions[i].path);
    free(chosen->conditions);
    free(chosen->keep);
}

static void drop(selection *chosen, size_t row)
{
    chosen->keep[row / 8] &= (uint8_t) ~(1U << row % 8);
}

static bool is_text(flowenrich_text text, const char *other)
{
    return strlen(other) == text.len && memcmp(text.data, other, text.len) == 0;
}

/* Of a list, one is enough. No value at all is the empty text. */
static bool is_equal(const flowenrich_column *column, size_t row, const char *other)
{
    char buf[VALUE_TEXT];
    value has;

    value_get(column, row, buf, &has);
    for (size_t i = 0; i < has.n; i++)
        if (is_text(has.items[i], other))
            return true;
    return has.n == 0 && *other == '\0';
}

static outcome apply(selection *chosen, condition *want, flowenrich_batch *batch)
{
    const size_t rows = flowenrich_batch_rows(batch);
    flowenrich_column column;
    flowenrich_error error;

    if (value_column(batch, want->path, &column, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    for (size_t row = 0; row < rows; row++)
        if (is_equal(&column, row, want->value) != want->equal)
            drop(chosen, row);
    return OUTCOME_DONE;
}

static outcome keep(selection *chosen, flowenrich_batch *batch)
{
    flowenrich_error error;

    if (flowenrich_batch_keep(batch, chosen->keep, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    return OUTCOME_DONE;
}

outcome selection_keep_values(selection *chosen, flowenrich_batch *batch)
{
    outcome done = OUTCOME_DONE;

    if (chosen->n == 0)
        return done;
    memset(chosen->keep, 0xff, chosen->rows / 8 + 1);
    for (size_t i = 0; done == OUTCOME_DONE && i < chosen->n; i++)
        done = apply(chosen, &chosen->conditions[i], batch);
    return done == OUTCOME_DONE ? keep(chosen, batch) : done;
}

outcome selection_keep_times(selection *chosen, flowenrich_batch *batch)
{
    const size_t rows = flowenrich_batch_rows(batch);
    flowenrich_column start, end;
    flowenrich_error error;

    if (chosen->since == FLOWENRICH_TIME_ABSENT && chosen->until == FLOWENRICH_TIME_ABSENT)
        return OUTCOME_DONE;
    if (value_column(batch, "start", &start, &error) != FLOWENRICH_OK ||
        value_column(batch, "end", &end, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    memset(chosen->keep, 0xff, chosen->rows / 8 + 1);
    for (size_t row = 0; row < rows; row++) {
        if (chosen->since != FLOWENRICH_TIME_ABSENT && value_present(&end, row) &&
            value_time(&end, row) < chosen->since)
            drop(chosen, row);
        if (chosen->until != FLOWENRICH_TIME_ABSENT && value_present(&start, row) &&
            value_time(&start, row) > chosen->until)
            drop(chosen, row);
    }
    return keep(chosen, batch);
}

void selection_report(const selection *chosen, flowenrich_batch *batch)
{
    for (size_t i = 0; i < chosen->n; i++)
        path_report("--where", chosen->conditions[i].path, batch);
}
