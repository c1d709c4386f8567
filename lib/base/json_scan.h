/* SPDX-License-Identifier: Apache-2.0 */
/* A forward scanner of JSON: it makes no tree, copies nothing and never goes back. */
#ifndef FLE_BASE_JSON_SCAN_H
#define FLE_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "flowenrich.h"

#define FLE_JSON_DEPTH 64 /* brackets in brackets */

typedef struct fle_json_scan {
    const char *at, *end;
    const char *expected; /* what should have stood at 'at', once a call returned false */
} fle_json_scan;

void fle_json_scan_space(fle_json_scan *scan);
/* The next byte, 0 at the end. */
char fle_json_scan_peek(const fle_json_scan *scan);
/* Take white space and one character, which 'expected' names. */
bool fle_json_scan_char(fle_json_scan *scan, char c, const char *expected);
/* Take a string. '*raw' is what stands between its quotes, with escapes as they are. */
bool fle_json_scan_string(fle_json_scan *scan, flowenrich_text *raw);
/* Take a key and its colon. */
bool fle_json_scan_key(fle_json_scan *scan, flowenrich_text *raw);
/* Take any value whole. '*raw' has its quotes or brackets. */
bool fle_json_scan_value(fle_json_scan *scan, flowenrich_text *raw);
/*
 * Go to the next element behind a bracket that was taken, or behind its end.
 * '*first' is true before the first element, and cleared.
 */
bool fle_json_scan_element(fle_json_scan *scan, char close, bool *first, bool *more);

/*
 * Resolve the escapes of a string. 'out' has room for raw.len bytes, which is
 * always enough. If false, '*len' is where the escape stands that isn't one.
 */
bool fle_json_scan_unescape(flowenrich_text raw, char *out, size_t *len);

#endif
