/* SPDX-License-Identifier: Apache-2.0 */
/* What is true of the two ends of a line, and who held which address when. */
#ifndef SIM_TRUTH_H
#define SIM_TRUTH_H

#include "record.h"

/* The rows of truth.tsv. */
void truth_put_header(text *to);
void truth_put(text *to, const fleet *in, uint32_t file, uint64_t line, const record *what);

/* tenures.tsv: all that ever was. */
void truth_put_tenures(const fleet *in);

#endif
