/* SPDX-License-Identifier: Apache-2.0 */
/* Address spaces: the VPCs, what they hold, and which can reach which. */
#include "catalog/spaces.h"

#include <string.h>

#include "base/hash.h"
#include "catalog/order.h"

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_blocks(const fle_subnet *a, const fle_subnet *b)
{
    if (a->space != b->space)
        return compare_numbers(a->space, b->space);
    if (a->cidr.bits != b->cidr.bits)
        return compare_numbers(b->cidr.bits, a->cidr.bits);
    return fle_address_compare(&a->cidr.base, &b->cidr.base);
}

static flowenrich_text subnet_id(const fle_entries *entries, uint32_t place)
{
    return fle_entries_text(entries, entries->items[place].single[FLE_ATTR_SUBNET_ID]);
}

static int compare_subnets(const void *left, const void *right, const void *ctx)
{
    const fle_subnet *a = left, *b = right;
    const fle_entries *entries = ctx;
    const int order = compare_blocks(a, b);

    return order ? order
                 : fle_text_compare(subnet_id(entries, a->place), subnet_id(entries, b->place));
}

bool fle_spaces_sort_subnets(const fle_entries *entries, fle_subnet *subnets, size_t n,
                             fle_arena *scratch)
{
    return fle_sort(subnets, n, sizeof *subnets, compare_subnets, entries, scratch);
}

uint32_t fle_spaces_find(const fle_spaces *spaces, flowenrich_text vpc)
{
    fle_probe probe =
        fle_probe_begin(&spaces->by_id, (uint32_t)fle_hash(vpc.data, vpc.len, spaces->seed));
    uint32_t index;

    while (fle_probe_next(&probe, &index))
        if (index < spaces->n_vpcs &&
            fle_text_equal(fle_entries_text(spaces->entries, spaces->vpcs[index].id), vpc))
            return index + 1;
    return 0;
}

/* The first subnet from 'begin' on whose block isn't before another. */
static size_t lower_bound(const fle_spaces *spaces, size_t begin, const fle_subnet *wanted)
{
    size_t end = spaces->n_subnets;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (compare_blocks(&spaces->subnets[middle], wanted) < 0)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

/* How many subnets of a space hold an address; the last of them found, the least specific. */
static size_t find_subnets(const fle_spaces *spaces, uint32_t space, const fle_address *address,
                           const fle_subnet **found)
{
    size_t i = fle_first_of(spaces->subnets, spaces->n_subnets, sizeof *spaces->subnets, space);
    size_t n = 0;

    while (i < spaces->n_subnets && spaces->subnets[i].space == space) {
        fle_subnet wanted = { .space = space, .cidr = { *address, spaces->subnets[i].cidr.bits } };

        fle_address_keep(&wanted.cidr.base, wanted.cidr.bits);
        i = lower_bound(spaces, i, &wanted);
        for (; i < spaces->n_subnets && compare_blocks(&spaces->subnets[i], &wanted) == 0; i++)
            if (fle_cidr_holds(&wanted.cidr, address)) {
                *found = &spaces->subnets[i];
                n++;
            }
        if (wanted.cidr.bits-- == 0)
            break;
        memset(&wanted.cidr.base, 0, sizeof wanted.cidr.base);
        i = lower_bound(spaces, i, &wanted);
    }
    return n;
}

static bool may_be_then(flowenrich_time from, flowenrich_time until, fle_span when)
{
    return when.from == FLOWENRICH_TIME_ABSENT || when.until == FLOWENRICH_TIME_ABSENT ||
           (from <= when.until && until >= when.from);
}

/* Documents may list the subnets of a VPC and not the VPC. */
bool fle_spaces_holds(const fle_spaces *spaces, uint32_t space, const fle_address *address,
                      fle_span when)
{
    const fle_lot lot = fle_spaces_lot(spaces, space);
    const size_t n = lot.vpc ? fle_part_count(lot.vpc->cidrs, lot.of->n_cidrs) : 0;
    const fle_subnet *subnet;
    bool ever = false;

    if (!lot.vpc)
        return false;
    for (size_t i = 0; i < n; i++) {
        const fle_block *block = &lot.of->cidrs[lot.vpc->cidrs.first + i];

        if (!fle_cidr_holds(&block->cidr, address))
            continue;
        if (may_be_then(block->from, block->until, when))
            return true;
        ever = true;
    }
    return !ever && find_subnets(spaces, space, address, &subnet) > 0;
}

/*
 * Subnets of one VPC never overlap, so of several that hold an address all but
 * one are gone, or weren't there yet: which is not for a look-up without a time.
 */
const fle_entry *fle_spaces_place(const fle_spaces *spaces, uint32_t space,
                                  const fle_address *address)
{
    const fle_vpc *vpc = fle_spaces_vpc(spaces, space);
    const fle_subnet *subnet;

    if (!vpc)
        return NULL;
    return fle_entries_at(spaces->entries, find_subnets(spaces, space, address, &subnet) == 1
                                               ? subnet->place
                                               : vpc->place);
}

bool fle_spaces_all_known(const fle_spaces *spaces, const fle_address *address)
{
    const int family = fle_address_is_v4(address) ? 0 : 1;

    for (size_t i = 0; i < spaces->n_vpcs; i++)
        if (!fle_spaces_vpc(spaces, (uint32_t)i + 1)->known[family])
            return false;
    return true;
}

bool fle_spaces_has_gateway(const fle_spaces *spaces, uint32_t space, flowenrich_text service)
{
    const fle_lot lot = fle_spaces_lot(spaces, space);
    const size_t n = lot.vpc ? fle_part_count(lot.vpc->gateways, lot.of->n_gateways) : 0;

    for (size_t i = 0; i < n; i++)
        if (fle_text_equal(
                fle_entries_text(spaces->entries, lot.of->gateways[lot.vpc->gateways.first + i]),
                service))
            return true;
    return false;
}

/* The memberships of a VPC. */
typedef struct members {
    const fle_join *items;
    size_t n;
} members;

static members members_of(const fle_spaces *spaces, uint32_t space)
{
    const fle_lot lot = fle_spaces_lot(spaces, space);
    const size_t n = lot.vpc ? fle_part_count(lot.vpc->joins, lot.of->n_joins) : 0;

    return (members){ n > 0 ? lot.of->joins + lot.vpc->joins.first : NULL, n };
}

static void pass(members *of)
{
    of->items++;
    of->n--;
}

/* Of two VPCs, from the first group on that both are in; false if there is none. */
static bool find_common(members *a, members *b)
{
    while (a->n > 0 && b->n > 0 && a->items->to != b->items->to) {
        pass(a->items->to < b->items->to ? a : b);
    }
    return a->n > 0 && b->n > 0;
}

/* A VPC is in one group several times, if it wasn't in between. */
static bool is_then(const fle_join *own, members others, fle_span when)
{
    for (size_t i = 0; i < others.n && others.items[i].to == own->to; i++)
        if (may_be_then(own->first, own->last, when) &&
            may_be_then(others.items[i].first, others.items[i].last, when))
            return true;
    return false;
}

bool fle_spaces_are_joined(const fle_spaces *spaces, uint32_t a, uint32_t b, fle_span when)
{
    members of_a = members_of(spaces, a), of_b = members_of(spaces, b);

    if (a == b)
        return false;
    for (; find_common(&of_a, &of_b); pass(&of_a))
        if (is_then(of_a.items, of_b, when))
            return true;
    return false;
}

bool fle_spaces_are_joined_by(const fle_spaces *spaces, uint32_t a, uint32_t b, uint32_t group,
                              fle_span when)
{
    members of_a = members_of(spaces, a), of_b = members_of(spaces, b);

    for (; find_common(&of_a, &of_b); pass(&of_a))
        if (of_a.items->to == group && is_then(of_a.items, of_b, when))
            return true;
    return false;
}

fle_link fle_spaces_link(const fle_spaces *spaces, uint32_t a, uint32_t b)
{
    members of_a = members_of(spaces, a), of_b = members_of(spaces, b);
    fle_link link = FLE_LINK_NONE;

    if (a == b)
        return link;
    for (; find_common(&of_a, &of_b); pass(&of_a)) {
        const uint32_t of = of_a.items->link;
        const fle_link found = of <= FLE_LINK_TRANSIT_GATEWAY ? (fle_link)of : FLE_LINK_NONE;

        if (link != FLE_LINK_NONE && link != found)
            return FLE_LINK_NONE;
        link = found;
    }
    return link;
}
