/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that grow, in memory that the host may free. */
#ifndef PLUGIN_BUFFER_H
#define PLUGIN_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct buffer {
    char *data; /* malloc's: a host frees what it is given with free() */
    size_t len, capacity;
    bool failed; /* memory ran out: what was to be appended since is missing */
} buffer;

static inline bool buffer_reserve(buffer *b, size_t more)
{
    size_t capacity = b->capacity ? b->capacity : 256;
    char *data;

    if (more <= b->capacity - b->len)
        return !b->failed;
    while (capacity - b->len < more && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    data = !b->failed && capacity - b->len >= more ? realloc(b->data, capacity) : NULL;
    if (!data) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->capacity = capacity;
    return true;
}

static inline void buffer_append(buffer *b, const void *data, size_t len)
{
    if (len == 0 || !buffer_reserve(b, len))
        return;
    memcpy(b->data + b->len, data, len);
    b->len += len;
}

static inline void buffer_clear(buffer *b)
{
    b->len = 0;
    b->failed = false;
}

static inline void buffer_free(buffer *b)
{
    free(b->data);
    *b = (buffer){ 0 };
}

#endif
