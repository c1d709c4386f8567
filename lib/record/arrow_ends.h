/* SPDX-License-Identifier: Apache-2.0 */
/* What ends are known by, out to Arrow. */
#ifndef FLE_RECORD_ARROW_ENDS_H
#define FLE_RECORD_ARROW_ENDS_H

#include "record/arrow_chunk.h"
#include "record/path.h"

/*
 * Lay out an end's attribute. Rows whose answer lacks it are null. ERR_NOMEM, or
 * ERR_LIMIT: over 2 GiB of text, or 2^31 texts in lists.
 */
flowenrich_status fle_arrow_end(struct ArrowArray *array, fle_arrow_chunk *chunk,
                                const flowenrich_batch *batch, const fle_path *path);

#endif
