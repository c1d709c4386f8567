/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots: counting their users, and the look-ups that need no time. */
#include "catalog/snapshot.h"

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
    fle_map_free(snapshot->by_interface);
    fle_map_free(snapshot->spaces.by_id);
    fle_map_free(snapshot->holders.by_key);
    fle_map_free(snapshot->ports.by_owner);
    fle_arena_free(&snapshot->arena);
    fle_free(&allocator, snapshot);
}

flowenrich_text flowenrich_snapshot_vpc(const flowenrich_snapshot *snapshot, size_t index)
{
    const fle_spaces *spaces = &snapshot->spaces;

    for (size_t i = 0; i < spaces->n_vpcs; i++)
        if (spaces->vpcs[i].has_interfaces && index-- == 0)
            return spaces->vpcs[i].id;
    return fle_text("", 0);
}

size_t flowenrich_snapshot_stats(const flowenrich_snapshot *snapshot, flowenrich_stat *out,
                                 size_t n)
{
    const fle_holders *holders = &snapshot->holders;
    const flowenrich_stat stats[] = {
        { "interfaces", fle_map_count(snapshot->by_interface) },
        { "addresses", holders->n_keys },
        { "intervals", holders->starts[holders->n_keys] },
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
    return space > 0 && space <= snapshot->spaces.n_vpcs ? snapshot->spaces.vpcs[space - 1].id
                                                         : fle_text("", 0);
}

static const uint32_t *find_interface(const flowenrich_snapshot *snapshot, flowenrich_text id)
{
    return fle_map_find(snapshot->by_interface, id.data, id.len);
}

const fle_identity *fle_snapshot_interface(const flowenrich_snapshot *snapshot, flowenrich_text id)
{
    const uint32_t *index = find_interface(snapshot, id);

    return index ? &snapshot->interfaces[*index] : NULL;
}

const fle_identity *fle_snapshot_then(const flowenrich_snapshot *snapshot,
                                      const fle_identity *interface, flowenrich_time from,
                                      flowenrich_time until)
{
    const fle_identity *then;

    if (!interface || !interface->varies)
        return interface;
    then = fle_periods_ask(&snapshot->periods[interface - snapshot->interfaces], from, until);
    return then ? then : interface;
}

bool fle_snapshot_is_own(const flowenrich_snapshot *snapshot, const fle_identity *interface,
                         const fle_address *address)
{
    return fle_holders_has(&snapshot->holders, interface->space, address,
                           (uint32_t)(interface - snapshot->interfaces));
}

bool fle_snapshot_may_hold(const flowenrich_snapshot *snapshot, flowenrich_text vpc,
                           flowenrich_text subnet, const fle_address *address)
{
    const fle_spaces *spaces = &snapshot->spaces;
    const uint32_t space = fle_spaces_find(spaces, vpc);
    flowenrich_text there;

    if (space == 0)
        return true;
    if (!fle_spaces_holds(spaces, space, address))
        return !spaces->vpcs[space - 1].known[fle_address_is_v4(address) ? 0 : 1];
    there = fle_spaces_place(spaces, space, address)->single[FLE_ATTR_SUBNET_ID];
    return there.len == 0 || subnet.len == 0 || fle_text_equal(there, subnet);
}

const fle_identity *fle_snapshot_range(const flowenrich_snapshot *snapshot,
                                       const fle_address *address)
{
    return fle_ranges_find(&snapshot->ranges, address);
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
