/* SPDX-License-Identifier: Apache-2.0 */
/* What AWS's documents have beyond JSON: dates, and keys to tell them by. */
#include "catalog/document.h"

#include <stdio.h>

#include "base/date.h"

#define MOST_KEYS 4
#define LONGEST_KEY 24

/* A member of a recorded date, if it is in its range. */
static bool read_part(const fle_json *object, const char *key, uint64_t min, uint64_t max,
                      uint64_t *out)
{
    return fle_json_number(fle_json_get(object, key), out) && *out >= min && *out <= max;
}

static bool read_recorded_time(const fle_json *object, flowenrich_time *out)
{
    uint64_t year, month, day, hour, minute, second;

    if (!fle_text_is(fle_json_text(fle_json_get(object, "__class__")), "datetime") ||
        !read_part(object, "year", 1, 9999, &year) || !read_part(object, "month", 1, 12, &month) ||
        !read_part(object, "day", 1, 31, &day) || !read_part(object, "hour", 0, 23, &hour) ||
        !read_part(object, "minute", 0, 59, &minute) ||
        !read_part(object, "second", 0, 59, &second))
        return false;
    *out = fle_date_seconds((int64_t)year, (unsigned)month, (unsigned)day, (unsigned)hour,
                            (unsigned)minute, (unsigned)second);
    return true;
}

bool fle_document_time(const fle_json *value, flowenrich_time *out)
{
    const flowenrich_text text = fle_json_text(value);

    return text.len > 0 ? fle_date_parse(text.data, text.len, out) : read_recorded_time(value, out);
}

void fle_document_keys(const fle_json *object, char *out, size_t size)
{
    const size_t n = object ? object->n : 0;
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < n && i <= MOST_KEYS; i++) {
        const flowenrich_text key = object->items[i].key;
        const int shown = (int)(key.len < LONGEST_KEY ? key.len : LONGEST_KEY);
        const char *comma = i > 0 ? ", " : "";
        const int len = i == MOST_KEYS ? snprintf(out + used, size - used, ", ...")
                                       : snprintf(out + used, size - used, "%s\"%.*s\"", comma,
                                                  shown, key.data);

        if (len < 0 || (size_t)len >= size - used)
            return;
        used += (size_t)len;
    }
}
