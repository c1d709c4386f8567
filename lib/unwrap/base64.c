/* SPDX-License-Identifier: Apache-2.0 */
/* Base64. */
#include "unwrap/base64.h"

#include <stdint.h>

/* clang-format off */
/* One more than what a character stands for; 0 is none. */
static const uint8_t digits[256] = {
    ['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    ['N'] = 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    ['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
    ['n'] = 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
    ['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62,
    ['+'] = 63, ['-'] = 63, ['/'] = 64, ['_'] = 64,
};
/* clang-format on */

/* What a character stands for; more than 63 if it is none. */
static uint32_t digit(char c)
{
    return digits[(unsigned char)c] - 1u;
}

static void put(char *out, uint32_t bits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (char)(bits >> (16 - 8 * i) & 0xff);
}

/* Decode whole groups of four as long as nothing but digits comes; returns how many characters. */
static size_t decode_groups(const char *at, size_t len, char *out)
{
    size_t i = 0;

    for (; len - i >= 4; i += 4, out += 3) {
        const uint32_t a = digit(at[i]), b = digit(at[i + 1]);
        const uint32_t c = digit(at[i + 2]), d = digit(at[i + 3]);

        if ((a | b | c | d) > 63)
            break;
        put(out, a << 18 | b << 12 | c << 6 | d, 3);
    }
    return i;
}

static bool is_space(char c)
{
    return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

bool fle_base64_decode(flowenrich_text text, char *out, size_t *len)
{
    size_t i = 0, written = 0;
    size_t n = 0, padding = 0; /* digits and '=' of the group begun */
    uint32_t bits = 0;

    while (i < text.len) {
        const uint32_t value = digit(text.data[i]);

        if (n == 0 && padding == 0) {
            const size_t taken = decode_groups(text.data + i, text.len - i, out + written);

            written += taken / 4 * 3;
            i += taken;
            if (taken > 0)
                continue;
        }
        if (value <= 63 && padding == 0) {
            bits |= value << (18 - 6 * n);
            n++;
        } else if (text.data[i] == '=' && n >= 2 && n + padding < 4) {
            padding++;
        } else if (!is_space(text.data[i])) {
            break;
        }
        i++;
        if (n == 4) {
            put(out + written, bits, 3);
            written += 3;
            n = 0;
            bits = 0;
        }
    }
    *len = i;
    if (i < text.len || n == 1 || (padding > 0 && n + padding != 4))
        return false;
    if (n > 0)
        put(out + written, bits, n - 1);
    *len = written + (n > 0 ? n - 1 : 0);
    return true;
}
