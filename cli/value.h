/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a batch's columns, as text. */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "flowenrich.h"

/* Room for any number or address. */
#define VALUE_TEXT 64

/*
 * Texts of a row's value: none if it is absent or a list of numbers, several of a list, keys and
 * values of a map.
 */
typedef struct value {
    flowenrich_text one; /* if there are no lists */
    const flowenrich_text *items;
    size_t n;
} value;

/* @param buf  Where numbers and addresses are written, which 'out' then points to. */
void value_get(const flowenrich_column *column, size_t row, char buf[VALUE_TEXT], value *out);

bool value_present(const flowenrich_column *column, size_t row);

/* The value of a U64 or TIME column; the row has one. */
uint64_t value_u64(const flowenrich_column *column, size_t row);
flowenrich_time value_time(const flowenrich_column *column, size_t row);

/* Whether a BOOL is there and true. */
bool value_true(const flowenrich_column *column, size_t row);

/* A number, 0 if there is none. */
uint64_t value_number(const flowenrich_column *column, size_t row);

/* Whether a row has this text, and nothing else. */
bool value_is(const flowenrich_column *column, size_t row, const char *text);

/* View a column if the batch has it; else *out has no rows, and no value is present. */
flowenrich_status value_column(flowenrich_batch *batch, const char *path, flowenrich_column *out,
                               flowenrich_error *error);

#endif
