/* SPDX-License-Identifier: Apache-2.0 */
/* The counters of a pipeline, by name. */
#ifndef CLI_STATS_H
#define CLI_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"

typedef struct stats {
    flowenrich_stat items[128];
    size_t n;
} stats;

void stats_of(stats *out, const flowenrich_pipeline *pipeline);

/* Add those of another pipeline, which may have others, too. */
void stats_add(stats *to, const flowenrich_pipeline *pipeline);

/* Take off what was counted more than once. */
void stats_take(stats *from, const char *name, uint64_t less);

/* Is there a counter of that name? Stages that a pipeline hasn't got have none. */
bool stats_has(const stats *of, const char *name);

/* The counter of that name, 0 if there is none. */
uint64_t stats_get(const stats *of, const char *name);

/*
 * Walk the counters that aren't 0 and whose names begin with 'prefix'.
 *
 * @param at  Where to begin, 0 at first; moved on.
 * @return The name behind the prefix, NULL at the end.
 */
const char *stats_next(const stats *of, const char *prefix, size_t *at, uint64_t *value);

/* Lines that are records or should be: neither headers nor empty ones. */
uint64_t stats_lines(const stats *of);

/* The sum of the counters whose names begin with 'prefix'. */
uint64_t stats_sum(const stats *of, const char *prefix);

#endif
