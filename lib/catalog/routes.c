/* SPDX-License-Identifier: Apache-2.0 */
/* Where a VPC's packets go by their destination, over time. */
#include "catalog/routes.h"

#include "catalog/snapshot.h"

/* The most specific way of a table at some time for an address, which may be of a service's. */
static const fle_way *find_way(const fle_parts *parts, const fle_entries *entries,
                               const fle_ways *state, const fle_address *address,
                               flowenrich_text service)
{
    const size_t n = fle_part_count(state->ways, parts->n_ways);
    const fle_way *found = NULL;

    for (size_t i = 0; i < n; i++) {
        const fle_way *way = &parts->ways[state->ways.first + i];
        const flowenrich_text of = fle_entries_text(entries, way->service);

        if (of.len > 0 && fle_text_equal(of, service))
            return way;
        if (of.len == 0 && fle_cidr_holds(&way->cidr, address) &&
            (!found || way->cidr.bits > found->cidr.bits))
            found = way;
    }
    return found;
}

/* All that may have led some packets: it must agree. */
typedef struct search {
    const fle_entries *entries;
    const fle_lot lot;
    const fle_journey *journey;
    const fle_way *found;
    bool is_unknown;
} search;

/*
 * May something have held within the time, of which newer and older is known what it was then?
 * Between two observations any of the two may have.
 */
static bool may_hold(const search *s, const fle_span *newer, const fle_span *older)
{
    const fle_journey *journey = s->journey;

    return journey->from == FLOWENRICH_TIME_ABSENT ||
           ((!newer || newer->from > journey->from) && (!older || older->until < journey->until));
}

static void follow_table(search *s, uint32_t index)
{
    const fle_parts *of = s->lot.of;
    const size_t n_tables = fle_part_count(s->lot.vpc->tables, of->n_tables);
    const fle_route_table *table = of->tables + s->lot.vpc->tables.first + index;
    const size_t n = index < n_tables ? fle_part_count(table->states, of->n_states) : 0;

    s->is_unknown = s->is_unknown || n == 0;
    for (size_t i = 0; i < n; i++) {
        const fle_ways *state = &of->states[table->states.first + i];
        const fle_way *way;

        if (!may_hold(s, i > 0 ? &state[-1].known : NULL, i + 1 < n ? &state[1].known : NULL))
            continue;
        way = find_way(of, s->entries, state, s->journey->to, s->journey->service);
        if (!way || state->is_partial || (s->found && s->found->target != way->target))
            s->is_unknown = true;
        s->found = way;
    }
}

/* Which tables a subnet had, or a VPC as its main one. */
typedef struct rows {
    const fle_routed *items;
    size_t n;
} rows;

static int compare_row(const search *s, size_t i, flowenrich_text id)
{
    return fle_text_compare(
        fle_entries_text(s->entries, s->lot.of->routed[s->lot.vpc->routed.first + i].id), id);
}

static rows rows_of(const search *s, flowenrich_text id)
{
    const size_t n = fle_part_count(s->lot.vpc->routed, s->lot.of->n_routed);
    size_t begin = 0, end = n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (compare_row(s, middle, id) < 0)
            begin = middle + 1;
        else
            end = middle;
    }
    while (end < n && compare_row(s, end, id) == 0)
        end++;
    return (rows){ begin < end ? s->lot.of->routed + s->lot.vpc->routed.first + begin : NULL,
                   end - begin };
}

static void follow_main(search *s)
{
    const rows of = rows_of(s, fle_entries_text(s->entries, s->lot.vpc->id));

    s->is_unknown = s->is_unknown || of.n == 0;
    for (size_t i = 0; i < of.n; i++)
        if (may_hold(s, i > 0 ? &of.items[i - 1].known : NULL,
                     i + 1 < of.n ? &of.items[i + 1].known : NULL))
            follow_table(s, of.items[i].table);
}

/* By its own table, else by the main one of its VPC. */
static void follow_subnet(search *s)
{
    const rows of = rows_of(s, s->journey->subnet);

    if (of.n == 0)
        follow_main(s);
    for (size_t i = 0; i < of.n; i++) {
        if (!may_hold(s, i > 0 ? &of.items[i - 1].known : NULL,
                      i + 1 < of.n ? &of.items[i + 1].known : NULL))
            continue;
        if (of.items[i].table == FLE_TABLE_MAIN)
            follow_main(s);
        else
            follow_table(s, of.items[i].table);
    }
}

bool fle_snapshot_route(const flowenrich_snapshot *snapshot, const fle_journey *journey,
                        fle_direction *out)
{
    const fle_spaces *spaces = &snapshot->spaces;
    const bool has_tables = spaces->parts.n_tables > 0 || spaces->newer_parts.n_tables > 0;
    const uint32_t space = has_tables ? fle_spaces_find(spaces, journey->vpc) : 0;
    search s = { .entries = &snapshot->entries,
                 .lot = fle_spaces_lot(spaces, space),
                 .journey = journey };

    if (!s.lot.vpc)
        return false;
    follow_subnet(&s);
    if (!s.found || s.is_unknown)
        return false;
    *out = (fle_direction){ fle_entries_text(s.entries, s.found->target), s.found->by_list };
    return true;
}

bool fle_routes_lead(const fle_spaces *spaces, uint32_t from, uint32_t to,
                     const fle_address *address, fle_span when)
{
    const flowenrich_text no_service = { "", 0 };
    const fle_lot lot = fle_spaces_lot(spaces, from);
    const size_t n_tables = lot.vpc ? fle_part_count(lot.vpc->tables, lot.of->n_tables) : 0;
    bool is_known = false;

    for (size_t i = 0; i < n_tables; i++) {
        const fle_part states = lot.of->tables[lot.vpc->tables.first + i].states;
        const size_t n = fle_part_count(states, lot.of->n_states);

        for (size_t k = 0; k < n; k++) {
            const fle_ways *state = &lot.of->states[states.first + k];
            const fle_way *way = find_way(lot.of, spaces->entries, state, address, no_service);

            is_known = true;
            if (state->is_partial ||
                (way && fle_spaces_are_joined_by(spaces, from, to, way->group, when)))
                return true;
        }
    }
    return !is_known;
}
