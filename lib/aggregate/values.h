/* SPDX-License-Identifier: Apache-2.0 */
/* The values of keys that are no small numbers: texts, IPv6 addresses; each once, by a code. */
#ifndef FLE_AGGREGATE_VALUES_H
#define FLE_AGGREGATE_VALUES_H

#include "base/hash.h"
#include "base/text.h"

typedef struct fle_values {
    const fle_allocator *allocator;
    fle_arena bytes;
    fle_map *codes;
    flowenrich_text *items; /* by code */
    uint8_t *held;          /* by code: does a group have it? */
    uint32_t n;
    size_t capacity, held_capacity;
} fle_values;

/* False if memory ran out; what there is then may be freed. */
bool fle_values_init(fle_values *values, const fle_allocator *allocator, uint64_t seed);
void fle_values_free(fle_values *values);
void fle_values_clear(fle_values *values);

/* The code of a value; FLE_ABSENT if memory ran out. */
uint32_t fle_values_intern(fle_values *values, const void *data, size_t len);

static inline flowenrich_text fle_values_at(const fle_values *values, uint32_t code)
{
    return values->items[code];
}

/*
 * What a value counts for in a budget once a group holds it: itself and its entries, on any
 * machine alike. Nothing if one held it before.
 */
uint64_t fle_values_hold(fle_values *values, uint32_t code);

/* Bytes that it takes. */
size_t fle_values_bytes(const fle_values *values);

#endif
