/* SPDX-License-Identifier: Apache-2.0 */
/* What a row has several of, as Arrow's lists and maps. */
#ifndef FLE_RECORD_ARROW_LIST_H
#define FLE_RECORD_ARROW_LIST_H

#include "record/arrow_chunk.h"
#include "record/path.h"

/*
 * Lay out a path that is a list or map. A row without an item is null; one of lists
 * that are parallel (record/list.h) has as many items as the longest of them, so that
 * their items can be the members of one struct. ERR_NOMEM, or ERR_LIMIT: over 2 GiB.
 */
flowenrich_status fle_arrow_list(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                 const flowenrich_batch *batch, const fle_path *path);

#endif
