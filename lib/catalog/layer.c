/* SPDX-License-Identifier: Apache-2.0 */
/* What snapshots after a whole one have of their own: it lies beside that one, and shadows it. */
#include "catalog/layer.h"

#include <string.h>

#include "catalog/order.h"

fle_layer *fle_layer_new(const fle_allocator *allocator, const fle_entries *first, uint64_t seed)
{
    fle_layer *layer = fle_alloc_zeroed(allocator, sizeof *layer);

    if (!layer)
        return NULL;
    layer->allocator = *allocator;
    atomic_init(&layer->references, 1);
    fle_arena_init(&layer->arena, &layer->allocator);
    fle_entry_writer_init(&layer->writer, &layer->allocator, seed);
    fle_entry_writer_go_on(&layer->writer, first, &layer->arena);
    layer->journal.arena = &layer->arena;
    layer->vpcs.arena = &layer->arena;
    return layer;
}

fle_layer *fle_layer_ref(fle_layer *layer)
{
    if (layer)
        atomic_fetch_add_explicit(&layer->references, 1, memory_order_relaxed);
    return layer;
}

void fle_layer_free(fle_layer *layer)
{
    fle_allocator allocator;

    /* Whoever drops the last one sees all that the others did before. */
    if (!layer || atomic_fetch_sub_explicit(&layer->references, 1, memory_order_acq_rel) > 1)
        return;
    allocator = layer->allocator;
    fle_entry_writer_free(&layer->writer);
    fle_arena_free(&layer->arena);
    fle_free(&allocator, layer);
}

bool fle_layer_add_key(fle_layer *layer, const fle_held_key *key, uint32_t hash, fle_runs runs)
{
    fle_held_key *keys = fle_array_grow(&layer->arena, layer->keys, &layer->keys_capacity,
                                        layer->n_keys, 1, sizeof *keys);
    fle_run *items = fle_array_grow(&layer->arena, layer->runs, &layer->runs_capacity,
                                    layer->n_runs, runs.n, sizeof *items);

    if (keys)
        layer->keys = keys;
    if (items)
        layer->runs = items;
    if (!keys || !items)
        return false;
    keys[layer->n_keys] = *key;
    fle_holders_keep(&keys[layer->n_keys], runs, items, &layer->n_runs);
    return fle_journal_add(&layer->journal, FLE_NOTED_KEY, hash, (uint32_t)layer->n_keys++);
}

/* Readers may have those that were there before. */
static bool add_length(fle_layer *layer, uint8_t bits)
{
    size_t n = layer->n_claim_lengths;
    uint8_t *lengths;

    if (n > 0 && memchr(layer->claim_lengths, bits, n))
        return true;
    lengths = fle_arena_alloc(&layer->arena, FLE_N_LENGTHS);
    if (!lengths)
        return false;
    if (n > 0)
        memcpy(lengths, layer->claim_lengths, n);
    fle_holders_note_length(lengths, &n, bits);
    layer->claim_lengths = lengths;
    layer->n_claim_lengths = n;
    return true;
}

bool fle_layer_add_claim(fle_layer *layer, const fle_claim *claim, uint32_t hash)
{
    fle_claim *claims = fle_array_grow(&layer->arena, layer->claims, &layer->claims_capacity,
                                       layer->n_claims, 1, sizeof *claims);

    if (!claims)
        return false;
    layer->claims = claims;
    if (!add_length(layer, claim->cidr.bits))
        return false;
    claims[layer->n_claims] = *claim;
    return fle_journal_add(&layer->journal, FLE_NOTED_CLAIM, hash, (uint32_t)layer->n_claims++);
}

bool fle_layer_add_vpc(fle_layer *layer, uint32_t space, const fle_vpc *vpc)
{
    fle_growing *vpcs = &layer->vpcs.vpcs;
    fle_vpc *room = fle_growing_room(vpcs, &layer->arena, 1, sizeof *room);

    if (!room)
        return false;
    *room = *vpc;
    return fle_journal_add(&layer->journal, FLE_NOTED_VPC, space, (uint32_t)vpcs->n++);
}
