/* SPDX-License-Identifier: Apache-2.0 */
/* One thing over time: what it was, and when it was seen to be that. */
#include "catalog/states.h"

#include "catalog/order.h"

/* What was observed at one time, of facts that come newest first, before 'end'. */
static fle_about observation(fle_about observed, size_t end)
{
    size_t begin = end - 1;
    fle_about seen;

    while (begin > 0 && observed.items[begin - 1].time == observed.items[end - 1].time)
        begin--;
    seen.items = observed.items + begin;
    seen.n = end - begin;
    return seen;
}

/* The next fact that doesn't repeat the one before it. */
static size_t next_of(fle_about set, size_t i)
{
    const fle_fact *fact = &set.items[i];

    while (++i < set.n && set.items[i].key == fact->key && set.items[i].value == fact->value)
        ;
    return i;
}

static bool is_same(fle_about a, fle_about b)
{
    size_t i = 0, k = 0;

    while (i < a.n && k < b.n) {
        if (a.items[i].key != b.items[k].key || a.items[i].value != b.items[k].value)
            return false;
        i = next_of(a, i);
        k = next_of(b, k);
    }
    return i == a.n && k == b.n;
}

static size_t count_times(fle_about observed)
{
    size_t n = 0;

    for (size_t i = 0; i < observed.n; i++)
        n += i == 0 || observed.items[i].time != observed.items[i - 1].time;
    return n;
}

bool fle_states_find(fle_states *out, fle_about observed, fle_arena *arena)
{
    const bool is_single = observed.n > 0 && observed.items->predicate < FLE_FACT_GROUPS;
    fle_state *last = NULL;
    size_t begin;

    out->n = 0;
    out->items = fle_array(arena, count_times(observed), sizeof *out->items);
    if (!out->items)
        return false;
    for (size_t end = observed.n; end > 0; end = begin) {
        fle_about seen = observation(observed, end);
        const flowenrich_time time = seen.items->time;

        begin = end - seen.n;
        if (is_single)
            seen.n = 1; /* documents of one time that differ: the one that says more */
        if (!last || !is_same(last->set, seen)) {
            last = &out->items[out->n++];
            last->first = time;
            last->set = seen;
        }
        last->last = time;
    }
    return true;
}

fle_about fle_states_at(const fle_states *states, flowenrich_time time)
{
    const fle_about nothing = { NULL, 0 };
    size_t begin = 0, end = states->n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (states->items[middle].first <= time)
            begin = middle + 1;
        else
            end = middle;
    }
    return states->n == 0 ? nothing : states->items[begin > 0 ? begin - 1 : 0].set;
}

uint32_t fle_states_value(const fle_states *states, flowenrich_time time)
{
    const fle_about set = fle_states_at(states, time);

    return set.n > 0 ? set.items->value : 0;
}
