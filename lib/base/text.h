/* SPDX-License-Identifier: Apache-2.0 */
/* Texts and growing buffers. */
#ifndef FLE_BASE_TEXT_H
#define FLE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "flowenrich.h"

#define FLE_TEXT(literal) ((flowenrich_text){ "" literal, sizeof(literal) - 1 })

static inline flowenrich_text fle_text(const char *data, size_t len)
{
    flowenrich_text text = { data, len };

    return text;
}

static inline flowenrich_text fle_text_of(const char *string)
{
    return fle_text(string, strlen(string));
}

static inline bool fle_text_equal(flowenrich_text a, flowenrich_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool fle_text_is(flowenrich_text text, const char *string)
{
    return fle_text_equal(text, fle_text_of(string));
}

static inline bool fle_text_starts(flowenrich_text text, const char *prefix)
{
    const size_t len = strlen(prefix);

    return text.len >= len && memcmp(text.data, prefix, len) == 0;
}

/* Bytewise order; a prefix comes first. */
int fle_text_compare(flowenrich_text a, flowenrich_text b);

/* Read a decimal that fills the text; false if it isn't one or overflows. */
bool fle_text_u64(flowenrich_text text, uint64_t *out);

/* Bytes of the well-formed UTF-8 character that the data begins with; 0 if it doesn't. */
size_t fle_utf8_width(const char *data, size_t len);

/* Bytes that grow. Once memory ran out, 'failed' stays set and appends do nothing. */
typedef struct fle_buffer {
    const fle_allocator *allocator;
    char *data;
    size_t len, capacity;
    bool failed;
} fle_buffer;

void fle_buffer_init(fle_buffer *buffer, const fle_allocator *allocator);
void fle_buffer_free(fle_buffer *buffer);
void fle_buffer_clear(fle_buffer *buffer); /* keeps the memory, forgets a failure */
bool fle_buffer_reserve(fle_buffer *buffer, size_t more);
void fle_buffer_append(fle_buffer *buffer, const char *data, size_t len);
void fle_buffer_text(fle_buffer *buffer, flowenrich_text text);
void fle_buffer_string(fle_buffer *buffer, const char *string);
void fle_buffer_char(fle_buffer *buffer, char c);
void fle_buffer_u64(fle_buffer *buffer, uint64_t value);
void fle_buffer_i64(fle_buffer *buffer, int64_t value);

#endif
