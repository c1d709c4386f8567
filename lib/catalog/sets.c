/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of numbers, in the order in which they were added. */
#include "catalog/sets.h"

#include <string.h>

#include "base/hash.h"
#include "catalog/order.h"

#define FIRST_SLOTS 32

void fle_set_init(fle_set *set, fle_arena *arena)
{
    memset(set, 0, sizeof *set);
    set->arena = arena;
}

static uint32_t hash_of(uint64_t number)
{
    return (uint32_t)fle_hash_mix(0, number);
}

size_t fle_set_find(const fle_set *set, uint64_t number)
{
    fle_probe probe = fle_probe_begin(&set->slots, hash_of(number));
    uint32_t index;

    while (fle_probe_next(&probe, &index))
        if (set->items[index] == number)
            return index;
    return SIZE_MAX;
}

static bool grow(fle_set *set)
{
    uint64_t *items =
        fle_array_grow(set->arena, set->items, &set->capacity, set->n, 1, sizeof *items);

    if (!items || set->n >= UINT32_MAX - 1)
        return false;
    set->items = items;
    if (set->n < set->slots.n / 2)
        return true;
    if (!fle_slots_init(&set->slots, 2 * set->n + FIRST_SLOTS, set->arena))
        return false;
    for (size_t i = 0; i < set->n; i++)
        fle_slots_add(&set->slots, hash_of(items[i]), (uint32_t)i);
    return true;
}

bool fle_set_add(fle_set *set, uint64_t number)
{
    if (set->failed || fle_set_has(set, number))
        return false;
    if (!grow(set)) {
        set->failed = true;
        return false;
    }
    fle_slots_add(&set->slots, hash_of(number), (uint32_t)set->n);
    set->items[set->n++] = number;
    return true;
}
