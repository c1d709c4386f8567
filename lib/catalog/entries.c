/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of an image, and the texts, lists and periods that they refer to. */
#include "catalog/entries.h"

#include "catalog/order.h"

fle_periods fle_entries_periods(const fle_entries *entries, const fle_entry *entry)
{
    const size_t n = entry->flags >> FLE_ENTRY_FLAG_BITS;
    fle_periods found = { NULL, 0 };

    if (n > 0 && entry->periods <= entries->n_periods && n <= entries->n_periods - entry->periods) {
        found.items = entries->periods + entry->periods;
        found.n = n;
    }
    return found;
}

/* How many texts a list has: none if it isn't all there. */
static size_t count_list(const fle_entries *entries, uint32_t place)
{
    const size_t rest = place < entries->n_lists ? entries->n_lists - place - 1 : 0;

    return rest > 0 && entries->lists[place] <= rest ? entries->lists[place] : 0;
}

/* The texts of a list of so many, at 'items'; what is behind them. */
static flowenrich_text *tell_list(const fle_entries *entries, uint32_t place, size_t n,
                                  flowenrich_text *items, fle_texts *out)
{
    out->items = items;
    out->n = n;
    for (size_t i = 0; i < n; i++)
        *items++ = fle_entries_text(entries, entries->lists[place + 1 + i]);
    return items;
}

/* Most of what an entry may have it lacks: then there is nothing to follow. */
bool fle_entries_tell(const fle_entries *entries, const fle_entry *entry, fle_arena *arena,
                      fle_identity *out)
{
    const size_t n_arns = count_list(entries, entry->arns);
    const size_t n_groups = count_list(entries, entry->security_group_ids);
    const size_t n_tags = count_list(entries, entry->tags) & ~(size_t)1; /* keys and values */
    flowenrich_text *items = fle_array(arena, n_arns + n_groups + n_tags, sizeof *items);

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
    out->space = entry->space;
    items = tell_list(entries, entry->arns, n_arns, items, &out->arns);
    items =
        tell_list(entries, entry->security_group_ids, n_groups, items, &out->security_group_ids);
    (void)tell_list(entries, entry->tags, n_tags, items, &out->tags);
    return true;
}
