/* SPDX-License-Identifier: Apache-2.0 */
/* Dotted IPv4 addresses in registers of 64 bits. */
#ifndef FLE_PARSE_IPV4_H
#define FLE_PARSE_IPV4_H

#include "base/address.h"
#include "parse/digits.h"

/* Of eight bytes, the high bits of those that equal 'byte'; exact for every byte. */
FLE_INLINE uint64_t fle_bytes_equal(uint64_t bytes, uint8_t byte)
{
    const uint64_t low = FLE_EACH_BYTE(0x7f), differ = bytes ^ FLE_EACH_BYTE(byte);

    return ~(((differ & low) + low) | differ | low);
}

/* One bit for each byte, from its high bit: the product moves bit 8 i + 7 to bit 56 + i. */
FLE_INLINE uint64_t fle_bytes_bits(uint64_t high_bits)
{
    return (high_bits >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

/*
 * An octet of one to three digits, with 0 in front only if that is all: its digits as bytes, and
 * whether they are right. Digits in order of place compare as numbers do, so 2-5-5 is the bound.
 */
FLE_INLINE bool fle_ipv4_octet(const char *text, size_t len, uint8_t *out)
{
    static const uint8_t least[4] = { 0, 0, 10, 100 };
    const uint32_t digits = (fle_load4(text) ^ 0x30303030) << ((32 - 8 * len) & 31);
    const uint32_t value = (digits >> 8 & 0xff) * 100 + (digits >> 16 & 0xff) * 10 + (digits >> 24);
    const bool fits = (((digits + 0x76767676) | digits) & 0x80808080) == 0;

    *out = (uint8_t)value;
    return (len - 1 < 3) & fits & (value <= 255) & (value >= least[len & 3]);
}

/* 'dots' has a bit for each dot of the text, and perhaps of what is behind it. Reads 20 bytes. */
FLE_INLINE bool fle_ipv4_parse(const char *text, size_t len, uint32_t dots, fle_address *out)
{
    uint32_t ends = (dots & ((1u << (len & 15)) - 1)) | 1u << (len & 15);
    fle_address address = { { [10] = 0xff, [11] = 0xff } };
    size_t start = 0;
    bool fits = len < 16;

    for (int i = 0; i < 4; i++, ends &= ends - 1) {
        /* Past the last end it's the last again, and the octet between is empty. */
        const size_t end = (size_t)__builtin_ctz(ends | 1u << 16);

        fits &= fle_ipv4_octet(text + start, end - start, &address.bytes[12 + i]);
        start = end + 1;
    }
    *out = address;
    return fits & (ends == 0) & (start == len + 1);
}

#endif
