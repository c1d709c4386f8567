/* SPDX-License-Identifier: Apache-2.0 */
/* The logs of a run shared out to threads, each with a pipeline of its own. */
#ifndef CLI_SHARES_H
#define CLI_SHARES_H

#include "run.h"

/*
 * How many threads are worth it: as many as are asked for, and of little input no more than there
 * are files.
 */
size_t shares_wanted(const run *r);

/*
 * Take all logs to sinks, each of which gets what one thread reads: files, or parts of them where
 * files can't be shared out evenly. Which these are depends on their sizes and on 'n' only. Rows
 * must not depend on others: nothing is held back or paired.
 */
outcome shares_run(run *r, const sink *sinks, size_t n);

/* As flowenrich_pipeline_missing(): of the logs of all. */
const char *shares_missing(const run *r, size_t index);

void shares_free(run *r);

#endif
