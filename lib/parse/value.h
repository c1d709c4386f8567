/* SPDX-License-Identifier: Apache-2.0 */
/* One value at a time, of a text that goes on for FLE_SLACK bytes behind it. */
#ifndef FLE_PARSE_VALUE_H
#define FLE_PARSE_VALUE_H

#include "parse/digits.h"
#include "parse/ipv4.h"

/* What a value turned out to be. Odd is what isn't understood here, right or wrong. */
typedef enum fle_value_is { FLE_IS_ABSENT, FLE_IS_VALID, FLE_IS_ODD } fle_value_is;

/* Of four values, as bits: those that could be read, and of these the ones that aren't absent. */
typedef struct fle_four {
    uint32_t read, valid;
} fle_four;

FLE_INLINE fle_value_is fle_value_other(const char *text, size_t len)
{
    return len == 1 && *text == '-' ? FLE_IS_ABSENT : FLE_IS_ODD;
}

/* One to eight digits. */
FLE_INLINE fle_value_is fle_value_short(const char *text, size_t len, uint64_t max, uint64_t *out)
{
    const uint64_t digits = fle_digits_of(fle_load8(text), len);

    *out = fle_digits_value(digits);
    if (len - 1 < 8 && fle_digits_are(digits) && *out <= max)
        return FLE_IS_VALID;
    return fle_value_other(text, len);
}

FLE_INLINE fle_value_is fle_value_u32(const char *text, size_t len, uint32_t max, uint32_t *out)
{
    uint64_t value;
    const fle_value_is is = fle_value_short(text, len, max, &value);

    *out = (uint32_t)value;
    return is;
}

/* Up to sixteen digits: the last eight, and those in front of them. 10^16 - 1 fits in 64 bits. */
FLE_INLINE fle_value_is fle_value_u64(const char *text, size_t len, uint64_t max, uint64_t *out)
{
    uint64_t high, low;

    if (len <= 8)
        return fle_value_short(text, len, max, out);
    if (len > 16)
        return FLE_IS_ODD;
    high = fle_digits_of(fle_load8(text), len - 8);
    low = fle_digits_of(fle_load8(text + len - 8), 8);
    *out = fle_digits_value(high) * 100000000 + fle_digits_value(low);
    return fle_digits_are(high) && fle_digits_are(low) && *out <= max ? FLE_IS_VALID : FLE_IS_ODD;
}

FLE_INLINE fle_value_is fle_value_text(const char *text, size_t len, uint32_t offset,
                                       flowenrich_slice *out)
{
    *out = (flowenrich_slice){ offset, (uint32_t)len };
    return len == 1 && *text == '-' ? FLE_IS_ABSENT : FLE_IS_VALID;
}

/* The number of the word among 'n', each as fle_kernel_word() makes it of its text. */
FLE_INLINE fle_value_is fle_value_word(const char *text, size_t len, const uint64_t *words,
                                       size_t n, uint8_t *out)
{
    const uint64_t word = fle_load8(text) << ((64 - 8 * len) & 63);
    size_t number = 0;

    while (number < n && words[number] != word)
        number++;
    *out = (uint8_t)(number < n ? number : 0);
    return number < n && len - 1 < 8 ? FLE_IS_VALID : fle_value_other(text, len);
}

#endif
