/* SPDX-License-Identifier: Apache-2.0 */
/* A line, split at its spaces. */
#ifndef FLE_PARSE_LINE_H
#define FLE_PARSE_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "parse/format.h"

typedef struct fle_line {
    flowenrich_text text;
    size_t n;     /* values; those past FLE_FORMAT_FIELDS are counted, but not kept */
    bool doubled; /* more than one space somewhere between two values */
    bool has_nul;
    flowenrich_slice values[FLE_FORMAT_FIELDS]; /* of 'text' */
} fle_line;

/* 'text' is borrowed, and shorter than 4 GiB. */
void fle_line_split(fle_line *line, flowenrich_text text);

static inline flowenrich_text fle_line_value(const fle_line *line, size_t i)
{
    return fle_text(line->text.data + line->values[i].offset, line->values[i].length);
}

#endif
