/* SPDX-License-Identifier: Apache-2.0 */
/* MessagePack, as the library writes it, as the JSON that says the same. */
#ifndef TESTS_UNPACKING_H
#define TESTS_UNPACKING_H

#include <stdint.h>

#include "encode/json.h"

typedef struct unpacking {
    const char *at, *end;
    fle_output *out;
} unpacking;

static inline bool unpack_value(unpacking *u);

static inline bool unpack_number(unpacking *u, size_t width, uint64_t *out)
{
    *out = 0;
    if ((size_t)(u->end - u->at) < width)
        return false;
    for (; width > 0; width--)
        *out = *out << 8 | (uint8_t)*u->at++;
    return true;
}

static inline bool unpack_text(unpacking *u, size_t width, uint64_t len)
{
    if (width > 0 && !unpack_number(u, width, &len))
        return false;
    if (len > (uint64_t)(u->end - u->at))
        return false;
    fle_json_string(u->out, fle_text(u->at, (size_t)len));
    u->at += len;
    return true;
}

static inline bool unpack_items(unpacking *u, bool is_map, size_t width, uint64_t n)
{
    if (width > 0 && !unpack_number(u, width, &n))
        return false;
    fle_output_char(u->out, is_map ? '{' : '[');
    for (uint64_t i = 0; i < n; i++) {
        if (i > 0)
            fle_output_char(u->out, ',');
        if (is_map) {
            if (!unpack_value(u))
                return false;
            fle_output_char(u->out, ':');
        }
        if (!unpack_value(u))
            return false;
    }
    fle_output_char(u->out, is_map ? '}' : ']');
    return true;
}

static inline bool unpack_signed(unpacking *u, size_t width)
{
    const uint64_t sign = UINT64_C(1) << (8 * width - 1);
    uint64_t bits;

    if (!unpack_number(u, width, &bits))
        return false;
    fle_json_i64(u->out, (int64_t)((bits ^ sign) - sign));
    return true;
}

static inline bool unpack_real(unpacking *u)
{
    uint64_t bits;
    double value;

    if (!unpack_number(u, sizeof bits, &bits))
        return false;
    memcpy(&value, &bits, sizeof value);
    fle_json_f64(u->out, value);
    return true;
}

static inline bool unpack_word(unpacking *u, const char *word)
{
    fle_output_append(u->out, word, strlen(word));
    return true;
}

static inline bool unpack_value(unpacking *u)
{
    uint64_t first, value;

    if (!unpack_number(u, 1, &first))
        return false;
    if (first < 0x80 || first >= 0xe0) {
        fle_json_i64(u->out, (int8_t)first);
        return true;
    }
    if (first < 0xa0)
        return unpack_items(u, first < 0x90, 0, first & 0x0f);
    if (first < 0xc0)
        return unpack_text(u, 0, first & 0x1f);
    switch (first) {
    case 0xc0:
        return unpack_word(u, "null");
    case 0xc2:
        return unpack_word(u, "false");
    case 0xc3:
        return unpack_word(u, "true");
    case 0xcb:
        return unpack_real(u);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        if (!unpack_number(u, (size_t)1 << (first - 0xcc), &value))
            return false;
        fle_json_u64(u->out, value);
        return true;
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return unpack_signed(u, (size_t)1 << (first - 0xd0));
    case 0xd9:
    case 0xda:
    case 0xdb:
        return unpack_text(u, (size_t)1 << (first - 0xd9), 0);
    case 0xdc:
    case 0xdd:
    case 0xde:
    case 0xdf:
        return unpack_items(u, first >= 0xde, (size_t)2 << (first & 1), 0);
    default:
        return false;
    }
}

/* Values one after another, as a line each. False: that isn't what these bytes are. */
static inline bool unpack(const char *data, size_t len, fle_output *out)
{
    unpacking u = { data, data + len, out };

    while (u.at < u.end) {
        if (!unpack_value(&u))
            return false;
        fle_output_char(out, '\n');
    }
    return true;
}

#endif
