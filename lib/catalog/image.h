/* SPDX-License-Identifier: Apache-2.0 */
/* The image of a snapshot, and of the catalog that it was made by. */
#ifndef FLE_CATALOG_IMAGE_H
#define FLE_CATALOG_IMAGE_H

#include "catalog/snapshot.h"

/*
 * An image with what a catalog holds behind it, from the snapshot's allocator. NULL if memory
 * ran out.
 */
char *fle_image_make(const flowenrich_snapshot *snapshot, flowenrich_text sources, size_t *len);

/* Does it begin as an image? */
bool fle_image_is(const void *data, size_t len);

/* What of an image a catalog goes on from, once all of its bytes are those that were written. */
flowenrich_status fle_image_read(const void *image, size_t len, flowenrich_text *learned,
                                 flowenrich_text *sources, flowenrich_error *error);

#endif
