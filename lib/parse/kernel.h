/* SPDX-License-Identifier: Apache-2.0 */
/* The inner loops of the parser, compiled once for each instruction set. */
#ifndef FLE_PARSE_KERNEL_H
#define FLE_PARSE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "flowenrich.h"

#define FLE_WINDOW ((size_t)1 << 14) /* bytes looked at in one go; both stages stay in the cache */
#define FLE_SLACK 64                 /* bytes behind the last line that are read, but not used */
#define FLE_BLOCK 64                 /* lines converted in one go: a bit of a word for each */

/*
 * Where the values and lines of a window begin.
 *
 * Value k begins at starts[k]; the space or newline behind it is in front of starts[k + 1]. Line j
 * has the values from lines[j] on and up to lines[j + 1], so a wrong number of them is seen
 * without a look at the text. What follows the last newline is no line.
 *
 * A control character ends a value like a space: behind the last value of a line that ends with
 * CRLF there is one more, which is empty.
 */
typedef struct fle_marks {
    uint32_t starts[FLE_WINDOW + FLE_BLOCK];
    uint32_t lines[FLE_WINDOW + 2];
    size_t n_lines;
    bool has_odd;   /* a byte that is neither printable ASCII nor a newline */
    bool has_empty; /* a value, or a line, without a character */
} fle_marks;

/* Some lines, at most FLE_BLOCK, that have equally many values each, with that of a CRLF. */
typedef struct fle_lines {
    const char *text;
    const uint32_t *starts; /* of the first line's values, then of the next line's, and so on */
    size_t n_values;
    size_t n;
} fle_lines;

/* A bit for each line. Where neither is set, the value is absent: "-". */
typedef struct fle_rows {
    uint64_t valid; /* there is a value */
    uint64_t odd;   /* not understood here, and to be read again by itself */
} fle_rows;

/*
 * The converters take the values number 'at' of all lines, and may take what is right for odd, but
 * never the other way round. 'out' has room for all lines.
 */
typedef struct fle_kernel {
    const char *name;
    /* Mark at most FLE_WINDOW bytes; copy them, and FLE_SLACK more, unless 'copy' is NULL. */
    void (*scan)(const char *text, size_t len, char *copy, fle_marks *marks);
    fle_rows (*u32)(const fle_lines *lines, size_t at, uint32_t max, uint32_t *out);
    fle_rows (*u64)(const fle_lines *lines, size_t at, uint64_t max, uint64_t *out);
    fle_rows (*address)(const fle_lines *lines, size_t at, fle_address *out);
    /* The texts lie at 'offset' of a batch's text. None is odd. */
    fle_rows (*text)(const fle_lines *lines, size_t at, size_t offset, flowenrich_slice *out);
    /* The number of each value among up to 'n' words; an absent one is 0. */
    fle_rows (*word)(const fle_lines *lines, size_t at, const uint64_t *words, size_t n,
                     uint8_t *out);
} fle_kernel;

/* The best one this machine can run, unless limited. */
const fle_kernel *fle_kernel_best(void);

/*
 * All that this machine can run, from the plainest on; NULL past the last. Tests choose one, for
 * the whole process: what comes out must not depend on it. NULL chooses the best.
 */
const fle_kernel *fle_kernel_at(size_t index);
void fle_kernel_choose(const fle_kernel *kernel);

/* A word of one to eight characters, as fle_kernel.word compares them. */
uint64_t fle_kernel_word(const char *word);

#endif
