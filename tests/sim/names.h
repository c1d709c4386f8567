/* SPDX-License-Identifier: Apache-2.0 */
/* Strings numbered in the order they are first seen; and lines of tab-separated files. */
#ifndef SIM_NAMES_H
#define SIM_NAMES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct names {
    char **items;
    size_t len, capacity;
    uint32_t *slots; /* number + 1, 0 = free */
    size_t n_slots;
} names;

uint32_t names_number(names *of, const char *name);
void names_free(names *what);

/* A file of lines, read one by one. */
typedef struct lines {
    FILE *file;
    char *line;
    size_t capacity;
} lines;

enum { MOST_PARTS = 64 };

/* "-" is the standard input. Ends the program if it can't be opened. */
void lines_open(lines *out, const char *folder, const char *path);
/* @return How many parts the next line has, 0 at the end; they are valid until the next call. */
size_t lines_next(lines *of, char separator, char **parts);
void lines_close(lines *what);

uint64_t number_of(const char *digits);

#endif
