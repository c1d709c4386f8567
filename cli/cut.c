/* SPDX-License-Identifier: Apache-2.0 */
/* Where the text of a flow log can be cut, so that its parts are read as the whole would be. */
#include "cut.h"

#include <string.h>

#include "flowenrich.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/*
 * May a line change how those behind it are read? All its values are names then, and none begins
 * as most of a record's do.
 */
static bool may_be_header(const char *line, size_t len)
{
    bool begins = true;

    for (size_t i = 0; i < len; i++) {
        if (begins && (is_digit(line[i]) || line[i] == '-'))
            return false;
        begins = line[i] == ' ';
    }
    return len > 0;
}

/* As AWS writes it: with one space between two names, most of which are known. */
static bool is_header(const char *line, size_t len)
{
    flowenrich_format *format;
    size_t known = 0, fields;

    len -= line[len - 1] == '\r';
    for (size_t i = 0; i < len; i++)
        if (!is_letter(line[i]) && (i == 0 || (!is_digit(line[i]) && !strchr(" -_", line[i]))))
            return false;
    if (flowenrich_format_new(&format, line, len, NULL, NULL) != FLOWENRICH_OK)
        return false;
    fields = flowenrich_format_fields(format);
    for (size_t i = 0; i < fields; i++)
        known += flowenrich_format_known(format, i) != 0;
    flowenrich_format_free(format);
    return known > fields / 2;
}

/* It begins with a number or an IPv4 address, and an export with a date. */
static bool is_record(const char *line, size_t len)
{
    size_t at = 0;

    while (at < len && (is_digit(line[at]) || line[at] == '.'))
        at++;
    return at > 0 && at < len && line[at] == ' ';
}

bool cut_begin(const char *text, size_t len, size_t *header)
{
    const char *newline = memchr(text, '\n', len);
    const size_t line = newline ? (size_t)(newline - text) : 0;

    *header = line > 0 && is_header(text, line) ? line + 1 : 0;
    return *header > 0 || is_record(text, line);
}

/* Files that were put together have the same header again and again. */
size_t cut_find(const char *text, size_t len, size_t header, uint64_t *lines)
{
    const char *const end = text + len;
    const char *line = text + header, *newline;
    uint64_t n = 0;
    size_t cut = 0;

    for (; (newline = memchr(line, '\n', (size_t)(end - line))) != NULL; line = newline + 1, n++) {
        const size_t line_len = (size_t)(newline + 1 - line);

        if (n > 0 && is_record(line, line_len)) {
            cut = (size_t)(line - text);
            *lines = n;
        }
        if (may_be_header(line, line_len - 1) &&
            (line_len != header || memcmp(line, text, header) != 0))
            return 0;
    }
    return cut;
}
