/* SPDX-License-Identifier: Apache-2.0 */
/* The way of the logs through the library, which enrich, parse and top share. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "configuration.h"
#include "file_list.h"
#include "flowenrich.h"
#include "input.h"
#include "inventory.h"
#include "options.h"
#include "outcome.h"
#include "progress.h"
#include "sightings.h"
#include "stats.h"

/* What becomes of the records. */
typedef struct sink {
    void *ctx;
    outcome (*take)(void *ctx, flowenrich_text encoded, flowenrich_batch *batch);
    outcome (*pause)(void *ctx); /* the input waits: hand on what there is. May be NULL */
} sink;

/* How many lines of each kind there were. */
typedef struct file_counts {
    uint64_t lines, records, headers, unknown_fields, bad, control;
} file_counts;

/* What was in one input. */
typedef struct file_tally {
    const char *name;                 /* what messages call it */
    uint64_t line;                    /* that is before its first, if it is a part of a file */
    file_counts counts;               /* once it was read to its end */
    uint64_t rows;                    /* that were selected */
    uint64_t objects;                 /* of S3 that it tells of */
    uint64_t broken;                  /* parts of it that couldn't be used */
    bool has_source, has_destination; /* a record had an address */
} file_tally;

typedef struct run {
    const options *opt;
    configuration configuration;
    flowenrich_pipeline *pipeline;
    bool names; /* the pipeline names the ends of records */
    inventory inventory;
    flowenrich_snapshot *snapshot; /* what the pipeline names them by */
    sink sink;
    file_list files;
    input input;
    file_tally of;
    sightings seen;
    progress_share shown;
    double began;
    struct run *whole;  /* what this is a thread's share of; itself if it isn't one */
    struct run *shares; /* that other threads read, once they are done */
    size_t n_shares;
    atomic_bool stops;            /* of a whole: no share goes on */
    atomic_uint_fast64_t bad;     /* of a whole: lines that were refused */
    atomic_uint_fast64_t objects; /* of a whole: those of S3 that inputs told of */
    uint64_t bytes;               /* read of all files, packed */
    uint64_t read, failed;        /* files */
    uint64_t repeated;            /* unknown fields of headers that parts of files were given */
    uint64_t kept;                /* records that were selected */
    bool is_last;                 /* of the files, the one being read */
    bool learns;                  /* this is the first of two passes */
    bool told_to_wait;            /* that records are held back was said */
    uint64_t learned, unlearned;  /* records of the first pass: that taught, had no room to */
    uint64_t unseen;              /* and those whose own address had none */
} run;

/*
 * Make all that a run needs, and load the inventory.
 *
 * @param logs  Files and folders, none for stdin; NULL if run_logs() isn't to be called.
 */
outcome run_init(run *r, const options *opt, const text_list *logs);

/* Take all logs to the sink. An input that fails is said, counted, and no reason to stop. */
outcome run_logs(run *r, const sink *to);

/* What the path of a file tells of the flow log. */
flowenrich_source run_source(const char *path);

/* The same without telling how far it is. */
outcome run_files(run *r, const sink *to);

/* Tell from here on, until progress_end(), how far it is. */
void run_begin_progress(run *r);

/* Take a piece of a log to the sink, which messages call 'name'. */
outcome run_text(run *r, const sink *to, const char *name, const char *text);

/* What all threads counted. */
void run_count(const run *r, stats *out);

/* Whether a log or a document couldn't be used. */
bool run_failed(const run *r);

/* Say what came of it, and whether an input failed. Call it when the results are out. */
outcome run_end(run *r);

void run_free(run *r);

#endif
