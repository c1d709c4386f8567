/* SPDX-License-Identifier: Apache-2.0 */
/* What a VPC has of route tables, of facts: their routes, and which subnets had which. */
#include <string.h>

#include "catalog/order.h"
#include "catalog/publish.h"
#include "catalog/states.h"
#include "catalog/vpcs.h"

typedef struct making {
    fle_publishing *p;
    fle_vpc_writer *writer;
    fle_members members; /* of the VPC */
} making;

static uint32_t write_text(const making *m, uint32_t id)
{
    return fle_entry_writer_text(m->p->writer, fle_facts_text(m->p->facts, id));
}

/* ---- Routes. ---- */

static flowenrich_text key_of(const making *m, const fle_fact *fact)
{
    return fle_facts_text(m->p->facts, fact->key);
}

static fle_about list_of(const making *m, const fle_fact *route)
{
    return fle_facts_about(m->p->facts, FLE_SUBJECT_PREFIX_LIST, route->key);
}

static bool add_way(making *m, fle_way way)
{
    fle_way *room = fle_growing_room(&m->writer->ways, m->writer->arena, 1, sizeof *room);

    if (!room)
        return false;
    *room = way;
    m->writer->ways.n++;
    return true;
}

static bool add_block(making *m, fle_way way, uint32_t block)
{
    const flowenrich_text text = fle_facts_text(m->p->facts, block);

    return !fle_cidr_parse(text.data, text.len, &way.cidr) || add_way(m, way);
}

/* One of Amazon's own is known by its service, if not by its blocks. */
static bool add_list(making *m, fle_way way, const fle_fact *route, fle_ways *state)
{
    const fle_about list = list_of(m, route);
    const fle_about blocks = fle_about_newest_set(list, FLE_FACT_CIDRS);
    const flowenrich_text name = fle_facts_text(m->p->facts, fle_about_newest(list, FLE_FACT_NAME));

    way.by_list = 1;
    for (size_t i = 0; i < blocks.n; i++)
        if (!add_block(m, way, blocks.items[i].value))
            return false;
    if (blocks.n > 0)
        return true;
    if (!fle_text_starts(name, "com.amazonaws.")) {
        state->is_partial = 1;
        return true;
    }
    way.service = fle_entry_writer_text(m->p->writer, fle_service_of_endpoint(name));
    return add_way(m, way);
}

static bool add_route(making *m, const fle_fact *route, fle_ways *state)
{
    fle_way way;

    memset(&way, 0, sizeof way);
    way.target = write_text(m, route->value);
    way.group = route->value;
    return fle_text_starts(key_of(m, route), "pl-") ? add_list(m, way, route, state)
                                                    : add_block(m, way, route->key);
}

/* Of a table that no document has, an event tells one route of many. */
static bool make_state(making *m, const fle_state *from, fle_ways *state)
{
    const size_t first = m->writer->ways.n;

    memset(state, 0, sizeof *state);
    state->known = (fle_span){ from->first, from->last };
    for (size_t i = 0; i < from->set.n; i++) {
        const fle_fact *route = &from->set.items[i];

        state->is_partial |= route->subject == 0;
        if (!fle_fact_is_mark(route) && !add_route(m, route, state))
            return false;
    }
    state->ways = (fle_part){ (uint32_t)first, (uint32_t)(m->writer->ways.n - first) };
    return true;
}

static bool make_table(making *m, uint32_t subject, fle_route_table *table)
{
    const fle_publishing *p = m->p;
    const fle_about about = fle_facts_about(p->facts, FLE_SUBJECT_ROUTE_TABLE, subject);
    fle_growing *states = &m->writer->states;
    fle_states routes;
    fle_ways *room;

    if (!fle_states_find(&routes, p->facts, fle_about_predicate(about, FLE_FACT_ROUTES),
                         p->scratch))
        return false;
    room = fle_growing_room(states, m->writer->arena, routes.n, sizeof *room);
    if (!room)
        return false;
    table->states = (fle_part){ (uint32_t)states->n, (uint32_t)routes.n };
    for (size_t i = 0; i < routes.n; i++)
        if (!make_state(m, &routes.items[routes.n - 1 - i], &room[i]))
            return false;
    states->n += routes.n;
    return true;
}

static bool make_tables(making *m, fle_vpc *vpc)
{
    fle_growing *tables = &m->writer->tables;

    vpc->tables.first = (uint32_t)tables->n;
    for (size_t i = 0; i < m->members.n; i++) {
        fle_route_table *room;

        if (m->members.items[i].kind != FLE_SUBJECT_ROUTE_TABLE)
            continue;
        room = fle_growing_room(tables, m->writer->arena, 1, sizeof *room);
        if (!room || !make_table(m, m->members.items[i].subject, room))
            return false;
        tables->n++;
        vpc->tables.n++;
    }
    return true;
}

/* ---- Whose they are. ---- */

/* What is neither of the VPC's tables nor its main one isn't known. */
static uint32_t table_of(const making *m, const fle_fact *fact)
{
    uint32_t index = 0;

    if (fact->subject != 0 && fact->value == 0)
        return FLE_TABLE_MAIN;
    for (size_t i = 0; i < m->members.n; i++) {
        if (m->members.items[i].kind != FLE_SUBJECT_ROUTE_TABLE)
            continue;
        if (m->members.items[i].subject == fact->value)
            return index;
        index++;
    }
    return FLE_TABLE_UNKNOWN;
}

/* Did documents that are of the same time say that it was another's, too? */
static bool is_contradicted(fle_about observed, const fle_state *state)
{
    const fle_fact *is = state->set.items;

    for (size_t i = 0; i < observed.n; i++) {
        const fle_fact *fact = &observed.items[i];

        if (fact->time == is->time && fle_fact_change(fact) == fle_fact_change(is) &&
            fact->value != 0 && fact->value != is->value)
            return true;
    }
    return false;
}

/* A subnet, or the VPC itself. */
typedef struct routed_thing {
    fle_subject kind;
    uint32_t subject;
} routed_thing;

static bool make_rows(making *m, const routed_thing *of)
{
    const fle_publishing *p = m->p;
    const fle_about observed =
        fle_about_predicate(fle_facts_about(p->facts, of->kind, of->subject), FLE_FACT_ROUTE_TABLE);
    fle_growing *routed = &m->writer->routed;
    fle_states states;
    fle_routed *room;

    if (!fle_states_find(&states, p->facts, observed, p->scratch))
        return false;
    room = fle_growing_room(routed, m->writer->arena, states.n, sizeof *room);
    if (!room)
        return false;
    for (size_t i = states.n; i > 0; i--) {
        const fle_state *state = &states.items[i - 1];

        *room++ = (fle_routed){ { state->first, state->last },
                                write_text(m, of->subject),
                                is_contradicted(observed, state) ? FLE_TABLE_UNKNOWN
                                                                 : table_of(m, state->set.items) };
    }
    routed->n += states.n;
    return true;
}

static int compare_things(const void *left, const void *right, const void *ctx)
{
    const routed_thing *a = left, *b = right;

    return fle_text_compare(fle_facts_text(ctx, a->subject), fle_facts_text(ctx, b->subject));
}

/* In the order of their texts. */
static bool make_routed(making *m, uint32_t id, fle_vpc *vpc)
{
    const fle_publishing *p = m->p;
    routed_thing *things = fle_array(p->scratch, m->members.n + 1, sizeof *things);
    const size_t first = m->writer->routed.n;
    size_t n = 0;

    if (!things)
        return false;
    things[n++] = (routed_thing){ FLE_SUBJECT_VPC, id };
    for (size_t i = 0; i < m->members.n; i++)
        if (m->members.items[i].kind == FLE_SUBJECT_SUBNET)
            things[n++] = (routed_thing){ FLE_SUBJECT_SUBNET, m->members.items[i].subject };
    if (!fle_sort(things, n, sizeof *things, compare_things, p->facts, p->scratch))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!make_rows(m, &things[i]))
            return false;
    vpc->routed = (fle_part){ (uint32_t)first, (uint32_t)(m->writer->routed.n - first) };
    return true;
}

bool fle_tables_write(fle_publishing *p, fle_vpc_writer *writer, uint32_t id, fle_members members,
                      fle_vpc *vpc)
{
    making m = { p, writer, members };

    vpc->tables.n = 0;
    return make_tables(&m, vpc) && make_routed(&m, id, vpc) && !p->writer->failed;
}
