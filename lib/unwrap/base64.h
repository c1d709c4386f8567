/* SPDX-License-Identifier: Apache-2.0 */
/* Base64, as RFC 4648 has it and as it is met. */
#ifndef FLE_UNWRAP_BASE64_H
#define FLE_UNWRAP_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "flowenrich.h"

/* Room that decoding 'len' characters needs. */
#define FLE_BASE64_ROOM(len) ((len) / 4 * 3 + 3)

/*
 * Decode either alphabet (+/ and -_). White space is skipped, padding may be left
 * out but not be wrong. If false, '*len' is where it stops being base64.
 */
bool fle_base64_decode(flowenrich_text text, char *out, size_t *len);

#endif
