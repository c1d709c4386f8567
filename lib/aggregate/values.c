/* SPDX-License-Identifier: Apache-2.0 */
/* The values of keys that are no small numbers: texts, IPv6 addresses; each once, by a code. */
#include "aggregate/values.h"

#include "record/column.h"

#define BYTES_OF_ENTRY 64

bool fle_values_init(fle_values *values, const fle_allocator *allocator, uint64_t seed)
{
    memset(values, 0, sizeof *values);
    values->allocator = allocator;
    fle_arena_init(&values->bytes, allocator);
    values->codes = fle_map_new(allocator, seed);
    return values->codes != NULL;
}

void fle_values_free(fle_values *values)
{
    if (!values->allocator)
        return;
    fle_arena_free(&values->bytes);
    fle_map_free(values->codes);
    fle_free(values->allocator, values->items);
    fle_free(values->allocator, values->held);
    memset(values, 0, sizeof *values);
}

void fle_values_clear(fle_values *values)
{
    fle_arena_clear(&values->bytes);
    fle_map_clear(values->codes);
    values->n = 0;
}

static bool make_room(fle_values *values)
{
    flowenrich_text *items = fle_grow(values->allocator, values->items, &values->capacity,
                                      (size_t)values->n + 1, sizeof *items);
    uint8_t *held;

    if (!items)
        return false;
    values->items = items;
    held = fle_grow(values->allocator, values->held, &values->held_capacity, (size_t)values->n + 1,
                    sizeof *held);
    if (!held)
        return false;
    values->held = held;
    return true;
}

uint32_t fle_values_intern(fle_values *values, const void *data, size_t len)
{
    const uint32_t *known = fle_map_find(values->codes, data, len);
    const uint32_t code = values->n;
    flowenrich_text *item;

    if (known)
        return *known;
    if (code == FLE_ABSENT - 1 || !make_room(values))
        return FLE_ABSENT;
    item = &values->items[code];
    if (!fle_arena_text(&values->bytes, data, len, item) ||
        !fle_map_add(values->codes, item->data, len, code))
        return FLE_ABSENT;
    values->held[code] = 0;
    values->n++;
    return code;
}

uint64_t fle_values_hold(fle_values *values, uint32_t code)
{
    if (values->held[code])
        return 0;
    values->held[code] = 1;
    return values->items[code].len + BYTES_OF_ENTRY;
}

size_t fle_values_bytes(const fle_values *values)
{
    return values->bytes.bytes + values->capacity * sizeof *values->items + values->held_capacity +
           fle_map_count(values->codes) * (BYTES_OF_ENTRY - sizeof *values->items);
}
