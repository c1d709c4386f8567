/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers with a point, as one would write them. */
#include "base/decimal.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static size_t write_fixed(char *out, bool is_below, uint64_t digits, unsigned decimals)
{
    char reversed[FLE_DECIMAL_TEXT];
    size_t n = 0;

    for (unsigned place = 0; place <= decimals || digits > 0; place++, digits /= 10) {
        if (place == decimals && place > 0)
            reversed[n++] = '.';
        reversed[n++] = (char)('0' + digits % 10);
    }
    if (is_below)
        reversed[n++] = '-';
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return n;
}

/* "-d.dddddddddddddddde-xx": seventeen digits always read back the same. */
static size_t write_exponential(char *out, double value)
{
    char text[48];
    const int len = snprintf(text, sizeof text, "%.16e", value);
    const size_t whole = value < 0 ? 2 : 1;
    const char *exponent = len > 0 ? memchr(text, 'e', (size_t)len) : NULL;
    size_t behind;

    if (!exponent) /* infinity has none, nor has what isn't a number */
        return 0;
    /* The point is the locale's, and may be several bytes: it is what lies between. */
    behind = (size_t)(text + len - exponent) + 16;
    memcpy(out, text, whole);
    out[whole] = '.';
    memcpy(out + whole + 1, exponent - 16, behind);
    return whole + 1 + behind;
}

/*
 * A decimal of up to 15 digits, over a power of ten, is rounded once by the division, as it is
 * when it is read. So the first number of decimals for which the division gives the value back
 * is the shortest that does.
 */
size_t fle_decimal_format(double value, char out[FLE_DECIMAL_TEXT])
{
    const double magnitude = value < 0 ? -value : value;
    uint64_t power = 1;

    for (unsigned decimals = 0; decimals <= 15; decimals++, power *= 10) {
        const double scaled = magnitude * (double)power + 0.5;
        uint64_t digits;

        if (!(scaled < 1e15))
            break;
        digits = (uint64_t)scaled;
        if ((double)digits / (double)power == magnitude)
            return write_fixed(out, value < 0, digits, decimals);
    }
    return write_exponential(out, value);
}
