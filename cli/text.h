/* SPDX-License-Identifier: Apache-2.0 */
/* Text for people: foreign bytes made visible, numbers with units. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT 32

/*
 * Copy 'len' bytes for a terminal: control bytes and broken UTF-8 become "\x1b". Never cuts
 * such a group or a character in two. Ends 'out' with a zero; returns the length.
 */
size_t text_visible(char *out, size_t capacity, const char *data, size_t len);

/* How many characters UTF-8 text has. */
size_t text_columns(const char *data, size_t len);

/* "1,234,567". Returns 'out'. */
const char *text_count(uint64_t n, char out[NUMBER_TEXT]);

/* "1.2 MB". Returns 'out'. */
const char *text_bytes(uint64_t n, char out[NUMBER_TEXT]);

/* Nano-units: to people four decimals, as hours cost little; else all of them. Returns 'out'. */
const char *text_money(uint64_t nano, bool for_people, char out[NUMBER_TEXT]);

/* The known name that 'name' was most likely meant to be, or NULL. */
const char *text_nearest(const char *name, const char *const *known, size_t n);

#endif
