/* SPDX-License-Identifier: Apache-2.0 */
/* What snapshots after a whole one have of their own: it lies beside that one, and shadows it. */
#ifndef FLE_CATALOG_LAYER_H
#define FLE_CATALOG_LAYER_H

#include "catalog/claims.h"
#include "catalog/entry_writer.h"
#include "catalog/holders.h"
#include "catalog/journal.h"
#include "catalog/vpcs.h"

/*
 * Shared by all snapshots after one whole one. The catalog goes on writing; a snapshot
 * reads no further than where things ended when it was taken.
 */
typedef struct fle_layer {
    fle_allocator allocator;
    atomic_size_t references;
    fle_arena arena; /* of all that snapshots read */
    fle_entry_writer writer;
    fle_journal_writer journal;
    fle_held_key *keys;
    fle_run *runs;
    fle_claim *claims;
    size_t n_keys, n_runs, n_claims;
    size_t keys_capacity, runs_capacity, claims_capacity;
    const uint8_t *claim_lengths; /* of blocks that were claimed */
    size_t n_claim_lengths;
    fle_vpc_writer vpcs;
} fle_layer;

/* One with nothing in it and a reference to it; its entries go on from others. NULL: no memory. */
fle_layer *fle_layer_new(const fle_allocator *allocator, const fle_entries *first, uint64_t seed);
fle_layer *fle_layer_ref(fle_layer *layer);
void fle_layer_free(fle_layer *layer);

/* Note who held an address, in the order of time. False if memory ran out. */
bool fle_layer_add_key(fle_layer *layer, const fle_held_key *key, uint32_t hash, fle_runs runs);
bool fle_layer_add_claim(fle_layer *layer, const fle_claim *claim, uint32_t hash);

/* What a VPC has from now on, by the number of its space. */
bool fle_layer_add_vpc(fle_layer *layer, uint32_t space, const fle_vpc *vpc);

#endif
