/* SPDX-License-Identifier: Apache-2.0 */
/* Memory through the caller's allocator. */
#include "base/alloc.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/structs.h"

#define FIRST_CAPACITY 8        /* elements of an array that begins to grow */
#define FIRST_BLOCK 1024        /* bytes of an arena's first block */
#define LARGEST_BLOCK (1 << 20) /* blocks double up to here, unless one piece needs more */

static void *default_alloc(void *ctx, size_t len)
{
    (void)ctx;
    return malloc(len);
}

static void *default_realloc(void *ctx, void *memory, size_t old_len, size_t len)
{
    (void)ctx;
    (void)old_len;
    return realloc(memory, len);
}

static void default_free(void *ctx, void *memory)
{
    (void)ctx;
    free(memory);
}

bool fle_allocator_init(fle_allocator *allocator, const flowenrich_allocator *from)
{
    static const flowenrich_allocator default_allocator = { sizeof default_allocator, NULL,
                                                            default_alloc, default_realloc,
                                                            default_free };

    memset(allocator, 0, sizeof *allocator);
    return fle_struct_import(allocator, sizeof *allocator, from ? from : &default_allocator) &&
           allocator->alloc && allocator->realloc && allocator->free;
}

/* Nothing is asked for zero bytes: malloc(0) may be NULL, which would look like no memory. */
static size_t at_least_one(size_t len)
{
    return len > 0 ? len : 1;
}

void *fle_alloc(const fle_allocator *allocator, size_t len)
{
    return allocator->alloc(allocator->ctx, at_least_one(len));
}

void *fle_alloc_zeroed(const fle_allocator *allocator, size_t len)
{
    void *memory = fle_alloc(allocator, len);

    if (memory != NULL)
        memset(memory, 0, len);
    return memory;
}

void *fle_realloc(const fle_allocator *allocator, void *memory, size_t old_len, size_t len)
{
    if (memory == NULL)
        return fle_alloc(allocator, len);
    return allocator->realloc(allocator->ctx, memory, at_least_one(old_len), at_least_one(len));
}

void fle_free(const fle_allocator *allocator, void *memory)
{
    if (memory != NULL)
        allocator->free(allocator->ctx, memory);
}

void *fle_grow(const fle_allocator *allocator, void *array, size_t *capacity, size_t need,
               size_t element)
{
    const size_t most = SIZE_MAX / element;
    size_t grown = *capacity > most / 2 ? most : *capacity * 2;
    void *moved;

    if (array != NULL && need <= *capacity)
        return array;
    if (need > most)
        return NULL;
    if (grown < FIRST_CAPACITY && FIRST_CAPACITY <= most)
        grown = FIRST_CAPACITY;
    if (grown < need)
        grown = need;
    moved = fle_realloc(allocator, array, *capacity * element, grown * element);
    if (moved != NULL)
        *capacity = grown;
    return moved;
}

static void copy_with_zero(char *to, const char *data, size_t len)
{
    if (len > 0)
        memcpy(to, data, len);
    to[len] = '\0';
}

char *fle_copy_text(const fle_allocator *allocator, const char *data, size_t len)
{
    char *copy = fle_alloc(allocator, len + 1);

    if (copy != NULL)
        copy_with_zero(copy, data, len);
    return copy;
}

struct fle_arena_block {
    struct fle_arena_block *next;
    alignas(max_align_t) unsigned char data[];
};

void fle_arena_init(fle_arena *arena, const fle_allocator *allocator)
{
    memset(arena, 0, sizeof *arena);
    arena->allocator = allocator;
}

/* Put a new block of at least 'len' bytes first; what is left of the old first one stays unused. */
static bool add_block(fle_arena *arena, size_t len)
{
    struct fle_arena_block *block;
    size_t capacity = FIRST_BLOCK;

    if (arena->blocks != NULL)
        capacity = arena->capacity < LARGEST_BLOCK / 2 ? arena->capacity * 2 : LARGEST_BLOCK;
    if (capacity < len)
        capacity = len;
    if (capacity > SIZE_MAX - sizeof *block)
        return false;
    block = fle_alloc(arena->allocator, sizeof *block + capacity);
    if (block == NULL)
        return false;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->used = 0;
    arena->capacity = capacity;
    arena->bytes += capacity;
    return true;
}

static void *arena_take(fle_arena *arena, size_t len, size_t align)
{
    size_t start = (arena->used + align - 1) / align * align;

    if (arena->blocks == NULL || start > arena->capacity || len > arena->capacity - start) {
        if (!add_block(arena, len))
            return NULL;
        start = 0;
    }
    arena->used = start + len;
    return arena->blocks->data + start;
}

void *fle_arena_alloc(fle_arena *arena, size_t len)
{
    return arena_take(arena, len, alignof(max_align_t));
}

bool fle_arena_text(fle_arena *arena, const char *data, size_t len, flowenrich_text *out)
{
    char *copy = arena_take(arena, len + 1, 1);

    if (copy == NULL)
        return false;
    copy_with_zero(copy, data, len);
    out->data = copy;
    out->len = len;
    return true;
}

static void free_blocks(fle_arena *arena, struct fle_arena_block *block)
{
    while (block != NULL) {
        struct fle_arena_block *next = block->next;

        fle_free(arena->allocator, block);
        block = next;
    }
}

void fle_arena_clear(fle_arena *arena)
{
    if (arena->blocks == NULL)
        return;
    free_blocks(arena, arena->blocks->next);
    arena->blocks->next = NULL;
    arena->used = 0;
    arena->bytes = arena->capacity;
}

void fle_arena_free(fle_arena *arena)
{
    free_blocks(arena, arena->blocks);
    fle_arena_init(arena, arena->allocator);
}
