/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting as far as anybody asks: the first of many come soon. */
#include "aggregate/ranking.h"

#include <string.h>

#include "base/hash.h"

#define VERY_FEW 12 /* are sorted by insertion */
#define FEW 64
#define MANY 4096 /* are dealt out first */

void fle_order_begin(fle_order *order, uint64_t seed)
{
    order->n = order->at = order->sorted = order->n_bins = order->n_pivots = order->expected = 0;
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

/* ---- Dealing out. ---- */

/*
 * The bits of a double that say how large it is: no greater rank has a later bin, whichever way it
 * is rounded.
 */
static size_t bin_of(const fle_ranked *item)
{
    const double size = (double)item->rank;
    const uint64_t one = UINT64_C(1023) << FLE_ORDER_FINE;
    uint64_t bits;

    memcpy(&bits, &size, sizeof bits);
    bits >>= 52 - FLE_ORDER_FINE;
    return FLE_ORDER_BINS - 1 - (size_t)(bits < one ? 0 : bits - one + 1);
}

/*
 * Of many, one walk leaves bins each of which is sorted when it comes to it, and lies in the
 * nearest cache then. Items go around in cycles, so that this takes no room.
 */
static void deal(fle_order *order)
{
    uint32_t at[FLE_ORDER_BINS], *ends = order->ends, n = 0;

    memset(ends, 0, sizeof order->ends);
    for (size_t i = 0; i < order->n; i++)
        ends[bin_of(&order->items[i])]++;
    for (size_t bin = 0; bin < FLE_ORDER_BINS; bin++) {
        at[bin] = n;
        ends[bin] = n += ends[bin];
    }
    for (size_t bin = 0; bin < FLE_ORDER_BINS; bin++)
        for (; at[bin] < ends[bin]; at[bin]++) {
            fle_ranked item = order->items[at[bin]];

            for (size_t to; (to = bin_of(&item)) != bin; at[to]++) {
                const fle_ranked next = order->items[at[to]];

                order->items[at[to]] = item;
                item = next;
            }
            order->items[at[bin]] = item;
        }
    order->bin = 0;
    order->n_bins = FLE_ORDER_BINS;
}

/* ---- Sorting. ---- */

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
    fle_ranked *items = order->items, pivot;
    size_t place = first;

    order->draw = fle_hash_mix(order->draw, end - first);
    swap(items, first + (size_t)(order->draw % (end - first)), end - 1);
    pivot = items[end - 1];
    for (size_t i = first; i + 1 < end; i++) {
        const fle_ranked item = items[i];

        items[i] = items[place];
        items[place] = item;
        place += is_before(order, &item, &pivot);
    }
    swap(items, place, end - 1);
    return place;
}

/* Those up to the nearest that is in its place, and that one. */
static void expect(fle_order *order, size_t end)
{
    const size_t behind = end + (order->n_pivots > 0);

    if (!order->expect || order->expected > order->at || behind - order->at > FEW)
        return;
    order->expect(order->ctx, order->items + order->at, behind - order->at);
    order->expected = behind;
}

static void insert(fle_order *order, size_t first, size_t end)
{
    fle_ranked *items = order->items;

    for (size_t i = first + 1; i < end; i++) {
        const fle_ranked item = items[i];
        size_t place = i;

        for (; place > first && is_before(order, &item, &items[place - 1]); place--)
            items[place] = items[place - 1];
        items[place] = item;
    }
}

/*
 * Incremental quicksort (Paredes and Navarro, 2006): part what lies before the nearest item that
 * is in its place, until few are left. Pivots that there is no room for are found again.
 */
static void sort_some(fle_order *order)
{
    size_t end = order->n;

    while (order->n_pivots > 0 && order->pivots[order->n_pivots - 1] < order->at)
        order->n_pivots--;
    while (order->bin < order->n_bins && order->ends[order->bin] <= order->at)
        order->bin++;
    if (order->n_pivots > 0)
        end = order->pivots[order->n_pivots - 1];
    else if (order->n_bins > 0)
        end = order->ends[order->bin];
    expect(order, end);
    if (end - order->at <= VERY_FEW) {
        insert(order, order->at, end);
        order->sorted = end + (order->n_pivots > 0);
        return;
    }
    if (order->n_pivots == FLE_ORDER_PIVOTS)
        order->n_pivots = FLE_ORDER_PIVOTS / 2;
    order->pivots[order->n_pivots++] = part(order, order->at, end);
}

const fle_ranked *fle_order_next(fle_order *order)
{
    if (order->at == order->n)
        return NULL;
    if (order->sorted == 0 && order->n_bins == 0 && order->n_pivots == 0 && order->n >= MANY)
        deal(order);
    while (order->sorted <= order->at)
        sort_some(order);
    return &order->items[order->at];
}
