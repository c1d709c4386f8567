/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a header line from a record. */
#ifndef FLE_PARSE_HEADER_H
#define FLE_PARSE_HEADER_H

#include "parse/line.h"

/*
 * Is this line a header? All that is in it looks like names, and more than half
 * are names of known fields: newer fields than this library's don't hide one.
 */
bool fle_header_is(const fle_line *line);

#endif
