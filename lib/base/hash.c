/* SPDX-License-Identifier: Apache-2.0 */
/* Seeded hashing, and the map that stands on it. */
#include "base/hash.h"

#include <string.h>

uint64_t fle_hash(const void *data, size_t len, uint64_t seed)
{
    return fle_hash_inline(data, len, seed);
}

/*
 * Entries lie dense and in the order they were added, so nothing ever depends on
 * the hash but speed. 'slots' is a table of open addressing, at most half full,
 * of their numbers from 1; 0 is empty.
 */
typedef struct entry {
    const void *key;
    size_t len;
    uint32_t hash;
    uint32_t value;
} entry;

struct fle_map {
    const fle_allocator *allocator;
    uint64_t seed;
    entry *entries;
    size_t count, capacity;
    uint32_t *slots;
    size_t n_slots; /* 0, or a power of two */
};

#define FIRST_SLOTS 16
#define MOST_SLOTS ((size_t)1 << 31)

fle_map *fle_map_new(const fle_allocator *allocator, uint64_t seed)
{
    fle_map *map = fle_alloc_zeroed(allocator, sizeof *map);

    if (map != NULL) {
        map->allocator = allocator;
        map->seed = seed;
    }
    return map;
}

void fle_map_free(fle_map *map)
{
    if (map == NULL)
        return;
    fle_free(map->allocator, map->entries);
    fle_free(map->allocator, map->slots);
    fle_free(map->allocator, map);
}

void fle_map_clear(fle_map *map)
{
    map->count = 0;
    if (map->slots != NULL)
        memset(map->slots, 0, map->n_slots * sizeof *map->slots);
}

size_t fle_map_count(const fle_map *map)
{
    return map->count;
}

uint32_t *fle_map_find(const fle_map *map, const void *key, size_t len)
{
    const size_t mask = map->n_slots - 1;
    uint32_t hash;

    if (map->count == 0)
        return NULL;
    hash = (uint32_t)fle_hash(key, len, map->seed);
    for (size_t slot = hash & mask; map->slots[slot] != 0; slot = (slot + 1) & mask) {
        entry *found = &map->entries[map->slots[slot] - 1];

        if (found->hash == hash && found->len == len &&
            (len == 0 || memcmp(found->key, key, len) == 0))
            return &found->value;
    }
    return NULL;
}

static void occupy(uint32_t *slots, size_t n_slots, uint32_t hash, size_t index)
{
    size_t slot = hash & (n_slots - 1);

    while (slots[slot] != 0)
        slot = (slot + 1) & (n_slots - 1);
    slots[slot] = (uint32_t)index + 1;
}

static bool double_slots(fle_map *map)
{
    const size_t n_slots = map->n_slots > 0 ? map->n_slots * 2 : FIRST_SLOTS;
    uint32_t *slots;

    if (map->n_slots >= MOST_SLOTS || n_slots > SIZE_MAX / sizeof *slots)
        return false;
    slots = fle_alloc_zeroed(map->allocator, n_slots * sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < map->count; i++)
        occupy(slots, n_slots, map->entries[i].hash, i);
    fle_free(map->allocator, map->slots);
    map->slots = slots;
    map->n_slots = n_slots;
    return true;
}

bool fle_map_add(fle_map *map, const void *key, size_t len, uint32_t value)
{
    entry *entries =
        fle_grow(map->allocator, map->entries, &map->capacity, map->count + 1, sizeof *entries);

    if (entries == NULL)
        return false;
    map->entries = entries;
    if (map->count >= map->n_slots / 2 && !double_slots(map))
        return false;
    entries[map->count].key = key;
    entries[map->count].len = len;
    entries[map->count].hash = (uint32_t)fle_hash(key, len, map->seed);
    entries[map->count].value = value;
    occupy(map->slots, map->n_slots, entries[map->count].hash, map->count);
    map->count++;
    return true;
}
