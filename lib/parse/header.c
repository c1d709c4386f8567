/* SPDX-License-Identifier: Apache-2.0 */
/* Telling a header line from a record. */
#include "parse/header.h"

#include "record/field.h"

/* Every line is asked; nearly every record has what is no name among its first values. */
bool fle_header_is(const fle_line *line)
{
    size_t known = 0;

    if (line->n > FLE_FORMAT_FIELDS)
        return false;
    for (size_t i = 0; i < line->n; i++)
        if (!fle_format_is_name(fle_line_value(line, i)))
            return false;
    for (size_t i = 0; i < line->n && known <= line->n / 2; i++)
        known += fle_field_find(fle_line_value(line, i)) != FLE_FIELD_COUNT;
    return known > line->n / 2;
}
