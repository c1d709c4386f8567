/* SPDX-License-Identifier: Apache-2.0 */
/* From a batch to Arrow's layout. */
#ifndef FLE_RECORD_ARROW_GATHER_H
#define FLE_RECORD_ARROW_GATHER_H

#include "record/arrow_chunk.h"

/* Take a caller's options, which may be NULL. */
flowenrich_status fle_arrow_options_import(flowenrich_arrow_options *out,
                                           const flowenrich_arrow_options *from,
                                           flowenrich_error *error);

/* What a path is that no batch has had so far: of its type if that is known, else nothing. */
void fle_arrow_field_unknown(fle_arrow_field *field, const char *path,
                             const flowenrich_arrow_options *options);

/*
 * Lay out what the options ask for of a batch, as far as it has that. The
 * columns' arrays point into the batch, which is as before: it still has its
 * rows, until they are given up.
 */
flowenrich_status fle_arrow_gather(fle_arrow_chunk **out, flowenrich_batch *batch,
                                   const flowenrich_arrow_options *options,
                                   flowenrich_error *error);

/* Let the chunk have the buffers it points to. The batch is empty, without a column. */
void fle_arrow_give(fle_arrow_chunk *chunk, flowenrich_batch *batch);

#endif
