/* SPDX-License-Identifier: Apache-2.0 */
/* A chunk of log events in, a chunk out: what the filter does, whatever host it is in. */
#ifndef PLUGIN_CHUNK_H
#define PLUGIN_CHUNK_H

#include "buffer.h"
#include "flowenrich.h"

/*
 * A chunk is events one after another, in MessagePack: [[time, metadata], body], or [time, body].
 * An event is ours if its body has a line of a flow log, a string, at the key. What the pipeline
 * makes of the line takes its place: members of its own, behind the others. An event whose line
 * the pipeline leaves out is dropped. All else is copied as it is: other events, refused lines,
 * group markers, and whatever can't be read.
 */
typedef struct chunk_filter {
    flowenrich_text key;
    bool keeps; /* the line stays, too */

    buffer events; /* of the chunk at hand */
    buffer lines;  /* those of them that have one */
    buffer text;   /* their lines, to be fed */
    size_t next;   /* the first event that hasn't been put out */
    size_t refused;
    buffer out;
    bool is_changed;
} chunk_filter;

typedef enum chunk_outcome {
    CHUNK_FAILED,    /* see the error. The pipeline can only be freed */
    CHUNK_UNTOUCHED, /* it is to stay as it is */
    CHUNK_CHANGED
} chunk_outcome;

/*
 * Take a chunk through the pipeline, of which it is an input, and which encodes to MessagePack.
 * `*out`, to be freed, is NULL unless it was changed; if nothing is left of it, `*out_len` is 0.
 */
chunk_outcome chunk_run(chunk_filter *filter, flowenrich_pipeline *pipeline, const void *data,
                        size_t len, void **out, size_t *out_len, flowenrich_error *error);

void chunk_free(chunk_filter *filter);

#endif
