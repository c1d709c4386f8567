/* SPDX-License-Identifier: Apache-2.0 */
/* A format compiled into the steps that turn a line into a row. */
#ifndef FLE_PARSE_PLAN_H
#define FLE_PARSE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parse/line.h"
#include "record/batch.h"

/* Why a line is refused. */
typedef enum fle_bad {
    FLE_BAD_NONE,
    FLE_BAD_TOO_FEW_FIELDS,
    FLE_BAD_TOO_MANY_FIELDS,
    FLE_BAD_NUMBER,
    FLE_BAD_ADDRESS,
    FLE_BAD_TOO_LONG,
    FLE_BAD_NUL_BYTE,
    FLE_BAD_NO_FORMAT,
    FLE_BAD_COUNT
} fle_bad;

extern const char *const fle_bad_names[FLE_BAD_COUNT]; /* "bad_number"; of NONE it is NULL */

/*
 * Columns a batch may get to have of names that the input brought: they stay until
 * it is freed, and any bytes may come in. AWS's own fields are always taken.
 */
#define FLE_MOST_COLUMNS 112

/* How a line fitted a plan. */
typedef struct fle_fit {
    fle_bad bad;
    const char *field;     /* path of the field that couldn't be read, or "" */
    uint32_t column;       /* of its value in the line, from 1; 0 if there is none */
    uint32_t milliseconds; /* times that were normalised */
} fle_fit;

#define FLE_MOST_WORDS 3 /* that a field has to choose from */

/* The paths that become columns. */
typedef struct fle_selection {
    const char *const *paths;
    size_t n;
    bool all;
} fle_selection;

/* What to do with one value of a line. */
typedef struct fle_step {
    const char *path;
    const char *const *words;       /* the only ones taken, up to a NULL; NULL if any are */
    uint64_t codes[FLE_MOST_WORDS]; /* by fle_kernel_word(), of the words that are looked for */
    size_t n_codes;
    fle_field field;
    uint32_t type;     /* flowenrich_type */
    uint32_t max;      /* of a U32 */
    uint32_t position; /* of the value in the line */
    uint32_t column;   /* of the batch; FLE_ABSENT if the value is only looked at */
    bool is_encoded;   /* by percent */
    bool is_selected;
} fle_step;

typedef struct fle_plan {
    flowenrich_format *format;
    fle_step *steps; /* values that no step is for are skipped */
    size_t n_steps;
    bool checks_all; /* the values nobody asked for, too */
    bool keeps_text;
    bool tells_headers; /* a number or an address is read, which no name of a field is */
    bool is_bound;      /* the steps hold the columns of the batch in use */
    uint32_t shape;     /* number of these columns in that batch */
} fle_plan;

/* What a row with this log-status is. */
fle_row fle_plan_kind(flowenrich_text status);

/* Takes the format over. NULL if memory ran out; the format is freed then. */
fle_plan *fle_plan_new(const fle_allocator *allocator, flowenrich_format *format,
                       const fle_selection *selection, bool checks_all);
void fle_plan_free(fle_plan *plan, const fle_allocator *allocator);

/* Compile again, to check every value from now on. */
void fle_plan_check_all(fle_plan *plan, const fle_selection *selection);

/* Find or make the columns in a batch, unless that was done. False if memory ran out. */
bool fle_plan_bind(fle_plan *plan, flowenrich_batch *batch);

/*
 * Put the values of a line, which has as many as the format, into the batch's
 * row behind the last one; the caller counts it in. A line that doesn't fit leaves
 * no trace. False if memory ran out. The batch has room for the row, and for
 * twice the line's length of text.
 */
bool fle_plan_fill(fle_plan *plan, const fle_line *line, flowenrich_batch *batch, fle_fit *fit);

#endif
