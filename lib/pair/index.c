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

static void occupy(fle_indexed *slots, size_t n_slots, fle_indexed slot)
{
    size_t at = slot.hash & (n_slots - 1);

    while (slots[at].number != FLE_NONE)
        at = (at + 1) & (n_slots - 1);
    slots[at] = slot;
}

/* Those of one hash stay in the order in which they came, whatever lies between them. */
static size_t first_used_after_gap(const fle_index *index)
{
    size_t at = 0;

    while (index->slots[at].number != FLE_NONE)
        at++;
    return at;
}

static bool double_slots(fle_index *index)
{
    const size_t n_slots = index->n_slots * 2, begin = first_used_after_gap(index);
    fle_indexed *slots;

    if (n_slots > MOST_SLOTS)
        return false;
    slots = fle_alloc_zeroed(index->allocator, n_slots * sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < index->n_slots; i++) {
        const fle_indexed slot = index->slots[(begin + i) & (index->n_slots - 1)];

        if (slot.number != FLE_NONE)
            occupy(slots, n_slots, slot);
    }
    fle_free(index->allocator, index->slots);
    index->slots = slots;
    index->n_slots = n_slots;
    return true;
}

bool fle_index_reserve(fle_index *index)
{
    return index->n < index->n_slots / 4 * 3 || double_slots(index);
}

void fle_index_add(fle_index *index, uint32_t hash, uint32_t number)
{
    occupy(index->slots, index->n_slots, (fle_indexed){ hash, number });
    index->n++;
}

/* Close the gap: what comes behind moves up, unless it would stand before its own place. */
static void close_gap(fle_index *index, size_t gap)
{
    const size_t mask = index->n_slots - 1;
    size_t at = gap;

    for (;;) {
        at = (at + 1) & mask;
        if (index->slots[at].number == FLE_NONE)
            break;
        if (((at - index->slots[at].hash) & mask) >= ((at - gap) & mask)) {
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
        at = (at + 1) & (index->n_slots - 1);
    close_gap(index, at);
    index->n--;
}
