/* SPDX-License-Identifier: Apache-2.0 */
/* Times and durations as people write them. */
#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "flowenrich.h"

#define MOMENT_TEXT 48

/*
 * "2026-11-20", "2026-11-20T09:00Z", "2026-11-20 09:00:00+01:00", or seconds since 1970.
 * Without an offset it is UTC.
 */
bool moment_parse(const char *text, flowenrich_time *out);

/* "2026-11-20T09:00:00Z", as options take it. Returns 'out'. */
const char *moment_text(flowenrich_time at, char out[MOMENT_TEXT]);

/* "90s", "15m", "24h", "30d", and bare seconds. */
bool duration_parse(const char *text, int64_t *seconds);

/* "19 days", "3 hours", "90 seconds". Returns 'out'. */
const char *duration_text(int64_t seconds, char out[MOMENT_TEXT]);

/* A duration that covers 'seconds', as --assume takes it: "20d", "4h". Returns 'out'. */
const char *duration_covering(int64_t seconds, char out[MOMENT_TEXT]);

#endif
