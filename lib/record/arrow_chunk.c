/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as Arrow lays them out, which any number of exported arrays share. */
#include "record/arrow_chunk.h"

fle_arrow_chunk *fle_arrow_chunk_new(const fle_allocator *allocator)
{
    fle_arrow_chunk *chunk = fle_alloc_zeroed(allocator, sizeof *chunk);

    if (!chunk)
        return NULL;
    chunk->allocator = *allocator;
    atomic_init(&chunk->references, 1);
    fle_arena_init(&chunk->arena, &chunk->allocator);
    return chunk;
}

fle_arrow_chunk *fle_arrow_chunk_ref(fle_arrow_chunk *chunk)
{
    atomic_fetch_add_explicit(&chunk->references, 1, memory_order_relaxed);
    return chunk;
}

void fle_arrow_chunk_free(fle_arrow_chunk *chunk)
{
    fle_allocator allocator;

    if (!chunk || atomic_fetch_sub_explicit(&chunk->references, 1, memory_order_acq_rel) > 1)
        return;
    allocator = chunk->allocator;
    for (size_t i = 0; i < chunk->n_blocks; i++)
        fle_free(&allocator, chunk->blocks[i]);
    fle_free(&allocator, chunk->blocks);
    fle_arena_free(&chunk->arena);
    fle_free(&allocator, chunk);
}

bool fle_arrow_chunk_reserve(fle_arrow_chunk *chunk, size_t more)
{
    void **blocks = fle_grow(&chunk->allocator, chunk->blocks, &chunk->blocks_capacity,
                             chunk->n_blocks + more, sizeof *blocks);

    if (blocks)
        chunk->blocks = blocks;
    return blocks != NULL;
}

void fle_arrow_chunk_take(fle_arrow_chunk *chunk, void *block)
{
    chunk->blocks[chunk->n_blocks++] = block;
}

void *fle_arrow_chunk_block(fle_arrow_chunk *chunk, size_t len)
{
    void *block = NULL;

    if (fle_arrow_chunk_reserve(chunk, 1))
        block = fle_alloc(&chunk->allocator, len);
    if (block)
        fle_arrow_chunk_take(chunk, block);
    return block;
}

static void *zeroed(fle_arena *arena, size_t len)
{
    void *memory = fle_arena_alloc(arena, len);

    if (memory)
        memset(memory, 0, len);
    return memory;
}

uint8_t *fle_arrow_chunk_bitmap(fle_arrow_chunk *chunk, size_t rows)
{
    const size_t bytes = (rows + 7) / 8;
    uint8_t *bits = fle_arrow_chunk_block(chunk, bytes);

    if (bits)
        memset(bits, 0, bytes);
    return bits;
}

void fle_arrow_mark_valid(struct ArrowArray *array, const uint8_t *bits, size_t n_valid)
{
    array->null_count = array->length - (int64_t)n_valid;
    array->buffers[0] = array->null_count > 0 ? bits : NULL;
}

bool fle_arrow_array_init(struct ArrowArray *array, fle_arena *arena, size_t rows, size_t n_buffers,
                          size_t n_children)
{
    struct ArrowArray *children = zeroed(arena, n_children * sizeof *children);
    struct ArrowArray **pointers = zeroed(arena, n_children * sizeof *pointers);
    const void **buffers = zeroed(arena, n_buffers * sizeof *buffers);

    if (!children || !pointers || !buffers)
        return false;
    for (size_t i = 0; i < n_children; i++)
        pointers[i] = &children[i];
    *array = (struct ArrowArray){ .length = (int64_t)rows,
                                  .n_buffers = (int64_t)n_buffers,
                                  .n_children = (int64_t)n_children,
                                  .buffers = buffers,
                                  .children = pointers };
    return true;
}
