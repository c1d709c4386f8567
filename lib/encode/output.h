/* SPDX-License-Identifier: Apache-2.0 */
/* Where encoders write: the caller's buffer, which may be too small. */
#ifndef FLE_ENCODE_OUTPUT_H
#define FLE_ENCODE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * What doesn't fit is counted and not written, and nothing after it is: so 'len'
 * ends up as what the whole needs.
 */
typedef struct fle_output {
    char *data;
    size_t capacity;
    size_t len; /* over 'capacity' once something didn't fit */
} fle_output;

static inline bool fle_output_fits(const fle_output *out)
{
    return out->len <= out->capacity;
}

static inline void fle_output_append(fle_output *out, const char *data, size_t len)
{
    const size_t start = out->len;

    out->len += len;
    if (len > 0 && fle_output_fits(out))
        memcpy(out->data + start, data, len);
}

/* Where to write so many bytes, of which the caller adds to 'len'; NULL: they may not fit. */
static inline char *fle_output_room(const fle_output *out, size_t len)
{
    return fle_output_fits(out) && out->capacity - out->len >= len ? out->data + out->len : NULL;
}

static inline void fle_output_char(fle_output *out, char c)
{
    if (out->len < out->capacity)
        out->data[out->len] = c;
    out->len++;
}

#endif
