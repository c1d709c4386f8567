/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of an image, and the texts, lists and periods that they refer to. */
#ifndef FLE_CATALOG_ENTRIES_H
#define FLE_CATALOG_ENTRIES_H

#include <string.h>

#include "base/alloc.h"
#include "catalog/periods.h"
#include "record/directory.h"

#define FLE_NOBODY UINT32_MAX /* no entry */

/*
 * Places of texts are offsets of a length and its bytes; those of lists are indexes of a
 * count and its texts. At 0 there is the empty one. All may be anybody's: none is
 * followed beyond what there is. What was added since lies elsewhere, and its places
 * go on where these end.
 */
typedef struct fle_entries {
    const char *texts;
    size_t n_texts; /* bytes */
    const uint32_t *lists;
    size_t n_lists;
    const fle_entry *items;
    size_t n_items;
    const fle_period *periods;
    size_t n_periods;
    const struct fle_entries *added; /* NULL if nothing was */
} fle_entries;

/* A text that was added. */
flowenrich_text fle_entries_added_text(const fle_entries *entries, uint32_t place);

static inline flowenrich_text fle_entries_text(const fle_entries *entries, uint32_t place)
{
    uint32_t len;

    if (entries->n_texts < sizeof len || place > entries->n_texts - sizeof len)
        return fle_entries_added_text(entries, place);
    memcpy(&len, entries->texts + place, sizeof len);
    if (len > entries->n_texts - sizeof len - place)
        return fle_text("", 0);
    return fle_text(entries->texts + place + sizeof len, len);
}

/* NULL if there are not so many. */
static inline const fle_entry *fle_entries_at(const fle_entries *entries, uint32_t index)
{
    if (index < entries->n_items)
        return &entries->items[index];
    return entries->added ? fle_entries_at(entries->added, index - (uint32_t)entries->n_items)
                          : NULL;
}

/* None if it doesn't vary. */
fle_periods fle_entries_periods(const fle_entries *entries, const fle_entry *entry);

/* All of an entry. Lists live in 'arena'. False if memory ran out. */
bool fle_entries_tell(const fle_entries *entries, const fle_entry *entry, fle_arena *arena,
                      fle_identity *out);

#endif
