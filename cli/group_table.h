/* SPDX-License-Identifier: Apache-2.0 */
/* Groups as a table: keys to the left, sums to the right. */
#ifndef CLI_GROUP_TABLE_H
#define CLI_GROUP_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "flowenrich.h"
#include "options.h"
#include "outcome.h"
#include "output.h"
#include "table.h"

typedef struct group_table {
    table cells;
    size_t paths;    /* that groups are by */
    size_t keys;     /* columns that tell rows apart: these, and before them those of a window */
    bool for_people; /* the output is a terminal: numbers have units */
    bool begun;      /* it has its headings */
} group_table;

void group_table_init(group_table *to, const options *opt, size_t paths);

/* Add the rows of a batch of groups. All have the same columns. */
outcome group_table_add(group_table *to, flowenrich_batch *rows);

/* Write it, but for columns that would say nothing. */
outcome group_table_write(group_table *to, output *out);

void group_table_free(group_table *to);

#endif
