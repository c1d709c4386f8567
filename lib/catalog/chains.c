/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of numbers, each list by a number, in memory that grows. */
#include "catalog/chains.h"

#include <string.h>

void fle_chains_init(fle_chains *chains, const fle_allocator *allocator)
{
    memset(chains, 0, sizeof *chains);
    chains->allocator = allocator;
}

void fle_chains_free(fle_chains *chains)
{
    fle_free(chains->allocator, chains->heads);
    fle_free(chains->allocator, chains->items);
}

static bool grow(fle_chains *chains, uint32_t list)
{
    const size_t n = (size_t)list + 1;
    fle_chained *items;
    uint32_t *heads;

    items =
        fle_grow(chains->allocator, chains->items, &chains->capacity, chains->n + 1, sizeof *items);
    if (!items || chains->n == UINT32_MAX)
        return false;
    chains->items = items;
    if (n <= chains->n_heads)
        return true;
    heads = fle_grow(chains->allocator, chains->heads, &chains->heads_capacity, n, sizeof *heads);
    if (!heads)
        return false;
    memset(heads + chains->n_heads, 0, (n - chains->n_heads) * sizeof *heads);
    chains->heads = heads;
    chains->n_heads = n;
    return true;
}

bool fle_chains_add(fle_chains *chains, uint32_t list, uint32_t kind, uint32_t item)
{
    const fle_chained *first = fle_chains_first(chains, list);

    if (first && first->item == item && first->kind == kind)
        return true;
    if (!grow(chains, list))
        return false;
    chains->items[chains->n] = (fle_chained){ item, kind, chains->heads[list] };
    chains->heads[list] = (uint32_t)++chains->n;
    return true;
}

static const fle_chained *at(const fle_chains *chains, uint32_t next)
{
    return next > 0 ? &chains->items[next - 1] : NULL;
}

const fle_chained *fle_chains_first(const fle_chains *chains, uint32_t list)
{
    return list < chains->n_heads ? at(chains, chains->heads[list]) : NULL;
}

const fle_chained *fle_chains_next(const fle_chains *chains, const fle_chained *item)
{
    return at(chains, item->next);
}
