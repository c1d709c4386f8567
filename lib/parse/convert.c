/* SPDX-License-Identifier: Apache-2.0 */
/* From text to values. */
#include "parse/convert.h"

/* Nineteen digits are taken without a check, because 10^19 - 1 fits in 64 bits. */
bool fle_convert_u64(flowenrich_text text, uint64_t *out)
{
    uint64_t value = 0;

    if (text.len == 0 || text.len > 19)
        return fle_text_u64(text, out);
    for (size_t i = 0; i < text.len; i++) {
        const unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';

        if (digit > 9)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool fle_convert_u32(flowenrich_text text, uint32_t max, uint32_t *out)
{
    uint64_t value;

    if (!fle_convert_u64(text, &value) || value > max)
        return false;
    *out = (uint32_t)value;
    return true;
}

bool fle_convert_time(flowenrich_text text, flowenrich_time *out, bool *was_milliseconds)
{
    uint64_t value;

    if (!fle_convert_u64(text, &value) || value > INT64_MAX)
        return false;
    *was_milliseconds = value >= FLE_LEAST_MILLISECONDS;
    *out = (flowenrich_time)(*was_milliseconds ? value / 1000 : value);
    return true;
}

static bool read_nibble(char c, unsigned *out)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *found = c != '\0' ? strchr(digits, c) : NULL;
    const unsigned at = found ? (unsigned)(found - digits) : 0;

    *out = at < 16 ? at : at - 6;
    return found != NULL;
}

size_t fle_convert_percent(flowenrich_text text, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned high, low;

        out[len] = text.data[i];
        if (text.data[i] == '%' && text.len - i > 2 && read_nibble(text.data[i + 1], &high) &&
            read_nibble(text.data[i + 2], &low)) {
            out[len] = (char)(high << 4 | low);
            i += 2;
        }
        len++;
    }
    return len;
}
