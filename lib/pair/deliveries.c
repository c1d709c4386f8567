/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were read: one that is delivered again says little that is new. */
#include "pair/deliveries.h"

#define MOST_YOUNG 32768

bool fle_objects_init(fle_objects *objects, const fle_allocator *allocator)
{
    memset(objects, 0, sizeof *objects);
    objects->allocator = allocator;
    for (size_t i = 0; i < 2; i++) {
        fle_arena_init(&objects->keys[i], allocator);
        objects->known[i] = fle_map_new(allocator, 0);
    }
    return objects->known[0] && objects->known[1];
}

void fle_objects_free(fle_objects *objects)
{
    for (size_t i = 0; i < 2; i++) {
        fle_map_free(objects->known[i]);
        fle_arena_free(&objects->keys[i]);
    }
}

size_t fle_objects_bytes(const fle_objects *objects)
{
    return objects->keys[0].bytes + objects->keys[1].bytes +
           64 * (fle_map_count(objects->known[0]) + fle_map_count(objects->known[1]));
}

/* The young ones become the old ones, which are forgotten. */
static void grow_old(fle_objects *objects)
{
    fle_map *map = objects->known[1];
    const fle_arena keys = objects->keys[1];

    objects->known[1] = objects->known[0];
    objects->keys[1] = objects->keys[0];
    objects->known[0] = map;
    objects->keys[0] = keys;
    fle_map_clear(map);
    fle_arena_clear(&objects->keys[0]);
}

static bool add(fle_objects *objects, uint64_t object)
{
    uint64_t *key;

    if (fle_map_count(objects->known[0]) == MOST_YOUNG)
        grow_old(objects);
    key = fle_arena_alloc(&objects->keys[0], sizeof *key);
    if (!key)
        return false;
    *key = object;
    return fle_map_add(objects->known[0], key, sizeof *key, 0);
}

static bool is_known(const fle_objects *objects, uint64_t object)
{
    return fle_map_find(objects->known[0], &object, sizeof object) ||
           fle_map_find(objects->known[1], &object, sizeof object);
}

bool fle_objects_deliver(fle_objects *objects, flowenrich_text identity, bool *is_again)
{
    const uint64_t object = fle_hash(identity.data, identity.len, 1);

    *is_again = identity.len > 0 && is_known(objects, object);
    return identity.len == 0 || *is_again || add(objects, object);
}

bool fle_objects_read(fle_objects *objects, flowenrich_text bucket, flowenrich_text key,
                      uint64_t line)
{
    const uint64_t object =
        fle_hash_mix(fle_hash(bucket.data, bucket.len, 0), fle_hash(key.data, key.len, 0));

    if (object != objects->now || line <= objects->line) {
        objects->now = object;
        objects->is_again = is_known(objects, object);
        if (!objects->is_again && !add(objects, object))
            return false;
    }
    objects->line = line;
    return true;
}
