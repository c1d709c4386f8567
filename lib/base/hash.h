/* SPDX-License-Identifier: Apache-2.0 */
/* Seeded hashing, and a map from bytes to numbers. */
#ifndef FLE_BASE_HASH_H
#define FLE_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

/* A seeded hash of bytes, the same on every machine. The seed keeps chosen keys from colliding. */
uint64_t fle_hash(const void *data, size_t len, uint64_t seed);

/* ---- The same, for where the length is a constant. ---- */

/* Odd, about as many ones as zeros, nothing more to them: the digits of pi, and of e. */
#define FLE_HASH_PI UINT64_C(0x243f6a8885a308d3)
#define FLE_HASH_E UINT64_C(0xb7e151628aed2a6b)

/*
 * Multiply to 128 bits and fold the halves together.
 *
 * An input that meets a constant makes a factor zero, and then the product knows
 * nothing of the other one. Hence both are added, and not by exclusive or, which
 * a factor of one would undo.
 */
static inline uint64_t fle_multiply_fold(uint64_t a, uint64_t b)
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
static inline uint64_t fle_hash_word(const unsigned char *bytes)
{
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
           (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

static inline uint64_t fle_hash_short(const unsigned char *bytes, size_t len)
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
static inline uint64_t fle_hash_inline(const void *data, size_t len, uint64_t seed)
{
    const unsigned char *bytes = data;
    const uint64_t key = fle_multiply_fold(seed ^ FLE_HASH_PI, FLE_HASH_E);
    uint64_t hash = seed ^ FLE_HASH_E ^ len;

    for (size_t rest = len; rest > 16; rest -= 16, bytes += 16)
        hash = fle_multiply_fold(hash ^ fle_hash_word(bytes), key ^ fle_hash_word(bytes + 8));
    bytes = data;
    if (len >= 16) /* the last two words, which may have been read in part */
        hash = fle_multiply_fold(hash ^ fle_hash_word(bytes + len - 16),
                                 key ^ fle_hash_word(bytes + len - 8));
    else if (len >= 8)
        hash = fle_multiply_fold(hash ^ fle_hash_word(bytes), key ^ fle_hash_word(bytes + len - 8));
    else
        hash = fle_multiply_fold(hash, key ^ fle_hash_short(bytes, len));
    return fle_multiply_fold(hash ^ FLE_HASH_PI, FLE_HASH_E);
}

/* Mix one more number into a hash. */
static inline uint64_t fle_hash_mix(uint64_t hash, uint64_t value)
{
    return fle_multiply_fold(hash ^ FLE_HASH_PI, value ^ FLE_HASH_E);
}

/* ---- The map. ---- */

/*
 * A map from bytes to a number: interned texts, addresses to rows, ids to
 * objects. Keys are borrowed: they must live as long as the map and not move.
 *
 * Our own open addressing and not uthash, which took twice the time here, makes an
 * allocation for each entry, and has no place for an allocator of each map's own.
 */
typedef struct fle_map fle_map;

fle_map *fle_map_new(const fle_allocator *allocator, uint64_t seed);
void fle_map_free(fle_map *map);
void fle_map_clear(fle_map *map);
size_t fle_map_count(const fle_map *map);
/* NULL if the key isn't there. The value may be changed through the pointer until the next add. */
uint32_t *fle_map_find(const fle_map *map, const void *key, size_t len);
/* Adds a key that isn't there yet. False if memory ran out; the map is then as it was. */
bool fle_map_add(fle_map *map, const void *key, size_t len, uint32_t value);

#endif
