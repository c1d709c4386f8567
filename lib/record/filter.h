/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows are wanted: the `filter:` of a configuration, or an expression. */
#ifndef FLE_RECORD_FILTER_H
#define FLE_RECORD_FILTER_H

#include "base/yaml.h"
#include "record/term.h"

/* Rows that fit all of its terms; of none, all rows. */
typedef struct fle_filter {
    fle_arena *arena;
    fle_term *terms;             /* what all must hold: a chain */
    fle_term *tests, *last_test; /* those that look at values, in the order they were read */
    uint8_t *decided;            /* room for theirs */
    size_t decided_capacity;
} fle_filter;

/* What it is made of lives in 'arena', the rest until it is freed. */
void fle_filter_init(fle_filter *filter, fle_arena *arena);
void fle_filter_free(fle_filter *filter);

/*
 * Read a mapping of paths to what is wanted there, an expression, or a list of these.
 * 'node' may be NULL: all rows are wanted. A path nobody has, or a value that can't be
 * of its type, is ERR_SYNTAX; of an expression, the error's offset is that in its text.
 * Else ERR_NOMEM.
 */
flowenrich_status fle_filter_read(fle_filter *filter, const fle_yaml *node,
                                  flowenrich_error *error);

/* Check a path of a configuration: unknown, and near to a known one, is ERR_SYNTAX. */
flowenrich_status fle_filter_check_path(const fle_yaml *node, flowenrich_text path,
                                        flowenrich_error *error);

/* A path that it asks for, which ends in a zero; NULL past the last. */
const char *fle_filter_path(const fle_filter *filter, size_t i);
bool fle_filter_reads(const fle_filter *filter, flowenrich_text path);

/* Look up its paths in a batch, before its rows are asked for. ERR_NOMEM. */
flowenrich_status fle_filter_open(fle_filter *filter, const flowenrich_batch *batch,
                                  flowenrich_error *error);

/* Of the rows first…first+63 of that batch those that fit: bit i is row first + i. */
uint64_t fle_filter_rows(const fle_filter *filter, const flowenrich_batch *batch, size_t first);

/* Drop the rows that don't fit. 'keep' has room for a bit of each row. */
flowenrich_status fle_filter_apply(fle_filter *filter, flowenrich_batch *batch, uint8_t *keep,
                                   flowenrich_error *error);

/* For readers: a new term; NULL if memory ran out. A test has a path, which ends in a zero. */
fle_term *fle_filter_term(fle_filter *filter, fle_term_kind kind, flowenrich_text path);

/* What doesn't fit a term; NULL if memory ran out. */
fle_term *fle_filter_not(fle_filter *filter, fle_term *term);

/* Let all rows have to fit one more. */
void fle_filter_add(fle_filter *filter, fle_term *term);

/* Let a test's path be compared with one more value; NULL if memory ran out. */
fle_wanted *fle_filter_want(fle_filter *filter, fle_term *test, flowenrich_text value);

/* Say why a path has no values to compare with, and the remedy. True: it may have some. */
#define FLE_FILTER_MESSAGE 200
bool fle_filter_is_path(flowenrich_text path, char message[FLE_FILTER_MESSAGE]);
/* The same of what is wanted there. */
bool fle_filter_is_value(flowenrich_text path, const fle_wanted *wanted,
                         char message[FLE_FILTER_MESSAGE]);

#endif
