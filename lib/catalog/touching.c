/* SPDX-License-Identifier: Apache-2.0 */
/* How what is touched is found: by the ledger, from one thing to those that have to do with it. */
#include "catalog/touching.h"

#include "catalog/order.h"

#define MOST_FACTS 65536 /* a snapshot of as many is sooner made as a whole */

fle_about fle_touch_look(fle_touched *t, fle_subject kind, uint32_t subject)
{
    fle_about about = { NULL, 0 };
    const uint64_t number = fle_touch_pair((uint32_t)kind, subject);
    const size_t known = fle_set_find(&t->subjects, number);
    fle_about *facts;

    if (known != SIZE_MAX)
        return t->facts[known];
    facts = fle_array_grow(t->arena, t->facts, &t->facts_capacity, t->subjects.n, 1, sizeof *facts);
    if (!facts || !fle_ledger_about(t->ledger, kind, subject, t->arena, &about) ||
        !fle_set_add(&t->subjects, number)) {
        t->failed = true;
        return (fle_about){ NULL, 0 };
    }
    t->facts = facts;
    facts[t->subjects.n - 1] = about;
    t->n_facts += about.n;
    t->is_wide = t->is_wide || t->n_facts > MOST_FACTS;
    return about;
}

void fle_touch_naming(fle_touched *t, uint32_t thing, fle_subject kind, fle_follow *each)
{
    const fle_chained *at = fle_chains_first(&t->ledger->naming, thing);

    for (; at && fle_touch_goes_on(t); at = fle_chains_next(&t->ledger->naming, at))
        if (at->kind == (uint32_t)kind)
            each(t, at->item);
}

void fle_touch_values(fle_touched *t, fle_about about, fle_predicate predicate, fle_follow *each)
{
    const fle_about named = fle_about_predicate(about, predicate);

    for (size_t i = 0; i < named.n && fle_touch_goes_on(t); i++)
        if (named.items[i].value != 0)
            each(t, named.items[i].value);
}

void fle_touch_see_values(fle_touched *t, fle_about about, fle_predicate predicate,
                          fle_subject kind)
{
    const fle_about named = fle_about_predicate(about, predicate);

    for (size_t i = 0; i < named.n && fle_touch_goes_on(t); i++)
        if (named.items[i].value != 0)
            (void)fle_touch_look(t, kind, named.items[i].value);
}

void fle_touch_see_naming(fle_touched *t, uint32_t thing, fle_subject kind)
{
    const fle_chained *at = fle_chains_first(&t->ledger->naming, thing);

    for (; at && fle_touch_goes_on(t); at = fle_chains_next(&t->ledger->naming, at))
        if (at->kind == (uint32_t)kind)
            (void)fle_touch_look(t, kind, at->item);
}

bool fle_touch_is_named_by(const fle_touched *t, uint32_t thing, fle_subject kind)
{
    const fle_chained *at = fle_chains_first(&t->ledger->naming, thing);

    while (at && at->kind != (uint32_t)kind)
        at = fle_chains_next(&t->ledger->naming, at);
    return at != NULL;
}

void fle_touch_change(fle_touched *t, uint32_t interface)
{
    (void)fle_set_add(&t->changed, interface);
}

void fle_touch_attached(fle_touched *t, uint32_t instance)
{
    fle_touch_naming(t, instance, FLE_SUBJECT_INTERFACE, fle_touch_change);
}

void fle_touch_ask(fle_touched *t, uint32_t address)
{
    (void)fle_set_add(&t->asked, fle_touch_pair(FLE_PUBLIC, address));
}

void fle_touch_ask_allocation(fle_touched *t, uint32_t allocation)
{
    fle_touch_values(t, fle_touch_look(t, FLE_SUBJECT_ALLOCATION, allocation), FLE_FACT_ADDRESS,
                     fle_touch_ask);
}

void fle_touch_ask_association(fle_touched *t, uint32_t association)
{
    const fle_about about = fle_touch_look(t, FLE_SUBJECT_ASSOCIATION, association);

    fle_touch_values(t, about, FLE_FACT_ADDRESS, fle_touch_ask);
    fle_touch_values(t, about, FLE_FACT_ALLOCATION, fle_touch_ask_allocation);
}

bool fle_touch_is_space(const fle_touched *t, uint32_t vpc)
{
    return vpc == 0 || fle_snapshot_space(t->last, fle_facts_text(t->ledger->facts, vpc)) != 0;
}

/* What was never named isn't among the spaces. */
void fle_touch_vpc(fle_touched *t, uint32_t vpc)
{
    t->is_wide = t->is_wide || !fle_touch_is_space(t, vpc);
    (void)fle_set_add(&t->vpcs, vpc);
}

void fle_touch_vpc_of_table(fle_touched *t, uint32_t table)
{
    fle_touch_values(t, fle_touch_look(t, FLE_SUBJECT_ROUTE_TABLE, table), FLE_FACT_VPC,
                     fle_touch_vpc);
}

/* One that no document has is where its tables are. */
void fle_touch_vpc_of_subnet(fle_touched *t, uint32_t subnet)
{
    const fle_about about = fle_touch_look(t, FLE_SUBJECT_SUBNET, subnet);

    if (fle_about_newest(about, FLE_FACT_VPC) != 0)
        fle_touch_values(t, about, FLE_FACT_VPC, fle_touch_vpc);
    else
        fle_touch_values(t, about, FLE_FACT_ROUTE_TABLE, fle_touch_vpc_of_table);
}

void fle_touch_link(fle_touched *t, uint32_t association)
{
    (void)fle_set_add(&t->links, association);
}
