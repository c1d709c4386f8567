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

/* Mix one more number into a hash. */
uint64_t fle_hash_mix(uint64_t hash, uint64_t value);

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
