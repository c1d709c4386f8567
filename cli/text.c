/* SPDX-License-Identifier: Apache-2.0 */
/* Text for people: foreign bytes made visible, numbers with units. */
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the printable character at 's', or 0. Control characters of C1 aren't printable. */
static size_t printable_width(const unsigned char *s, size_t len)
{
    const size_t width = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

    if (width == 0 || width > len || s[0] > 0xf4 || s[0] < ' ' || s[0] == 0x7f)
        return 0;
    for (size_t i = 1; i < width; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return s[0] == 0xc2 && s[1] < 0xa0 ? 0 : width;
}

size_t text_visible(char *out, size_t capacity, const char *data, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len;) {
        const size_t width = printable_width((const unsigned char *)data + i, len - i);
        char escaped[8];
        const char *from = data + i;
        size_t add = width;

        if (width == 0) {
            snprintf(escaped, sizeof escaped, "\\x%02x", (unsigned char)data[i]);
            from = escaped;
            add = strlen(escaped);
        }
        if (n + add >= capacity)
            break;
        memcpy(out + n, from, add);
        n += add;
        i += width > 0 ? width : 1;
    }
    out[n] = '\0';
    return n;
}

size_t text_columns(const char *data, size_t len)
{
    size_t columns = 0;

    for (size_t i = 0; i < len; i++)
        columns += ((unsigned char)data[i] & 0xc0) != 0x80;
    return columns;
}

const char *text_count(uint64_t n, char out[NUMBER_TEXT])
{
    char digits[NUMBER_TEXT];
    const size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, n);
    size_t at = 0;

    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

const char *text_bytes(uint64_t n, char out[NUMBER_TEXT])
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
    double value = (double)n;
    size_t unit = 0;

    while (value >= 999.95 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1000;
        unit++;
    }
    snprintf(out, NUMBER_TEXT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return out;
}

const char *text_money(uint64_t nano, bool for_people, char out[NUMBER_TEXT])
{
    const uint64_t unit = 1000000000, step = unit / 10000; /* what people are shown, rounded */
    const uint64_t steps = nano / step + (nano % step >= step / 2);

    if (!for_people)
        snprintf(out, NUMBER_TEXT, "%" PRIu64 ".%09" PRIu64, nano / unit, nano % unit);
    else if (steps == 0 && nano > 0)
        snprintf(out, NUMBER_TEXT, "<0.0001");
    else
        snprintf(out, NUMBER_TEXT, "%" PRIu64 ".%04" PRIu64, steps / 10000, steps % 10000);
    return out;
}

#define LONGEST_NAME 63

static char fold(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == '-' ? '_' : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters to change, add, drop or swap with their neighbour; b_len <= LONGEST_NAME. */
static size_t edits_between(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][LONGEST_NAME + 1]; /* this row, the one before and the one before that */

    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *higher = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            const char x = fold(a[i - 1]), y = fold(b[j - 1]);

            row[j] = least(above[j - 1] + (x != y), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && x == fold(b[j - 2]) && fold(a[i - 2]) == y)
                row[j] = least(row[j], higher[j - 2] + 1);
        }
    }
    return rows[a_len % 3][b_len];
}

const char *text_nearest(const char *name, const char *const *known, size_t n)
{
    const size_t len = strlen(name);
    size_t bound = len / 3 + 1; /* to stay below: one wrong letter in three */
    const char *nearest = NULL;

    if (len > LONGEST_NAME)
        return NULL;
    if (bound < 2)
        bound = 2;
    for (size_t i = 0; i < n; i++) {
        const size_t known_len = strlen(known[i]);
        size_t edits;

        if (known_len > LONGEST_NAME)
            continue;
        edits = edits_between(name, len, known[i], known_len);
        if (edits < bound && edits < least(len, known_len)) {
            bound = edits;
            nearest = known[i];
        }
    }
    return nearest;
}
