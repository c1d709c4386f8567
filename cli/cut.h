/* SPDX-License-Identifier: Apache-2.0 */
/* Where the text of a flow log can be cut, so that its parts are read as the whole would be. */
#ifndef CLI_CUT_H
#define CLI_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Can a log be cut that begins like that? Not what is packed, JSON or an export, whose lines don't
 * tell by themselves what they are.
 *
 * @param header  Receives the length of its header, with the newline, which each part needs; or 0.
 */
bool cut_begin(const char *text, size_t len, size_t *header);

/*
 * The last place in a text, which begins with the header, where another part of it may begin: no
 * line before it is another header, and the one behind it is a record. 0: there is none.
 *
 * @param lines  Receives how many lines are before it, but for the header at the beginning.
 */
size_t cut_find(const char *text, size_t len, size_t header, uint64_t *lines);

#endif
