/* SPDX-License-Identifier: Apache-2.0 */
/* Views of texts, each of 16 bytes, as Arrow has them. */
#ifndef FLE_RECORD_ARROW_VIEW_H
#define FLE_RECORD_ARROW_VIEW_H

#include "record/arrow_chunk.h"

/*
 * Make views of texts of the batch, or of addresses in writing. 'array' has its
 * rows, validity and nulls, and room for FLE_ARROW_MOST_BUFFERS; the slice of a
 * row without a text is empty. ERR_NOMEM, or ERR_LIMIT: the texts of a column are
 * over 2 GiB.
 */
flowenrich_status fle_arrow_views_of_texts(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                           flowenrich_batch *batch, const flowenrich_slice *slices);
flowenrich_status fle_arrow_views_of_addresses(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                               const fle_column *column);

#endif
