/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of one plan become rows, many at a time. */
#ifndef FLE_PARSE_BLOCK_H
#define FLE_PARSE_BLOCK_H

#include "parse/kernel.h"
#include "parse/plan.h"

/*
 * Put the first lines, as far as the plan takes them and nothing about them is odd, into the
 * batch's rows behind the last one; the caller counts them in, and reads the next line by itself.
 * The batch has room for them, none is a header, and their text lies at 'offset' of the batch's
 * if the plan keeps text. False if memory ran out.
 */
bool fle_block_fill(fle_plan *plan, const fle_lines *lines, size_t offset, flowenrich_batch *batch,
                    size_t *n);

#endif
