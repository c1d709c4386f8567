/* SPDX-License-Identifier: Apache-2.0 */
/* The questions that `flowenrich ask` knows: each is a pipeline, and what is made of its groups. */
#ifndef CLI_QUESTION_H
#define CLI_QUESTION_H

#include <stddef.h>

#include "options.h"
#include "outcome.h"
#include "run.h"

#define QUESTION_MOST 10

typedef struct question {
    const char *name, *argument; /* NULL: it takes none */
    const char *asks;            /* what it says, for people */
    const char *by[QUESTION_MOST], *measures[QUESTION_MOST];
    const char *where[QUESTION_MOST];              /* as --where takes it */
    const char *where_argument;                    /* the same, but for the argument behind it */
    outcome (*prepare)(options *opt);              /* read what else is asked; may be NULL */
    outcome (*answer)(run *r, const options *opt); /* NULL: its groups are the answer */
} question;

/* @return The question with number 'index', NULL past the last. */
const question *question_at(size_t index);

/* @return The question of that name; NULL after having said what was meant instead. */
const question *question_find(const char *name);

/* Answers that take more than groups. */
outcome question_around_prepare(options *opt);
outcome question_around(run *r, const options *opt);
outcome question_growth_prepare(options *opt);
outcome question_growth(run *r, const options *opt);

#endif
