/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and texts as bytes that are the same on every machine. */
#include "base/pack.h"

#define MORE 0x80U /* another byte follows, with higher bits */

void fle_pack_number(fle_buffer *out, uint64_t number)
{
    for (; number >= MORE; number >>= 7)
        fle_buffer_char(out, (char)(number | MORE));
    fle_buffer_char(out, (char)number);
}

void fle_pack_text(fle_buffer *out, flowenrich_text text)
{
    fle_pack_number(out, text.len);
    fle_buffer_text(out, text);
}

/* 0, -1, 1, -2…: the sign is the lowest bit. */
void fle_pack_signed(fle_buffer *out, int64_t number)
{
    const uint64_t bits = (uint64_t)number;

    fle_pack_number(out, number < 0 ? ~(bits << 1) : bits << 1);
}

bool fle_unpack_number(flowenrich_text *from, uint64_t *out)
{
    uint64_t number = 0;

    for (size_t i = 0; i < from->len; i++) {
        const unsigned byte = (unsigned char)from->data[i];

        if (i == 9 && byte > 1) /* only the highest of 64 bits is left */
            return false;
        number |= (uint64_t)(byte & ~MORE) << (7 * i);
        if (byte & MORE)
            continue;
        if (byte == 0 && i > 0)
            return false;
        *from = fle_text(from->data + i + 1, from->len - i - 1);
        *out = number;
        return true;
    }
    return false;
}

bool fle_unpack_text(flowenrich_text *from, flowenrich_text *out)
{
    flowenrich_text rest = *from;
    uint64_t len;

    if (!fle_unpack_number(&rest, &len) || len > rest.len)
        return false;
    *out = fle_text(rest.data, (size_t)len);
    *from = fle_text(rest.data + len, rest.len - (size_t)len);
    return true;
}

bool fle_unpack_signed(flowenrich_text *from, int64_t *out)
{
    uint64_t number;

    if (!fle_unpack_number(from, &number))
        return false;
    *out = (int64_t)(number & 1 ? ~(number >> 1) : number >> 1);
    return true;
}

bool fle_unpack_bytes(flowenrich_text *from, void *out, size_t len)
{
    if (len > from->len)
        return false;
    if (len > 0)
        memcpy(out, from->data, len);
    *from = fle_text(from->data + len, from->len - len);
    return true;
}
