/* SPDX-License-Identifier: Apache-2.0 */
/* What each way to write batches is made of. The registry is in encoder.c. */
#ifndef FLE_ENCODE_ENCODING_H
#define FLE_ENCODE_ENCODING_H

#include "encode/output.h"
#include "record/batch.h"

/* The caller's list of paths; n = 0: what the encoding writes by itself. */
typedef struct fle_field_list {
    const flowenrich_text *items;
    size_t n;
} fle_field_list;

typedef struct fle_encoding {
    const char *name;
    size_t size; /* of its state, all zero before it is made */
    /* The fields outlive it. */
    void (*init)(void *state, const fle_allocator *allocator, fle_field_list fields);
    void (*free)(void *state); /* what it holds */
    /* Rows of this batch, as it is now, are next. What was kept is void. */
    flowenrich_status (*begin)(void *state, const flowenrich_batch *batch, flowenrich_error *error);
    /* What comes before the first row there ever is. NULL: nothing. */
    void (*head)(void *state, fle_output *out);
    /* Append one row, or nothing if this encoding leaves it out. False = no memory. */
    bool (*row)(void *state, size_t row, fle_output *out);
    /* Instead of that, append all rows from this one on, which can't be parted. */
    bool (*rows)(void *state, size_t first, fle_output *out);
} fle_encoding;

extern const fle_encoding fle_encoding_json, fle_encoding_json_flat, fle_encoding_msgpack,
    fle_encoding_msgpack_flat, fle_encoding_csv, fle_encoding_influx, fle_encoding_prometheus;

#endif
