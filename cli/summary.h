/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a run: text for people, JSON for programs. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "outcome.h"
#include "run.h"

/* Show the summary unless --quiet, and write it to --summary-json. */
outcome summarize(const run *r, double seconds);

#endif
