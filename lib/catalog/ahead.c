/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that look-ups will need, asked for in time. */
#include "base/prefetch.h"
#include "catalog/snapshot.h"

#define MOST_SLOTS 4  /* that are looked at for a key */
#define MOST_TEXTS 16 /* of a list */

/* How far a question has come; beyond the last key or run if it goes no further. */
typedef struct way {
    uint32_t hash, key, run;
    const fle_entry *entry;
} way;

static void ask_for_slot(const fle_holders *holders, const fle_question *question, way *w)
{
    const fle_held_key key = { .base = question->address, .space = question->space, .bits = 128 };

    w->hash = fle_holders_hash(holders, &key);
    if (holders->by_key.n > 0)
        fle_prefetch(&holders->by_key.items[w->hash & (holders->by_key.n - 1)], sizeof(fle_slot));
}

static void ask_for_key(const fle_holders *holders, way *w)
{
    fle_probe probe = fle_probe_begin(&holders->by_key, w->hash);

    w->key = UINT32_MAX;
    if (probe.left > MOST_SLOTS)
        probe.left = MOST_SLOTS;
    if (fle_probe_next(&probe, &w->key) && w->key < holders->n_keys)
        fle_prefetch(&holders->keys[w->key], sizeof *holders->keys);
}

static void ask_for_run(const fle_holders *holders, way *w)
{
    w->run = w->key < holders->n_keys ? holders->keys[w->key].runs : UINT32_MAX;
    if (w->run < holders->n_runs)
        fle_prefetch(&holders->runs[w->run], sizeof *holders->runs);
}

static void ask_for_entry(const flowenrich_snapshot *snapshot, way *w)
{
    const fle_holders *holders = &snapshot->holders;

    w->entry = w->run < holders->n_runs
                   ? fle_entries_at(&snapshot->entries, holders->runs[w->run].interface)
                   : NULL;
    if (w->entry)
        fle_prefetch(w->entry, sizeof *w->entry);
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

void fle_snapshot_look_ahead(const flowenrich_snapshot *snapshot, const fle_question *questions,
                             size_t n, bool tell)
{
    const fle_holders *holders = &snapshot->holders;
    way ways[FLE_AHEAD];

    for (size_t i = 0; i < n; i++)
        ask_for_slot(holders, &questions[i], &ways[i]);
    for (size_t i = 0; i < n; i++)
        ask_for_key(holders, &ways[i]);
    for (size_t i = 0; i < n; i++)
        ask_for_run(holders, &ways[i]);
    for (size_t i = 0; i < n; i++)
        ask_for_entry(snapshot, &ways[i]);
    for (size_t i = 0; tell && i < n; i++)
        if (ways[i].entry)
            ask_for_parts(&snapshot->entries, ways[i].entry);
    for (size_t i = 0; tell && i < n; i++)
        if (ways[i].entry)
            ask_for_listed(&snapshot->entries, ways[i].entry);
}
