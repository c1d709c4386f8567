/* SPDX-License-Identifier: Apache-2.0 */
/* Groups as a table: keys to the left, sums to the right. */
#include "group_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "moment.h"
#include "text.h"
#include "value.h"

/* What a window puts before the paths; the last ones rarely say anything. */
static const char *const of_window[] = { "window.start", "window.end", "sequence", "late",
                                         "reversal" };

enum { N_OF_WINDOW = sizeof of_window / sizeof *of_window, FIRST_RARE = 2 };

void group_table_init(group_table *to, const options *opt, size_t paths)
{
    memset(to, 0, sizeof *to);
    to->paths = paths;
    to->for_people = opt->output == NULL && isatty(STDOUT_FILENO);
}

void group_table_free(group_table *to)
{
    table_free(&to->cells);
}

static bool is_among(const char *path, const char *const *paths, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(path, paths[i]) == 0)
            return true;
    return false;
}

/* "p99_9.bytes" */
static bool is_quantile_of_bytes(const char *path)
{
    const char *dot = strchr(path, '.');

    return path[0] == 'p' && dot && strcmp(dot, ".bytes") == 0;
}

static bool is_bytes(const char *path)
{
    static const char *const paths[] = { "bytes", "uploaded", "downloaded", "uncosted_bytes",
                                         "error" };

    return is_among(path, paths, sizeof paths / sizeof *paths) || is_quantile_of_bytes(path);
}

/* A number with its unit, for people; else as it is. */
static outcome add_number(group_table *to, const char *path, uint64_t n)
{
    char text[NUMBER_TEXT];

    if (strcmp(path, "amount") == 0)
        text_money(n, to->for_people, text);
    else if (!to->for_people)
        snprintf(text, sizeof text, "%" PRIu64, n);
    else if (is_bytes(path))
        text_bytes(n, text);
    else
        text_count(n, text);
    return table_add(&to->cells, text, strlen(text));
}

static outcome add_time(group_table *to, flowenrich_time at)
{
    char text[MOMENT_TEXT];

    moment_text(at, text);
    return table_add(&to->cells, text, strlen(text));
}

static outcome add_value(group_table *to, const char *path, const flowenrich_column *column,
                         size_t row)
{
    if (value_present(column, row) && column->type == FLOWENRICH_TYPE_U64)
        return add_number(to, path, value_u64(column, row));
    if (value_present(column, row) && column->type == FLOWENRICH_TYPE_TIME && to->for_people)
        return add_time(to, value_time(column, row));
    return table_add_value(&to->cells, column, row);
}

/* The row of what had no room says so in the place of its first key. */
static outcome add_row(group_table *to, flowenrich_batch *rows, size_t row)
{
    flowenrich_column other;
    flowenrich_error error;
    outcome done = OUTCOME_DONE;
    const char *path;

    if (value_column(rows, "other", &other, &error) != FLOWENRICH_OK)
        return failure_of(NULL, &error);
    for (size_t i = 0; done == OUTCOME_DONE && (path = flowenrich_batch_path(rows, i)); i++) {
        flowenrich_column column;

        if (value_column(rows, path, &column, &error) != FLOWENRICH_OK)
            return failure_of(NULL, &error);
        if (value_true(&other, row) && i + 1 == to->keys)
            done = table_add(&to->cells, "(other)", strlen("(other)"));
        else
            done = add_value(to, path, &column, row);
    }
    return done;
}

static outcome begin(group_table *to, const flowenrich_batch *rows)
{
    size_t columns = 0;
    outcome done = OUTCOME_DONE;
    const char *path;

    while ((path = flowenrich_batch_path(rows, columns)) != NULL) {
        to->keys += is_among(path, of_window, N_OF_WINDOW);
        columns++;
    }
    to->keys += to->paths;
    table_init(&to->cells, columns, to->keys);
    for (size_t i = 0; done == OUTCOME_DONE && (path = flowenrich_batch_path(rows, i)); i++)
        done = table_add(&to->cells, path, strlen(path));
    to->begun = true;
    return done;
}

outcome group_table_add(group_table *to, flowenrich_batch *rows)
{
    outcome done = to->begun ? OUTCOME_DONE : begin(to, rows);

    for (size_t row = 0; done == OUTCOME_DONE && row < flowenrich_batch_rows(rows); row++)
        done = add_row(to, rows, row);
    return done;
}

/* Nearly always all groups have room, and nothing is late: then there is nothing to read there. */
static void hide_what_says_nothing(table *cells)
{
    static const char *const nothing[] = { "-", "0", "0 B", "false" };

    for (size_t column = 0; column < cells->columns; column++) {
        const char *path = cells->cells[column];
        bool hidden = strcmp(path, "error") == 0 ||
                      is_among(path, of_window + FIRST_RARE, N_OF_WINDOW - FIRST_RARE);

        for (size_t i = cells->columns + column; hidden && i < cells->n; i += cells->columns)
            hidden = is_among(cells->cells[i], nothing, sizeof nothing / sizeof *nothing);
        if (hidden || strcmp(path, "other") == 0)
            table_hide(cells, column);
    }
}

outcome group_table_write(group_table *to, output *out)
{
    if (!to->begun)
        return OUTCOME_DONE;
    hide_what_says_nothing(&to->cells);
    return output_table(out, &to->cells, to->for_people && color_wanted());
}
