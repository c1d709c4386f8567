/* SPDX-License-Identifier: Apache-2.0 */
/* Images of catalogs as files: what 'flowenrich catalog build' writes and --inventory takes. */
#ifndef CLI_IMAGE_H
#define CLI_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "flowenrich.h"
#include "outcome.h"

typedef struct image {
    void *data; /* NULL = closed */
    size_t len;
    flowenrich_time modified;
} image;

/* Is this a file that begins as an image? */
bool image_is(const char *path);

/* Make a snapshot of the file, which is read where it lies; close it when that is freed. */
outcome image_open(image *out, const char *path, flowenrich_snapshot **snapshot);
void image_close(image *of);

/* Write the image of what a pipeline knows to a file, which appears whole or not at all. */
outcome image_write(flowenrich_pipeline *pipeline, const char *path);

#endif
