/* SPDX-License-Identifier: Apache-2.0 */
/* The pipeline that is asked for: the file of --config, and the options laid over it, as YAML. */
#ifndef CLI_CONFIGURATION_H
#define CLI_CONFIGURATION_H

#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"
#include "options.h"
#include "outcome.h"

typedef struct configuration_line {
    const char *option;     /* that it is of */
    const char *expression; /* that it is, or NULL */
} configuration_line;

typedef struct configuration {
    const char *file; /* of --config, or NULL */
    size_t file_lines;
    char *text; /* of the file, "---", then one line for each value of an option */
    size_t len;
    configuration_line *lines; /* of those */
    size_t n, capacity;
} configuration;

/* Look for misspelt paths: what the library can't know. */
outcome configuration_check_paths(const options *opt);

/*
 * Write it down and make the pipeline. What is wrong is said with the option, or with
 * the file and its line.
 */
outcome configuration_make(configuration *out, flowenrich_pipeline **pipeline, const options *opt);

/* Print what the library is to be given for the same output. */
outcome configuration_print(const options *opt);

/* What the tool itself has to say of holding records back. */
typedef enum configuration_hold {
    CONFIGURATION_MAY_HOLD, /* auto, unless the file or an option says otherwise */
    CONFIGURATION_HOLDS_NOT /* whatever they say: it has learned before */
} configuration_hold;

/* Make one more pipeline of it, which has been made once. */
outcome configuration_pipeline(const configuration *from, flowenrich_pipeline **pipeline,
                               const options *opt, configuration_hold hold);

/* Where a path was given, for messages: "--fields", or the file. */
const char *configuration_of_path(const configuration *of, const options *opt, const char *path);

void configuration_free(configuration *of);

#endif
