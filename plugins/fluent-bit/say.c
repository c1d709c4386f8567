/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences for the person who runs the host: failures, and notices on stderr. */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>

bool fail_with(char why[SENTENCE], const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(why, SENTENCE, format, arguments);
    va_end(arguments);
    return false;
}

bool fail_at(char why[SENTENCE], const char *place, const flowenrich_error *error)
{
    if (error->line == 0)
        return fail_with(why, "%s: %s", place, error->message);
    return fail_with(why, "%s:%u:%u: %s", place, (unsigned)error->line, (unsigned)error->column,
                     error->message);
}

/* One call writes it, as several threads may have something to say. */
void say(const char *format, ...)
{
    char sentence[SENTENCE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    fprintf(stderr, "flowenrich: %s\n", sentence);
}
