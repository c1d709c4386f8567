/* SPDX-License-Identifier: Apache-2.0 */
/* Route tables: where a VPC's packets go by their destination, over time. */
#include "catalog/routes.h"

#include "catalog/order.h"
#include "catalog/publish.h"
#include "catalog/states.h"

#define NO_TABLE UINT32_MAX

/* ---- To the snapshot. ---- */

/* The arrays of the snapshot while they are filled. */
typedef struct making {
    fle_publishing *p;
    fle_route_table *tables;
    fle_ways *states;
    fle_way *ways;
    fle_routed *routed;
    fle_states *routes; /* of each table, over time */
    uint32_t n_tables, n_states, n_ways, n_routed;
} making;

static flowenrich_text key_of(const fle_publishing *p, const fle_fact *fact)
{
    return fle_facts_text(p->facts, fact->key);
}

static uint32_t write_text(const making *m, uint32_t id)
{
    return fle_entry_writer_text(m->p->writer, fle_facts_text(m->p->facts, id));
}

static fle_about blocks_of(const fle_publishing *p, const fle_fact *route)
{
    return fle_about_newest_set(fle_facts_about(p->facts, FLE_SUBJECT_PREFIX_LIST, route->key),
                                FLE_FACT_CIDRS);
}

static void add_way(making *m, fle_way way, uint32_t block)
{
    const flowenrich_text text = fle_facts_text(m->p->facts, block);

    if (fle_cidr_parse(text.data, text.len, &way.cidr))
        m->ways[m->n_ways++] = way;
}

/* One of Amazon's own is known by its service, if not by its blocks. False if by neither. */
static bool add_list(making *m, fle_way way, const fle_fact *route)
{
    const fle_facts *facts = m->p->facts;
    const fle_about blocks = blocks_of(m->p, route);
    const fle_about list = fle_facts_about(facts, FLE_SUBJECT_PREFIX_LIST, route->key);
    const flowenrich_text name = fle_facts_text(facts, fle_about_newest(list, FLE_FACT_NAME));

    way.by_list = 1;
    for (size_t i = 0; i < blocks.n; i++)
        add_way(m, way, blocks.items[i].value);
    if (blocks.n > 0)
        return true;
    if (!fle_text_starts(name, "com.amazonaws."))
        return false;
    way.service = fle_entry_writer_text(m->p->writer, fle_service_of_endpoint(name));
    m->ways[m->n_ways++] = way;
    return true;
}

/* Of a table that no document has, an event tells one route of many. */
static void make_state(making *m, const fle_state *from)
{
    fle_ways *state = &m->states[m->n_states++];

    *state = (fle_ways){ .first = from->first, .last = from->last, .ways = m->n_ways };
    for (size_t i = 0; i < from->set.n; i++) {
        const fle_fact *route = &from->set.items[i];
        fle_way way;

        state->is_partial |= route->subject == 0;
        if (fle_fact_is_mark(route))
            continue;
        memset(&way, 0, sizeof way);
        way.target = write_text(m, route->value);
        way.group = route->value;
        if (!fle_text_starts(key_of(m->p, route), "pl-"))
            add_way(m, way, route->key);
        else if (!add_list(m, way, route))
            state->is_partial = 1;
    }
    state->n_ways = m->n_ways - state->ways;
}

static void make_states(making *m, const fle_states *routes, fle_route_table *table)
{
    table->states = m->n_states;
    for (size_t i = routes->n; i > 0; i--)
        make_state(m, &routes->items[i - 1]);
    table->n_states = m->n_states - table->states;
}

static void make_table(making *m, fle_about about)
{
    const fle_about subnets = fle_about_predicate(about, FLE_FACT_SUBNETS);
    const uint32_t number = m->n_tables++;
    fle_route_table *table = &m->tables[number];

    *table = (fle_route_table){ .space = m->p->spaces[fle_about_newest(about, FLE_FACT_VPC)] };
    for (size_t i = 0; i < subnets.n; i++) {
        if (fle_text_is(key_of(m->p, &subnets.items[i]), FLE_MAIN))
            table->is_main = 1;
        else if (subnets.items[i].value != 0)
            m->routed[m->n_routed++] =
                (fle_routed){ write_text(m, subnets.items[i].value), number };
    }
    make_states(m, &m->routes[number], table);
}

static int compare_routed(const void *left, const void *right, const void *ctx)
{
    const fle_routed *a = left, *b = right;
    const int order =
        fle_text_compare(fle_entries_text(ctx, a->subnet), fle_entries_text(ctx, b->subnet));

    return order ? order : (a->table > b->table) - (a->table < b->table);
}

/* What each table was over time, and how much room all of that takes once lists are opened. */
static bool find_routes(making *m, fle_about rest, size_t *n_states, size_t *n_ways)
{
    const fle_publishing *p = m->p;
    size_t n = 0;

    *n_states = *n_ways = 0;
    m->routes = fle_array(p->scratch, fle_count_subjects(rest), sizeof *m->routes);
    while (m->routes && rest.n > 0) {
        const fle_about about = fle_about_next(&rest);
        fle_states *found = &m->routes[n++];

        if (!fle_states_find(found, p->facts, fle_about_predicate(about, FLE_FACT_ROUTES),
                             p->scratch))
            return false;
        *n_states += found->n;
        for (size_t i = 0; i < found->n; i++)
            for (size_t k = 0; k < found->items[i].set.n; k++)
                *n_ways += 1 + blocks_of(p, &found->items[i].set.items[k]).n;
    }
    return m->routes != NULL;
}

bool fle_publish_routes(fle_publishing *p)
{
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_ROUTE_TABLE);
    fle_arena *arena = &p->snapshot->arena;
    making m = { .p = p };
    size_t n_states, n_ways;

    if (!find_routes(&m, rest, &n_states, &n_ways))
        return false;
    m.tables = fle_array(arena, fle_count_subjects(rest), sizeof *m.tables);
    m.states = fle_array(arena, n_states, sizeof *m.states);
    m.ways = fle_array(arena, n_ways, sizeof *m.ways);
    m.routed = fle_array(arena, rest.n, sizeof *m.routed);
    if (!m.tables || !m.states || !m.ways || !m.routed)
        return false;
    while (rest.n > 0)
        make_table(&m, fle_about_next(&rest));
    p->snapshot->routes = (fle_routes){ m.tables, m.n_tables, m.states, m.n_states,
                                        m.ways,   m.n_ways,   m.routed, m.n_routed };
    return fle_publish_entries(p) && fle_sort(m.routed, m.n_routed, sizeof *m.routed,
                                              compare_routed, &p->snapshot->entries, p->scratch);
}

/* ---- Looking up: what the arrays say of one another may be anything. ---- */

/* As many of 'n' from 'first' on as there are of 'all'. */
static size_t within(size_t first, size_t n, size_t all)
{
    if (first >= all)
        return 0;
    return n < all - first ? n : all - first;
}

/* The most specific way of a state for an address, which may be of a service's; NULL if none. */
static const fle_way *find_way(const fle_routes *routes, const fle_entries *entries,
                               const fle_ways *state, const fle_address *address,
                               flowenrich_text service)
{
    const size_t n = within(state->ways, state->n_ways, routes->n_ways);
    const fle_way *found = NULL;

    for (size_t i = 0; i < n; i++) {
        const fle_way *way = &routes->ways[state->ways + i];
        const flowenrich_text of = fle_entries_text(entries, way->service);

        if (of.len > 0 && fle_text_equal(of, service))
            return way;
        if (of.len == 0 && fle_cidr_holds(&way->cidr, address) &&
            (!found || way->cidr.bits > found->cidr.bits))
            found = way;
    }
    return found;
}

static size_t first_routed(const fle_routes *routes, const fle_entries *entries,
                           flowenrich_text subnet)
{
    size_t begin = 0, end = routes->n_routed;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (fle_text_compare(fle_entries_text(entries, routes->routed[middle].subnet), subnet) < 0)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

/* Of a VPC that isn't known there is none, nor is a table whose VPC isn't anybody's. */
static uint32_t main_table_of(const fle_routes *routes, uint32_t space)
{
    uint32_t found = NO_TABLE;

    for (uint32_t i = 0; space != 0 && i < routes->n_tables; i++) {
        if (routes->tables[i].space != space || !routes->tables[i].is_main)
            continue;
        if (found != NO_TABLE)
            return NO_TABLE;
        found = i;
    }
    return found;
}

/* The one table of a subnet: its own, else the main one of its VPC. */
static const fle_route_table *table_of(const flowenrich_snapshot *snapshot,
                                       const fle_journey *journey)
{
    const fle_routes *routes = &snapshot->routes;
    const fle_entries *entries = &snapshot->entries;
    uint32_t found = NO_TABLE;

    if (routes->n_tables == 0)
        return NULL;
    for (size_t i = first_routed(routes, entries, journey->subnet);
         i < routes->n_routed &&
         fle_text_equal(fle_entries_text(entries, routes->routed[i].subnet), journey->subnet);
         i++) {
        if (found != NO_TABLE && found != routes->routed[i].table)
            return NULL;
        found = routes->routed[i].table;
    }
    if (found == NO_TABLE)
        found = main_table_of(routes, fle_spaces_find(&snapshot->spaces, journey->vpc));
    return found < routes->n_tables ? &routes->tables[found] : NULL;
}

/* May a state have held within a time? Between two observations any of the two may have. */
static bool may_hold(const fle_ways *states, size_t n, size_t i, const fle_journey *journey)
{
    if (journey->from == FLOWENRICH_TIME_ABSENT)
        return true;
    return (i == 0 || states[i - 1].first > journey->from) &&
           (i + 1 == n || states[i + 1].last < journey->until);
}

bool fle_snapshot_route(const flowenrich_snapshot *snapshot, const fle_journey *journey,
                        fle_direction *out)
{
    const fle_routes *routes = &snapshot->routes;
    const fle_route_table *table = table_of(snapshot, journey);
    const size_t n = table ? within(table->states, table->n_states, routes->n_states) : 0;
    const fle_way *found = NULL;

    for (size_t i = 0; i < n; i++) {
        const fle_ways *states = &routes->states[table->states];
        const fle_way *way;

        if (!may_hold(states, n, i, journey))
            continue;
        way = find_way(routes, &snapshot->entries, &states[i], journey->to, journey->service);
        if (!way || states[i].is_partial || (found && found->target != way->target))
            return false;
        found = way;
    }
    if (!found)
        return false;
    *out = (fle_direction){ fle_entries_text(&snapshot->entries, found->target), found->by_list };
    return true;
}

bool fle_routes_lead(const fle_routes *routes, const fle_spaces *spaces, uint32_t from, uint32_t to,
                     const fle_address *address, fle_span when)
{
    const flowenrich_text no_service = { "", 0 };
    bool is_known = false;

    for (size_t i = 0; i < routes->n_tables; i++) {
        const fle_route_table *table = &routes->tables[i];
        const size_t n = within(table->states, table->n_states, routes->n_states);

        for (size_t k = 0; table->space == from && k < n; k++) {
            const fle_ways *state = &routes->states[table->states + k];
            const fle_way *way = find_way(routes, spaces->entries, state, address, no_service);

            is_known = true;
            if (state->is_partial ||
                (way && fle_spaces_are_joined_by(spaces, from, to, way->group, when)))
                return true;
        }
    }
    return !is_known;
}
