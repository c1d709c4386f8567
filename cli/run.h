/* SPDX-License-Identifier: Apache-2.0 */
/* The way of the logs through the library, which enrich, parse and top share. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "file_list.h"
#include "flowenrich.h"
#include "input.h"
#include "naming.h"
#include "options.h"
#include "outcome.h"
#include "payload.h"
#include "selection.h"
#include "sightings.h"

#define RUN_PLACE 512

/* What becomes of the records. */
typedef struct sink {
    void *ctx;
    outcome (*take)(void *ctx, flowenrich_batch *batch);
    outcome (*pause)(void *ctx); /* the input waits: hand on what there is. May be NULL */
} sink;

typedef struct run {
    const options *opt;
    uint64_t seed;
    bool names; /* the ends of records are named, by 'naming' */
    naming naming;
    sink sink;
    file_list files;
    input input;
    payload payload;       /* of an input that isn't plain text */
    char place[RUN_PLACE]; /* what messages call the text being parsed */
    flowenrich_parser *parser;
    flowenrich_batch *batch;
    selection selection;
    sightings seen;
    double began;
    uint64_t bytes;                   /* read of all files, packed */
    uint64_t read, failed;            /* files */
    uint64_t bad;                     /* lines that were refused */
    uint64_t kept;                    /* records that were selected */
    bool has_source, has_destination; /* a record of this file had an address */
} run;

/*
 * Make all that a run needs, the enricher too if 'names'.
 *
 * @param logs  Files and folders, none for stdin; NULL if run_logs() isn't to be called.
 */
outcome run_init(run *r, const options *opt, bool names, const text_list *logs);

/* Take all logs to the sink. An input that fails is said, counted, and no reason to stop. */
outcome run_logs(run *r, const sink *to);

/* Take a piece of a log to the sink, which messages call 'name'. */
outcome run_text(run *r, const sink *to, const char *name, const char *text);

/* Whether a log or a document couldn't be used. */
bool run_failed(const run *r);

/* Say what came of it, and whether an input failed. Call it when the results are out. */
outcome run_end(run *r);

void run_free(run *r);

#endif
