/* SPDX-License-Identifier: Apache-2.0 */
/* Records that come again, in another object or the same: copies, of which only one counts. */
#include "pair/copies.h"

#include "base/prefetch.h"

#define FIRST_SLOTS 1024

static bool table_init(fle_copied_table *table, const fle_allocator *allocator, size_t n_slots)
{
    table->records = fle_alloc_zeroed(allocator, n_slots * sizeof *table->records);
    table->n_slots = table->records ? n_slots : 0;
    table->n = 0;
    return table->records != NULL;
}

/* The place of a record, or the empty one where it belongs. */
static fle_copied *place_of(const fle_copied_table *table, uint64_t print)
{
    size_t at = print & (table->n_slots - 1);

    while (table->records[at].object && table->records[at].print != print)
        at = (at + 1) & (table->n_slots - 1);
    return &table->records[at];
}

static bool is_full(const fle_copied_table *table)
{
    return table->n >= table->n_slots / 4 * 3;
}

bool fle_copies_init(fle_copies *copies, const fle_allocator *allocator, uint64_t hash_seed,
                     size_t max_bytes)
{
    memset(copies, 0, sizeof *copies);
    copies->allocator = allocator;
    copies->hash_seed = hash_seed;
    copies->most_slots = FIRST_SLOTS;
    while (copies->most_slots * 4 * sizeof(fle_copied) <= max_bytes)
        copies->most_slots *= 2;
    return table_init(&copies->young, allocator, FIRST_SLOTS);
}

void fle_copies_free(fle_copies *copies)
{
    fle_free(copies->allocator, copies->young.records);
    fle_free(copies->allocator, copies->old.records);
}

size_t fle_copies_bytes(const fle_copies *copies)
{
    return (copies->young.n_slots + copies->old.n_slots) * sizeof(fle_copied);
}

fle_copied fle_copies_name(const fle_copies *copies, const fle_notice *notice)
{
    const uint64_t words[] = {
        (uint64_t)notice->observer << 32 | (uint64_t)notice->flow_log << 16 | notice->flags,
        (uint64_t)notice->from << 4 | (uint64_t)notice->place << 2 |
            (uint64_t)notice->rejected << 1 | notice->has_bytes,
        (uint64_t)notice->start << 32 | notice->end,
        notice->bytes,
        notice->packets,
    };
    fle_copied out = { 0, notice->object, notice->line };

    if (!notice->object)
        return out;
    out.print = fle_hash(&notice->key, sizeof notice->key, copies->hash_seed);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        out.print = fle_hash_mix(out.print, words[i]);
    return out;
}

void fle_copies_expect(const fle_copies *copies, const fle_copied *record)
{
    if (!record->object)
        return;
    fle_prefetch(&copies->young.records[record->print & (copies->young.n_slots - 1)],
                 sizeof *record);
    if (copies->old.n > 0)
        fle_prefetch(&copies->old.records[record->print & (copies->old.n_slots - 1)],
                     sizeof *record);
}

/* False without memory: it stays as large as it is. */
static bool grow(fle_copies *copies)
{
    fle_copied_table larger;

    if (copies->young.n_slots >= copies->most_slots ||
        !table_init(&larger, copies->allocator, copies->young.n_slots * 2))
        return false;
    for (size_t i = 0; i < copies->young.n_slots; i++)
        if (copies->young.records[i].object)
            *place_of(&larger, copies->young.records[i].print) = copies->young.records[i];
    larger.n = copies->young.n;
    fle_free(copies->allocator, copies->young.records);
    copies->young = larger;
    return true;
}

/* Without memory for a second table all are forgotten. */
static void grow_old(fle_copies *copies)
{
    const fle_copied_table young = copies->young;

    if (copies->old.n_slots == 0)
        table_init(&copies->old, copies->allocator, young.n_slots);
    if (copies->old.n_slots > 0) {
        copies->young = copies->old;
        copies->old = young;
    }
    memset(copies->young.records, 0, copies->young.n_slots * sizeof *copies->young.records);
    copies->young.n = 0;
}

static const fle_copied *find(const fle_copies *copies, uint64_t print)
{
    const fle_copied *known = place_of(&copies->young, print);

    return known->object || copies->old.n == 0 ? known : place_of(&copies->old, print);
}

static void keep(fle_copies *copies, const fle_copied *record)
{
    if (is_full(&copies->young) && !grow(copies))
        grow_old(copies);
    *place_of(&copies->young, record->print) = *record;
    copies->young.n++;
}

/* An equal one of the same object is known by its line, too. */
bool fle_copies_have(fle_copies *copies, const fle_copied *record)
{
    fle_copied own = *record;
    const fle_copied *known;

    if (!record->object)
        return false;
    known = find(copies, own.print);
    if (known->object == record->object && known->line != record->line) {
        own.print = fle_hash_mix(own.print, (uint64_t)own.object << 32 | own.line);
        known = find(copies, own.print);
    }
    if (known->object)
        return known->object != record->object || record->line != 0;
    keep(copies, &own);
    return false;
}
