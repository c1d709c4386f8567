/* SPDX-License-Identifier: Apache-2.0 */
/* Where the keys of addresses lie, by the 64 addresses around. */
#ifndef FLE_CATALOG_CLUSTERS_H
#define FLE_CATALOG_CLUSTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

#define FLE_CLUSTER_BITS 6

/*
 * Some of 64 neighbours, which have as many keys, one behind another. Interfaces fill subnets, so
 * the clusters of a million addresses take little more than a cache, where a table of them all
 * would be a walk to memory for each.
 */
typedef struct fle_cluster {
    uint64_t taken; /* a bit each; none: an empty slot */
    uint32_t hash;
    uint32_t first; /* the index of the first one's key */
} fle_cluster;

/* Open addressing; at most half of them are taken. Several may be of the same neighbours. */
typedef struct fle_clusters {
    fle_cluster *items;
    size_t n; /* 0, or a power of two */
} fle_clusters;

/* Room for 'n'. False if memory ran out. */
bool fle_clusters_init(fle_clusters *clusters, size_t n, fle_arena *arena);

void fle_clusters_add(const fle_clusters *clusters, const fle_cluster *cluster);

/* Goes through keys that one of some neighbours may have. Ends in any case, as fle_probe. */
typedef struct fle_visit {
    const fle_clusters *clusters;
    uint32_t hash;
    unsigned place; /* among the neighbours */
    size_t at, left;
} fle_visit;

static inline fle_visit fle_visit_begin(const fle_clusters *clusters, uint32_t hash, unsigned place)
{
    return (fle_visit){ clusters, hash, place, hash, clusters->n };
}

static inline uint32_t fle_count_ones(uint64_t bits)
{
    bits -= bits >> 1 & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t)(bits * UINT64_C(0x0101010101010101) >> 56);
}

/* The index of the next one; false if there is none. */
static inline bool fle_visit_next(fle_visit *visit, uint32_t *index)
{
    const uint64_t wanted = UINT64_C(1) << visit->place;

    for (; visit->left > 0; visit->left--) {
        const fle_cluster *at = &visit->clusters->items[visit->at++ & (visit->clusters->n - 1)];

        if (at->taken == 0)
            return false;
        if (at->hash == visit->hash && (at->taken & wanted)) {
            visit->left--;
            *index = at->first + fle_count_ones(at->taken & (wanted - 1));
            return true;
        }
    }
    return false;
}

#endif
