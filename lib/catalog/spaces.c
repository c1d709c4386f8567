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

static int compare_gateways(const void *left, const void *right, const void *ctx)
{
    const fle_gateway *a = left, *b = right;

    (void)ctx;
    return compare_numbers(a->space, b->space);
}

static int compare_joins(const void *left, const void *right, const void *ctx)
{
    const fle_join *a = left, *b = right;

    (void)ctx;
    if (a->from != b->from || a->to != b->to)
        return a->from != b->from ? compare_numbers(a->from, b->from)
                                  : compare_numbers(a->to, b->to);
    return (a->first > b->first) - (a->first < b->first);
}

bool fle_spaces_sort_subnets(const fle_entries *entries, fle_subnet *subnets, size_t n,
                             fle_arena *scratch)
{
    return fle_sort(subnets, n, sizeof *subnets, compare_subnets, entries, scratch);
}

bool fle_spaces_sort_gateways(fle_gateway *gateways, size_t n, fle_arena *scratch)
{
    return fle_sort(gateways, n, sizeof *gateways, compare_gateways, NULL, scratch);
}

bool fle_spaces_sort_joins(fle_join *joins, size_t n, fle_arena *scratch)
{
    return fle_sort(joins, n, sizeof *joins, compare_joins, NULL, scratch);
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
    const fle_vpc *vpc = fle_spaces_vpc(spaces, space);
    const fle_subnet *subnet;
    bool ever = false;

    if (!vpc)
        return false;
    for (size_t i = vpc->cidrs; i < spaces->n_cidrs && i - vpc->cidrs < vpc->n_cidrs; i++) {
        const fle_block *block = &spaces->cidrs[i];

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
        if (!spaces->vpcs[i].known[family])
            return false;
    return true;
}

bool fle_spaces_has_gateway(const fle_spaces *spaces, uint32_t space, flowenrich_text service)
{
    size_t i = fle_first_of(spaces->gateways, spaces->n_gateways, sizeof *spaces->gateways, space);

    for (; i < spaces->n_gateways && spaces->gateways[i].space == space; i++)
        if (fle_text_equal(fle_entries_text(spaces->entries, spaces->gateways[i].service), service))
            return true;
    return false;
}

/* Where the memberships of two spaces have reached, on the way to one group that both are in. */
typedef struct common {
    size_t a, b;
} common;

static common common_of(const fle_spaces *spaces, uint32_t a, uint32_t b)
{
    const size_t size = sizeof *spaces->memberships;
    const common at = { fle_first_of(spaces->memberships, spaces->n_joins, size, a),
                        fle_first_of(spaces->memberships, spaces->n_joins, size, b) };

    return at;
}

static bool find_common(const fle_spaces *spaces, uint32_t a, uint32_t b, common *at)
{
    const fle_join *of = spaces->memberships;

    while (at->a < spaces->n_joins && of[at->a].from == a && at->b < spaces->n_joins &&
           of[at->b].from == b) {
        if (of[at->a].to == of[at->b].to)
            return true;
        *(of[at->a].to < of[at->b].to ? &at->a : &at->b) += 1;
    }
    return false;
}

/* A space is in one group several times, if it wasn't in between. */
static bool is_then(const fle_spaces *spaces, const common *at, uint32_t b, fle_span when)
{
    const fle_join *of = spaces->memberships, *own = &of[at->a];

    for (size_t i = at->b; i < spaces->n_joins && of[i].from == b && of[i].to == own->to; i++)
        if (may_be_then(own->first, own->last, when) && may_be_then(of[i].first, of[i].last, when))
            return true;
    return false;
}

bool fle_spaces_are_joined(const fle_spaces *spaces, uint32_t a, uint32_t b, fle_span when)
{
    if (a == b)
        return false;
    for (common at = common_of(spaces, a, b); find_common(spaces, a, b, &at); at.a++)
        if (is_then(spaces, &at, b, when))
            return true;
    return false;
}

bool fle_spaces_are_joined_by(const fle_spaces *spaces, uint32_t a, uint32_t b, uint32_t group,
                              fle_span when)
{
    for (common at = common_of(spaces, a, b); find_common(spaces, a, b, &at); at.a++)
        if (spaces->memberships[at.a].to == group && is_then(spaces, &at, b, when))
            return true;
    return false;
}

fle_link fle_spaces_link(const fle_spaces *spaces, uint32_t a, uint32_t b)
{
    fle_link link = FLE_LINK_NONE;

    if (a == b)
        return link;
    for (common at = common_of(spaces, a, b); find_common(spaces, a, b, &at); at.a++) {
        const uint32_t of = spaces->memberships[at.a].link;
        const fle_link found = of <= FLE_LINK_TRANSIT_GATEWAY ? (fle_link)of : FLE_LINK_NONE;

        if (link != FLE_LINK_NONE && link != found)
            return FLE_LINK_NONE;
        link = found;
    }
    return link;
}
