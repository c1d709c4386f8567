/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to address spaces: VPCs and their subnets. */
#include <string.h>

#include "base/hash.h"
#include "catalog/order.h"
#include "catalog/publish.h"
#include "catalog/vpcs.h"

/* The numbers of VPC ids, in the order of their texts. */
typedef struct vpc_ids {
    uint32_t *items;
    size_t n;
} vpc_ids;

static void note_vpc(fle_publishing *p, vpc_ids *ids, uint32_t id)
{
    if (id == 0 || p->spaces[id] != 0)
        return;
    p->spaces[id] = 1;
    ids->items[ids->n++] = id;
}

static int compare_ids(const void *a, const void *b, const void *ctx)
{
    const uint32_t *left = a, *right = b;

    return fle_text_compare(fle_facts_text(ctx, *left), fle_facts_text(ctx, *right));
}

/* Every VPC that any document names, whatever it says of it. */
static bool find_vpcs(fle_publishing *p, vpc_ids *ids)
{
    const fle_facts *facts = p->facts;

    ids->n = 0;
    ids->items = fle_array(p->scratch, facts->n_texts, sizeof *ids->items);
    if (!ids->items)
        return false;
    for (size_t i = 0; i < facts->n; i++) {
        const fle_fact *fact = &facts->items[i];

        if (fact->kind == FLE_SUBJECT_VPC)
            note_vpc(p, ids, fact->subject);
        else if (fact->predicate == FLE_FACT_VPC || fact->predicate == FLE_FACT_REQUESTER_VPC ||
                 fact->predicate == FLE_FACT_ACCEPTER_VPC ||
                 (fact->predicate == FLE_FACT_RESOURCE &&
                  fle_text_starts(fle_facts_text(facts, fact->value), "vpc-")))
            note_vpc(p, ids, fact->value);
    }
    return fle_sort(ids->items, ids->n, sizeof *ids->items, compare_ids, facts, p->scratch);
}

/* Append the blocks of the newest set; the same one may have been listed twice. */
static void add_blocks(const fle_publishing *p, fle_about about, fle_predicate predicate,
                       fle_cidr *out, size_t *n)
{
    const fle_about set = fle_about_newest_set(about, predicate);

    for (size_t i = 0; i < set.n; i++) {
        const flowenrich_text text = fle_facts_text(p->facts, set.items[i].value);

        if ((i == 0 || set.items[i].value != set.items[i - 1].value) &&
            fle_cidr_parse(text.data, text.len, &out[*n]))
            ++*n;
    }
}

static size_t count_blocks(fle_about about)
{
    return fle_about_newest_set(about, FLE_FACT_CIDRS).n +
           fle_about_newest_set(about, FLE_FACT_CIDRS_V6).n;
}

/* Both families' blocks of a subnet, which never change; there is room for them. */
static void find_blocks(const fle_publishing *p, fle_about about, fle_cidr *out, size_t *n)
{
    add_blocks(p, about, FLE_FACT_CIDRS, out, n);
    add_blocks(p, about, FLE_FACT_CIDRS_V6, out, n);
}

static void add_place(fle_publishing *p, uint32_t id, uint32_t index)
{
    const fle_about about = fle_facts_about(p->facts, FLE_SUBJECT_VPC, id), none = { NULL, 0 };
    fle_slots *by_id = &p->snapshot->spaces.by_id;
    const flowenrich_text text = fle_facts_text(p->facts, id);
    fle_vpc *vpc = &p->vpcs[index];
    fle_identity place;

    memset(vpc, 0, sizeof *vpc);
    memset(&place, 0, sizeof place);
    fle_publish_location(p, about, none, &place);
    place.single[FLE_ATTR_REGION] =
        fle_facts_text(p->facts, fle_about_newest(about, FLE_FACT_REGION));
    place.single[FLE_ATTR_VPC_ID] = text;
    place.space = index + 1;
    vpc->id = fle_entry_writer_text(p->writer, text);
    vpc->place = fle_entry_writer_add(p->writer, &place);
    fle_slots_add(by_id, (uint32_t)fle_hash(text.data, text.len, p->snapshot->seed), index);
}

/* What a VPC has may name others: so all of them have their numbers first. */
static bool add_vpcs(fle_publishing *p)
{
    fle_arena *arena = &p->snapshot->arena;
    fle_spaces *spaces = &p->snapshot->spaces;
    fle_vpc_writer writer = { .arena = arena };
    fle_members members;
    vpc_ids ids;

    if (!find_vpcs(p, &ids))
        return false;
    p->vpcs = fle_array(arena, ids.n, sizeof *p->vpcs);
    if (!p->vpcs || !fle_slots_init(&spaces->by_id, ids.n, arena))
        return false;
    spaces->seed = p->snapshot->seed;
    spaces->vpcs = p->vpcs;
    spaces->n_vpcs = ids.n;
    for (uint32_t i = 0; i < ids.n; i++)
        p->spaces[ids.items[i]] = i + 1;
    if (!fle_members_find(p, &members))
        return false;
    for (uint32_t i = 0; i < ids.n; i++) {
        add_place(p, ids.items[i], i);
        if (!fle_vpc_write(p, &writer, ids.items[i], fle_members_of(members, i + 1), &p->vpcs[i]))
            return false;
    }
    spaces->parts = fle_vpc_writer_view(&writer);
    spaces->joins_loaded = fle_facts_of(p->facts, FLE_SUBJECT_PEERING).n > 0 ||
                           fle_facts_of(p->facts, FLE_SUBJECT_ATTACHMENT).n > 0;
    return !p->writer->failed;
}

static size_t count_all_blocks(fle_about subnets)
{
    size_t n = 0;

    while (subnets.n > 0)
        n += count_blocks(fle_about_next(&subnets));
    return n;
}

/* Of a VPC nobody says where it is: its subnets do, the first in the order of texts. */
static void note_region(const fle_publishing *p, uint32_t space, flowenrich_text region)
{
    const fle_vpc *vpc = fle_spaces_vpc(&p->snapshot->spaces, space);
    const fle_entries view = fle_entry_writer_view(p->writer);
    uint32_t *place = &p->writer->items[vpc->place].single[FLE_ATTR_REGION];
    const flowenrich_text known = fle_entries_text(&view, *place);

    if (region.len > 0 && (known.len == 0 || fle_text_compare(region, known) < 0))
        *place = fle_entry_writer_text(p->writer, region);
}

static bool add_subnet(fle_publishing *p, fle_about about, fle_subnet *subnets)
{
    fle_spaces *spaces = &p->snapshot->spaces;
    const fle_about none = { NULL, 0 };
    fle_cidr *cidrs = fle_array(p->scratch, count_blocks(about), sizeof *cidrs);
    fle_identity place;
    uint32_t entry;
    size_t n = 0;

    if (!cidrs)
        return false;
    memset(&place, 0, sizeof place);
    fle_publish_location(p, about, none, &place);
    place.single[FLE_ATTR_SUBNET_ID] = fle_facts_text(p->facts, about.items->subject);
    if (place.space == 0)
        return true;
    entry = fle_entry_writer_add(p->writer, &place);
    if (p->writer->failed)
        return false;
    note_region(p, place.space, place.single[FLE_ATTR_REGION]);
    find_blocks(p, about, cidrs, &n);
    for (size_t i = 0; i < n; i++)
        subnets[spaces->n_subnets++] =
            (fle_subnet){ .space = place.space, .place = entry, .cidr = cidrs[i] };
    return true;
}

static bool add_subnets(fle_publishing *p)
{
    fle_spaces *spaces = &p->snapshot->spaces;
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_SUBNET);
    fle_subnet *subnets = fle_array(&p->snapshot->arena, count_all_blocks(rest), sizeof *subnets);

    spaces->subnets = subnets;
    if (!subnets)
        return false;
    while (rest.n > 0)
        if (!add_subnet(p, fle_about_next(&rest), subnets))
            return false;
    return fle_publish_entries(p) &&
           fle_spaces_sort_subnets(&p->snapshot->entries, subnets, spaces->n_subnets, p->scratch);
}

bool fle_publish_spaces(fle_publishing *p)
{
    return add_vpcs(p) && add_subnets(p);
}
