/* SPDX-License-Identifier: Apache-2.0 */
/* Facts: what documents said of what there is, each with the time it was observed. */
#include "catalog/facts.h"

#include <string.h>

#include "catalog/order.h"

bool fle_facts_init(fle_facts *facts, const fle_allocator *allocator, uint64_t hash_seed)
{
    uint32_t empty;

    memset(facts, 0, sizeof *facts);
    facts->allocator = allocator;
    facts->event_slack = FLE_EVENT_SLACK;
    fle_arena_init(&facts->arena, allocator);
    facts->by_text = fle_map_new(allocator, hash_seed);
    return facts->by_text && fle_facts_intern(facts, fle_text("", 0), &empty);
}

void fle_facts_free(fle_facts *facts)
{
    fle_free(facts->allocator, facts->items);
    fle_free(facts->allocator, facts->texts);
    fle_map_free(facts->by_text);
    fle_arena_free(&facts->arena);
}

bool fle_facts_intern(fle_facts *facts, flowenrich_text text, uint32_t *id)
{
    const uint32_t *known = fle_map_find(facts->by_text, text.data, text.len);
    fle_interned *texts, *added;

    if (known) {
        *id = *known;
        return true;
    }
    if (facts->n_texts == UINT32_MAX)
        return false;
    texts = fle_grow(facts->allocator, facts->texts, &facts->texts_capacity, facts->n_texts + 1,
                     sizeof *texts);
    if (!texts)
        return false;
    facts->texts = texts;
    added = &texts[facts->n_texts];
    memset(added, 0, sizeof *added);
    *id = (uint32_t)facts->n_texts;
    if (!fle_arena_text(&facts->arena, text.data, text.len, &added->text) ||
        !fle_map_add(facts->by_text, added->text.data, text.len, *id))
        return false;
    facts->n_texts++;
    return true;
}

uint32_t fle_facts_find(const fle_facts *facts, flowenrich_text text)
{
    const uint32_t *known = fle_map_find(facts->by_text, text.data, text.len);

    return known ? *known : 0;
}

bool fle_facts_add(fle_facts *facts, const fle_fact *fact)
{
    fle_fact *items =
        fle_grow(facts->allocator, facts->items, &facts->capacity, facts->n + 1, sizeof *items);

    if (!items)
        return false;
    facts->items = items;
    items[facts->n++] = *fact;
    return true;
}

bool fle_facts_note_event(fle_facts *facts, uint32_t id)
{
    const bool is_new = !facts->texts[id].is_event;

    facts->texts[id].is_event = true;
    return is_new;
}

void fle_facts_truncate(fle_facts *facts, size_t n)
{
    for (size_t i = n; i < facts->n; i++)
        if (facts->items[i].kind == FLE_SUBJECT_EVENT)
            facts->texts[facts->items[i].subject].is_event = false;
    facts->n = n;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_subjects(const fle_fact *a, const fle_fact *b)
{
    return a->kind != b->kind ? compare_numbers(a->kind, b->kind)
                              : compare_numbers(a->subject, b->subject);
}

/* Texts decide between facts of one time, since their numbers depend on the order of loading. */
static int compare_texts(const fle_facts *facts, uint32_t a, uint32_t b)
{
    return a == b ? 0 : fle_text_compare(facts->texts[a].text, facts->texts[b].text);
}

static int compare_facts(const void *left, const void *right, const void *ctx)
{
    const fle_fact *a = left, *b = right;
    int order = compare_subjects(a, b);

    if (order == 0)
        order = compare_numbers(a->predicate, b->predicate);
    if (order == 0)
        order = (a->time < b->time) - (a->time > b->time);
    if (order == 0)
        order = compare_numbers(b->how, a->how);
    if (order == 0)
        order = compare_texts(ctx, a->key, b->key);
    return order != 0 ? order : compare_texts(ctx, b->value, a->value);
}

bool fle_facts_sort(fle_facts *facts, fle_arena *scratch)
{
    size_t n = 0;

    if (!fle_sort(facts->items, facts->n, sizeof *facts->items, compare_facts, facts, scratch))
        return false;
    for (size_t i = 0; i < facts->n; i++)
        if (n == 0 || compare_facts(&facts->items[n - 1], &facts->items[i], facts) != 0)
            facts->items[n++] = facts->items[i];
    facts->n = n;
    return true;
}

/* The first fact from 'begin' on that isn't before (kind, subject). */
static size_t lower_bound(const fle_facts *facts, uint64_t kind, uint64_t subject)
{
    size_t begin = 0, end = facts->n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;
        const fle_fact *fact = &facts->items[middle];

        if (fact->kind < kind || (fact->kind == kind && fact->subject < subject))
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

static fle_about between(const fle_facts *facts, size_t begin, size_t end)
{
    const fle_about about = { begin < end ? facts->items + begin : NULL, end - begin };

    return about;
}

fle_about fle_facts_of(const fle_facts *facts, fle_subject kind)
{
    return between(facts, lower_bound(facts, kind, 0), lower_bound(facts, (uint64_t)kind + 1, 0));
}

fle_about fle_facts_about(const fle_facts *facts, fle_subject kind, uint32_t subject)
{
    return between(facts, lower_bound(facts, kind, subject),
                   lower_bound(facts, kind, (uint64_t)subject + 1));
}

/* How many facts on one subject have a lesser predicate: of many documents there are many. */
static size_t count_before(fle_about about, unsigned predicate)
{
    size_t begin = 0, end = about.n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (about.items[middle].predicate < predicate)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

fle_about fle_about_predicate(fle_about about, fle_predicate predicate)
{
    const size_t begin = count_before(about, predicate);
    const size_t n = count_before(about, (unsigned)predicate + 1) - begin;
    const fle_about found = { n > 0 ? about.items + begin : NULL, n };

    return found;
}

fle_about fle_about_next(fle_about *rest)
{
    fle_about next = { rest->items, 0 };

    while (next.n < rest->n && compare_subjects(&rest->items[next.n], rest->items) == 0)
        next.n++;
    if (next.n > 0)
        rest->items += next.n;
    rest->n -= next.n;
    return next;
}

uint32_t fle_about_newest(fle_about about, fle_predicate predicate)
{
    const fle_about found = fle_about_predicate(about, predicate);

    return found.n > 0 ? found.items->value : 0;
}

fle_about fle_about_newest_set(fle_about about, fle_predicate predicate)
{
    fle_about set = fle_about_predicate(about, predicate);
    size_t n = 0;

    while (n < set.n && set.items[n].time == set.items->time)
        n++;
    set.n = n;
    return set;
}
