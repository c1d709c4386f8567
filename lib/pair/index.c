/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers by hashes: open addressing, in which those of one hash keep their order. */
#include "pair/index.h"

#include <string.h>

#define FIRST_SLOTS 1024
#define MOST_SLOTS ((size_t)1 << 31)

bool fle_index_init(fle_index *index, const fle_allocator *allocator)
{
    index->allocator = allocator;
    index->slots = fle_alloc_zeroed(allocator, FIRST_SLOTS * sizeof *index->slots);
    index->n_slots = FIRST_SLOTS;
    index->n = 0;
    return index->slots != NULL;
}

void fle_index_free(fle_index *index)
{
    fle_free(index->allocator, index->slots);
}

static void occupy(fle_index *index, fle_indexed slot)
{
    size_t at = fle_index_begin(index, slot.hash);

    while (index->slots[at].number != FLE_NONE)
        at = fle_index_after(index, at);
    index->slots[at] = slot;
}

static size_t first_gap(const fle_index *index)
{
    size_t at = 0;

    while (index->slots[at].number != FLE_NONE)
        at++;
    return at;
}

/*
 * By half, so that there are at most two slots for each number. Those of one hash stay in the
 * order in which they came, whatever lies between them: so a gap is where to begin.
 */
static bool grow(fle_index *index)
{
    fle_index larger = *index;
    size_t at = first_gap(index);

    larger.n_slots += larger.n_slots / 2;
    if (larger.n_slots > MOST_SLOTS)
        return false;
    larger.slots = fle_alloc_zeroed(index->allocator, larger.n_slots * sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < index->n_slots; i++, at = fle_index_after(index, at))
        if (index->slots[at].number != FLE_NONE)
            occupy(&larger, index->slots[at]);
    fle_free(index->allocator, index->slots);
    *index = larger;
    return true;
}

bool fle_index_reserve(fle_index *index)
{
    return index->n < index->n_slots / 4 * 3 || grow(index);
}

void fle_index_add(fle_index *index, uint32_t hash, uint32_t number)
{
    occupy(index, (fle_indexed){ hash, number });
    index->n++;
}

static size_t steps(const fle_index *index, size_t from, size_t to)
{
    return to >= from ? to - from : to + index->n_slots - from;
}

/* Close the gap: what comes behind moves up, unless it would stand before its own place. */
static void close_gap(fle_index *index, size_t gap)
{
    size_t at = gap;

    for (;;) {
        at = fle_index_after(index, at);
        if (index->slots[at].number == FLE_NONE)
            break;
        if (steps(index, fle_index_begin(index, index->slots[at].hash), at) >=
            steps(index, gap, at)) {
            index->slots[gap] = index->slots[at];
            gap = at;
        }
    }
    index->slots[gap].number = FLE_NONE;
}

void fle_index_drop(fle_index *index, uint32_t hash, uint32_t number)
{
    size_t at = fle_index_begin(index, hash);

    while (index->slots[at].number != number || index->slots[at].hash != hash)
        at = fle_index_after(index, at);
    close_gap(index, at);
    index->n--;
}
