/* SPDX-License-Identifier: Apache-2.0 */
/* Reading MessagePack, and writing what stands around the pipeline's own. */
#include "msgpack.h"

/* What follows a first byte: a number of `width` bytes, and of what. */
typedef struct layout {
    uint8_t kind, width;
    uint8_t fixed; /* bytes of an extension whose length isn't written */
} layout;

#define NONE 255

/* Of the first bytes 0xc0 to 0xdf. */
static const layout layouts[32] = {
    { MSGPACK_NIL, 0, 0 },        { NONE, 0, 0 },
    { MSGPACK_BOOL, 0, 0 },       { MSGPACK_BOOL, 0, 0 },
    { MSGPACK_BINARY, 1, 0 },     { MSGPACK_BINARY, 2, 0 },
    { MSGPACK_BINARY, 4, 0 },     { MSGPACK_EXTENSION, 1, 0 },
    { MSGPACK_EXTENSION, 2, 0 },  { MSGPACK_EXTENSION, 4, 0 },
    { MSGPACK_FLOAT, 4, 0 },      { MSGPACK_FLOAT, 8, 0 },
    { MSGPACK_UNSIGNED, 1, 0 },   { MSGPACK_UNSIGNED, 2, 0 },
    { MSGPACK_UNSIGNED, 4, 0 },   { MSGPACK_UNSIGNED, 8, 0 },
    { MSGPACK_SIGNED, 1, 0 },     { MSGPACK_SIGNED, 2, 0 },
    { MSGPACK_SIGNED, 4, 0 },     { MSGPACK_SIGNED, 8, 0 },
    { MSGPACK_EXTENSION, 0, 1 },  { MSGPACK_EXTENSION, 0, 2 },
    { MSGPACK_EXTENSION, 0, 4 },  { MSGPACK_EXTENSION, 0, 8 },
    { MSGPACK_EXTENSION, 0, 16 }, { MSGPACK_STRING, 1, 0 },
    { MSGPACK_STRING, 2, 0 },     { MSGPACK_STRING, 4, 0 },
    { MSGPACK_ARRAY, 2, 0 },      { MSGPACK_ARRAY, 4, 0 },
    { MSGPACK_MAP, 2, 0 },        { MSGPACK_MAP, 4, 0 },
};

static uint64_t big_endian(const char *bytes, size_t n)
{
    uint64_t value = 0;

    for (size_t i = 0; i < n; i++)
        value = value << 8 | (uint8_t)bytes[i];
    return value;
}

static void read_signed(uint64_t bits, size_t width, msgpack_value *out)
{
    const uint64_t sign = UINT64_C(1) << (8 * width - 1);

    out->number = (bits ^ sign) - sign; /* two's complement, widened */
    out->kind = bits & sign ? MSGPACK_SIGNED : MSGPACK_UNSIGNED;
}

static double to_real(uint64_t bits, size_t width)
{
    const uint32_t half = (uint32_t)bits;
    double real;
    float single;

    if (width == sizeof real) {
        memcpy(&real, &bits, sizeof real);
        return real;
    }
    memcpy(&single, &half, sizeof single);
    return (double)single;
}

/* The values whose first byte says all. */
static bool read_fixed(uint8_t first, msgpack_value *out)
{
    if (first < 0x80) {
        out->kind = MSGPACK_UNSIGNED;
        out->number = first;
    } else if (first < 0xa0) {
        out->kind = first < 0x90 ? MSGPACK_MAP : MSGPACK_ARRAY;
        out->number = first & 0x0f;
    } else if (first < 0xc0) {
        out->kind = MSGPACK_STRING;
        out->text.len = first & 0x1f;
    } else if (first >= 0xe0) {
        read_signed(first, 1, out);
    } else {
        return false;
    }
    return true;
}

/* The values that have a number behind their first byte, which lies in [0xc0, 0xe0). */
static bool read_sized(uint8_t first, const char **at, const char *end, msgpack_value *out)
{
    const layout *is = &layouts[first - 0xc0];
    uint64_t number;

    if (is->kind == NONE || (size_t)(end - *at) < is->width)
        return false;
    number = big_endian(*at, is->width);
    *at += is->width;
    out->kind = (msgpack_kind)is->kind;
    out->number = number;
    switch (out->kind) {
    case MSGPACK_BOOL:
        out->number = first & 1;
        break;
    case MSGPACK_SIGNED:
        read_signed(number, is->width, out);
        break;
    case MSGPACK_FLOAT:
        out->real = to_real(number, is->width);
        break;
    case MSGPACK_STRING:
    case MSGPACK_BINARY:
        out->text.len = (size_t)number;
        break;
    case MSGPACK_EXTENSION:
        out->text.len = is->fixed ? is->fixed : (size_t)number;
        if (*at == end)
            return false;
        out->type = (int8_t) * (*at)++;
        break;
    default:
        break;
    }
    return true;
}

bool msgpack_read(const char **at, const char *end, msgpack_value *out)
{
    const char *next = *at;
    uint8_t first;

    *out = (msgpack_value){ 0 };
    if (next == end)
        return false;
    first = (uint8_t)*next++;
    if (!read_fixed(first, out) && !read_sized(first, &next, end, out))
        return false;
    if (out->text.len > (size_t)(end - next))
        return false;
    out->text.data = next;
    *at = next + out->text.len;
    return true;
}

static uint64_t members_of(const msgpack_value *value)
{
    if (value->kind == MSGPACK_ARRAY)
        return value->number;
    return value->kind == MSGPACK_MAP ? 2 * value->number : 0;
}

/* The bytes of a value by its first byte, where that tells them and nothing is in it; else 0. */
#define EIGHT(n) n, n, n, n, n, n, n, n
static const uint8_t lengths[256] = {
    /* numbers up to 0x7f */
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    /* maps and arrays */
    EIGHT(0),
    EIGHT(0),
    EIGHT(0),
    EIGHT(0),
    /* strings */
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
    28,
    29,
    30,
    31,
    32,
    /* as layouts has it */
    1,
    0,
    1,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    5,
    9,
    2,
    3,
    5,
    9,
    2,
    3,
    5,
    9,
    3,
    4,
    6,
    10,
    18,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    /* numbers below zero */
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
    EIGHT(1),
};

/* Each value is a byte at least, so more of them than bytes are left are never there. */
bool msgpack_skip(const char **at, const char *end, uint64_t n)
{
    const char *next = *at;

    while (n > 0) {
        const uint64_t left = (uint64_t)(end - next);
        msgpack_value value;
        size_t len;

        if (n > left)
            return false;
        n--;
        len = lengths[(uint8_t)*next];
        if (len > 0 && len <= left) {
            next += len;
            continue;
        }
        if (!msgpack_read(&next, end, &value))
            return false;
        n += members_of(&value);
    }
    *at = next;
    return true;
}

bool msgpack_take(const char **at, const char *end, msgpack_value *out)
{
    const char *next = *at;

    if (!msgpack_read(&next, end, out) || !msgpack_skip(&next, end, members_of(out)))
        return false;
    *at = next;
    return true;
}

static char *put(char *to, uint8_t first, uint64_t number, size_t width)
{
    *to++ = (char)first;
    for (size_t i = width; i > 0; i--)
        *to++ = (char)(number >> 8 * (i - 1));
    return to;
}

char *msgpack_put_string_head(char *to, size_t len)
{
    if (len < 32)
        return put(to, (uint8_t)(0xa0 | len), 0, 0);
    if (len <= UINT8_MAX)
        return put(to, 0xd9, len, 1);
    if (len <= UINT16_MAX)
        return put(to, 0xda, len, 2);
    return put(to, 0xdb, len, 4);
}

char *msgpack_close_map(char *start, char *end, size_t n)
{
    const size_t width = n < 16 ? 0 : n <= UINT16_MAX ? 2 : 4;

    memmove(start + 1 + width, start + 1, (size_t)(end - start - 1));
    if (width == 0)
        put(start, (uint8_t)(0x80 | n), 0, 0);
    else
        put(start, width == 2 ? 0xde : 0xdf, n, width);
    return end + width;
}
