/* SPDX-License-Identifier: Apache-2.0 */
/* Many entries of one size, known by numbers. */
#include "pair/slab.h"

#include <stdint.h>
#include <string.h>

#include "base/prefetch.h"

/* Entries begin at a cache line; what they were allocated as is kept before them. */
#define BEFORE (sizeof(void *) + FLE_CACHE_LINE - 1)

void fle_slab_init(fle_slab *slab, const fle_allocator *allocator, size_t width)
{
    memset(slab, 0, sizeof *slab);
    slab->allocator = allocator;
    slab->width = width;
    slab->next = 1;
}

static size_t block_bytes(const fle_slab *slab)
{
    return (slab->width << FLE_SLAB_BITS) + BEFORE;
}

static void *new_block(const fle_slab *slab)
{
    char *memory = fle_alloc(slab->allocator, block_bytes(slab)), *entries;

    if (!memory)
        return NULL;
    entries = memory + BEFORE - (uintptr_t)(memory + BEFORE) % FLE_CACHE_LINE;
    memcpy(entries - sizeof memory, &memory, sizeof memory);
    return entries;
}

static void free_block(const fle_slab *slab, const void *entries)
{
    void *memory;

    memcpy(&memory, (const char *)entries - sizeof memory, sizeof memory);
    fle_free(slab->allocator, memory);
}

void fle_slab_free(fle_slab *slab)
{
    for (size_t i = 0; i < slab->n_blocks; i++)
        free_block(slab, slab->blocks[i]);
    fle_free(slab->allocator, slab->blocks);
    fle_slab_init(slab, slab->allocator, slab->width);
}

static bool add_block(fle_slab *slab)
{
    void **blocks = fle_grow(slab->allocator, slab->blocks, &slab->capacity, slab->n_blocks + 1,
                             sizeof *blocks);

    if (!blocks)
        return false;
    slab->blocks = blocks;
    blocks[slab->n_blocks] = new_block(slab);
    if (!blocks[slab->n_blocks])
        return false;
    slab->n_blocks++;
    return true;
}

uint32_t fle_slab_take(fle_slab *slab)
{
    const uint32_t number = slab->free != FLE_NONE ? slab->free : slab->next;

    if (slab->free != FLE_NONE) {
        memcpy(&slab->free, fle_slab_at(slab, number, slab->width), sizeof slab->free);
    } else {
        if (number == UINT32_MAX || (number >> FLE_SLAB_BITS >= slab->n_blocks && !add_block(slab)))
            return FLE_NONE;
        slab->next++;
    }
    slab->taken++;
    return number;
}

void fle_slab_give(fle_slab *slab, uint32_t number)
{
    memcpy(fle_slab_at(slab, number, slab->width), &slab->free, sizeof slab->free);
    slab->free = number;
    slab->taken--;
}

size_t fle_slab_bytes(const fle_slab *slab)
{
    return slab->n_blocks * block_bytes(slab) + slab->capacity * sizeof *slab->blocks;
}
