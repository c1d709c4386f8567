/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that grow, and rows as lines of JSON in them. */
#ifndef CLI_BUFFER_H
#define CLI_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "flowenrich.h"
#include "outcome.h"

/* Zero at first; free() the data. */
typedef struct buffer {
    char *data;
    size_t len, capacity;
} buffer;

/* False without memory. */
bool buffer_append(buffer *to, const void *data, size_t len);

/* Put all rows of a batch, a line each, in the place of what was there. */
outcome buffer_encode(buffer *to, flowenrich_encoder *json, flowenrich_batch *batch);

/* The next of these lines without its end, "}\n", so that members may be added. */
flowenrich_text buffer_line(const buffer *of, size_t *at);

#endif
