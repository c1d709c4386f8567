/* SPDX-License-Identifier: Apache-2.0 */
/* Seeded hashing, and the map that stands on it. */
#include "base/hash.h"

#include <string.h>

/* Odd, about as many ones as zeros, nothing more to them: the digits of pi, and of e. */
#define PI UINT64_C(0x243f6a8885a308d3)
#define E UINT64_C(0xb7e151628aed2a6b)

/*
 * Multiply to 128 bits and fold the halves together.
 *
 * An input that meets a constant makes a factor zero, and then the product knows
 * nothing of the other one. Hence both are added, and not by exclusive or, which
 * a factor of one would undo.
 */
static uint64_t multiply_fold(uint64_t a, uint64_t b)
{
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 u128;
    const u128 product = (u128)a * b;

    return ((uint64_t)product ^ (uint64_t)(product >> 64)) + a + b;
#else
    const uint64_t a_low = a & UINT32_MAX, a_high = a >> 32;
    const uint64_t b_low = b & UINT32_MAX, b_high = b >> 32;
    const uint64_t low = a_low * b_low;
    /* Neither sum overflows: (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1. */
    const uint64_t middle = a_high * b_low + (low >> 32);
    const uint64_t carried = a_low * b_high + (middle & UINT32_MAX);
    const uint64_t high = a_high * b_high + (middle >> 32) + (carried >> 32);

    return ((a * b) ^ high) + a + b;
#endif
}

/* The first byte is the lowest: the hash is the same on every machine. Compiles to one load. */
static inline uint64_t read_word(const unsigned char *bytes)
{
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
           (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

static uint64_t read_short(const unsigned char *bytes, size_t len)
{
    uint64_t word = 0;

    for (size_t i = 0; i < len; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    return word;
}

/*
 * Both factors of every product depend on the seed, each in its own way: no
 * input makes one zero, or swaps the two, for all seeds.
 */
uint64_t fle_hash(const void *data, size_t len, uint64_t seed)
{
    const unsigned char *bytes = data;
    const uint64_t key = multiply_fold(seed ^ PI, E);
    uint64_t hash = seed ^ E ^ len;

    for (size_t rest = len; rest > 16; rest -= 16, bytes += 16)
        hash = multiply_fold(hash ^ read_word(bytes), key ^ read_word(bytes + 8));
    bytes = data;
    if (len >= 16) /* the last two words, which may have been read in part */
        hash = multiply_fold(hash ^ read_word(bytes + len - 16), key ^ read_word(bytes + len - 8));
    else if (len >= 8)
        hash = multiply_fold(hash ^ read_word(bytes), key ^ read_word(bytes + len - 8));
    else
        hash = multiply_fold(hash, key ^ read_short(bytes, len));
    return multiply_fold(hash ^ PI, E);
}

uint64_t fle_hash_mix(uint64_t hash, uint64_t value)
{
    return multiply_fold(hash ^ PI, value ^ E);
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
