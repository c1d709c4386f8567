/* SPDX-License-Identifier: Apache-2.0 */
/* Whole lines out of many bytes at once. */
#ifndef FLE_PARSE_WINDOW_H
#define FLE_PARSE_WINDOW_H

#include "parse/parser.h"

/*
 * Take whole lines from the front of 'bytes', as many as there are in a window of them and as 'out'
 * has room for. The parser is between two lines. '*taken' may be 0 though there is a line: a very
 * long one, or one at the end of the bytes.
 */
flowenrich_status fle_window_take(flowenrich_parser *parser, const char *bytes, size_t len,
                                  flowenrich_batch *out, size_t *taken, flowenrich_error *error);

#endif
