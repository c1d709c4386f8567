/* SPDX-License-Identifier: Apache-2.0 */
/* Which records are wanted: --since, --until and --where. */
#ifndef CLI_SELECTION_H
#define CLI_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"
#include "options.h"
#include "outcome.h"

/* PATH=VALUE or PATH!=VALUE. */
typedef struct condition {
    char *path; /* owned; 'value' is the command line's */
    const char *value;
    bool equal; /* else unequal */
} condition;

typedef struct selection {
    flowenrich_time since, until;
    condition *conditions;
    size_t n;
    uint8_t *keep; /* a bit for each row of a batch */
    size_t rows;
} selection;

/* @param rows  The most a batch can have. */
outcome selection_init(selection *chosen, const options *opt, size_t rows);
void selection_free(selection *chosen);

/* Keep the rows within the bounds of time; those without times, too. */
outcome selection_keep_times(selection *chosen, flowenrich_batch *batch);

/* Keep the rows for which all conditions hold. */
outcome selection_keep_values(selection *chosen, flowenrich_batch *batch);

/* Say which conditions were about a path that no log had; 'batch' has held all records. */
void selection_report(const selection *chosen, flowenrich_batch *batch);

#endif
