/* SPDX-License-Identifier: Apache-2.0 */
/* One-line messages on stderr. */
#include "message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "progress.h"
#include "text.h"

#define LONGEST_LINE 1024 /* of a text that is pointed into */

/* stderr is the process's, and so is how much is said there. */
static bool is_quiet, is_mute;

void message_quiet(bool quiet)
{
    is_quiet = quiet;
}

void message_mute(bool mute)
{
    is_mute = mute;
}

/* File names and log lines may hold anything, also what drives a terminal. */
static void put(const char *format, va_list arguments)
{
    char raw[2048], line[4 * sizeof raw];

    if (is_mute)
        return;
    vsnprintf(raw, sizeof raw, format, arguments);
    text_visible(line, sizeof line, raw, strlen(raw));
    progress_wait();
    fprintf(stderr, "flowenrich: %s\n", line);
    progress_go_on();
}

outcome failure(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    put(format, arguments);
    va_end(arguments);
    return OUTCOME_FAILED;
}

outcome misuse(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    put(format, arguments);
    va_end(arguments);
    return OUTCOME_MISUSE;
}

void notice(const char *format, ...)
{
    va_list arguments;

    if (is_quiet)
        return;
    va_start(arguments, format);
    put(format, arguments);
    va_end(arguments);
}

outcome failure_of(const char *place, const flowenrich_error *error)
{
    if (place == NULL)
        return failure("%s", error->message);
    if (error->line == 0)
        return failure("%s: %s", place, error->message);
    return failure("%s:%u:%u: %s", place, error->line, error->column, error->message);
}

outcome failure_no_memory(void)
{
    return failure("out of memory");
}

void message_point(const char *text, uint64_t offset)
{
    const size_t len = strlen(text);
    const size_t at = offset < len ? (size_t)offset : len;
    char before[LONGEST_LINE], behind[LONGEST_LINE];
    size_t begin = at, width;

    while (begin > 0 && text[begin - 1] != '\n')
        begin--;
    width = text_visible(before, sizeof before, text + begin, at - begin);
    text_visible(behind, sizeof behind, text + at, strcspn(text + at, "\n"));
    if (!is_mute)
        fprintf(stderr, "  %s%s\n  %*s^\n", before, behind, (int)text_columns(before, width), "");
}
