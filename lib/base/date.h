/* SPDX-License-Identifier: Apache-2.0 */
/* Dates as AWS's documents write them. */
#ifndef FLE_BASE_DATE_H
#define FLE_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"

/* Seconds since 1970 of a UTC date and time of day, proleptic Gregorian. Fields are in range. */
int64_t fle_date_seconds(int64_t year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                         unsigned second);

/*
 * Read one date that fills the text: RFC 3339 ("2026-11-20T09:00:00Z", a space
 * for the T, a fraction, an offset or none), RFC 1123 ("Fri, 20 Nov 2026 09:00:03
 * GMT"), ip-ranges' "2014-11-19-23-29-02".
 */
bool fle_date_parse(const char *data, size_t len, flowenrich_time *out);

/* "2026-11-20 09:00:03 UTC" with a zero; returns the length. */
#define FLE_DATE_TEXT 40
size_t fle_date_format(flowenrich_time time, char out[FLE_DATE_TEXT]);

#endif
