/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences for the person who runs the host: failures, and notices on stderr. */
#ifndef PLUGIN_SAY_H
#define PLUGIN_SAY_H

#include <stdbool.h>

#include "flowenrich.h"

#define SENTENCE 1024

/* Write why something failed, and return false. */
__attribute__((format(printf, 2, 3))) bool fail_with(char why[SENTENCE], const char *format, ...);

/* The same, of what stands at a place: a file's path or an option's name. */
bool fail_at(char why[SENTENCE], const char *place, const flowenrich_error *error);

/* A line on stderr, behind "flowenrich: ". A host's own log can't be had without its headers. */
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

#endif
