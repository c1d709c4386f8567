/* SPDX-License-Identifier: Apache-2.0 */
/* Where the keys of addresses lie, by the 64 addresses around. */
#include "catalog/clusters.h"

#include <string.h>

#include "catalog/order.h"

bool fle_clusters_init(fle_clusters *clusters, size_t n, fle_arena *arena)
{
    size_t size = 1;

    while (size / 2 < n && size <= SIZE_MAX / 2)
        size *= 2;
    clusters->items = fle_array(arena, size, sizeof *clusters->items);
    clusters->n = clusters->items ? size : 0;
    if (clusters->items)
        memset(clusters->items, 0, size * sizeof *clusters->items);
    return clusters->items != NULL;
}

void fle_clusters_add(const fle_clusters *clusters, const fle_cluster *cluster)
{
    const size_t mask = clusters->n - 1;
    size_t at = cluster->hash & mask;

    while (clusters->items[at].taken != 0)
        at = (at + 1) & mask;
    clusters->items[at] = *cluster;
}
