/* SPDX-License-Identifier: Apache-2.0 */
/* Tables whose elements are whole cache lines. */
#ifndef FLE_BASE_LINES_H
#define FLE_BASE_LINES_H

#include "base/alloc.h"

#include <stdint.h>

typedef struct fle_lines {
    void *memory;
    void *items; /* in that, from where a line begins */
    size_t n;
} fle_lines;

/*
 * A place for each that came, between 'least' and 'most'. It grows in leaps, as a table loses all
 * that it has when it does.
 */
static inline size_t fle_lines_for(uint64_t many, size_t least, size_t most)
{
    size_t n = least;

    while (n < most && n < many)
        n *= 8;
    return n < most ? n : most;
}

/*
 * Let there be at least 'n' elements: if there are fewer, others come, and all of them are zeroed.
 * False if memory ran out, and those that there are stay.
 */
bool fle_lines_open(fle_lines *lines, const fle_allocator *allocator, size_t n, size_t element);
void fle_lines_free(fle_lines *lines, const fle_allocator *allocator);

#endif
