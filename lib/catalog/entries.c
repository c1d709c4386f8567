/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of an image, and the texts, lists and periods that they refer to. */
#include "catalog/entries.h"

#include "catalog/order.h"

flowenrich_text fle_entries_added_text(const fle_entries *entries, uint32_t place)
{
    return entries->added && place >= entries->n_texts
               ? fle_entries_text(entries->added, place - (uint32_t)entries->n_texts)
               : fle_text("", 0);
}

fle_periods fle_entries_periods(const fle_entries *entries, const fle_entry *entry)
{
    const size_t n = entry->flags >> FLE_ENTRY_FLAG_BITS;
    fle_periods found = { NULL, 0 };
    size_t first = entry->periods;

    if (entries->added && first >= entries->n_periods) {
        first -= entries->n_periods;
        entries = entries->added;
    }
    if (n > 0 && first <= entries->n_periods && n <= entries->n_periods - first) {
        found.items = entries->periods + first;
        found.n = n;
    }
    return found;
}

/* The places of texts. */
typedef struct places {
    const uint32_t *items;
    size_t n;
} places;

/* Those of a list: none if it isn't all there. */
static places find_list(const fle_entries *entries, uint32_t place)
{
    places found = { NULL, 0 };
    size_t rest;

    if (entries->added && place >= entries->n_lists)
        return find_list(entries->added, place - (uint32_t)entries->n_lists);
    rest = place < entries->n_lists ? entries->n_lists - place - 1 : 0;
    if (rest > 0 && entries->lists[place] <= rest) {
        found.items = &entries->lists[place + 1];
        found.n = entries->lists[place];
    }
    return found;
}

/* The texts of a list, at 'items'; what is behind them. */
static flowenrich_text *tell_list(const fle_entries *entries, places list, flowenrich_text *items,
                                  fle_texts *out)
{
    out->items = items;
    out->n = list.n;
    for (size_t i = 0; i < list.n; i++)
        *items++ = fle_entries_text(entries, list.items[i]);
    return items;
}

/* Most of what an entry may have it lacks: then there is nothing to follow. */
bool fle_entries_tell(const fle_entries *entries, const fle_entry *entry, fle_arena *arena,
                      fle_identity *out)
{
    const places arns = find_list(entries, entry->arns);
    const places groups = find_list(entries, entry->security_group_ids);
    places tags = find_list(entries, entry->tags);
    flowenrich_text *items;

    tags.n &= ~(size_t)1; /* keys and values */
    items = fle_array(arena, arns.n + groups.n + tags.n, sizeof *items);
    if (!items)
        return false;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < FLE_N_STORED; i++)
        if (entry->single[i] != 0)
            out->single[i] = fle_entries_text(entries, entry->single[i]);
    if (entry->path != 0)
        out->path = fle_entries_text(entries, entry->path);
    out->forwards = fle_entry_forwards(entry);
    out->has_public = fle_entry_has_public(entry);
    out->has_several = fle_entry_has_several(entry);
    out->space = entry->space;
    items = tell_list(entries, arns, items, &out->arns);
    items = tell_list(entries, groups, items, &out->security_group_ids);
    (void)tell_list(entries, tags, items, &out->tags);
    return true;
}
