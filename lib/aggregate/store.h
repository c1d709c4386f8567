/* SPDX-License-Identifier: Apache-2.0 */
/* Groups, dense in the order they came, and an index to find one by its key. */
#ifndef FLE_AGGREGATE_STORE_H
#define FLE_AGGREGATE_STORE_H

#include <string.h>

#include "base/alloc.h"

/*
 * A group is 'width' bytes: the u32 words of its key, then what the caller sums. Groups lie in
 * segments, so that they don't move while more come and no room is held that is never used.
 *
 * A slot of the index is a group's number from 1 in its low bits and a part of its key's hash
 * in those that the number doesn't need: with a million groups there are eleven, so that one
 * look-up in 2,000 goes to a wrong group.
 */
typedef struct fle_store {
    const fle_allocator *allocator;
    uint64_t seed;
    size_t key_words, width;
    unsigned char **segments;
    size_t n_segments, segments_capacity;
    uint32_t *slots;
    size_t n_slots; /* 0, or a power of two */
    uint32_t n;
} fle_store;

#define FLE_STORE_MOST (UINT32_C(1) << 30)
#define FLE_SEGMENT_SHIFT 10
#define FLE_SEGMENT ((size_t)1 << FLE_SEGMENT_SHIFT)

/* 'width' is a multiple of four. */
void fle_store_init(fle_store *store, const fle_allocator *allocator, uint64_t seed,
                    size_t key_words, size_t width);
void fle_store_free(fle_store *store); /* may be all zero */

static inline unsigned char *fle_store_at(const fle_store *store, uint32_t number)
{
    return store->segments[number >> FLE_SEGMENT_SHIFT] +
           (number & (FLE_SEGMENT - 1)) * store->width;
}

uint64_t fle_store_hash(const fle_store *store, const uint32_t *key);

/* Let memory come that looking for a key of this hash will ask for: its slot, then its group. */
void fle_store_expect_slot(const fle_store *store, uint64_t hash);
/* Returns the number of the group that it likely is. */
uint32_t fle_store_expect_group(const fle_store *store, uint64_t hash);

/* Is the group of that number, if there is one, the key's? */
static inline bool fle_store_is(const fle_store *store, uint32_t number, const uint32_t *key)
{
    const unsigned char *group;

    if (number >= store->n)
        return false;
    group = fle_store_at(store, number);
    for (size_t i = 0; i < store->key_words; i++) { /* fewer than a call of memcmp() is worth */
        uint32_t word;

        memcpy(&word, group + i * sizeof word, sizeof word);
        if (word != key[i])
            return false;
    }
    return true;
}

/* The number of a key's group; FLE_ABSENT: there is none. */
uint32_t fle_store_find(const fle_store *store, const uint32_t *key, uint64_t hash);

/* Add a group that isn't there, all zero behind its key. FLE_ABSENT if memory ran out. */
uint32_t fle_store_add(fle_store *store, const uint32_t *key, uint64_t hash);

/* Keep the groups whose bits are set, in their order. Takes no memory. */
void fle_store_keep(fle_store *store, const uint8_t *keep);

/* After keys were changed, of which no two are equal. */
void fle_store_reindex(fle_store *store);

/* Bytes that it holds. */
size_t fle_store_bytes(const fle_store *store);

#endif
