/* SPDX-License-Identifier: Apache-2.0 */
/* Panes: the stretches of time that windows are made of, and what each has lost. */
#include "aggregate/panes.h"

typedef struct key {
    flowenrich_time start;
    uint64_t is_late;
} key;

static void free_other(fle_panes *panes, uint32_t number)
{
    unsigned char *other = panes->items[number].other;

    if (other)
        fle_group_drop(panes->layout, other);
    fle_free(panes->allocator, other);
}

bool fle_panes_init(fle_panes *panes, const fle_allocator *allocator, uint64_t seed,
                    const fle_layout *layout, uint32_t most)
{
    memset(panes, 0, sizeof *panes);
    panes->allocator = allocator;
    panes->layout = layout;
    panes->most = most;
    fle_arena_init(&panes->keys, allocator);
    panes->numbers = fle_map_new(allocator, seed);
    return panes->numbers != NULL;
}

void fle_panes_free(fle_panes *panes)
{
    if (!panes->allocator)
        return;
    for (uint32_t i = 0; i < panes->n; i++)
        free_other(panes, i);
    fle_free(panes->allocator, panes->items);
    fle_arena_free(&panes->keys);
    fle_map_free(panes->numbers);
    memset(panes, 0, sizeof *panes);
}

static bool index_pane(fle_panes *panes, uint32_t number)
{
    const fle_pane *pane = &panes->items[number];
    key *copy = fle_arena_alloc(&panes->keys, sizeof *copy);

    if (!copy)
        return false;
    *copy = (key){ pane->start, pane->is_late };
    return fle_map_add(panes->numbers, copy, sizeof *copy, number);
}

static uint32_t add(fle_panes *panes, flowenrich_time start, bool is_late)
{
    fle_pane *items = fle_grow(panes->allocator, panes->items, &panes->capacity,
                               (size_t)panes->n + 1, sizeof *items);

    if (!items)
        return FLE_ABSENT;
    panes->items = items;
    items[panes->n] = (fle_pane){ start, is_late, panes->lost, NULL };
    return index_pane(panes, panes->n) ? panes->n++ : FLE_ABSENT;
}

/* One more than 'most', so that there is always one without time. */
uint32_t fle_panes_find(fle_panes *panes, flowenrich_time start, bool is_late, bool *is_full)
{
    const key wanted = { start, is_late };
    const uint32_t *number;

    *is_full = false;
    if (panes->last < panes->n && panes->items[panes->last].start == start &&
        panes->items[panes->last].is_late == is_late)
        return panes->last;
    number = fle_map_find(panes->numbers, &wanted, sizeof wanted);
    if (number)
        return panes->last = *number;
    if (panes->n >= panes->most && start != FLOWENRICH_TIME_ABSENT) {
        const uint32_t without = fle_panes_find(panes, FLOWENRICH_TIME_ABSENT, false, is_full);

        *is_full = true;
        return without;
    }
    return panes->last = add(panes, start, is_late);
}

unsigned char *fle_panes_other(fle_panes *panes, uint32_t number)
{
    fle_pane *pane = &panes->items[number];

    if (!pane->other) {
        pane->other = fle_alloc_zeroed(panes->allocator, panes->layout->width);
        if (pane->other)
            fle_group_begin(panes->layout, pane->other);
    }
    return pane->other;
}

bool fle_panes_renumber(fle_panes *panes, const uint32_t *numbers)
{
    uint32_t n = 0;

    fle_map_clear(panes->numbers);
    fle_arena_clear(&panes->keys);
    for (uint32_t i = 0; i < panes->n; i++) {
        if (numbers[i] == FLE_ABSENT)
            free_other(panes, i);
        else
            panes->items[n++] = panes->items[i];
    }
    panes->n = n;
    panes->last = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!index_pane(panes, i))
            return false;
    return true;
}
