/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON values. */
#ifndef FLE_ENCODE_JSON_H
#define FLE_ENCODE_JSON_H

#include <stdint.h>

#include "encode/output.h"
#include "record/path.h"

/*
 * A string with its quotes, escaped. A byte that is no part of well-formed UTF-8
 * becomes U+FFFD, so that the output is valid whatever the input was.
 */
void fle_json_string(fle_output *out, flowenrich_text text);

void fle_json_u64(fle_output *out, uint64_t value);
void fle_json_i64(fle_output *out, int64_t value);
void fle_json_address(fle_output *out, const fle_address *address); /* without quotes */

/* As base/decimal.h has it. Not a number is null. */
void fle_json_f64(fle_output *out, double value);

/* A value of any type; null if it is absent. Lists are arrays, maps objects. */
void fle_json_value(fle_output *out, const fle_value *value);

#endif
