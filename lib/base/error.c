/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in the caller's error, and what every constructor begins with. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

/*
 * Messages quote input, which may hold anything. Bindings decode them as UTF-8 and logs
 * take them as one line, so whatever is neither well-formed nor printable becomes '?'. That
 * takes care of a character cut in two at the end, too.
 */
static void make_printable(char *message)
{
    const size_t len = strlen(message);
    size_t i = 0;

    while (i < len) {
        const size_t width = fle_utf8_width(message + i, len - i);

        if (width == 0 || (unsigned char)message[i] < ' ' || message[i] == 0x7f)
            message[i] = '?';
        i += width > 0 ? width : 1;
    }
}

static uint32_t clip_u32(size_t value)
{
    return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static flowenrich_status fill(flowenrich_error *error, flowenrich_status status, size_t line,
                              size_t column, size_t offset, const char *format, va_list arguments)
{
    if (error == NULL)
        return status;
    error->status = status;
    error->line = clip_u32(line);
    error->column = clip_u32(column);
    error->reserved = 0;
    error->offset = offset;
    if (vsnprintf(error->message, sizeof error->message, format, arguments) < 0)
        error->message[0] = '\0';
    make_printable(error->message);
    return status;
}

flowenrich_status fle_error(flowenrich_error *error, flowenrich_status status, const char *format,
                            ...)
{
    va_list arguments;

    va_start(arguments, format);
    fill(error, status, 0, 0, 0, format, arguments);
    va_end(arguments);
    return status;
}

flowenrich_status fle_error_at(flowenrich_error *error, flowenrich_status status, size_t line,
                               size_t column, size_t offset, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fill(error, status, line, column, offset, format, arguments);
    va_end(arguments);
    return status;
}

flowenrich_status fle_error_nomem(flowenrich_error *error)
{
    return fle_error(error, FLOWENRICH_ERR_NOMEM, "out of memory");
}

flowenrich_status fle_error_ok(flowenrich_error *error)
{
    if (error != NULL)
        memset(error, 0, sizeof *error);
    return FLOWENRICH_OK;
}

flowenrich_status fle_options_import(void *options, size_t size, const void *from,
                                     flowenrich_error *error)
{
    fle_allocator allocator;
    flowenrich_options common; /* what every type of options begins with */

    if (from != NULL && !fle_struct_import(options, size, from))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the options don't begin with their size, or set a member that this "
                         "version of the library lacks: start from their INIT macro");
    memcpy(&common, options, offsetof(flowenrich_options, hash_seed));
    if (!fle_allocator_init(&allocator, common.allocator))
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "the allocator needs its size and all of alloc, realloc and free");
    return fle_error_ok(error);
}

#define LONGEST_NAME 63

/* People mix up case and kinds of hyphens; neither makes a name farther. */
static char fold(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == '_' ? '-' : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance. 'b_len' is at most LONGEST_NAME. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[LONGEST_NAME + 1];

    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 0; i < a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < b_len; j++) {
            const size_t replaced = diagonal + (fold(a[i]) != fold(b[j]));

            diagonal = row[j + 1];
            row[j + 1] = least(replaced, least(row[j], diagonal) + 1);
        }
    }
    return row[b_len];
}

/* Near is up to two edits, or one in three characters; but never a whole other name. */
const char *fle_nearest(const char *name, size_t len, const char *const *known, size_t n)
{
    size_t bound = (len / 3 > 2 ? len / 3 : 2) + 1; /* to stay below */
    const char *nearest = NULL;

    if (len > LONGEST_NAME)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        const size_t known_len = strlen(known[i]);
        size_t edits;

        if (known_len > LONGEST_NAME)
            continue;
        edits = distance(name, len, known[i], known_len);
        if (edits < bound && edits < least(len, known_len)) {
            bound = edits;
            nearest = known[i];
        }
    }
    return nearest;
}
