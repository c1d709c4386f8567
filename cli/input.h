/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file or stdin, window by window, unpacked if it is gzip. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gunzip.h"
#include "outcome.h"

#define INPUT_WINDOW ((size_t)256 * 1024) /* bytes that are read, or unpacked, at a time */

typedef struct input {
    const char *name;           /* for messages */
    int fd;                     /* -1 = closed */
    bool waits;                 /* it is no regular file: its writer may take its time */
    bool packed;                /* it is gzip */
    bool ended;                 /* read() has nothing more */
    uint64_t bytes;             /* read of this file, packed */
    unsigned char *raw, *plain; /* the windows */
    size_t raw_at, raw_len;
    gunzip unpacker;
} input;

/* One input serves many files, one after another. */
outcome input_init(input *in);
void input_free(input *in);

/* @param path  "-" is stdin. Borrowed until the input is closed. */
outcome input_open(input *in, const char *path);

/*
 * The next piece of plain bytes, valid until the next call; *len is 0 at the end.
 *
 * @return OUTCOME_FAILED after having said what is wrong with the file, and where.
 */
outcome input_next(input *in, const char **data, size_t *len);

/* Whether there is something to read, or its end, within so many milliseconds. */
bool input_ready(const input *in, int milliseconds);

void input_close(input *in);

/* Where text begins, behind a byte order mark and white space; *len is set to what is left. */
const char *input_start(const char *data, size_t *len);

/* What is wrong with a file that begins so, and what to do about it; NULL if it may be a log. */
const char *input_is_no_log(const char *data, size_t len);

/* Read all of a file, unpacked; free() it. A zero follows the last byte. */
outcome input_read_all(const char *path, char **data, size_t *len);

#endif
