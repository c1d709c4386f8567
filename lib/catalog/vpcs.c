/* SPDX-License-Identifier: Apache-2.0 */
/* What a VPC has, of facts: its blocks and gateways, and what joins it to others. */
#include "catalog/vpcs.h"

#include <string.h>

#include "catalog/order.h"
#include "catalog/publish.h"
#include "catalog/states.h"

/* ---- Arrays that grow. ---- */

void *fle_growing_room(fle_growing *array, fle_arena *arena, size_t more, size_t size)
{
    char *items = fle_array_grow(arena, array->items, &array->capacity, array->n, more, size);

    if (!items || array->n + more > UINT32_MAX)
        return NULL;
    array->items = items;
    return items + array->n * size;
}

fle_parts fle_vpc_writer_view(const fle_vpc_writer *writer)
{
    return (fle_parts){
        .cidrs = writer->cidrs.items,
        .n_cidrs = writer->cidrs.n,
        .gateways = writer->gateways.items,
        .n_gateways = writer->gateways.n,
        .joins = writer->joins.items,
        .n_joins = writer->joins.n,
        .tables = writer->tables.items,
        .n_tables = writer->tables.n,
        .states = writer->states.items,
        .n_states = writer->states.n,
        .ways = writer->ways.items,
        .n_ways = writer->ways.n,
        .routed = writer->routed.items,
        .n_routed = writer->routed.n,
    };
}

/* The part of an array that was filled from a place on. */
static fle_part part_from(const fle_growing *array, size_t first)
{
    return (fle_part){ (uint32_t)first, (uint32_t)(array->n - first) };
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

/* All blocks that it ever had, of one family. */
static bool write_family(const fle_publishing *p, fle_vpc_writer *w, fle_about vpc,
                         fle_predicate family, size_t first)
{
    fle_states states;
    size_t most = 0;

    if (!fle_states_find(&states, p->facts, fle_about_predicate(vpc, family), p->scratch))
        return false;
    for (size_t i = 0; i < states.n; i++)
        most += states.items[i].set.n;
    if (!fle_growing_room(&w->cidrs, w->arena, most, sizeof(fle_block)))
        return false;
    for (size_t i = 0; i < states.n; i++) {
        const fle_about set = states.items[i].set;

        for (size_t k = 0; k < set.n; k++) {
            const flowenrich_text text = fle_facts_text(p->facts, set.items[k].value);
            fle_cidr cidr;

            if (fle_cidr_parse(text.data, text.len, &cidr))
                add_block(w->cidrs.items, first, &w->cidrs.n, &cidr, span_of(&states, i));
        }
    }
    return true;
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

static bool write_blocks(const fle_publishing *p, fle_vpc_writer *w, uint32_t id, fle_vpc *vpc)
{
    static const fle_predicate families[] = { FLE_FACT_CIDRS, FLE_FACT_CIDRS_V6 };
    const fle_about about = fle_facts_about(p->facts, FLE_SUBJECT_VPC, id);
    const size_t first = w->cidrs.n;

    for (size_t i = 0; i < 2; i++) {
        if (!write_family(p, w, about, families[i], first))
            return false;
        vpc->known[i] = has_blocks(about, families[i]);
    }
    vpc->cidrs = part_from(&w->cidrs, first);
    return true;
}

/* A state that isn't told is a good one. */
static bool is_newest(const fle_publishing *p, fle_about about, fle_predicate predicate,
                      const char *value)
{
    const uint32_t id = fle_about_newest(about, predicate);

    return id == 0 || fle_text_is(fle_facts_text(p->facts, id), value);
}

static bool is_gateway(const fle_publishing *p, fle_about endpoint)
{
    const uint32_t type = fle_about_newest(endpoint, FLE_FACT_ENDPOINT_TYPE);

    return fle_text_is(fle_facts_text(p->facts, type), "Gateway");
}

static bool write_gateway(const fle_publishing *p, fle_vpc_writer *w, fle_about endpoint)
{
    const flowenrich_text name =
        fle_facts_text(p->facts, fle_about_newest(endpoint, FLE_FACT_SERVICE_NAME));
    fle_gateway *gateway;

    if (!is_newest(p, endpoint, FLE_FACT_STATE, "available"))
        return true;
    gateway = fle_growing_room(&w->gateways, w->arena, 1, sizeof *gateway);
    if (!gateway)
        return false;
    *gateway = fle_entry_writer_text(p->writer, fle_service_of_endpoint(name));
    w->gateways.n++;
    return true;
}

/* Until an event makes it so it isn't; else a state that isn't told is a good one. */
static bool is_joining(const fle_publishing *p, const fle_state *state, const char *value)
{
    const fle_fact *fact = state->set.items;

    return fact->subject != 0 &&
           (fact->value == 0 || fle_text_is(fle_facts_text(p->facts, fact->value), value));
}

/* Something that joins VPCs, whenever it was in the state of one that does. */
static bool write_joins(const fle_publishing *p, fle_vpc_writer *w, fle_about about,
                        const char *value, fle_join join)
{
    fle_states states;
    fle_join *joins;

    if (join.to == 0)
        return true;
    if (!fle_states_find(&states, p->facts, fle_about_predicate(about, FLE_FACT_STATE), p->scratch))
        return false;
    joins = fle_growing_room(&w->joins, w->arena, states.n + 1, sizeof *joins);
    if (!joins)
        return false;
    join.first = INT64_MIN;
    join.last = INT64_MAX;
    if (states.n == 0) {
        *joins = join;
        w->joins.n++;
    }
    for (size_t i = 0; i < states.n; i++) {
        const fle_span when = span_of(&states, i);

        if (!is_joining(p, &states.items[i], value))
            continue;
        join.first = when.from;
        join.last = when.until;
        *joins++ = join;
        w->joins.n++;
    }
    return true;
}

static bool write_attachment(const fle_publishing *p, fle_vpc_writer *w, fle_about about)
{
    const fle_join join = { .to = fle_about_newest(about, FLE_FACT_TRANSIT_GATEWAY),
                            .link = FLE_LINK_TRANSIT_GATEWAY };

    return !is_newest(p, about, FLE_FACT_RESOURCE_TYPE, "vpc") ||
           write_joins(p, w, about, "available", join);
}

static int compare_joins(const void *left, const void *right, const void *ctx)
{
    const fle_join *a = left, *b = right;

    (void)ctx;
    if (a->to != b->to)
        return a->to > b->to ? 1 : -1;
    return (a->first > b->first) - (a->first < b->first);
}

static bool write_member(const fle_publishing *p, fle_vpc_writer *w, const fle_member *member)
{
    const fle_about about = fle_facts_about(p->facts, member->kind, member->subject);
    const fle_join peering = { .to = member->subject, .link = FLE_LINK_PEERING };

    switch (member->kind) {
    case FLE_SUBJECT_ENDPOINT:
        return write_gateway(p, w, about);
    case FLE_SUBJECT_PEERING:
        return write_joins(p, w, about, "active", peering);
    case FLE_SUBJECT_ATTACHMENT:
        return write_attachment(p, w, about);
    default: /* tables, and whose they are */
        return true;
    }
}

bool fle_vpc_write(fle_publishing *p, fle_vpc_writer *writer, uint32_t id, fle_members members,
                   fle_vpc *vpc)
{
    const size_t gateways = writer->gateways.n, joins = writer->joins.n;

    if (!write_blocks(p, writer, id, vpc))
        return false;
    for (size_t i = 0; i < members.n; i++)
        if (!write_member(p, writer, &members.items[i]))
            return false;
    vpc->gateways = part_from(&writer->gateways, gateways);
    vpc->joins = part_from(&writer->joins, joins);
    if (vpc->joins.n > 0 && !fle_sort((fle_join *)writer->joins.items + joins, vpc->joins.n,
                                      sizeof(fle_join), compare_joins, NULL, p->scratch))
        return false;
    return fle_tables_write(p, writer, id, members, vpc);
}

/* ---- What is whose. ---- */

static uint32_t newest_space(const fle_publishing *p, fle_about about, fle_predicate predicate)
{
    return fle_publish_space(p, fle_about_newest(about, predicate));
}

/* A subnet that no document has is where a table is that it had. */
static uint32_t space_of_subnet(const fle_publishing *p, fle_about subnet)
{
    const fle_about tables = fle_about_predicate(subnet, FLE_FACT_ROUTE_TABLE);
    uint32_t space = newest_space(p, subnet, FLE_FACT_VPC);

    for (size_t i = 0; space == 0 && i < tables.n; i++)
        space = newest_space(
            p, fle_facts_about(p->facts, FLE_SUBJECT_ROUTE_TABLE, tables.items[i].value),
            FLE_FACT_VPC);
    return tables.n > 0 ? space : 0;
}

/* The spaces of one or two VPCs that have it; 0 for none. */
static void find_spaces(const fle_publishing *p, fle_subject kind, fle_about about,
                        uint32_t spaces[2])
{
    spaces[0] = spaces[1] = 0;
    switch (kind) {
    case FLE_SUBJECT_ENDPOINT:
        spaces[0] = is_gateway(p, about) ? newest_space(p, about, FLE_FACT_VPC) : 0;
        break;
    case FLE_SUBJECT_PEERING:
        spaces[0] = newest_space(p, about, FLE_FACT_REQUESTER_VPC);
        spaces[1] = newest_space(p, about, FLE_FACT_ACCEPTER_VPC);
        break;
    case FLE_SUBJECT_ATTACHMENT:
        spaces[0] = newest_space(p, about, FLE_FACT_RESOURCE);
        break;
    case FLE_SUBJECT_ROUTE_TABLE:
        spaces[0] = newest_space(p, about, FLE_FACT_VPC);
        break;
    default:
        spaces[0] = space_of_subnet(p, about);
    }
    spaces[1] = spaces[1] == spaces[0] ? 0 : spaces[1];
}

static int compare_members(const void *left, const void *right, const void *ctx)
{
    const fle_member *a = left, *b = right;

    (void)ctx;
    return (a->space > b->space) - (a->space < b->space); /* else in the order of facts */
}

bool fle_members_find(const fle_publishing *p, fle_members *out)
{
    static const fle_subject kinds[] = { FLE_SUBJECT_SUBNET, FLE_SUBJECT_ENDPOINT,
                                         FLE_SUBJECT_PEERING, FLE_SUBJECT_ATTACHMENT,
                                         FLE_SUBJECT_ROUTE_TABLE };
    size_t most = 0, n = 0;
    fle_member *items;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        most += 2 * fle_count_subjects(fle_facts_of(p->facts, kinds[i]));
    items = fle_array(p->scratch, most, sizeof *items);
    if (!items)
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        fle_about rest = fle_facts_of(p->facts, kinds[i]);

        while (rest.n > 0) {
            const fle_about about = fle_about_next(&rest);
            uint32_t spaces[2];

            find_spaces(p, kinds[i], about, spaces);
            for (size_t k = 0; k < 2; k++)
                if (spaces[k] != 0)
                    items[n++] = (fle_member){ spaces[k], about.items->subject, kinds[i] };
        }
    }
    *out = (fle_members){ items, n };
    return fle_sort(items, n, sizeof *items, compare_members, NULL, p->scratch);
}

fle_members fle_members_of(fle_members all, uint32_t space)
{
    const size_t first = fle_first_of(all.items, all.n, sizeof *all.items, space);
    const size_t end = fle_first_of(all.items, all.n, sizeof *all.items, space + 1);

    return (fle_members){ first < end ? all.items + first : NULL, end - first };
}
