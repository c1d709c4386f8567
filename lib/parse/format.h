/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a log, in order, read from any of the spellings they are given in. */
#ifndef FLE_PARSE_FORMAT_H
#define FLE_PARSE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/alloc.h"
#include "base/text.h"
#include "record/field.h"

#define FLE_FORMAT_FIELDS 256 /* the most a format may have; AWS has 72 */

typedef struct fle_format_field {
    fle_field field;  /* FLE_FIELD_COUNT if this library doesn't know it */
    const char *name; /* as AWS writes it */
    const char *path; /* of its column */
} fle_format_field;

struct flowenrich_format {
    fle_allocator allocator;
    fle_arena names; /* of the fields that aren't known */
    fle_buffer text; /* the canonical spelling */
    fle_format_field fields[FLE_FORMAT_FIELDS];
    size_t n_fields, n_unknown;
};

/*
 * A letter, then letters, digits, '-' and '_': AWS has no other names. A dot would
 * make a path of one, and hide what enrichment says under that path.
 */
bool fle_format_is_name(flowenrich_text text);

#endif
