/* SPDX-License-Identifier: Apache-2.0 */
/* What gives way when memory is full: the smallest groups, and how that is told. */
#include "aggregate/budget.h"

#define BYTES_OF_INDEX 12 /* of a group: its slot, and what doubling leaves free */
#define BYTES_OF_PANE 256
#define FEWEST_GROUPS 2
#define FEWEST_PANES 16
#define MOST_PANES (UINT32_C(1) << 20)
#define FEW_VALUES 4096 /* no need to sweep them */

uint32_t fle_budget_panes(uint64_t max_bytes)
{
    const uint64_t n = max_bytes / 4 / BYTES_OF_PANE;

    if (n < FEWEST_PANES)
        return FEWEST_PANES;
    return n < MOST_PANES ? (uint32_t)n : MOST_PANES;
}

/* Counted, not measured: what gives way is the same on any machine. */
bool fle_budget_is_over(const flowenrich_aggregator *aggregator, uint64_t groups)
{
    const uint64_t bytes = groups * (aggregator->layout.width + BYTES_OF_INDEX) +
                           (uint64_t)aggregator->panes.n * BYTES_OF_PANE + aggregator->extra +
                           aggregator->more;

    return aggregator->store.n >= FEWEST_GROUPS &&
           (bytes > aggregator->max_bytes || groups > FLE_STORE_MOST);
}

void fle_budget_recount(flowenrich_aggregator *aggregator)
{
    fle_values *values = &aggregator->keys.values;

    if (values->n > 0)
        memset(values->held, 0, values->n);
    aggregator->extra = aggregator->more = 0;
    for (uint32_t i = 0; i < aggregator->store.n; i++) {
        const unsigned char *group = fle_store_at(&aggregator->store, i);

        aggregator->extra +=
            fle_keys_hold(&aggregator->keys, (const uint32_t *)(const void *)group);
        aggregator->more += fle_group_more(&aggregator->layout, group);
    }
}

static void swap(uint64_t *a, uint64_t *b)
{
    const uint64_t was = *a;

    *a = *b;
    *b = was;
}

/* The number that has 'above' greater ones before it. Three-way, since many may be equal. */
static uint64_t select_rank(uint64_t *ranks, size_t n, size_t above)
{
    size_t first = 0, end = n;

    for (;;) {
        const uint64_t pivot = ranks[first + (end - first) / 2];
        size_t greater = first, at = first, less = end;

        while (at < less) {
            if (ranks[at] > pivot)
                swap(&ranks[at++], &ranks[greater++]);
            else if (ranks[at] < pivot)
                swap(&ranks[at], &ranks[--less]);
            else
                at++;
        }
        if (above < greater)
            end = greater;
        else if (above >= less)
            first = less;
        else
            return pivot;
    }
}

/* Count a group that goes with the others of its pane. */
static bool move_to_other(flowenrich_aggregator *aggregator, unsigned char *group, uint64_t rank)
{
    const uint32_t number = fle_aggregator_pane(aggregator, group);
    fle_pane *pane = &aggregator->panes.items[number];
    unsigned char *other = fle_panes_other(&aggregator->panes, number);

    if (!other || !fle_group_add(&aggregator->layout, other, group))
        return false;
    fle_group_drop(&aggregator->layout, group);
    if (rank > pane->floor)
        pane->floor = rank;
    aggregator->stats[FLE_AGGREGATE_EVICTED]++;
    return true;
}

static bool evict_below(flowenrich_aggregator *aggregator, uint64_t least, uint8_t *keep)
{
    for (uint32_t i = 0; i < aggregator->store.n; i++) {
        unsigned char *group = fle_store_at(&aggregator->store, i);
        const uint64_t rank = fle_group_rank(&aggregator->layout, group);

        if (rank > least)
            keep[i >> 3] |= (uint8_t)(1U << (i & 7));
        else if (!move_to_other(aggregator, group, rank))
            return false;
    }
    fle_store_keep(&aggregator->store, keep);
    fle_budget_recount(aggregator);
    return true;
}

bool fle_budget_evict(flowenrich_aggregator *aggregator)
{
    const uint32_t n = aggregator->store.n;
    uint64_t *ranks = fle_alloc(&aggregator->allocator, n * sizeof *ranks);
    uint8_t *keep = fle_alloc_zeroed(&aggregator->allocator, (n + 7) / 8);
    bool done = ranks && keep;

    for (uint32_t i = 0; done && i < n; i++)
        ranks[i] = fle_group_rank(&aggregator->layout, fle_store_at(&aggregator->store, i));
    if (done)
        done = evict_below(aggregator, select_rank(ranks, n, n / 2), keep);
    fle_free(&aggregator->allocator, ranks);
    fle_free(&aggregator->allocator, keep);
    return done;
}

/* Give each group the codes of 'fresh', which has the values that are held and no others. */
static bool recode(flowenrich_aggregator *aggregator, fle_values *fresh, uint32_t *codes)
{
    fle_keys *keys = &aggregator->keys;
    fle_values old = keys->values;
    bool done = true;

    keys->values = *fresh;
    for (uint32_t i = 0; done && i < aggregator->store.n; i++) {
        uint32_t *key = (uint32_t *)(void *)fle_store_at(&aggregator->store, i);

        done = fle_keys_translate(keys, &old, codes, key);
    }
    fle_values_free(&old);
    return done;
}

bool fle_budget_sweep(flowenrich_aggregator *aggregator)
{
    fle_values *values = &aggregator->keys.values;
    uint32_t held = 0, *codes;
    fle_values fresh;
    bool done;

    for (uint32_t i = 0; i < values->n; i++)
        held += values->held[i];
    if (values->n < FEW_VALUES || held > values->n / 2)
        return true;
    codes = fle_alloc_zeroed(&aggregator->allocator, values->n * sizeof *codes);
    if (!fle_values_init(&fresh, &aggregator->allocator, aggregator->store.seed) || !codes) {
        fle_values_free(&fresh);
        fle_free(&aggregator->allocator, codes);
        return false;
    }
    done = recode(aggregator, &fresh, codes);
    fle_free(&aggregator->allocator, codes);
    fle_budget_recount(aggregator);
    fle_store_reindex(&aggregator->store);
    return done;
}
