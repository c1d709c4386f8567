/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting in memory of an arena; finding what is sorted. */
#include "catalog/order.h"

#include <string.h>

#include "base/prefetch.h"

#define FIRST_CAPACITY 64

void *fle_array(fle_arena *arena, size_t n, size_t size)
{
    return n > SIZE_MAX / size ? NULL : fle_arena_alloc(arena, n * size);
}

void *fle_array_of_lines(fle_arena *arena, size_t n, size_t size)
{
    char *room = n < SIZE_MAX / size ? fle_array(arena, n * size + FLE_CACHE_LINE, 1) : NULL;

    return room ? room + (-(uintptr_t)room & (FLE_CACHE_LINE - 1)) : NULL;
}

void *fle_array_grow(fle_arena *arena, void *array, size_t *capacity, size_t n, size_t more,
                     size_t size)
{
    const size_t grown = more < SIZE_MAX / 4 - n ? 2 * (n + more) + FIRST_CAPACITY : SIZE_MAX;
    void *moved;

    if (array && more <= *capacity - n)
        return array;
    moved = fle_array(arena, grown, size);
    if (!moved)
        return NULL;
    if (n > 0)
        memcpy(moved, array, n * size);
    *capacity = grown;
    return moved;
}

typedef struct merge {
    size_t size;
    fle_compare *compare;
    const void *ctx;
    char *room;
} merge;

/* Merge [begin, middle) and [middle, end), both in order. */
static void merge_halves(const merge *m, char *begin, char *middle, char *end)
{
    const size_t left_len = (size_t)(middle - begin);
    const char *left = m->room, *left_end = m->room + left_len, *right = middle;
    char *out = begin;

    /* Documents list their items in some order: most halves already follow one another. */
    if (m->compare(middle - m->size, middle, m->ctx) <= 0)
        return;
    memcpy(m->room, begin, left_len);
    /* 'out' stays behind 'right' by what is left of the left half. */
    while (left < left_end && right < end) {
        const bool take_right = m->compare(right, left, m->ctx) < 0;

        memcpy(out, take_right ? right : left, m->size);
        out += m->size;
        *(take_right ? &right : &left) += m->size;
    }
    memcpy(out, left, (size_t)(left_end - left));
}

bool fle_sort(void *items, size_t n, size_t size, fle_compare *compare, const void *ctx,
              fle_arena *scratch)
{
    const merge m = { size, compare, ctx, fle_array(scratch, n, size) };
    char *base = items;

    if (!m.room)
        return false;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t begin = 0; width < n - begin; begin += 2 * width) {
            const size_t rest = n - begin - width;

            merge_halves(&m, base + begin * size, base + (begin + width) * size,
                         base + (begin + width + (rest < width ? rest : width)) * size);
            if (rest <= width)
                break;
        }
    }
    return true;
}

size_t fle_first_of(const void *items, size_t n, size_t size, uint32_t number)
{
    size_t begin = 0, end = n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;
        uint32_t there;

        memcpy(&there, (const char *)items + middle * size, sizeof there);
        if (there < number)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}
