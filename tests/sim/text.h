/* SPDX-License-Identifier: Apache-2.0 */
/* Files written piece by piece, arrays that grow; whatever fails ends the program. */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Seconds since 1970 at the beginning of every simulated world: 2026-11-20T09:00:00Z. */
#define BEGINNING 1795165200

/* A file with its buffer: tens of millions of short pieces go through it. */
typedef struct text {
    FILE *file;
    size_t len;
    char buf[64 * 1024];
} text;

_Noreturn void give_up(const char *what, const char *which);

/* Makes the folders of the path, too. */
text *text_open(const char *folder, const char *path);
void text_close(text *to);

void text_put(text *to, const char *data, size_t len);
void text_string(text *to, const char *string);
void text_char(text *to, char c);
void text_number(text *to, uint64_t number);
/* Zeros in front, as in ids. */
void text_hex(text *to, uint64_t number, int digits);
void text_format(text *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "2026-11-20T09:00:00Z", or by another format of strftime; `seconds` since the beginning. */
const char *text_time(char *buf, size_t size, const char *format, int64_t seconds);

/* Room for one more of `size` bytes each. */
void *grown(void *array, size_t n, size_t *capacity, size_t size);
void *made(size_t n, size_t size);

#endif
