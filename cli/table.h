/* SPDX-License-Identifier: Apache-2.0 */
/* Aligned columns of text. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "flowenrich.h"
#include "outcome.h"

typedef struct table {
    size_t columns, left; /* the first ones are text, to the left; the others numbers */
    char **cells;         /* row by row; the first row is the heading */
    size_t n, capacity;
    bool *hidden; /* of each column; NULL: none is */
} table;

void table_init(table *rows, size_t columns, size_t left);

/* Add the next cell of the row. What would drive a terminal is made visible. */
outcome table_add(table *rows, const char *text, size_t len);

/* The same of a value: several texts are one cell, "a,b"; "-" is absent. */
outcome table_add_value(table *rows, const flowenrich_column *column, size_t row);

/* Leave a column out when it is printed. Without memory, it isn't. */
void table_hide(table *rows, size_t column);

/* @param color  The heading is bold. */
outcome table_print(const table *rows, FILE *out, bool color);

/* Whether stdout is a terminal whose owner wants color (no-color.org). */
bool color_wanted(void);

void table_free(table *rows);

#endif
