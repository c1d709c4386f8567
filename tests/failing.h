/* SPDX-License-Identifier: Apache-2.0 */
/* An allocator that fails when told to, and knows what is still allocated. */
#ifndef TESTS_FAILING_H
#define TESTS_FAILING_H

#include <stdint.h>
#include <stdlib.h>

#include "flowenrich.h"

typedef struct failing {
    size_t succeed; /* this many more calls, then all fail */
    size_t live;    /* pieces that nobody freed */
    size_t misled;  /* calls of realloc that gave another length than was asked for */
} failing;

/* In front of each piece, its length. */
typedef union failing_header {
    size_t len;
    max_align_t align;
} failing_header;

static inline void *failing_alloc(void *ctx, size_t len)
{
    failing *f = ctx;
    failing_header *header;

    if (f->succeed == 0)
        return NULL;
    f->succeed--;
    header = malloc(sizeof *header + len);
    if (header == NULL)
        abort();
    f->live++;
    header->len = len;
    return header + 1;
}

static inline void failing_free(void *ctx, void *memory)
{
    failing *f = ctx;

    f->live--;
    free((failing_header *)memory - 1);
}

/* Always moves, so that a stale pointer is found. */
static inline void *failing_realloc(void *ctx, void *memory, size_t old_len, size_t len)
{
    failing *f = ctx;
    const unsigned char *from = memory;
    unsigned char *moved = failing_alloc(ctx, len);

    f->misled += ((failing_header *)memory - 1)->len != old_len;
    if (moved == NULL)
        return NULL;
    for (size_t i = 0; i < old_len && i < len; i++)
        moved[i] = from[i];
    failing_free(ctx, memory);
    return moved;
}

static inline flowenrich_allocator failing_allocator(failing *f)
{
    flowenrich_allocator allocator = { sizeof allocator, f, failing_alloc, failing_realloc,
                                       failing_free };

    return allocator;
}

#endif
