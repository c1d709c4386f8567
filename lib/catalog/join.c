/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to address spaces: VPCs, their subnets and gateways, and what joins them. */
#include <string.h>

#include "catalog/order.h"
#include "catalog/publish.h"

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

/* Both families' blocks of a VPC or subnet. */
static bool find_blocks(const fle_publishing *p, fle_about about, fle_arena *arena,
                        const fle_cidr **out, size_t *n)
{
    fle_cidr *cidrs = fle_array(arena,
                                fle_about_newest_set(about, FLE_FACT_CIDRS).n +
                                    fle_about_newest_set(about, FLE_FACT_CIDRS_V6).n,
                                sizeof *cidrs);

    *n = 0;
    if (!cidrs)
        return false;
    add_blocks(p, about, FLE_FACT_CIDRS, cidrs, n);
    add_blocks(p, about, FLE_FACT_CIDRS_V6, cidrs, n);
    *out = cidrs;
    return true;
}

static bool add_vpc(fle_publishing *p, uint32_t id, uint32_t space)
{
    const fle_about about = fle_facts_about(p->facts, FLE_SUBJECT_VPC, id), none = { NULL, 0 };
    fle_vpc *vpc = &p->snapshot->spaces.vpcs[space - 1];

    memset(vpc, 0, sizeof *vpc);
    p->spaces[id] = space;
    vpc->known[0] = fle_about_predicate(about, FLE_FACT_CIDRS).n > 0;
    vpc->known[1] = fle_about_predicate(about, FLE_FACT_CIDRS_V6).n > 0;
    if (!fle_publish_text(p, id, &vpc->id) ||
        !find_blocks(p, about, &p->snapshot->arena, &vpc->cidrs, &vpc->n_cidrs) ||
        !fle_publish_location(p, about, none, &vpc->place) ||
        !fle_publish_text(p, fle_about_newest(about, FLE_FACT_REGION),
                          &vpc->place.single[FLE_ATTR_REGION]))
        return false;
    vpc->place.single[FLE_ATTR_VPC_ID] = vpc->id;
    vpc->place.space = space;
    return fle_map_add(p->snapshot->spaces.by_id, vpc->id.data, vpc->id.len, space);
}

static bool add_vpcs(fle_publishing *p)
{
    fle_spaces *spaces = &p->snapshot->spaces;
    vpc_ids ids;

    spaces->by_id = fle_map_new(&p->snapshot->allocator, p->hash_seed);
    if (!spaces->by_id || !find_vpcs(p, &ids))
        return false;
    spaces->vpcs = fle_array(&p->snapshot->arena, ids.n, sizeof *spaces->vpcs);
    if (!spaces->vpcs)
        return false;
    spaces->n_vpcs = ids.n;
    for (uint32_t i = 0; i < ids.n; i++)
        if (!add_vpc(p, ids.items[i], i + 1))
            return false;
    return true;
}

static size_t count_blocks(fle_about subnets)
{
    size_t n = 0;

    while (subnets.n > 0) {
        const fle_about about = fle_about_next(&subnets);

        n += fle_about_newest_set(about, FLE_FACT_CIDRS).n +
             fle_about_newest_set(about, FLE_FACT_CIDRS_V6).n;
    }
    return n;
}

static bool add_subnet(fle_publishing *p, fle_about about, fle_identity *place)
{
    fle_spaces *spaces = &p->snapshot->spaces;
    const fle_about none = { NULL, 0 };
    const fle_cidr *cidrs;
    flowenrich_text *known, region;
    size_t n;

    memset(place, 0, sizeof *place);
    if (!fle_publish_text(p, about.items->subject, &place->single[FLE_ATTR_SUBNET_ID]) ||
        !fle_publish_location(p, about, none, place) ||
        !find_blocks(p, about, p->scratch, &cidrs, &n))
        return false;
    if (place->space == 0)
        return true;
    region = place->single[FLE_ATTR_REGION];
    known = &spaces->vpcs[place->space - 1].place.single[FLE_ATTR_REGION];
    if (known->len == 0 || (region.len > 0 && fle_text_compare(region, *known) < 0))
        *known = region;
    for (size_t i = 0; i < n; i++) {
        const fle_subnet subnet = { place->space, cidrs[i], place };

        spaces->subnets[spaces->n_subnets++] = subnet;
    }
    return true;
}

static bool add_subnets(fle_publishing *p)
{
    fle_arena *arena = &p->snapshot->arena;
    fle_spaces *spaces = &p->snapshot->spaces;
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_SUBNET);
    fle_identity *places = fle_array(arena, fle_count_subjects(rest), sizeof *places);

    spaces->subnets = fle_array(arena, count_blocks(rest), sizeof *spaces->subnets);
    if (!places || !spaces->subnets)
        return false;
    while (rest.n > 0)
        if (!add_subnet(p, fle_about_next(&rest), places++))
            return false;
    return true;
}

/* A state that isn't told is a good one. */
static bool is_newest(const fle_publishing *p, fle_about about, fle_predicate predicate,
                      const char *value)
{
    const uint32_t id = fle_about_newest(about, predicate);

    return id == 0 || fle_text_is(fle_facts_text(p->facts, id), value);
}

static bool add_gateways(fle_publishing *p)
{
    fle_spaces *spaces = &p->snapshot->spaces;
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_ENDPOINT);

    spaces->gateways =
        fle_array(&p->snapshot->arena, fle_count_subjects(rest), sizeof *spaces->gateways);
    if (!spaces->gateways)
        return false;
    while (rest.n > 0) {
        const fle_about about = fle_about_next(&rest);
        const uint32_t type = fle_about_newest(about, FLE_FACT_ENDPOINT_TYPE);
        fle_gateway *gateway = &spaces->gateways[spaces->n_gateways];
        flowenrich_text name;

        if (!fle_text_is(fle_facts_text(p->facts, type), "Gateway") ||
            !is_newest(p, about, FLE_FACT_STATE, "available"))
            continue;
        if (!fle_publish_text(p, fle_about_newest(about, FLE_FACT_SERVICE_NAME), &name))
            return false;
        gateway->space = p->spaces[fle_about_newest(about, FLE_FACT_VPC)];
        gateway->service = fle_service_of_endpoint(name);
        spaces->n_gateways++;
    }
    return true;
}

static void add_member(fle_publishing *p, uint32_t group, uint32_t vpc, fle_link link)
{
    fle_spaces *spaces = &p->snapshot->spaces;
    const fle_join join = { p->spaces[vpc], group, link };

    if (group != 0 && join.from != 0)
        spaces->memberships[spaces->n_joins++] = join;
}

static void add_peering(fle_publishing *p, fle_about about)
{
    if (!is_newest(p, about, FLE_FACT_STATE, "active"))
        return;
    add_member(p, about.items->subject, fle_about_newest(about, FLE_FACT_REQUESTER_VPC),
               FLE_LINK_PEERING);
    add_member(p, about.items->subject, fle_about_newest(about, FLE_FACT_ACCEPTER_VPC),
               FLE_LINK_PEERING);
}

static void add_attachment(fle_publishing *p, fle_about about)
{
    if (is_newest(p, about, FLE_FACT_STATE, "available") &&
        is_newest(p, about, FLE_FACT_RESOURCE_TYPE, "vpc"))
        add_member(p, fle_about_newest(about, FLE_FACT_TRANSIT_GATEWAY),
                   fle_about_newest(about, FLE_FACT_RESOURCE), FLE_LINK_TRANSIT_GATEWAY);
}

static bool add_joins(fle_publishing *p)
{
    fle_arena *arena = &p->snapshot->arena;
    fle_spaces *spaces = &p->snapshot->spaces;
    fle_about peerings = fle_facts_of(p->facts, FLE_SUBJECT_PEERING);
    fle_about attachments = fle_facts_of(p->facts, FLE_SUBJECT_ATTACHMENT);
    const size_t most = 2 * fle_count_subjects(peerings) + fle_count_subjects(attachments);

    spaces->joins_loaded = peerings.n > 0 || attachments.n > 0;
    spaces->memberships = fle_array(arena, most, sizeof *spaces->memberships);
    if (!spaces->memberships)
        return false;
    while (peerings.n > 0)
        add_peering(p, fle_about_next(&peerings));
    while (attachments.n > 0)
        add_attachment(p, fle_about_next(&attachments));
    return true;
}

bool fle_publish_spaces(fle_publishing *p)
{
    return add_vpcs(p) && add_subnets(p) && add_gateways(p) && add_joins(p) &&
           fle_spaces_sort(&p->snapshot->spaces, p->scratch);
}
