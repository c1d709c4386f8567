/* SPDX-License-Identifier: Apache-2.0 */
/* What a filter is made of: tests of values and how they are joined, for 64 rows at once. */
#ifndef FLE_RECORD_TERM_H
#define FLE_RECORD_TERM_H

#include "record/wanted.h"

typedef enum fle_term_kind {
    FLE_TERM_ALL,    /* of its children; of none, too */
    FLE_TERM_ANY,    /* of its children */
    FLE_TERM_NOT,    /* its only child */
    FLE_TERM_VALUE,  /* the path's value compares so with one that is wanted */
    FLE_TERM_PATH,   /* with that of another path */
    FLE_TERM_PRESENT /* it has a value */
} fle_term_kind;

typedef struct fle_term {
    fle_term_kind kind;
    struct fle_term *child, *next;

    struct fle_term *next_test;  /* of those with a path */
    flowenrich_text path, other; /* with a zero behind them */
    fle_compare compare;
    fle_wanted *wanted, *last; /* a chain */

    /* In one batch: */
    fle_path at, other_at;
    size_t codes;     /* of the path's values, one for no value among them; 0: they have none */
    uint8_t *decided; /* of each code, 0 until it is */
} fle_term;

/* Look up the path in a batch. 'decided' is then the caller's to set, if there are codes. */
void fle_term_open(fle_term *term, const flowenrich_batch *batch);

/* Of the rows first…first+63 those that fit, among 'asked': bit i is row first + i. */
uint64_t fle_term_rows(const fle_term *term, const flowenrich_batch *batch, size_t first,
                       uint64_t asked);

#endif
