/* SPDX-License-Identifier: Apache-2.0 */
/* All groups of an aggregator, to be looked through. */
#ifndef CLI_GROUP_ROWS_H
#define CLI_GROUP_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"
#include "outcome.h"

#define GROUP_ROWS_KEYS 10
#define GROUP_ROWS_SUMS 4

typedef struct group_row {
    flowenrich_time window;      /* when its window starts; FLOWENRICH_TIME_ABSENT: it has none */
    bool is_reversal;            /* its sums are to be taken off */
    char *keys[GROUP_ROWS_KEYS]; /* NULL: absent */
    uint64_t sums[GROUP_ROWS_SUMS];
} group_row;

typedef struct group_rows {
    const char *const *keys, *const *sums; /* their paths */
    size_t n_keys, n_sums;
    group_row *items;
    size_t n, capacity;
} group_rows;

/* @param keys, sums  Paths, which must outlive the rows; at most GROUP_ROWS_… of them. */
void group_rows_init(group_rows *rows, const char *const *keys, size_t n_keys,
                     const char *const *sums, size_t n_sums);

/* Take all out of the aggregator, in its order. */
outcome group_rows_take(group_rows *rows, flowenrich_aggregator *aggregator);

void group_rows_free(group_rows *rows);

#endif
