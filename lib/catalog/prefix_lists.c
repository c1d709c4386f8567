/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of prefix lists to named networks. */
#include <string.h>

#include "catalog/order.h"
#include "catalog/publish.h"

/* A list with an id is as it was listed last; of those without one any may be there still. */
static fle_about entries_of(fle_about list)
{
    return list.items->subject ? fle_about_newest_set(list, FLE_FACT_CIDRS)
                               : fle_about_predicate(list, FLE_FACT_CIDRS);
}

/* Amazon's own are ranges, which ip-ranges.json tells better. */
static bool is_amazons(const fle_publishing *p, fle_about list)
{
    return fle_text_starts(fle_facts_text(p->facts, fle_about_newest(list, FLE_FACT_NAME)),
                           "com.amazonaws.");
}

static size_t count_entries(const fle_publishing *p, fle_about rest)
{
    size_t n = 0;

    while (rest.n > 0) {
        const fle_about list = fle_about_next(&rest);

        n += is_amazons(p, list) ? 0 : entries_of(list).n;
    }
    return n;
}

/* What is said of the entry itself says more than the name of its list. */
static void add_list(fle_publishing *p, fle_about list, fle_range *ranges, size_t *n)
{
    const uint32_t name = fle_about_newest(list, FLE_FACT_NAME);
    const fle_about entries = entries_of(list);

    for (size_t i = 0; i < entries.n; i++) {
        const fle_fact *fact = &entries.items[i];
        const flowenrich_text text = fle_facts_text(p->facts, fact->value);
        const uint32_t is = fact->key ? fact->key : name;
        fle_range *range = &ranges[*n];

        memset(range, 0, sizeof *range);
        if (is == 0 || !fle_cidr_parse(text.data, text.len, &range->cidr))
            continue;
        range->service = fle_facts_text(p->facts, is);
        range->entry = fle_entry_writer_text(p->writer, range->service);
        ++*n;
    }
}

bool fle_publish_prefix_lists(fle_publishing *p)
{
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_PREFIX_LIST);
    fle_range *ranges = fle_array(p->scratch, count_entries(p, rest), sizeof *ranges);
    size_t n = 0;

    if (!ranges)
        return false;
    while (rest.n > 0) {
        const fle_about list = fle_about_next(&rest);

        if (!is_amazons(p, list))
            add_list(p, list, ranges, &n);
    }
    /* Its name stands where an entry does of Amazon's ranges. */
    return fle_ranges_build(&p->snapshot->networks, ranges, n, &p->snapshot->arena, p->scratch) &&
           fle_publish_entries(p);
}

flowenrich_text fle_snapshot_network(const flowenrich_snapshot *snapshot,
                                     const fle_address *address)
{
    return fle_entries_text(&snapshot->entries, fle_ranges_find(&snapshot->networks, address));
}
