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
    fle_arena_free(&snapshot->arena);
    fle_free(&allocator, snapshot);
}

flowenrich_text flowenrich_snapshot_vpc(const flowenrich_snapshot *snapshot, size_t index)
{
    const fle_spaces *spaces = &snapshot->spaces;

    for (size_t i = 0; i < spaces->n_vpcs; i++)
        if (spaces->vpcs[i].has_interfaces && index-- == 0)
            return fle_entries_text(&snapshot->entries, spaces->vpcs[i].id);
    return fle_text("", 0);
}

size_t flowenrich_snapshot_stats(const flowenrich_snapshot *snapshot, flowenrich_stat *out,
                                 size_t n)
{
    const fle_holders *holders = &snapshot->holders;
    const flowenrich_stat stats[] = {
        { "interfaces", snapshot->n_named },
        { "addresses", holders->n_keys },
        { "intervals", holders->n_runs },
        { "vpcs", snapshot->spaces.n_vpcs },
        { "subnets", snapshot->spaces.n_subnets },
        { "ranges", snapshot->ranges.n },
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

const fle_entry *fle_snapshot_interface(const flowenrich_snapshot *snapshot, flowenrich_text id)
{
    fle_probe probe = fle_probe_begin(&snapshot->by_interface,
                                      (uint32_t)fle_hash(id.data, id.len, snapshot->seed));
    uint32_t index;

    while (fle_probe_next(&probe, &index)) {
        const fle_entry *entry = fle_entries_at(&snapshot->entries, index);

        if (entry && fle_text_equal(fle_snapshot_text(snapshot, entry, FLE_ATTR_INTERFACE_ID), id))
            return entry;
    }
    return NULL;
}

const fle_entry *fle_snapshot_then(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                                   flowenrich_time from, flowenrich_time until)
{
    const fle_entry *then;
    const fle_period *period;
    fle_periods periods;

    if (!interface)
        return NULL;
    periods = fle_entries_periods(&snapshot->entries, interface);
    period = periods.n > 0 ? fle_periods_ask(&periods, from, until) : NULL;
    then = period ? fle_entries_at(&snapshot->entries, period->entry) : NULL;
    return then ? then : interface;
}

bool fle_snapshot_is_own(const flowenrich_snapshot *snapshot, const fle_entry *interface,
                         const fle_address *address)
{
    return fle_holders_has(&snapshot->holders, interface->space, address,
                           (uint32_t)(interface - snapshot->entries.items));
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
    if (!fle_spaces_holds(spaces, space, address))
        return !spaces->vpcs[space - 1].known[fle_address_is_v4(address) ? 0 : 1];
    place = fle_spaces_place(spaces, space, address);
    there = place ? fle_snapshot_text(snapshot, place, FLE_ATTR_SUBNET_ID) : fle_text("", 0);
    return there.len == 0 || subnet.len == 0 || fle_text_equal(there, subnet);
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
