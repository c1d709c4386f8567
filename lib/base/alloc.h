/* SPDX-License-Identifier: Apache-2.0 */
/* Memory through the caller's allocator. */
#ifndef FLE_BASE_ALLOC_H
#define FLE_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

#include "flowenrich.h"

/*
 * A copy of what the caller gave, or of the default. Objects hold it by value
 * and hand a pointer to it on to what they contain.
 */
typedef flowenrich_allocator fle_allocator;

/* Returns false if the caller's table lacks a function or is from another ABI. */
bool fle_allocator_init(fle_allocator *allocator, const flowenrich_allocator *from);

void *fle_alloc(const fle_allocator *allocator, size_t len);
void *fle_alloc_zeroed(const fle_allocator *allocator, size_t len);
void *fle_realloc(const fle_allocator *allocator, void *memory, size_t old_len, size_t len);
void fle_free(const fle_allocator *allocator, void *memory);

/*
 * Make room for 'need' elements in a growing array.
 *
 * Returns the array, moved and larger if it had to be; NULL if memory ran out or
 * the size would overflow, in which case the old array stands as it was.
 */
void *fle_grow(const fle_allocator *allocator, void *array, size_t *capacity, size_t need,
               size_t element);

/* Copy a text, with a zero behind it. */
char *fle_copy_text(const fle_allocator *allocator, const char *data, size_t len);

/*
 * An arena: many small pieces that are all freed at once, and never move.
 */
typedef struct fle_arena {
    const fle_allocator *allocator;
    struct fle_arena_block *blocks;
    size_t used, capacity; /* of the first block */
    size_t bytes;          /* of all blocks */
} fle_arena;

void fle_arena_init(fle_arena *arena, const fle_allocator *allocator);
void *fle_arena_alloc(fle_arena *arena, size_t len); /* aligned for anything; NULL = no memory */
/* Copy a text, with a zero behind it. '*out' is untouched if memory ran out. */
bool fle_arena_text(fle_arena *arena, const char *data, size_t len, flowenrich_text *out);
void fle_arena_clear(fle_arena *arena); /* keeps one block */
void fle_arena_free(fle_arena *arena);

#endif
