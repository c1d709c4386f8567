/* SPDX-License-Identifier: Apache-2.0 */
/* Where results go: stdout, or a file that appears whole or not at all. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "flowenrich.h"
#include "outcome.h"
#include "table.h"

typedef struct output {
    const char *name; /* for messages */
    int fd;           /* -1 = closed */
    char *target;     /* what the file is to be called, NULL if it is written as it is */
    char *temporary;  /* what it is called until then */
    char *data;       /* what isn't written yet: whole lines */
    size_t len, capacity;
} output;

/* @param path  NULL or "-" is stdout. */
outcome output_open(output *out, const char *path);

outcome output_write(output *out, const char *data, size_t len);

/* Encode all rows of a batch. */
outcome output_encode(output *out, flowenrich_encoder *encoder, flowenrich_batch *batch);

outcome output_table(output *out, const table *rows, bool color);

/* Hand on what is buffered. @return OUTCOME_CLOSED if nobody reads it any more. */
outcome output_flush(output *out);

/* Flush, and let the file appear. */
outcome output_commit(output *out);

/* Forget what isn't committed: no file is left. */
void output_free(output *out);

#endif
