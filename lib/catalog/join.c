/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to address spaces: VPCs, their subnets and gateways, and what joins them. */
#include <string.h>

#include "base/hash.h"
#include "catalog/order.h"
#include "catalog/publish.h"
#include "catalog/states.h"

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

/* ---- What a VPC was at some time. ---- */

/* Between which times something may have been in that state: since the one before was seen last. */
static fle_span span_of(const fle_states *states, size_t i)
{
    return (fle_span){ i > 0 ? states->items[i - 1].last : INT64_MIN,
                       i + 1 < states->n ? states->items[i + 1].first : INT64_MAX };
}

/* A block that the state before has, too, goes on. */
static void add_block(fle_block *blocks, size_t first, size_t *n, const fle_cidr *cidr,
                      fle_span when)
{
    for (size_t i = first; i < *n; i++)
        if (fle_cidr_compare(&blocks[i].cidr, cidr) == 0 && blocks[i].until >= when.from) {
            blocks[i].until = when.until > blocks[i].until ? when.until : blocks[i].until;
            return;
        }
    memset(&blocks[*n], 0, sizeof *blocks);
    blocks[*n].from = when.from;
    blocks[*n].until = when.until;
    blocks[(*n)++].cidr = *cidr;
}

/* All blocks that a VPC ever had, of both families. */
typedef struct history {
    fle_states families[2];
} history;

static bool find_history(const fle_publishing *p, fle_about vpc, history *out, size_t *n)
{
    static const fle_predicate predicates[] = { FLE_FACT_CIDRS, FLE_FACT_CIDRS_V6 };

    for (size_t i = 0; i < 2; i++) {
        fle_states *states = &out->families[i];

        if (!fle_states_find(states, p->facts, fle_about_predicate(vpc, predicates[i]), p->scratch))
            return false;
        for (size_t k = 0; k < states->n; k++)
            *n += states->items[k].set.n;
    }
    return true;
}

static void add_history(const fle_publishing *p, const history *of, fle_block *blocks, size_t *n)
{
    const size_t first = *n;

    for (size_t family = 0; family < 2; family++)
        for (size_t i = 0; i < of->families[family].n; i++) {
            const fle_about set = of->families[family].items[i].set;
            const fle_span when = span_of(&of->families[family], i);

            for (size_t k = 0; k < set.n; k++) {
                const flowenrich_text text = fle_facts_text(p->facts, set.items[k].value);
                fle_cidr cidr;

                if (fle_cidr_parse(text.data, text.len, &cidr))
                    add_block(blocks, first, n, &cidr, when);
            }
        }
}

/* Has a document listed them? What an event tells is one of several. */
static bool has_blocks(fle_about vpc, fle_predicate family)
{
    const fle_about blocks = fle_about_predicate(vpc, family);

    for (size_t i = 0; i < blocks.n; i++)
        if (fle_fact_change(&blocks.items[i]) == FLE_SEEN)
            return true;
    return false;
}

static fle_about facts_on_vpc(const fle_publishing *p, uint32_t id)
{
    return fle_facts_about(p->facts, FLE_SUBJECT_VPC, id);
}

static void add_vpc(fle_publishing *p, uint32_t id, uint32_t index, const history *of,
                    fle_block *blocks)
{
    const fle_about about = facts_on_vpc(p, id), none = { NULL, 0 };
    fle_spaces *spaces = &p->snapshot->spaces;
    const flowenrich_text text = fle_facts_text(p->facts, id);
    const size_t first = spaces->n_cidrs;
    fle_vpc *vpc = &p->vpcs[index];
    fle_identity place;

    memset(vpc, 0, sizeof *vpc);
    memset(&place, 0, sizeof place);
    p->spaces[id] = index + 1;
    fle_publish_location(p, about, none, &place);
    place.single[FLE_ATTR_REGION] =
        fle_facts_text(p->facts, fle_about_newest(about, FLE_FACT_REGION));
    place.single[FLE_ATTR_VPC_ID] = text;
    place.space = index + 1;
    add_history(p, of, blocks, &spaces->n_cidrs);
    vpc->id = fle_entry_writer_text(p->writer, text);
    vpc->place = fle_entry_writer_add(p->writer, &place);
    vpc->cidrs = (uint32_t)first;
    vpc->n_cidrs = (uint32_t)(spaces->n_cidrs - first);
    vpc->known[0] = has_blocks(about, FLE_FACT_CIDRS);
    vpc->known[1] = has_blocks(about, FLE_FACT_CIDRS_V6);
    fle_slots_add(&spaces->by_id, (uint32_t)fle_hash(text.data, text.len, spaces->seed), index);
}

static bool add_vpcs(fle_publishing *p)
{
    fle_arena *arena = &p->snapshot->arena;
    fle_spaces *spaces = &p->snapshot->spaces;
    size_t n_blocks = 0;
    fle_block *blocks;
    history *histories;
    vpc_ids ids;

    if (!find_vpcs(p, &ids))
        return false;
    histories = fle_array(p->scratch, ids.n, sizeof *histories);
    if (!histories)
        return false;
    for (size_t i = 0; i < ids.n; i++)
        if (!find_history(p, facts_on_vpc(p, ids.items[i]), &histories[i], &n_blocks))
            return false;
    p->vpcs = fle_array(arena, ids.n, sizeof *p->vpcs);
    blocks = fle_array(arena, n_blocks, sizeof *blocks);
    if (!p->vpcs || !blocks || !fle_slots_init(&spaces->by_id, ids.n, arena))
        return false;
    spaces->seed = p->snapshot->seed;
    spaces->vpcs = p->vpcs;
    spaces->n_vpcs = ids.n;
    spaces->cidrs = blocks;
    for (uint32_t i = 0; i < ids.n; i++)
        add_vpc(p, ids.items[i], i, &histories[i], blocks);
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
    fle_gateway *gateways =
        fle_array(&p->snapshot->arena, fle_count_subjects(rest), sizeof *gateways);

    spaces->gateways = gateways;
    if (!gateways)
        return false;
    while (rest.n > 0) {
        const fle_about about = fle_about_next(&rest);
        const uint32_t type = fle_about_newest(about, FLE_FACT_ENDPOINT_TYPE);
        const uint32_t name = fle_about_newest(about, FLE_FACT_SERVICE_NAME);
        fle_gateway *gateway = &gateways[spaces->n_gateways];

        if (!fle_text_is(fle_facts_text(p->facts, type), "Gateway") ||
            !is_newest(p, about, FLE_FACT_STATE, "available"))
            continue;
        gateway->space = p->spaces[fle_about_newest(about, FLE_FACT_VPC)];
        gateway->service = fle_entry_writer_text(
            p->writer, fle_service_of_endpoint(fle_facts_text(p->facts, name)));
        spaces->n_gateways++;
    }
    return fle_spaces_sort_gateways(gateways, spaces->n_gateways, p->scratch);
}

/* The memberships so far. */
typedef struct joins {
    const fle_publishing *p;
    fle_join *items;
    size_t n;
} joins;

static void add_member(joins *j, uint32_t group, uint32_t vpc, fle_link link, fle_span when)
{
    const fle_join join = {
        .from = j->p->spaces[vpc], .to = group, .link = link, .first = when.from, .last = when.until
    };

    if (group != 0 && join.from != 0)
        j->items[j->n++] = join;
}

/* Until an event makes it so it isn't; else a state that isn't told is a good one. */
static bool is_joining(const joins *j, const fle_state *state, const char *value)
{
    const fle_fact *fact = state->set.items;

    return fact->subject != 0 &&
           (fact->value == 0 || fle_text_is(fle_facts_text(j->p->facts, fact->value), value));
}

static void add_peering(joins *j, fle_about about, fle_span when)
{
    add_member(j, about.items->subject, fle_about_newest(about, FLE_FACT_REQUESTER_VPC),
               FLE_LINK_PEERING, when);
    add_member(j, about.items->subject, fle_about_newest(about, FLE_FACT_ACCEPTER_VPC),
               FLE_LINK_PEERING, when);
}

static void add_attachment(joins *j, fle_about about, fle_span when)
{
    if (is_newest(j->p, about, FLE_FACT_RESOURCE_TYPE, "vpc"))
        add_member(j, fle_about_newest(about, FLE_FACT_TRANSIT_GATEWAY),
                   fle_about_newest(about, FLE_FACT_RESOURCE), FLE_LINK_TRANSIT_GATEWAY, when);
}

/* Something that joins VPCs, whenever it was in the state of one that does. */
static bool add_join(joins *j, fle_about about, const char *value,
                     void (*add)(joins *j, fle_about about, fle_span when))
{
    fle_states states;

    if (!fle_states_find(&states, j->p->facts, fle_about_predicate(about, FLE_FACT_STATE),
                         j->p->scratch))
        return false;
    if (states.n == 0)
        add(j, about, (fle_span){ INT64_MIN, INT64_MAX });
    for (size_t i = 0; i < states.n; i++)
        if (is_joining(j, &states.items[i], value))
            add(j, about, span_of(&states, i));
    return true;
}

static bool add_joins(fle_publishing *p)
{
    fle_spaces *spaces = &p->snapshot->spaces;
    fle_about peerings = fle_facts_of(p->facts, FLE_SUBJECT_PEERING);
    fle_about attachments = fle_facts_of(p->facts, FLE_SUBJECT_ATTACHMENT);
    const size_t most = 2 * (peerings.n + fle_count_subjects(peerings)) + attachments.n +
                        fle_count_subjects(attachments);
    joins j = { p, fle_array(&p->snapshot->arena, most, sizeof *j.items), 0 };

    spaces->joins_loaded = peerings.n > 0 || attachments.n > 0;
    if (!j.items)
        return false;
    while (peerings.n > 0)
        if (!add_join(&j, fle_about_next(&peerings), "active", add_peering))
            return false;
    while (attachments.n > 0)
        if (!add_join(&j, fle_about_next(&attachments), "available", add_attachment))
            return false;
    spaces->memberships = j.items;
    spaces->n_joins = j.n;
    return fle_spaces_sort_joins(j.items, j.n, p->scratch);
}

bool fle_publish_spaces(fle_publishing *p)
{
    return add_vpcs(p) && add_subnets(p) && add_gateways(p) && add_joins(p);
}
