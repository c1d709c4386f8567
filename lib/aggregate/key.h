/* SPDX-License-Identifier: Apache-2.0 */
/* Group keys: the values of a row's paths as bytes that sort as the values do. */
#ifndef FLE_AGGREGATE_KEY_H
#define FLE_AGGREGATE_KEY_H

#include "base/text.h"
#include "record/path.h"

/* The type of the column that shows a path's values: lists and maps become texts. */
uint32_t fle_key_type(uint32_t type);

/* Append a value. A list is joined by commas, a map as "key=value,key=value". */
void fle_key_put(fle_buffer *key, const fle_value *value);

/*
 * Take the next value off the front of a key. A text is unescaped into 'scratch'
 * and lives until that changes; an address points into the key. False if memory
 * ran out.
 */
bool fle_key_take(flowenrich_text *key, fle_buffer *scratch, fle_value *out);

#endif
