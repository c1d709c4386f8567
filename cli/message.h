/* SPDX-License-Identifier: Apache-2.0 */
/* One-line messages on stderr. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "flowenrich.h"
#include "outcome.h"

#if defined(__GNUC__)
#define MESSAGE_FORMAT_AT(n) __attribute__((format(printf, n, n + 1)))
#else
#define MESSAGE_FORMAT_AT(n)
#endif
#define MESSAGE_FORMAT MESSAGE_FORMAT_AT(1)

/* With --quiet, notices aren't shown; failures are. */
void message_quiet(bool quiet);

/* For as long, nothing is shown: it will be met again. */
void message_mute(bool mute);

/* What went wrong. @return OUTCOME_FAILED, and OUTCOME_MISUSE. */
MESSAGE_FORMAT outcome failure(const char *format, ...);
MESSAGE_FORMAT outcome misuse(const char *format, ...);

/* What one should know though nothing failed. */
MESSAGE_FORMAT void notice(const char *format, ...);

/* What the library says of 'place' (a file), or of what it was asked to do if NULL. */
outcome failure_of(const char *place, const flowenrich_error *error);

outcome failure_no_memory(void);

/* Behind a message about a text: the line of it that has the byte at 'offset', with a caret. */
void message_point(const char *text, uint64_t offset);

#endif
