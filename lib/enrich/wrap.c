/* SPDX-License-Identifier: Apache-2.0 */
/* Labelled lines of text, wrapped at 100 columns. */
#include "enrich/wrap.h"

#include <stdarg.h>
#include <stdio.h>

#define COLUMNS 100
#define INDENT 2
#define LABEL 12

void fle_wrap_init(fle_wrap *wrap, const fle_allocator *allocator)
{
    fle_buffer_init(&wrap->out, allocator);
}

void fle_wrap_free(fle_wrap *wrap)
{
    fle_buffer_free(&wrap->out);
}

/* Ids and names are quoted from input: a control character in one would break the lines. */
static void append(fle_wrap *wrap, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        fle_buffer_char(&wrap->out, (unsigned char)text[i] < ' ' ? '?' : text[i]);
}

static void pad(fle_wrap *wrap, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fle_buffer_char(&wrap->out, ' ');
}

void fle_wrap_head(fle_wrap *wrap, const char *format, ...)
{
    char text[FLE_WRAP_LONGEST];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (wrap->out.len)
        fle_buffer_char(&wrap->out, '\n');
    append(wrap, text, strlen(text));
    fle_buffer_char(&wrap->out, '\n');
}

void fle_wrap_say(fle_wrap *wrap, const char *label, const char *format, ...)
{
    const size_t label_len = strlen(label);
    char text[FLE_WRAP_LONGEST];
    const char *word = text;
    size_t column = INDENT + LABEL;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pad(wrap, INDENT);
    append(wrap, label, label_len);
    pad(wrap, label_len < LABEL ? LABEL - label_len : 1);
    while (*word) {
        const size_t len = strcspn(word, " ");

        if (word != text && column + 1 + len > COLUMNS) {
            fle_buffer_char(&wrap->out, '\n');
            pad(wrap, INDENT + LABEL);
            column = INDENT + LABEL;
        } else if (word != text) {
            fle_buffer_char(&wrap->out, ' ');
            column++;
        }
        append(wrap, word, len);
        column += len;
        word += len + (word[len] == ' ');
    }
    fle_buffer_char(&wrap->out, '\n');
}
