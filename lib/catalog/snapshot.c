/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots: counting their users, and the look-ups that need no time. */
#include "catalog/snapshot.h"

#include "base/hash.h"
#include "catalog/entry_writer.h"

flowenrich_snapshot *fle_snapshot_new(const fle_allocator *allocator)
{
    flowenrich_snapshot *snapshot = fle_alloc_zeroed(allocator, sizeof *snapshot);

    if (!snapshot)
        return NULL;
    snapshot->allocator = *allocator;
    atomic_init(&snapshot->references, 1);
    fle_arena_init(&snapshot->arena, &snapshot->allocator);
    snapshot->spaces.entries = &snapshot->entries;
    return snapshot;
}

flowenrich_snapshot *flowenrich_snapshot_ref(flowenrich_snapshot *snapshot)
{
    atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
    return snapshot;
}

void flowenrich_snapshot_free(flowenrich_snapshot *snapshot)
{
    fle_allocator allocator;

    /* Whoever drops the last one sees all that the others did before. */
    if (!snapshot || atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) > 1)
        return;
    allocator = snapshot->allocator;
    fle_mirrors_free(snapshot->mirrors);
    if (snapshot->owns_entries)
        fle_entries_free(&snapshot->entries, &allocator);
    fle_layer_free(snapshot->layer);
    flowenrich_snapshot_free(snapshot->whole);
    fle_arena_free(&snapshot->arena);
    fle_free(&allocator, snapshot);
}

/* One by one, since others may count references meanwhile. */
void fle_snapshot_share(flowenrich_snapshot *snapshot, const flowenrich_snapshot *from,
                        flowenrich_snapshot *whole)
{
    snapshot->whole = flowenrich_snapshot_ref(whole);
    snapshot->assume = from->assume;
    snapshot->assumes_all = from->assumes_all;
    snapshot->seed = from->seed;
    snapshot->entries = from->entries;
    snapshot->n_interfaces = from->n_interfaces;
    snapshot->n_named = from->n_named;
    snapshot->by_interface = from->by_interface;
    snapshot->n_addresses = from->n_addresses;
    snapshot->spaces = from->spaces;
    snapshot->spaces.entries = &snapshot->entries;
    snapshot->claims = from->claims;
    snapshot->holders = from->holders;
    snapshot->ranges = from->ranges;
    snapshot->flow_logs = from->flow_logs;
    snapshot->ports = from->ports;
    snapshot->networks = from->networks;
}

flowenrich_text flowenrich_snapshot_vpc(const flowenrich_snapshot *snapshot, size_t index)
{
    const fle_spaces *spaces = &snapshot->spaces;

    for (size_t i = 0; i < spaces->n_vpcs; i++)
        if (fle_spaces_vpc(spaces, (uint32_t)i + 1)->has_interfaces && index-- == 0)
            return fle_entries_text(&snapshot->entries, spaces->vpcs[i].id);
    return fle_text("", 0);
}

#define CONTRADICTIONS 6 /* their place among the counts: to count them takes time */

/* Was one seen with the address while another was, with no event to tell who came after whom? */
static bool is_contradicted(const fle_run *run, const fle_run *next)
{
    return run->interface != next->interface && !run->ended && !next->began &&
           next->first <= run->last;
}

/* Goes through all that is known of who held what. Public IPv6 is known of its VPC, too. */
static uint64_t count_contradictions(const fle_holders *holders)
{
    uint64_t n = 0;

    for (size_t i = 0; i < fle_holders_keys(holders); i++) {
        const fle_held_key *key = fle_holders_key(holders, i);
        fle_runs runs;

        if (!key || (key->space == FLE_PUBLIC && !fle_address_is_v4(&key->base)))
            continue;
        runs = fle_holders_find(holders, key->space, &key->base, (uint8_t)key->bits);
        for (size_t k = 1; k < runs.n; k++)
            n += is_contradicted(&runs.items[k - 1], &runs.items[k]);
    }
    return n;
}

size_t flowenrich_snapshot_stats(const flowenrich_snapshot *snapshot, flowenrich_stat *out,
                                 size_t n)
{
    const flowenrich_stat stats[] = {
        { "interfaces", snapshot->n_named },
        { "addresses", snapshot->n_addresses },
        { "intervals", snapshot->holders.n_intervals },
        { "vpcs", snapshot->spaces.n_vpcs },
        { "subnets", snapshot->spaces.n_subnets },
        { "ranges", snapshot->ranges.n },
        { "contradictions", n > CONTRADICTIONS ? count_contradictions(&snapshot->holders) : 0 },
        { "flow_logs", snapshot->flow_logs.n },
        { "partial_flow_logs", snapshot->flow_logs.n_partial },
        { "longest_window", snapshot->flow_logs.window },
    };
    const size_t n_stats = sizeof stats / sizeof *stats;

    for (size_t i = 0; i < n && i < n_stats; i++)
        out[i] = stats[i];
    return n_stats;
}

uint32_t fle_snapshot_space(const flowenrich_snapshot *snapshot, flowenrich_text vpc)
{
    return fle_spaces_find(&snapshot->spaces, vpc);
}

flowenrich_text fle_snapshot_space_vpc(const flowenrich_snapshot *snapshot, uint32_t space)
{
    const fle_vpc *vpc = fle_spaces_vpc(&snapshot->spaces, space);

    return vpc ? fle_entries_text(&snapshot->entries, vpc->id) : fle_text("", 0);
}

flowenrich_text fle_snapshot_text(const flowenrich_snapshot *snapshot, const fle_entry *entry,
                                  fle_attribute attribute)
{
    return fle_entries_text(&snapshot->entries, entry->single[attribute]);
}

flowenrich_text fle_snapshot_path(const flowenrich_snapshot *snapshot, const fle_entry *entry)
{
    return fle_entries_text(&snapshot->entries, entry->path);
}

bool fle_snapshot_tell(const flowenrich_snapshot *snapshot, const fle_entry *entry,
                       fle_arena *arena, fle_identity *out)
{
    return fle_entries_tell(&snapshot->entries, entry, arena, out);
}

/* Entries that shadow an interface's first one have its id. */
static bool has_id(const flowenrich_snapshot *snapshot, uint32_t number, flowenrich_text id)
{
    const fle_entry *entry = fle_entries_at(&snapshot->entries, number);

    return entry && fle_text_equal(fle_snapshot_text(snapshot, entry, FLE_ATTR_INTERFACE_ID), id);
}

uint32_t fle_snapshot_number(const flowenrich_snapshot *snapshot, flowenrich_text id)
{
    const uint32_t hash = fle_snapshot_hash_id(snapshot, id);
    fle_probe probe = fle_probe_begin(&snapshot->by_interface, hash);
    fle_reading reading = fle_journal_begin(&snapshot->journal, FLE_NOTED_INTERFACE, hash);
    uint32_t number;

    while (fle_probe_next(&probe, &number))
        if (has_id(snapshot, number, id))
            return number;
    while (fle_journal_next(&reading, &number))
        if (has_id(snapshot, number, id))
            return number;
    return FLE_NOBODY;
}

const fle_entry *fle_snapshot_interface(const flowenrich_snapshot *snapshot, flowenrich_text id)
{
    return fle_snapshot_at(snapshot, fle_snapshot_number(snapshot, id));
}

const fle_entry *fle_snapshot_then(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                                   flowenrich_time from, flowenrich_time until)
{
    const fle_entry *then;
    const fle_period *period;
    fle_periods periods;

    if (!interface || !fle_entry_varies(interface))
        return interface;
    periods = fle_entries_periods(&snapshot->entries, interface);
    period = periods.n > 0 ? fle_periods_ask(&periods, from, until) : NULL;
    then = period ? fle_entries_at(&snapshot->entries, period->entry) : NULL;
    return then ? then : interface;
}

void fle_snapshot_narrow(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                         flowenrich_time from, flowenrich_time until, fle_lasting *lasting)
{
    const fle_period *period;
    fle_periods periods;

    if (!interface || !fle_entry_varies(interface))
        return;
    periods = fle_entries_periods(&snapshot->entries, interface);
    period = periods.n > 0 ? fle_periods_ask(&periods, from, until) : NULL;
    if (!period || from < period->from || until > period->until) {
        *lasting = FLE_LASTS_NEVER;
        return;
    }
    lasting->from = period->from > lasting->from ? period->from : lasting->from;
    lasting->until = period->until < lasting->until ? period->until : lasting->until;
}

/* The number of an interface by what it is. */
static uint32_t number_of(const flowenrich_snapshot *snapshot, const fle_entry *interface)
{
    const fle_entries *entries = &snapshot->entries;
    const uintptr_t first = (uintptr_t)entries->items, at = (uintptr_t)interface;

    if (at >= first && at < first + entries->n_items * sizeof *interface)
        return (uint32_t)((at - first) / sizeof *interface);
    return fle_snapshot_number(snapshot,
                               fle_snapshot_text(snapshot, interface, FLE_ATTR_INTERFACE_ID));
}

bool fle_snapshot_is_own(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                         const fle_address *address)
{
    const fle_sought sought = { .space = interface->space, .address = address };
    const uint32_t number = number_of(snapshot, interface);

    return number != FLE_NOBODY && fle_holders_has(&snapshot->holders, &sought, number);
}

bool fle_snapshot_may_have_had(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                               const fle_question *question, fle_lasting *had)
{
    const fle_sought sought = { question->space, &question->address, question->trail };
    const uint32_t number = number_of(snapshot, interface);

    return number != FLE_NOBODY && fle_holders_may_have(&snapshot->holders, &sought, number,
                                                        question->from, question->until, had);
}

bool fle_snapshot_got_back(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                           const fle_address *address, flowenrich_time from, flowenrich_time until)
{
    const uint32_t number = number_of(snapshot, interface);

    return number != FLE_NOBODY &&
           fle_holders_get_back(&snapshot->holders, interface->space, address, number, from, until);
}

bool fle_snapshot_may_hold(const flowenrich_snapshot *snapshot, flowenrich_text vpc,
                           flowenrich_text subnet, const fle_address *address)
{
    const fle_spaces *spaces = &snapshot->spaces;
    const uint32_t space = fle_spaces_find(spaces, vpc);
    const fle_entry *place;
    flowenrich_text there;

    if (space == 0)
        return true;
    if (!fle_spaces_holds(spaces, space, address, FLE_ANY_TIME))
        return !fle_spaces_vpc(spaces, space)->known[fle_address_is_v4(address) ? 0 : 1];
    place = fle_spaces_place(spaces, space, address);
    there = place ? fle_snapshot_text(snapshot, place, FLE_ATTR_SUBNET_ID) : fle_text("", 0);
    return there.len == 0 || subnet.len == 0 || fle_text_equal(there, subnet);
}

const fle_entry *fle_snapshot_place(const flowenrich_snapshot *snapshot, uint32_t space,
                                    const fle_address *address)
{
    return fle_spaces_place(&snapshot->spaces, space, address);
}

const fle_entry *fle_snapshot_range(const flowenrich_snapshot *snapshot, const fle_address *address)
{
    return fle_entries_at(&snapshot->entries, fle_ranges_find(&snapshot->ranges, address));
}

bool fle_snapshot_has_ranges(const flowenrich_snapshot *snapshot)
{
    return snapshot->ranges.n > 0;
}

fle_mirrors *fle_snapshot_mirrors(const flowenrich_snapshot *snapshot)
{
    return snapshot->mirrors;
}

fle_link fle_snapshot_link(const flowenrich_snapshot *snapshot, uint32_t a, uint32_t b)
{
    return a > 0 && b > 0 ? fle_spaces_link(&snapshot->spaces, a, b) : FLE_LINK_NONE;
}

bool fle_snapshot_has_gateway(const flowenrich_snapshot *snapshot, uint32_t space,
                              flowenrich_text service)
{
    return space > 0 && fle_spaces_has_gateway(&snapshot->spaces, space, service);
}
