/* SPDX-License-Identifier: Apache-2.0 */
/* All groups of an aggregator, to be looked through. */
#include "group_rows.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "text.h"
#include "value.h"

#define ROWS 2048

void group_rows_init(group_rows *rows, const char *const *keys, size_t n_keys,
                     const char *const *sums, size_t n_sums)
{
    memset(rows, 0, sizeof *rows);
    rows->keys = keys;
    rows->sums = sums;
    rows->n_keys = n_keys;
    rows->n_sums = n_sums;
}

void group_rows_free(group_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        for (size_t key = 0; key < rows->n_keys; key++)
            free(rows->items[i].keys[key]);
    free(rows->items);
}

/* A value, as a terminal may show it. NULL if it is absent, or without memory. */
static char *copy_value(const flowenrich_column *column, size_t row)
{
    char buf[VALUE_TEXT], *copy;
    value has;

    value_get(column, row, buf, &has);
    if (has.n == 0)
        return NULL;
    copy = malloc(4 * has.items[0].len + 1);
    if (copy)
        text_visible(copy, 4 * has.items[0].len + 1, has.items[0].data, has.items[0].len);
    return copy;
}

static outcome add_row(group_rows *rows, flowenrich_batch *batch, size_t row)
{
    flowenrich_column column;
    flowenrich_error error;
    group_row *to;

    if (rows->n == rows->capacity) {
        const size_t capacity = 2 * rows->capacity + 256;
        group_row *larger = realloc(rows->items, capacity * sizeof *larger);

        if (larger == NULL)
            return failure_no_memory();
        rows->items = larger;
        rows->capacity = capacity;
    }
    to = &rows->items[rows->n++];
    memset(to, 0, sizeof *to);
    if (value_column(batch, "window.start", &column, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    to->window = value_present(&column, row) ? value_time(&column, row) : FLOWENRICH_TIME_ABSENT;
    if (value_column(batch, "reversal", &column, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    to->is_reversal = value_true(&column, row);
    for (size_t i = 0; i < rows->n_keys; i++) {
        if (value_column(batch, rows->keys[i], &column, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
        to->keys[i] = copy_value(&column, row);
        if (to->keys[i] == NULL && value_present(&column, row))
            return failure_no_memory();
    }
    for (size_t i = 0; i < rows->n_sums; i++) {
        if (value_column(batch, rows->sums[i], &column, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
        to->sums[i] = value_present(&column, row) ? value_u64(&column, row) : 0;
    }
    return OUTCOME_DONE;
}

outcome group_rows_take(group_rows *rows, flowenrich_aggregator *aggregator)
{
    flowenrich_batch *batch;
    flowenrich_error error;
    outcome done = OUTCOME_DONE;
    size_t taken = 1;

    if (flowenrich_batch_new(&batch, ROWS, NULL, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    while (done == OUTCOME_DONE && taken > 0) {
        if (flowenrich_aggregator_take(aggregator, batch, &error) != FLOWENRICH_OK)
            done = failure_of(NULL, &error);
        taken = flowenrich_batch_rows(batch);
        for (size_t row = 0; done == OUTCOME_DONE && row < taken; row++)
            done = add_row(rows, batch, row);
    }
    flowenrich_batch_free(batch);
    return done;
}
