/* SPDX-License-Identifier: Apache-2.0 */
/* From text to values. Absent values, "-", don't come here. */
#ifndef FLE_PARSE_CONVERT_H
#define FLE_PARSE_CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Decimal digits fill the text: no sign, no spaces; zeros in front are fine. */
bool fle_convert_u32(flowenrich_text text, uint32_t max, uint32_t *out);
bool fle_convert_u64(flowenrich_text text, uint64_t *out);

/* From here on a time is in milliseconds: in seconds it is the year 5138, in milliseconds 1973. */
#define FLE_LEAST_MILLISECONDS UINT64_C(100000000000)

/* Seconds since 1970; milliseconds, which AWS has written too, are turned into them. */
bool fle_convert_time(flowenrich_text text, flowenrich_time *out, bool *was_milliseconds);

/*
 * Undo percent-encoding into 'out', which has room for text.len bytes; returns how
 * many there are. What isn't an escape ("%", "%4", "%zz") stays as it is.
 */
size_t fle_convert_percent(flowenrich_text text, char *out);

#endif
