/* SPDX-License-Identifier: Apache-2.0 */
/* Aligned columns of text. */
#include "table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "text.h"
#include "value.h"

#define GAP 2
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

void table_init(table *rows, size_t columns, size_t left)
{
    memset(rows, 0, sizeof *rows);
    rows->columns = columns;
    rows->left = left;
}

outcome table_add(table *rows, const char *text, size_t len)
{
    const size_t room = 4 * len + 1; /* of "\x1b" for each byte */
    char *cell = malloc(room);

    if (cell && rows->n == rows->capacity) {
        const size_t capacity = 2 * rows->capacity + 64;
        char **cells = realloc(rows->cells, capacity * sizeof *cells);

        if (cells) {
            rows->cells = cells;
            rows->capacity = capacity;
        }
    }
    if (!cell || rows->n == rows->capacity) {
        free(cell);
        return failure_no_memory();
    }
    text_visible(cell, room, text, len);
    rows->cells[rows->n++] = cell;
    return OUTCOME_DONE;
}

outcome table_add_value(table *rows, const flowenrich_column *column, size_t row)
{
    char buf[VALUE_TEXT], *text = NULL;
    size_t len = 0;
    FILE *memory;
    outcome done;
    value has;

    value_get(column, row, buf, &has);
    if (has.n == 0)
        return table_add(rows, "-", 1);
    if (has.n == 1)
        return table_add(rows, has.items[0].data, has.items[0].len);
    memory = open_memstream(&text, &len);
    if (memory == NULL)
        return failure_no_memory();
    for (size_t i = 0; i < has.n; i++)
        fprintf(memory, "%s%.*s", i > 0 ? "," : "", (int)has.items[i].len, has.items[i].data);
    done = fclose(memory) == 0 ? table_add(rows, text, len) : failure_no_memory();
    free(text);
    return done;
}

static bool is_hidden(const table *rows, size_t column)
{
    return rows->hidden && rows->hidden[column];
}

static size_t width_of(const char *cell)
{
    return text_columns(cell, strlen(cell));
}

static void print_blanks(FILE *out, size_t n)
{
    fprintf(out, "%*s", (int)n, "");
}

void table_hide(table *rows, size_t column)
{
    if (rows->hidden == NULL)
        rows->hidden = calloc(rows->columns, sizeof *rows->hidden);
    if (rows->hidden)
        rows->hidden[column] = true;
}

/* Is it the first, or last, of those in its row that are printed? */
static bool is_at_edge(const table *rows, size_t column, bool first)
{
    while (first ? column > 0 : column + 1 < rows->columns) {
        column = first ? column - 1 : column + 1;
        if (!is_hidden(rows, column))
            return false;
    }
    return true;
}

static void print_cell(const table *rows, FILE *out, size_t i, const size_t *widths)
{
    const size_t column = i % rows->columns;
    const size_t padding = widths[column] - width_of(rows->cells[i]);

    if (!is_at_edge(rows, column, true))
        print_blanks(out, GAP);
    if (column >= rows->left)
        print_blanks(out, padding);
    fputs(rows->cells[i], out);
    if (column < rows->left && !is_at_edge(rows, column, false))
        print_blanks(out, padding);
}

outcome table_print(const table *rows, FILE *out, bool color)
{
    size_t *widths = calloc(rows->columns, sizeof *widths);

    if (widths == NULL)
        return failure_no_memory();
    for (size_t i = 0; i < rows->n; i++)
        if (width_of(rows->cells[i]) > widths[i % rows->columns])
            widths[i % rows->columns] = width_of(rows->cells[i]);
    fputs(color ? BOLD : "", out);
    for (size_t i = 0; i < rows->n; i++) {
        if (!is_hidden(rows, i % rows->columns))
            print_cell(rows, out, i, widths);
        if (i % rows->columns + 1 == rows->columns)
            fputs(color && i < rows->columns ? PLAIN "\n" : "\n", out);
    }
    free(widths);
    return OUTCOME_DONE;
}

bool color_wanted(void)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
           !(term && strcmp(term, "dumb") == 0);
}

void table_free(table *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        free(rows->cells[i]);
    free(rows->cells);
    free(rows->hidden);
}
