/* SPDX-License-Identifier: Apache-2.0 */
/* Groups, dense in the order they came, and an index to find one by its key. */
#include "aggregate/store.h"

#include "base/hash.h"
#include "base/prefetch.h"
#include "record/column.h"

#define FIRST_SLOTS 64
#define BLOCK 64 /* groups whose slots are asked for before the first is needed */

void fle_store_init(fle_store *store, const fle_allocator *allocator, uint64_t seed,
                    size_t key_words, size_t width)
{
    memset(store, 0, sizeof *store);
    store->allocator = allocator;
    store->seed = seed;
    store->key_words = key_words;
    store->width = width;
}

static void drop_segments(fle_store *store, size_t n)
{
    while (store->n_segments > n)
        fle_free(store->allocator, store->segments[--store->n_segments]);
}

void fle_store_free(fle_store *store)
{
    if (!store->allocator)
        return;
    drop_segments(store, 0);
    fle_free(store->allocator, store->segments);
    fle_free(store->allocator, store->slots);
    memset(store, 0, sizeof *store);
}

uint64_t fle_store_hash(const fle_store *store, const uint32_t *key)
{
    return fle_hash(key, store->key_words * sizeof *key, store->seed);
}

/* What a slot has beside the number: the upper half of the hash, where that isn't. */
static uint32_t tag_of(const fle_store *store, uint64_t hash)
{
    return (uint32_t)(hash >> 32) & ~(uint32_t)(store->n_slots - 1);
}

static uint32_t tag_in(const fle_store *store, uint32_t slot)
{
    return slot & ~(uint32_t)(store->n_slots - 1);
}

static uint32_t number_in(const fle_store *store, uint32_t slot)
{
    return (slot & (uint32_t)(store->n_slots - 1)) - 1;
}

void fle_store_expect_slot(const fle_store *store, uint64_t hash)
{
    if (store->n_slots > 0)
        fle_prefetch(&store->slots[hash & (store->n_slots - 1)], sizeof *store->slots);
}

uint32_t fle_store_expect_group(const fle_store *store, uint64_t hash)
{
    const size_t mask = store->n_slots - 1;
    const uint32_t tag = tag_of(store, hash);

    if (store->n == 0)
        return FLE_ABSENT;
    for (size_t i = hash & mask; store->slots[i] != 0; i = (i + 1) & mask)
        if (tag_in(store, store->slots[i]) == tag) {
            const uint32_t number = number_in(store, store->slots[i]);

            fle_prefetch(fle_store_at(store, number), store->width);
            return number;
        }
    return FLE_ABSENT;
}

uint32_t fle_store_find(const fle_store *store, const uint32_t *key, uint64_t hash)
{
    const size_t mask = store->n_slots - 1;
    const uint32_t tag = tag_of(store, hash);

    if (store->n == 0)
        return FLE_ABSENT;
    for (size_t i = hash & mask; store->slots[i] != 0; i = (i + 1) & mask) {
        const uint32_t slot = store->slots[i];

        if (tag_in(store, slot) == tag && fle_store_is(store, number_in(store, slot), key))
            return number_in(store, slot);
    }
    return FLE_ABSENT;
}

static void occupy(fle_store *store, uint64_t hash, uint32_t number)
{
    const size_t mask = store->n_slots - 1;
    size_t i = hash & mask;

    while (store->slots[i] != 0)
        i = (i + 1) & mask;
    store->slots[i] = tag_of(store, hash) | (number + 1);
}

static uint64_t hash_at(const fle_store *store, uint32_t number)
{
    return fle_hash(fle_store_at(store, number), store->key_words * sizeof(uint32_t), store->seed);
}

/* Hashes aren't kept: keys lie one behind another, and hashing one takes no longer than a miss. */
void fle_store_reindex(fle_store *store)
{
    if (store->n_slots > 0)
        memset(store->slots, 0, store->n_slots * sizeof *store->slots);
    for (uint32_t first = 0; first < store->n; first += BLOCK) {
        const uint32_t n = store->n - first < BLOCK ? store->n - first : BLOCK;
        uint64_t hashes[BLOCK];

        for (uint32_t i = 0; i < n; i++) {
            hashes[i] = hash_at(store, first + i);
            fle_store_expect_slot(store, hashes[i]);
        }
        for (uint32_t i = 0; i < n; i++)
            occupy(store, hashes[i], first + i);
    }
}

/* At most three quarters full. */
static bool make_room(fle_store *store)
{
    const size_t n_slots = store->n_slots > 0 ? store->n_slots * 2 : FIRST_SLOTS;
    uint32_t *slots;

    if (store->n + 1 <= store->n_slots / 4 * 3)
        return true;
    slots = fle_alloc(store->allocator, n_slots * sizeof *slots);
    if (!slots)
        return false;
    fle_free(store->allocator, store->slots);
    store->slots = slots;
    store->n_slots = n_slots;
    fle_store_reindex(store);
    return true;
}

static bool add_segment(fle_store *store)
{
    unsigned char **segments =
        fle_grow(store->allocator, store->segments, &store->segments_capacity,
                 store->n_segments + 1, sizeof *segments);

    if (!segments)
        return false;
    store->segments = segments;
    segments[store->n_segments] = fle_alloc(store->allocator, FLE_SEGMENT * store->width);
    if (!segments[store->n_segments])
        return false;
    store->n_segments++;
    return true;
}

uint32_t fle_store_add(fle_store *store, const uint32_t *key, uint64_t hash)
{
    const size_t key_len = store->key_words * sizeof *key;
    const uint32_t number = store->n;
    unsigned char *group;

    if (number >= FLE_STORE_MOST || !make_room(store) ||
        (number == store->n_segments * FLE_SEGMENT && !add_segment(store)))
        return FLE_ABSENT;
    group = fle_store_at(store, number);
    memcpy(group, key, key_len);
    memset(group + key_len, 0, store->width - key_len);
    occupy(store, hash, number);
    store->n++;
    return number;
}

void fle_store_keep(fle_store *store, const uint8_t *keep)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < store->n; i++) {
        if (!(keep[i >> 3] >> (i & 7) & 1))
            continue;
        if (n < i)
            memcpy(fle_store_at(store, n), fle_store_at(store, i), store->width);
        n++;
    }
    store->n = n;
    drop_segments(store, (n + FLE_SEGMENT - 1) / FLE_SEGMENT);
    fle_store_reindex(store);
}

size_t fle_store_bytes(const fle_store *store)
{
    return store->n_segments * FLE_SEGMENT * store->width +
           store->segments_capacity * sizeof *store->segments +
           store->n_slots * sizeof *store->slots;
}
