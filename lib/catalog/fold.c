/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot and what shadows it, made one. */
#include "catalog/fold.h"

#include <string.h>

#include "catalog/order.h"

/* Two arrays, one behind the other; NULL if memory ran out. */
static void *join(fle_arena *arena, const void *first, size_t n_first, const void *second,
                  size_t n_second, size_t size)
{
    char *joined = fle_array(arena, n_first + n_second, size);

    if (joined && n_first > 0)
        memcpy(joined, first, n_first * size);
    if (joined && n_second > 0)
        memcpy(joined + n_first * size, second, n_second * size);
    return joined;
}

#define JOIN(arena, a, b, array, n)                                                                \
    join(arena, (a)->array, (a)->n, (b)->array, (b)->n, sizeof *(a)->array)

/* Places go on from one to the other, so all stay what they are. */
static bool fold_entries(const flowenrich_snapshot *from, flowenrich_snapshot *to)
{
    const fle_entries *first = &from->entries, *added = &from->added;
    fle_entry *items = JOIN(&to->arena, first, added, items, n_items);
    const fle_entries folded = { .texts = JOIN(&to->arena, first, added, texts, n_texts),
                                 .n_texts = first->n_texts + added->n_texts,
                                 .lists = JOIN(&to->arena, first, added, lists, n_lists),
                                 .n_lists = first->n_lists + added->n_lists,
                                 .items = items,
                                 .n_items = first->n_items + added->n_items,
                                 .periods = JOIN(&to->arena, first, added, periods, n_periods),
                                 .n_periods = first->n_periods + added->n_periods };

    if (!folded.texts || !folded.lists || !items || !folded.periods)
        return false;
    for (uint32_t i = 0; i < from->journal.n; i++) {
        const fle_note *note = &from->journal.notes[i];

        if (note->noted == FLE_NOTED_ENTRY)
            items[note->hash] = items[note->item];
    }
    to->entries = folded;
    return true;
}

static bool fold_ids(const flowenrich_snapshot *from, flowenrich_snapshot *to)
{
    const fle_slots *known = &from->by_interface;

    if (!fle_slots_init(&to->by_interface, to->n_named, &to->arena))
        return false;
    for (size_t i = 0; i < known->n; i++)
        if (known->items[i].number != 0)
            fle_slots_add(&to->by_interface, known->items[i].hash, known->items[i].number - 1);
    for (uint32_t i = 0; i < from->journal.n; i++) {
        const fle_note *note = &from->journal.notes[i];

        if (note->noted == FLE_NOTED_INTERFACE)
            fle_slots_add(&to->by_interface, note->hash, note->item);
    }
    return true;
}

static fle_runs find(const fle_holders *holders, const fle_held_key *key)
{
    return fle_holders_find(holders, key->space, &key->base, (uint8_t)key->bits);
}

static int compare_keys(const void *left, const void *right, const void *ctx)
{
    const fle_held_key *a = left, *b = right;
    const int order = fle_address_compare(&a->base, &b->base);

    (void)ctx;
    if (a->space != b->space)
        return a->space > b->space ? 1 : -1;
    return order != 0 ? order : (a->bits > b->bits) - (a->bits < b->bits);
}

/* The keys that have holders now. */
static size_t find_keys(const fle_holders *from, fle_held_key *keys)
{
    size_t n = 0;

    for (size_t i = 0; i < fle_holders_keys(from); i++) {
        const fle_held_key *key = fle_holders_key(from, i);

        if (key && find(from, key).n > 0)
            keys[n++] = *key;
    }
    return n;
}

static void keep_runs(const fle_holders *from, fle_held_key *keys, size_t n_keys, fle_run *runs,
                      fle_holders *to)
{
    size_t n = 0;

    for (size_t i = 0; i < n_keys; i++) {
        fle_holders_keep(&keys[i], find(from, &keys[i]), runs, &n);
    }
    to->keys = keys;
    to->n_keys = n_keys;
    to->runs = runs;
    to->n_runs = n;
    to->journal = NULL;
}

static bool fold_holders(const flowenrich_snapshot *from, flowenrich_snapshot *to)
{
    fle_run *runs = fle_array(&to->arena, from->holders.n_intervals, sizeof *runs);
    fle_held_key *keys =
        fle_array_of_lines(&to->arena, fle_holders_keys(&from->holders), sizeof *keys);
    size_t n;

    if (!runs || !keys)
        return false;
    n = find_keys(&from->holders, keys);
    if (!fle_sort(keys, n, sizeof *keys, compare_keys, NULL, &to->arena))
        return false;
    keep_runs(&from->holders, keys, n, runs, &to->holders);
    return fle_holders_index(&to->holders, &to->arena);
}

static bool fold_claims(const flowenrich_snapshot *from, flowenrich_snapshot *to)
{
    fle_claim *claims = fle_array(&to->arena, from->claims.n + from->journal.n, sizeof *claims);
    size_t n = from->claims.n;

    if (!claims)
        return false;
    if (n > 0)
        memcpy(claims, from->claims.items, n * sizeof *claims);
    for (uint32_t i = 0; i < from->journal.n; i++)
        if (from->journal.notes[i].noted == FLE_NOTED_CLAIM)
            claims[n++] = from->claimed[from->journal.notes[i].item];
    to->claims = (fle_claims){ claims, n };
    return fle_claims_sort(&to->claims, &to->arena);
}

/* What those that shadow others have lies behind what those had. */
static fle_part behind(fle_part part, size_t n)
{
    return (fle_part){ part.first + (uint32_t)n, part.n };
}

static bool fold_parts(const fle_parts *first, const fle_parts *newer, fle_arena *arena,
                       fle_parts *to)
{
    fle_ways *states = JOIN(arena, first, newer, states, n_states);
    fle_route_table *tables = JOIN(arena, first, newer, tables, n_tables);

    *to = (fle_parts){ .cidrs = JOIN(arena, first, newer, cidrs, n_cidrs),
                       .n_cidrs = first->n_cidrs + newer->n_cidrs,
                       .gateways = JOIN(arena, first, newer, gateways, n_gateways),
                       .n_gateways = first->n_gateways + newer->n_gateways,
                       .joins = JOIN(arena, first, newer, joins, n_joins),
                       .n_joins = first->n_joins + newer->n_joins,
                       .tables = tables,
                       .n_tables = first->n_tables + newer->n_tables,
                       .states = states,
                       .n_states = first->n_states + newer->n_states,
                       .ways = JOIN(arena, first, newer, ways, n_ways),
                       .n_ways = first->n_ways + newer->n_ways,
                       .routed = JOIN(arena, first, newer, routed, n_routed),
                       .n_routed = first->n_routed + newer->n_routed };
    if (!to->cidrs || !to->gateways || !to->joins || !tables || !states || !to->ways || !to->routed)
        return false;
    for (size_t i = first->n_tables; i < to->n_tables; i++)
        tables[i].states = behind(tables[i].states, first->n_states);
    for (size_t i = first->n_states; i < to->n_states; i++)
        states[i].ways = behind(states[i].ways, first->n_ways);
    return true;
}

static bool fold_vpcs(const flowenrich_snapshot *from, flowenrich_snapshot *to)
{
    const fle_spaces *spaces = &from->spaces;
    const fle_parts *first = &spaces->parts;
    fle_vpc *vpcs = fle_array(&to->arena, spaces->n_vpcs, sizeof *vpcs);

    if (!vpcs || !fold_parts(first, &spaces->newer_parts, &to->arena, &to->spaces.parts))
        return false;
    for (size_t i = 0; i < spaces->n_vpcs; i++) {
        const fle_lot lot = fle_spaces_lot(spaces, (uint32_t)i + 1);

        vpcs[i] = *lot.vpc;
        if (lot.of == first)
            continue;
        vpcs[i].cidrs = behind(vpcs[i].cidrs, first->n_cidrs);
        vpcs[i].gateways = behind(vpcs[i].gateways, first->n_gateways);
        vpcs[i].joins = behind(vpcs[i].joins, first->n_joins);
        vpcs[i].tables = behind(vpcs[i].tables, first->n_tables);
        vpcs[i].routed = behind(vpcs[i].routed, first->n_routed);
    }
    to->spaces.vpcs = vpcs;
    to->spaces.journal = NULL;
    return true;
}

flowenrich_snapshot *fle_snapshot_fold(const flowenrich_snapshot *snapshot)
{
    flowenrich_snapshot *folded = fle_snapshot_new(&snapshot->allocator);

    if (!folded)
        return NULL;
    fle_snapshot_share(folded, snapshot, snapshot->whole);
    if (fold_entries(snapshot, folded) && fold_ids(snapshot, folded) &&
        fold_holders(snapshot, folded) && fold_vpcs(snapshot, folded) &&
        fold_claims(snapshot, folded))
        return folded;
    flowenrich_snapshot_free(folded);
    return NULL;
}
