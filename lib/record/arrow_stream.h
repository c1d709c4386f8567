/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks, one after another, through Arrow's C stream interface. */
#ifndef FLE_RECORD_ARROW_STREAM_H
#define FLE_RECORD_ARROW_STREAM_H

#include "record/arrow_owner.h"

/* The stream copies what it needs, and refers to the chunks. False if memory ran out. */
bool fle_arrow_stream(struct ArrowArrayStream *out, const fle_allocator *allocator,
                      const fle_arrow_field *fields, size_t n_fields, bool nested,
                      fle_arrow_chunk *const *chunks, size_t n_chunks);

#endif
