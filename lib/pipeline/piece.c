/* SPDX-License-Identifier: Apache-2.0 */
/* Where a payload that is still coming can be cut, for its beginning to be read. */
#include "pipeline/pipeline.h"
#include "unwrap/envelope.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What a payload begins with that can be cut: '{' of JSON, a digit of an export; else 0. */
static char opening(flowenrich_text held)
{
    size_t at = fle_text_starts(held, "\xef\xbb\xbf") ? 3 : 0;

    while (at < held.len && is_space(held.data[at]))
        at++;
    return at < held.len && (held.data[at] == '{' || is_digit(held.data[at])) ? held.data[at]
                                                                              : '\0';
}

bool fle_piece_is_text(flowenrich_text held)
{
    return is_digit(opening(held));
}

/*
 * A line begins at 'at', and what is before it can be read without it. For JSON a
 * value must end there, and one does if a bracket closes at the end of a line and
 * the next line begins with another one: within an array there would be a comma.
 */
static bool is_border(flowenrich_text held, size_t at, char open)
{
    const size_t left = held.len - at;
    size_t end = at;

    if (open == '{' ? held.data[at] != '{' : !is_digit(held.data[at]))
        return false;
    while (end > 0 && is_space(held.data[end - 1]))
        end--;
    return end > 0 && (open != '{' || held.data[end - 1] == '}') &&
           !fle_content_is_plain(held.data + at, left < FLE_CONTENT_TOLD ? left : FLE_CONTENT_TOLD);
}

size_t fle_piece_find(flowenrich_text held, size_t least, size_t *searched)
{
    const char open = opening(held);
    const size_t enough = held.len > FLE_CONTENT_TOLD ? held.len - FLE_CONTENT_TOLD : 0;
    size_t at = *searched > least ? *searched : least;

    while (open && at < enough) {
        const char *newline = memchr(held.data + at, '\n', enough - at);

        at = newline ? (size_t)(newline - held.data) + 1 : enough;
        if (newline && at < enough && is_border(held, at, open))
            return at;
        *searched = newline && at == enough ? at - 1 : at;
    }
    return 0;
}

size_t fle_piece_last(flowenrich_text held, size_t *searched)
{
    const char open = opening(held);

    for (size_t at = held.len; open && at-- > *searched + 1;)
        if (held.data[at - 1] == '\n' && is_border(held, at, open))
            return at;
    *searched = held.len > FLE_CONTENT_TOLD ? held.len - FLE_CONTENT_TOLD : 0;
    return 0;
}
