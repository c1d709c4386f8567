/* SPDX-License-Identifier: Apache-2.0 */
/* A line, split at its spaces. */
#include "parse/line.h"

static void end_value(fle_line *line, size_t start, size_t end)
{
    if (line->n < FLE_FORMAT_FIELDS)
        line->values[line->n] = (flowenrich_slice){ (uint32_t)start, (uint32_t)(end - start) };
    line->n++;
}

/*
 * AWS puts one space between two values. Runs of them are in its own
 * documentation and in rewritten logs; a single space before the first value or
 * behind the last one isn't worth counting.
 */
void fle_line_split(fle_line *line, flowenrich_text text)
{
    size_t start = 0;

    line->text = text;
    line->n = 0;
    line->doubled = false;
    line->has_nul = false;
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.data[i];

        if (c > ' ')
            continue;
        if (c != ' ') {
            line->has_nul |= c == '\0';
            continue;
        }
        if (i > start)
            end_value(line, start, i);
        else if (i > 0)
            line->doubled = true;
        start = i + 1;
    }
    if (text.len > start)
        end_value(line, start, text.len);
}
