/* SPDX-License-Identifier: Apache-2.0 */
/* Hash tables that lie in an image: numbers of items, by the hash of what those are found by. */
#include "catalog/slots.h"

#include <string.h>

#include "catalog/order.h"

bool fle_slots_init(fle_slots *slots, size_t n, fle_arena *arena)
{
    size_t size = 1;

    while (size / 2 < n && size <= SIZE_MAX / 2)
        size *= 2;
    slots->items = fle_array(arena, size, sizeof *slots->items);
    slots->n = slots->items ? size : 0;
    if (slots->items)
        memset(slots->items, 0, size * sizeof *slots->items);
    return slots->items != NULL;
}

void fle_slots_add(const fle_slots *slots, uint32_t hash, uint32_t index)
{
    const size_t mask = slots->n - 1;
    size_t at = hash & mask;

    while (slots->items[at].number != 0)
        at = (at + 1) & mask;
    slots->items[at] = (fle_slot){ hash, index + 1 };
}
