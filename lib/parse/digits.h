/* SPDX-License-Identifier: Apache-2.0 */
/* Decimal digits, eight at a time in one register. */
#ifndef FLE_PARSE_DIGITS_H
#define FLE_PARSE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Inlined into each variant of the kernel, and so compiled for its instruction set. */
#define FLE_INLINE static inline __attribute__((always_inline))

#define FLE_EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The first character is the lowest byte, whatever the machine's order of bytes is. */
FLE_INLINE uint64_t fle_load8(const char *text)
{
    uint64_t bytes;

    memcpy(&bytes, text, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

FLE_INLINE uint32_t fle_load4(const char *text)
{
    uint32_t bytes;

    memcpy(&bytes, text, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap32(bytes);
#endif
    return bytes;
}

/*
 * The digits that a text of one to eight characters begins 'bytes' with, the last of them in the
 * highest byte and zeros in front. For any other length what comes out means nothing.
 */
FLE_INLINE uint64_t fle_digits_of(uint64_t bytes, size_t len)
{
    return (bytes ^ FLE_EACH_BYTE('0')) << ((64 - 8 * len) & 63);
}

/*
 * Is each byte at most 9? 9 + 0x76 is the largest sum without the high bit. A byte from 0x8a on
 * carries into its neighbour, but has the high bit itself, so the answer is no in any case.
 */
FLE_INLINE bool fle_digits_are(uint64_t digits)
{
    return (((digits + FLE_EACH_BYTE(0x76)) | digits) & FLE_EACH_BYTE(0x80)) == 0;
}

/*
 * The number eight digits make. Each step joins neighbours, the lower of which has the higher
 * place: to two digits in 16 bits, four in 32, eight in 64. No sum leaves its lane: 99 < 2^8,
 * 9999 < 2^16, 99999999 < 2^32.
 */
FLE_INLINE uint64_t fle_digits_value(uint64_t digits)
{
    digits = (digits * (10 << 8 | 1) >> 8) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * (100 << 16 | 1) >> 16) & UINT64_C(0x0000ffff0000ffff);
    return digits * (UINT64_C(10000) << 32 | 1) >> 32;
}

#endif
