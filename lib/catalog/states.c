/* SPDX-License-Identifier: Apache-2.0 */
/* One thing over time: what it was, and when it was seen to be that. */
#include "catalog/states.h"

#include <string.h>

#include "catalog/order.h"

/* Before an event nothing was known; of a single value that is no value. */
static const fle_fact unknown = { 0, 0, 0, 0, 0, 0, 0 };

typedef struct builder {
    fle_states *states;
    const fle_facts *facts;
    fle_arena *arena;
    unsigned version; /* of tags: the greatest so far */
    bool is_single;
} builder;

/* What came at one time in one way, of facts that come newest first, before 'end'. */
static fle_about observation(fle_about observed, size_t end)
{
    size_t begin = end - 1;
    fle_about seen;

    while (begin > 0 && observed.items[begin - 1].time == observed.items[end - 1].time &&
           observed.items[begin - 1].how == observed.items[end - 1].how)
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

static size_t count_observations(fle_about observed)
{
    size_t n = 0;

    for (size_t i = 0; i < observed.n; i++)
        n += i == 0 || observed.items[i].time != observed.items[i - 1].time ||
             observed.items[i].how != observed.items[i - 1].how;
    return n;
}

static fle_state *last_of(const fle_states *states)
{
    return states->n > 0 ? &states->items[states->n - 1] : NULL;
}

static void begin_state(fle_states *states, flowenrich_time first, fle_about set)
{
    states->items[states->n++] = (fle_state){ first, first, set };
}

/* A document may still see what an event was about to change. */
static void see(fle_states *states, flowenrich_time time, fle_about seen)
{
    fle_state *last = last_of(states), *before = states->n > 1 ? last - 1 : NULL;

    if (last && is_same(last->set, seen)) {
        if (time < last->first)
            last->first = before ? fle_time_later(time, before->last) : time;
        last->last = fle_time_later(last->last, time);
    } else if (last && time < last->first && before && is_same(before->set, seen)) {
        before->last = time;
    } else if (last && time < last->first) {
        last->last = time;
        begin_state(states, last->first, seen);
    } else {
        begin_state(states, time, seen);
    }
}

/* Until the event it was what it was before. */
static void set(builder *b, flowenrich_time time, fle_about now)
{
    const fle_about nothing = { &unknown, 1 };

    if (b->states->n == 0)
        begin_state(b->states, time, nothing);
    if (is_same(last_of(b->states)->set, now)) {
        last_of(b->states)->last = fle_time_later(last_of(b->states)->last, time);
        return;
    }
    last_of(b->states)->last = time;
    begin_state(b->states, fle_time_settled(time, b->facts->event_slack), now);
}

/* Tags are lost whatever their value, unless the event tells one. */
static bool is_of(const fle_fact *fact, const fle_fact *changed)
{
    return fact->key == changed->key &&
           (fact->key != 0 ? changed->value == 0 || fle_fact_change(changed) != FLE_LOST ||
                                 changed->value == fact->value
                           : fact->value == changed->value);
}

/* The set as it was, without what was gained or lost; what was gained put in by its key. */
static bool change(builder *b, fle_about changed)
{
    const fle_state *last = last_of(b->states);
    const fle_about was = last ? last->set : (fle_about){ &unknown, 1 };
    const bool gained = fle_fact_change(changed.items) == FLE_GAINED;
    fle_fact *items = fle_array(b->arena, was.n + changed.n, sizeof *items);
    fle_about now = { items, 0 };
    size_t k = 0;

    if (!items)
        return false;
    for (size_t i = 0; i < was.n; i++) {
        size_t of = 0;

        while (of < changed.n && !is_of(&was.items[i], &changed.items[of]))
            of++;
        if (of < changed.n)
            continue;
        for (; gained && k < changed.n &&
               fle_text_compare(fle_facts_text(b->facts, changed.items[k].key),
                                fle_facts_text(b->facts, was.items[i].key)) < 0;
             k++)
            items[now.n++] = changed.items[k];
        items[now.n++] = was.items[i];
    }
    for (; gained && k < changed.n; k++)
        items[now.n++] = changed.items[k];
    set(b, changed.items->time, now);
    return true;
}

/* An event that says less of tags than one before it came late. */
static bool is_stale(builder *b, const fle_fact *fact)
{
    const unsigned version = fle_fact_version(fact);

    if (version > 0 && version < b->version)
        return true;
    b->version = version > 0 ? version : b->version;
    return false;
}

static bool observe(builder *b, fle_about seen)
{
    const fle_change how = fle_fact_change(seen.items);

    if (b->is_single)
        seen.n = 1; /* documents of one time that differ: the one that says more */
    if (how != FLE_SEEN && how != FLE_SET)
        return change(b, seen);
    if (is_stale(b, seen.items))
        return true;
    if (how == FLE_SEEN)
        see(b->states, seen.items->time, seen);
    else
        set(b, seen.items->time, seen);
    return true;
}

bool fle_states_find(fle_states *out, const fle_facts *facts, fle_about observed, fle_arena *arena)
{
    builder b = { out, facts, arena, 0, false };

    b.is_single = observed.n > 0 && observed.items->predicate < FLE_FACT_GROUPS;
    out->n = 0;
    out->items = fle_array(arena, count_observations(observed) + 1, sizeof *out->items);
    if (!out->items)
        return false;
    for (size_t end = observed.n; end > 0;) {
        const fle_about seen = observation(observed, end);

        end -= seen.n;
        if (!observe(&b, seen))
            return false;
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
