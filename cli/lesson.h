/* SPDX-License-Identifier: Apache-2.0 */
/* What is learned of the logs: in a first of two passes, or while records are held back. */
#ifndef CLI_LESSON_H
#define CLI_LESSON_H

#include "run.h"

/* How the logs are read. */
typedef enum lesson {
    LESSON_NONE,  /* once, and each record by itself, or held back as the configuration says */
    LESSON_FIRST, /* twice, and learned from at first: files */
    LESSON_WHILE, /* once, and held back unless the configuration says otherwise: pipes */
    LESSON_ONLY   /* once, and only learned from, to keep it */
} lesson;

/* Which of these is the right one. */
outcome lesson_choose(const run *r, lesson *out);

/* Put a pipeline in the place of the run's that holds records back. */
outcome lesson_hold(run *r);

/*
 * Read all logs once and learn from them. If they are to be read again, put a pipeline in the
 * place of the run's that knows what was learned, beside the inventory; then nothing is said of
 * the logs: the second pass does.
 */
outcome lesson_take(run *r, lesson how);

#endif
