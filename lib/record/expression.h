/* SPDX-License-Identifier: Apache-2.0 */
/* Filters as text: `server.port in [22, 3389] and not client.network == "office"`. */
#ifndef FLE_RECORD_EXPRESSION_H
#define FLE_RECORD_EXPRESSION_H

#include "record/filter.h"

/*
 * Read an expression (docs/filter.md) as what all of the filter's rows must fit, besides
 * what it says already. ERR_SYNTAX with the line and column in it; else ERR_NOMEM.
 */
flowenrich_status fle_expression_read(fle_filter *filter, flowenrich_text text,
                                      flowenrich_error *error);

#endif
