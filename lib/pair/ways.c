/* SPDX-License-Identifier: Apache-2.0 */
/* Where an end's own record says that its packets go: each way kept once. */
#include "pair/ways.h"

/* About what a way takes beside its texts. */
#define WAY_BYTES (sizeof(fle_way) + 64)

const fle_field fle_way_fields[FLE_WAY_N_FIELDS] = {
    [FLE_WAY_INTERFACE_ID] = FLE_FIELD_NEXT_HOP_INTERFACE_ID,
    [FLE_WAY_INTERFACE_TYPE] = FLE_FIELD_NEXT_HOP_INTERFACE_TYPE,
    [FLE_WAY_SUBNET_ID] = FLE_FIELD_NEXT_HOP_SUBNET_ID,
    [FLE_WAY_VPC_ID] = FLE_FIELD_NEXT_HOP_VPC_ID,
    [FLE_WAY_AZ_ID] = FLE_FIELD_NEXT_HOP_AZ_ID,
};

bool fle_ways_init(fle_ways *ways, const fle_allocator *allocator, uint64_t hash_seed,
                   size_t max_bytes)
{
    memset(ways, 0, sizeof *ways);
    ways->allocator = allocator;
    ways->max_bytes = max_bytes;
    fle_arena_init(&ways->arena, allocator);
    fle_buffer_init(&ways->key, allocator);
    ways->numbers = fle_map_new(allocator, hash_seed);
    return ways->numbers != NULL;
}

void fle_ways_free(fle_ways *ways)
{
    fle_map_free(ways->numbers);
    fle_buffer_free(&ways->key);
    fle_free(ways->allocator, ways->items);
    fle_arena_free(&ways->arena);
}

size_t fle_ways_bytes(const fle_ways *ways)
{
    return ways->arena.bytes + ways->n * WAY_BYTES;
}

/* Ids hold no zeros, so a zero parts them. */
static void make_key(fle_ways *ways, const fle_way *way)
{
    fle_buffer_clear(&ways->key);
    fle_buffer_u64(&ways->key, way->traffic_path);
    for (size_t i = 0; i < FLE_WAY_N_FIELDS; i++) {
        fle_buffer_char(&ways->key, '\0');
        fle_buffer_text(&ways->key, way->of[i]);
    }
}

static bool add(fle_ways *ways, const fle_way *way, uint32_t *out)
{
    fle_way *items =
        fle_grow(ways->allocator, ways->items, &ways->capacity, ways->n + 1, sizeof *items);
    flowenrich_text key;

    if (!items)
        return false;
    ways->items = items;
    if (!fle_arena_text(&ways->arena, ways->key.data, ways->key.len, &key))
        return false;
    items[ways->n] = *way;
    for (size_t i = 0, end = key.len; i < FLE_WAY_N_FIELDS; i++) {
        flowenrich_text *text = &items[ways->n].of[FLE_WAY_N_FIELDS - 1 - i];

        end -= text->len;
        text->data = key.data + end;
        end--;
    }
    if (!fle_map_add(ways->numbers, key.data, key.len, (uint32_t)ways->n + 1))
        return false;
    *out = (uint32_t)++ways->n;
    return true;
}

bool fle_ways_find(fle_ways *ways, const fle_way *way, uint32_t *out)
{
    bool says = way->traffic_path != FLE_ABSENT;
    const uint32_t *known;

    *out = 0;
    for (size_t i = 0; i < FLE_WAY_N_FIELDS; i++)
        says = says || way->of[i].len > 0;
    if (!says)
        return true;
    make_key(ways, way);
    if (ways->key.failed)
        return false;
    known = fle_map_find(ways->numbers, ways->key.data, ways->key.len);
    if (known) {
        *out = *known;
        return true;
    }
    return fle_ways_bytes(ways) >= ways->max_bytes || add(ways, way, out);
}
