/* SPDX-License-Identifier: Apache-2.0 */
/* Texts and growing buffers. */
#include "base/text.h"

int fle_text_compare(flowenrich_text a, flowenrich_text b)
{
    const size_t shared = a.len < b.len ? a.len : b.len;
    const int order = shared > 0 ? memcmp(a.data, b.data, shared) : 0;

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool fle_text_u64(flowenrich_text text, uint64_t *out)
{
    uint64_t value = 0;

    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';

        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

size_t fle_utf8_width(const char *data, size_t len)
{
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char first = len > 0 ? (unsigned char)data[0] : 0xff;
    const size_t width = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    uint32_t code = first & (0x7fu >> width);

    if (first < 0x80)
        return 1;
    if (first < 0xc0 || first >= 0xf8 || width > len)
        return 0;
    for (size_t i = 1; i < width; i++) {
        const unsigned char next = (unsigned char)data[i];

        if ((next & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (next & 0x3f);
    }
    if (code < smallest[width] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    return width;
}

void fle_buffer_init(fle_buffer *buffer, const fle_allocator *allocator)
{
    memset(buffer, 0, sizeof *buffer);
    buffer->allocator = allocator;
}

void fle_buffer_free(fle_buffer *buffer)
{
    fle_free(buffer->allocator, buffer->data);
    fle_buffer_init(buffer, buffer->allocator);
}

void fle_buffer_clear(fle_buffer *buffer)
{
    buffer->len = 0;
    buffer->failed = false;
}

bool fle_buffer_reserve(fle_buffer *buffer, size_t more)
{
    char *data = NULL;

    if (buffer->failed)
        return false;
    if (more <= buffer->capacity - buffer->len)
        return true;
    if (more <= SIZE_MAX - buffer->len)
        data = fle_grow(buffer->allocator, buffer->data, &buffer->capacity, buffer->len + more, 1);
    if (data == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    return true;
}

void fle_buffer_append(fle_buffer *buffer, const char *data, size_t len)
{
    if (len == 0 || !fle_buffer_reserve(buffer, len))
        return;
    memcpy(buffer->data + buffer->len, data, len);
    buffer->len += len;
}

void fle_buffer_text(fle_buffer *buffer, flowenrich_text text)
{
    fle_buffer_append(buffer, text.data, text.len);
}

void fle_buffer_string(fle_buffer *buffer, const char *string)
{
    fle_buffer_append(buffer, string, strlen(string));
}

void fle_buffer_char(fle_buffer *buffer, char c)
{
    fle_buffer_append(buffer, &c, 1);
}

void fle_buffer_u64(fle_buffer *buffer, uint64_t value)
{
    char digits[20]; /* UINT64_MAX has twenty */
    size_t start = sizeof digits;

    do {
        digits[--start] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    fle_buffer_append(buffer, digits + start, sizeof digits - start);
}

void fle_buffer_i64(fle_buffer *buffer, int64_t value)
{
    if (value < 0)
        fle_buffer_char(buffer, '-');
    /* Unsigned, INT64_MIN has an opposite. */
    fle_buffer_u64(buffer, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}
