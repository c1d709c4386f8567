/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting as far as anybody asks: the first of many come soon. */
#include "aggregate/ranking.h"

#include "base/hash.h"

#define FEW 64

void fle_order_begin(fle_order *order, uint64_t seed)
{
    order->n = order->at = order->n_pivots = order->expected = 0;
    order->expect = NULL;
    order->draw = seed;
}

bool fle_order_add(fle_order *order, const fle_allocator *allocator, fle_ranked item)
{
    fle_ranked *items =
        fle_grow(allocator, order->items, &order->capacity, order->n + 1, sizeof *items);

    if (!items)
        return false;
    order->items = items;
    items[order->n++] = item;
    return true;
}

/* Where they differ this takes no branch that nobody can foretell. */
static inline bool is_before(const fle_order *order, const fle_ranked *a, const fle_ranked *b)
{
    if (a->rank == b->rank && a->hint == b->hint)
        return order->comes_before(order->ctx, a, b);
    return (a->rank > b->rank) | ((a->rank == b->rank) & (a->hint < b->hint));
}

static void swap(fle_ranked *items, size_t a, size_t b)
{
    const fle_ranked item = items[a];

    items[a] = items[b];
    items[b] = item;
}

/*
 * Part items from 'first' to before 'end' by one of them; returns where that one belongs. Each is
 * swapped with the first that belongs behind it, also where that makes no difference: so nothing
 * waits for a comparison.
 */
static size_t part(fle_order *order, size_t first, size_t end)
{
    fle_ranked *items = order->items;
    size_t place = first;

    order->draw = fle_hash_mix(order->draw, end - first);
    swap(items, first + (size_t)(order->draw % (end - first)), end - 1);
    for (size_t i = first; i + 1 < end; i++) {
        swap(items, i, place);
        place += is_before(order, &items[place], &items[end - 1]);
    }
    swap(items, place, end - 1);
    return place;
}

/* Those up to the nearest that is in its place, and that one. */
static void expect(fle_order *order, size_t end)
{
    const size_t behind = end < order->n ? end + 1 : end;

    if (!order->expect || order->expected > order->at || behind - order->at > FEW)
        return;
    order->expect(order->ctx, order->items + order->at, behind - order->at);
    order->expected = behind;
}

/*
 * Incremental quicksort (Paredes and Navarro, 2006): part what lies before the nearest item that
 * is in its place, until that is the next. Pivots that there is no room for are found again.
 */
const fle_ranked *fle_order_next(fle_order *order)
{
    if (order->at == order->n)
        return NULL;
    while (order->n_pivots > 0 && order->pivots[order->n_pivots - 1] < order->at)
        order->n_pivots--;
    for (;;) {
        const size_t end = order->n_pivots > 0 ? order->pivots[order->n_pivots - 1] : order->n;

        expect(order, end);
        if (order->at == end)
            break;
        if (order->n_pivots == FLE_ORDER_PIVOTS)
            order->n_pivots = FLE_ORDER_PIVOTS / 2;
        order->pivots[order->n_pivots++] = part(order, order->at, end);
    }
    return &order->items[order->at];
}
