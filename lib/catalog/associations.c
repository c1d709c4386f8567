/* SPDX-License-Identifier: Apache-2.0 */
/* Which route table a subnet or VPC had, where calls and documents don't name it. */
#include "catalog/associations.h"

#include "catalog/order.h"

/* An association, which may have taken another's place: then both are of the same subnet. */
typedef struct association {
    uint32_t id;
    uint32_t like; /* the index of another of the same subnet, or its own */
    uint32_t of;   /* the subnet or VPC, of one that is like no other; 0 if it isn't known */
    fle_subject kind;
} association;

typedef struct derivation {
    fle_derived *out;
    const fle_facts *facts;
    association *items; /* in the order of their ids */
    size_t n;
} derivation;

static void make(const derivation *d, fle_subject kind, uint32_t of, uint32_t table,
                 flowenrich_time time, fle_change change)
{
    const fle_fact fact = {
        time, of, 0, table, (uint8_t)kind, FLE_FACT_ROUTE_TABLE, (uint16_t)change
    };

    fle_derived_add(d->out, &fact);
}

/* ---- Whose an association is. ---- */

static association *first_like(const derivation *d, association *a)
{
    while (&d->items[a->like] != a) {
        a->like = d->items[a->like].like;
        a = &d->items[a->like];
    }
    return a;
}

static void note_of(const derivation *d, association *a, fle_about about, fle_predicate predicate,
                    fle_subject kind)
{
    const uint32_t of = fle_about_newest(about, predicate);

    if (of == 0 || (a->of != 0 && fle_text_compare(fle_facts_text(d->facts, a->of),
                                                   fle_facts_text(d->facts, of)) <= 0))
        return;
    a->of = of;
    a->kind = kind;
}

/* Two are of the same from now on. Should they contradict each other, the order doesn't tell. */
static void join(const derivation *d, association *a, association *b)
{
    association *first = first_like(d, a), *second = first_like(d, b);

    if (first == second)
        return;
    second->like = first->like;
    if (first->of == 0 ||
        (second->of != 0 && fle_text_compare(fle_facts_text(d->facts, second->of),
                                             fle_facts_text(d->facts, first->of)) < 0)) {
        first->of = second->of;
        first->kind = second->kind;
    }
}

static void join_replaced(const derivation *d, association *a, fle_about about)
{
    const uint32_t replaced = fle_about_newest(about, FLE_FACT_REPLACED);
    const size_t i = fle_first_of(d->items, d->n, sizeof *d->items, replaced);

    if (replaced != 0 && i < d->n && d->items[i].id == replaced)
        join(d, a, &d->items[i]);
}

static bool find_associations(derivation *d, fle_arena *scratch)
{
    const fle_about all = fle_facts_of(d->facts, FLE_SUBJECT_ROUTE_ASSOCIATION);
    fle_about rest = all;

    d->items = fle_array(scratch, all.n, sizeof *d->items);
    if (!d->items)
        return false;
    for (d->n = 0; rest.n > 0; d->n++) {
        const fle_about about = fle_about_next(&rest);
        association *a = &d->items[d->n];

        *a = (association){ .id = about.items->subject, .like = (uint32_t)d->n };
        note_of(d, a, about, FLE_FACT_SUBNET, FLE_SUBJECT_SUBNET);
        note_of(d, a, about, FLE_FACT_VPC, FLE_SUBJECT_VPC);
    }
    rest = all;
    for (size_t i = 0; i < d->n; i++)
        join_replaced(d, &d->items[i], fle_about_next(&rest));
    return true;
}

static void derive_replaced(const derivation *d)
{
    fle_about rest = fle_facts_of(d->facts, FLE_SUBJECT_ROUTE_ASSOCIATION);

    for (size_t i = 0; i < d->n; i++) {
        const association *of = first_like(d, &d->items[i]);
        const fle_about about = fle_about_next(&rest);
        const fle_about tables = fle_about_predicate(about, FLE_FACT_ROUTE_TABLE);

        for (size_t k = 0; of->of != 0 && k < tables.n; k++)
            make(d, of->kind, of->of, tables.items[k].value, tables.items[k].time, FLE_SET);
    }
}

/* ---- What a table was seen without. ---- */

/* Was the subnet seen with another one at the same time? */
static bool is_seen(const derivation *d, uint32_t subnet, flowenrich_time time)
{
    const fle_about tables = fle_about_predicate(
        fle_facts_about(d->facts, FLE_SUBJECT_SUBNET, subnet), FLE_FACT_ROUTE_TABLE);

    for (size_t i = 0; i < tables.n && tables.items[i].time >= time; i++)
        if (tables.items[i].time == time && fle_fact_change(&tables.items[i]) == FLE_SEEN)
            return true;
    return false;
}

/* All of the time that observations begin with, split off them. */
static fle_about split_time(fle_about *rest)
{
    fle_about now = { rest->items, 0 };

    while (now.n < rest->n && now.items[now.n].time == now.items->time)
        now.n++;
    rest->items += now.n;
    rest->n -= now.n;
    return now;
}

/* What is in one and not in another, which are in the same order of texts. */
static void derive_missing(const derivation *d, fle_about in, fle_about from)
{
    const flowenrich_time time = from.items->time;

    for (size_t i = 0; i < in.n; i++) {
        const uint32_t subnet = in.items[i].value;
        const flowenrich_text text = fle_facts_text(d->facts, subnet);

        while (from.n > 0 &&
               fle_text_compare(fle_facts_text(d->facts, from.items->value), text) > 0) {
            from.items++;
            from.n--;
        }
        if (subnet != 0 && (from.n == 0 || from.items->value != subnet) &&
            !is_seen(d, subnet, time))
            make(d, FLE_SUBJECT_SUBNET, subnet, 0, time, FLE_SEEN);
    }
}

/* At the next listing without it, and the last one; those between say no more. */
static void derive_absent(const derivation *d, fle_about table)
{
    fle_about rest = fle_about_predicate(table, FLE_FACT_SUBNETS), newer = { NULL, 0 };

    while (rest.n > 0) {
        const fle_about older = split_time(&rest);

        if (newer.n > 0) {
            derive_missing(d, older, newer);
            derive_missing(d, newer, older);
        }
        newer = older;
    }
}

bool fle_derive_associations(fle_derived *out, const fle_facts *facts, fle_arena *scratch)
{
    derivation d = { .out = out, .facts = facts };
    fle_about tables = fle_facts_of(facts, FLE_SUBJECT_ROUTE_TABLE);

    if (!find_associations(&d, scratch))
        return false;
    derive_replaced(&d);
    while (tables.n > 0)
        derive_absent(&d, fle_about_next(&tables));
    return true;
}
