/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that the tool itself has put together: a table, JSON lines or CSV. */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "options.h"
#include "outcome.h"
#include "output.h"
#include "table.h"

typedef enum answer_kind { ANSWER_TEXT, ANSWER_COUNT, ANSWER_BYTES, ANSWER_MONEY } answer_kind;

typedef struct answer_column {
    const char *name; /* a path, or what a path would be */
    answer_kind kind;
    bool is_change; /* a number with its sign */
} answer_column;

typedef struct answer {
    const answer_column *columns;
    size_t n;
    size_t at; /* the column of the next cell */
    bool json, for_people;
    table table;
    FILE *lines; /* of JSON or CSV; NULL: a table */
    char *text;
    size_t len;
} answer;

/* @param columns  Texts first. They must outlive the answer. */
outcome answer_init(answer *to, const options *opt, const answer_column *columns, size_t n);

/* The next cell of the row. NULL: there is none. */
outcome answer_add_text(answer *to, const char *text);
outcome answer_add_number(answer *to, int64_t number);

/* Write it, a table below its title. Nothing if there are no rows. */
outcome answer_write(answer *to, const char *title, output *out);

void answer_free(answer *to);

#endif
