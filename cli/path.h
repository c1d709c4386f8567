/* SPDX-License-Identifier: Apache-2.0 */
/* The paths that records have, to catch misspelt ones before the run. */
#ifndef CLI_PATH_H
#define CLI_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "outcome.h"

/*
 * See that a path can be what was meant. A field that isn't known may still be in a log of
 * tomorrow; a misspelt one that is near to a known path can't be told from it, and is refused.
 *
 * @param option  Where it was given, for the message: "--by".
 * @param named   The records have named ends.
 */
outcome path_check(const char *option, const char *path, bool named);

/*
 * Say which fields of a format aren't known, and were likely meant to be others. They are carried
 * as text all the same: AWS may have brought them.
 */
void path_doubt_format(const char *format);

/* How much of a path is left without the length of a network: "client.addr" of "client.addr/24". */
size_t path_without_length(const char *path);

#endif
