/* SPDX-License-Identifier: Apache-2.0 */
/* --learn: the first of two passes over the logs. */
#ifndef CLI_LESSON_H
#define CLI_LESSON_H

#include "run.h"

/*
 * Read all logs once and learn from them, then put a pipeline in the place of the run's that
 * knows what was learned, beside the inventory. Nothing is said of the logs: the second
 * pass does.
 */
outcome lesson_take(run *r);

#endif
