/* SPDX-License-Identifier: Apache-2.0 */
/* The commands. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stddef.h>

#include "options.h"
#include "outcome.h"

typedef struct command {
    unsigned bit; /* COMMAND_ENRICH… */
    const char *name, *arguments, *summary, *about, *examples;
    outcome (*run)(const options *opt);
} command;

/* @return The command with number 'index', NULL past the last. */
const command *command_at(size_t index);

/* @return The command of that name; NULL after having said what was meant instead. */
const command *command_find(const char *name);

/* "enrich", of a COMMAND_ bit. */
const char *command_name(unsigned bit);

/* The help of one command, and of all of them. */
void command_print_help(const command *about);
void command_print_overview(void);

outcome command_records(const options *opt); /* enrich, pairs, parse */
outcome command_explain(const options *opt);
outcome command_aggregate(const options *opt); /* and top */
outcome command_watch(const options *opt);
outcome command_ask(const options *opt);
outcome command_cost(const options *opt);
outcome command_catalog(const options *opt);
outcome command_format(const options *opt);
outcome command_version(const options *opt);
outcome command_help(const options *opt);

#endif
