/* SPDX-License-Identifier: Apache-2.0 */
/* Where an input is from, as columns of the rows that come of it. */
#ifndef FLE_RECORD_SOURCE_H
#define FLE_RECORD_SOURCE_H

#include "record/batch.h"

/* What of a source becomes a column. */
typedef enum fle_part {
    FLE_PART_ID,
    FLE_PART_ACCOUNT,
    FLE_PART_REGION,
    FLE_PART_GROUP,
    FLE_PART_STREAM,
    FLE_PART_INTERFACE_ID,
    FLE_PART_BUCKET,
    FLE_PART_KEY,
    FLE_N_PARTS
} fle_part;

extern const char *const fle_part_paths[FLE_N_PARTS]; /* "flow_log.id" */

/* Their values; empty if not known, or if nobody asked. */
typedef struct fle_parts {
    flowenrich_text of[FLE_N_PARTS];
} fle_parts;

/* The part with this path, FLE_N_PARTS if there is none. */
fle_part fle_part_find(flowenrich_text path);

/* Take a caller's source, which may be NULL: nothing is known. */
flowenrich_status fle_source_import(flowenrich_source *out, const flowenrich_source *from,
                                    flowenrich_error *error);

/* The parts of a source, as views. */
fle_parts fle_parts_of(const flowenrich_source *source);
bool fle_parts_equal(const fle_parts *a, const fle_parts *b);

/* Copy the parts whose bits are set in 'asked' into 'arena'. False if memory ran out. */
bool fle_parts_copy(fle_parts *parts, const flowenrich_source *source, uint32_t asked,
                    fle_arena *arena);

/*
 * Make their columns: before the rows are parsed, so that the order of columns
 * doesn't depend on how the input is cut. False if memory ran out.
 */
bool fle_parts_bind(const fle_parts *parts, flowenrich_batch *batch);

/* Give them to the rows from 'first' on. False if memory ran out. */
bool fle_parts_fill(const fle_parts *parts, flowenrich_batch *batch, size_t first);

#endif
