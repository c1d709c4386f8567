/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that grow, and rows as lines of JSON in them. */
#include "buffer.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"

static bool reserve(buffer *to, size_t more)
{
    char *larger;

    if (to->capacity - to->len >= more)
        return true;
    larger = realloc(to->data, 2 * to->capacity + more);
    if (larger == NULL)
        return false;
    to->data = larger;
    to->capacity = 2 * to->capacity + more;
    return true;
}

bool buffer_append(buffer *to, const void *data, size_t len)
{
    if (!reserve(to, len))
        return false;
    if (len > 0)
        memcpy(to->data + to->len, data, len);
    to->len += len;
    return true;
}

outcome buffer_encode(buffer *to, flowenrich_encoder *json, flowenrich_batch *batch)
{
    size_t row = 0;

    to->len = 0;
    while (row < flowenrich_batch_rows(batch)) {
        flowenrich_error error;
        size_t len = 0;
        const flowenrich_status status = flowenrich_encoder_encode(
            json, batch, &row, to->data + to->len, to->capacity - to->len, &len, &error);

        if (status != FLOWENRICH_OK && status != FLOWENRICH_ERR_LIMIT)
            return failure_of(NULL, &error);
        if (status == FLOWENRICH_OK)
            to->len += len;
        else if (!reserve(to, len))
            return failure_no_memory();
    }
    return OUTCOME_DONE;
}

flowenrich_text buffer_line(const buffer *of, size_t *at)
{
    const char *line = of->data + *at, *end = memchr(line, '\n', of->len - *at);

    *at = (size_t)(end - of->data) + 1;
    return (flowenrich_text){ line, (size_t)(end - line) - 1 };
}
