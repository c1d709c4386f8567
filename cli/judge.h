/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what was read was a flow log. */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include "run.h"

/* What a run has read so far; and since then. */
file_counts judge_count(const run *r);
file_counts judge_since(const run *r, const file_counts *before);

/* Add what was in another part of the same file. */
void judge_add(file_tally *to, const file_tally *part);

/* A file of so many bytes that was read to its end: if it wasn't a flow log, say so. */
outcome judge_file(const run *r, const file_tally *of, uint64_t bytes);

#endif
