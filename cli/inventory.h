/* SPDX-License-Identifier: Apache-2.0 */
/* Loading what AWS says there is. */
#ifndef CLI_INVENTORY_H
#define CLI_INVENTORY_H

#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"
#include "image.h"
#include "options.h"
#include "outcome.h"

typedef struct inventory {
    flowenrich_snapshot *snapshot;
    size_t documents;
    uint64_t failed;             /* files that couldn't be used */
    flowenrich_time first, last; /* when the documents were true */
    image image;                 /* what the snapshot lies in, if it is one */
} inventory;

/* Is the inventory an image, which can be used where it lies? */
bool inventory_is_image(const options *opt);

/*
 * Load all that --inventory names into the pipeline. A file that can't be used is said,
 * counted, and no reason to stop.
 *
 * @param adds  More comes to the inventory: an image is loaded like a document.
 */
outcome inventory_load(inventory *out, const options *opt, flowenrich_pipeline *pipeline,
                       bool adds);

void inventory_free(inventory *of);

#endif
