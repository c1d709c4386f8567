/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that look-ups will need, asked for in time, and what was found on the way to it. */
#include "base/prefetch.h"
#include "catalog/snapshot.h"

#define MOST_SLOTS 4  /* that are looked at for an id */
#define MOST_TEXTS 16 /* of a list */

/* How far a question has come; beyond the last key or run if it goes no further. */
typedef struct way {
    fle_visit visit;
    uint32_t key;
    const fle_run *run; /* NULL if there is none */
} way;

static void ask_for_cluster(const fle_holders *holders, const fle_question *question, way *w)
{
    const fle_held_key key = { .base = question->address, .space = question->space, .bits = 128 };
    const fle_clusters *clusters = &holders->clusters;

    w->visit = fle_holders_visit(holders, &key);
    if (clusters->n > 0)
        fle_prefetch(&clusters->items[w->visit.hash & (clusters->n - 1)], sizeof *clusters->items);
}

/* What is noted after that may shadow what is found, or not found, so then nothing is. */
static void ask_for_key(const fle_holders *holders, fle_question *question, way *w)
{
    const bool is_none = !fle_visit_next(&w->visit, &w->key);

    if (is_none)
        w->key = UINT32_MAX;
    if (w->key < holders->n_keys)
        fle_prefetch(&holders->keys[w->key], sizeof *holders->keys);
    question->trail = (fle_trail){ NULL, 0, is_none && !holders->journal };
}

/* One run lies in its key; the first of several is asked for. */
static void ask_for_run(const fle_holders *holders, fle_question *question, way *w)
{
    const fle_held_key *key = w->key < holders->n_keys ? &holders->keys[w->key] : NULL;
    const fle_runs runs = key ? fle_holders_runs(holders, key) : (fle_runs){ NULL, 0 };

    if (key && !holders->journal)
        fle_holders_follow(holders, w->key, question->space, &question->address, &question->trail);
    w->run = runs.n > 0 ? runs.items : NULL;
    if (runs.n > 1)
        fle_prefetch(runs.items, sizeof *runs.items);
}

static const fle_entry *ask_for_entry(const flowenrich_snapshot *snapshot, const way *w)
{
    const fle_entry *entry = w->run ? fle_entries_at(&snapshot->entries, w->run->interface) : NULL;

    if (entry)
        fle_prefetch(entry, sizeof *entry);
    return entry;
}

static void ask_for_text(const fle_entries *entries, uint32_t place)
{
    if (place < entries->n_texts)
        fle_prefetch(entries->texts + place, 1);
}

static void ask_for_list(const fle_entries *entries, uint32_t place)
{
    if (place < entries->n_lists)
        fle_prefetch(&entries->lists[place], sizeof *entries->lists);
}

static void ask_for_parts(const fle_entries *entries, const fle_entry *entry)
{
    ask_for_list(entries, entry->arns);
    ask_for_list(entries, entry->security_group_ids);
    ask_for_list(entries, entry->tags);
    for (size_t i = 0; i < FLE_N_STORED; i++)
        ask_for_text(entries, entry->single[i]);
}

static void ask_for_texts(const fle_entries *entries, uint32_t list)
{
    const size_t n = list < entries->n_lists ? entries->lists[list] : 0;

    for (size_t i = 1; i <= n && i <= MOST_TEXTS && i < entries->n_lists - list; i++)
        ask_for_text(entries, entries->lists[list + i]);
}

static void ask_for_listed(const fle_entries *entries, const fle_entry *entry)
{
    ask_for_texts(entries, entry->arns);
    ask_for_texts(entries, entry->security_group_ids);
    ask_for_texts(entries, entry->tags);
}

/* As many texts as caches hold need not be asked for. */
#define FEW_TEXTS ((size_t)1 << 20)

void fle_snapshot_tell_ahead(const flowenrich_snapshot *snapshot, const fle_entry *const *entries,
                             size_t n)
{
    if (snapshot->entries.n_texts < FEW_TEXTS)
        return;
    for (size_t i = 0; i < n; i++)
        if (entries[i])
            ask_for_parts(&snapshot->entries, entries[i]);
    for (size_t i = 0; i < n; i++)
        if (entries[i])
            ask_for_listed(&snapshot->entries, entries[i]);
}

void fle_snapshot_look_ahead(const flowenrich_snapshot *snapshot, fle_question *questions, size_t n,
                             bool tell)
{
    const fle_holders *holders = &snapshot->holders;
    const fle_entry *entries[FLE_AHEAD];
    way ways[FLE_AHEAD];

    for (size_t i = 0; i < n; i++)
        ask_for_cluster(holders, &questions[i], &ways[i]);
    for (size_t i = 0; i < n; i++)
        ask_for_key(holders, &questions[i], &ways[i]);
    for (size_t i = 0; i < n; i++)
        ask_for_run(holders, &questions[i], &ways[i]);
    for (size_t i = 0; i < n; i++)
        entries[i] = ask_for_entry(snapshot, &ways[i]);
    if (tell)
        fle_snapshot_tell_ahead(snapshot, entries, n);
}

/* The first of a hash, should it lie where it was to be. */
static bool find_slot(const fle_slots *slots, uint32_t hash, uint32_t *index)
{
    fle_probe probe = fle_probe_begin(slots, hash);

    if (probe.left > MOST_SLOTS)
        probe.left = MOST_SLOTS;
    return fle_probe_next(&probe, index);
}

void fle_snapshot_look_for(const flowenrich_snapshot *snapshot, const flowenrich_text *ids,
                           size_t n)
{
    const fle_slots *slots = &snapshot->by_interface;
    const fle_entry *entries[FLE_AHEAD];
    uint32_t hashes[FLE_AHEAD];

    if (slots->n == 0)
        return;
    for (size_t i = 0; i < n; i++) {
        hashes[i] = fle_snapshot_hash_id(snapshot, ids[i]);
        fle_prefetch(&slots->items[hashes[i] & (slots->n - 1)], sizeof *slots->items);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t number;

        entries[i] = find_slot(slots, hashes[i], &number)
                         ? fle_entries_at(&snapshot->entries, number)
                         : NULL;
        if (entries[i])
            fle_prefetch(entries[i], sizeof *entries[i]);
    }
    for (size_t i = 0; i < n; i++)
        if (entries[i])
            ask_for_text(&snapshot->entries, entries[i]->single[FLE_ATTR_INTERFACE_ID]);
}
