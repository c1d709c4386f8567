/* SPDX-License-Identifier: Apache-2.0 */
/* What of a snapshot new facts touch, and all the facts that matter to that. */
#include "catalog/touch.h"

#include <string.h>

#include "catalog/order.h"
#include "catalog/touching.h"

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

/* ---- What is changed. ---- */

static void change_association(fle_touched *t, uint32_t association)
{
    const fle_about about = fle_touch_look(t, FLE_SUBJECT_ASSOCIATION, association);

    fle_touch_values(t, about, FLE_FACT_INTERFACE, fle_touch_change);
    fle_touch_values(t, about, FLE_FACT_INSTANCE, fle_touch_attached);
    fle_touch_ask_association(t, association);
}

static void change_owners(fle_touched *t, uint32_t arn)
{
    const fle_chained *at = fle_ledger_owners(t->ledger, fle_facts_text(t->ledger->facts, arn));

    for (; at; at = fle_chains_next(&t->ledger->owning, at))
        fle_touch_change(t, at->item);
}

/* A gateway endpoint is part of its VPC. */
static bool is_gateway(fle_touched *t, uint32_t endpoint)
{
    const fle_about types = fle_about_predicate(fle_touch_look(t, FLE_SUBJECT_ENDPOINT, endpoint),
                                                FLE_FACT_ENDPOINT_TYPE);

    for (size_t i = 0; i < types.n; i++)
        if (fle_text_is(fle_facts_text(t->ledger->facts, types.items[i].value), "Gateway"))
            return true;
    return false;
}

/* Of other resources none is a VPC, unless somebody says that it is one. */
static void change_attached_vpc(fle_touched *t, uint32_t resource)
{
    if (fle_text_starts(fle_facts_text(t->ledger->facts, resource), "vpc-") ||
        fle_touch_is_space(t, resource))
        fle_touch_vpc(t, resource);
}

static void note_peering(fle_touched *t, const fle_fact *fact)
{
    const fle_about about = fle_touch_look(t, FLE_SUBJECT_PEERING, fact->subject);

    t->has_joins = true;
    fle_touch_values(t, about, FLE_FACT_REQUESTER_VPC, fle_touch_vpc);
    fle_touch_values(t, about, FLE_FACT_ACCEPTER_VPC, fle_touch_vpc);
}

static void note_attachment(fle_touched *t, const fle_fact *fact)
{
    t->has_joins = true;
    fle_touch_values(t, fle_touch_look(t, FLE_SUBJECT_ATTACHMENT, fact->subject), FLE_FACT_RESOURCE,
                     change_attached_vpc);
}

static void note_subnet(fle_touched *t, const fle_fact *fact)
{
    if (fact->predicate == FLE_FACT_ROUTE_TABLE)
        fle_touch_vpc_of_subnet(t, fact->subject);
    else
        t->is_wide = true; /* where other things are */
}

static void note_vpc(fle_touched *t, const fle_fact *fact)
{
    t->is_wide =
        t->is_wide || (fact->predicate != FLE_FACT_CIDRS && fact->predicate != FLE_FACT_CIDRS_V6 &&
                       fact->predicate != FLE_FACT_ROUTE_TABLE);
    fle_touch_vpc(t, fact->subject);
}

static void note_endpoint(fle_touched *t, const fle_fact *fact)
{
    if (is_gateway(t, fact->subject))
        fle_touch_values(t, fle_touch_look(t, FLE_SUBJECT_ENDPOINT, fact->subject), FLE_FACT_VPC,
                         fle_touch_vpc);
    fle_touch_naming(t, fact->subject, FLE_SUBJECT_INTERFACE, fle_touch_change);
}

/* The first one in a VPC tells that it has any. */
static void note_place(fle_touched *t, uint32_t vpc)
{
    const uint32_t space = fle_snapshot_space(t->last, fle_facts_text(t->ledger->facts, vpc));

    if (space != 0 && !fle_spaces_vpc(&t->last->spaces, space)->has_interfaces)
        fle_touch_vpc(t, vpc);
}

/* The interface without an id is nobody, who never changes. */
static void note_interface(fle_touched *t, const fle_fact *fact)
{
    if (fact->predicate == FLE_FACT_VPC)
        note_place(t, fact->value);
    if (fact->subject != 0)
        fle_touch_change(t, fact->subject);
    else if (fact->value != 0)
        fle_touch_ask(t, fact->value);
}

static void note_fact(fle_touched *t, const fle_fact *fact)
{
    t->is_wide =
        t->is_wide || (fact->predicate == FLE_FACT_VPC && !fle_touch_is_space(t, fact->value));
    switch ((fle_subject)fact->kind) {
    case FLE_SUBJECT_EVENT:
        break;
    case FLE_SUBJECT_INTERFACE:
        note_interface(t, fact);
        break;
    case FLE_SUBJECT_ENDPOINT:
        note_endpoint(t, fact);
        break;
    case FLE_SUBJECT_SUBNET:
        note_subnet(t, fact);
        break;
    case FLE_SUBJECT_VPC:
        note_vpc(t, fact);
        break;
    case FLE_SUBJECT_PEERING:
        note_peering(t, fact);
        break;
    case FLE_SUBJECT_ATTACHMENT:
        note_attachment(t, fact);
        break;
    case FLE_SUBJECT_ROUTE_TABLE:
        fle_touch_vpc_of_table(t, fact->subject);
        break;
    case FLE_SUBJECT_NAME:
        fle_touch_values(t, fle_touch_look(t, FLE_SUBJECT_NAME, fact->subject), FLE_FACT_ADDRESSES,
                         fle_touch_ask);
        break;
    case FLE_SUBJECT_ROUTE_ASSOCIATION:
        fle_touch_link(t, fact->subject);
        break;
    case FLE_SUBJECT_INSTANCE:
    case FLE_SUBJECT_NAT_GATEWAY:
    case FLE_SUBJECT_ENI_ATTACHMENT:
        fle_touch_naming(t, fact->subject, FLE_SUBJECT_INTERFACE, fle_touch_change);
        break;
    case FLE_SUBJECT_ALLOCATION:
        fle_touch_ask_allocation(t, fact->subject);
        fle_touch_naming(t, fact->subject, FLE_SUBJECT_ASSOCIATION, change_association);
        break;
    case FLE_SUBJECT_ASSOCIATION:
        change_association(t, fact->subject);
        break;
    case FLE_SUBJECT_RESOURCE:
        t->is_wide = t->is_wide || fact->predicate != FLE_FACT_TAGS;
        change_owners(t, fact->subject);
        break;
    default:
        t->is_wide = true;
    }
}

/* ---- All of it. ---- */

static void init(fle_touched *t, const fle_ledger *ledger, const flowenrich_snapshot *last,
                 fle_arena *arena)
{
    memset(t, 0, sizeof *t);
    t->ledger = ledger;
    t->last = last;
    t->arena = arena;
    fle_set_init(&t->changed, arena);
    fle_set_init(&t->related, arena);
    fle_set_init(&t->asked, arena);
    fle_set_init(&t->vpcs, arena);
    fle_set_init(&t->links, arena);
    fle_set_init(&t->subjects, arena);
}

/* Sets grow while they are gone through. */
void fle_touch(fle_touched *out, const fle_ledger *ledger, size_t begin,
               const flowenrich_snapshot *last, fle_arena *arena)
{
    fle_touched *t = out;

    init(t, ledger, last, arena);
    for (size_t i = begin; i < ledger->facts->n && fle_touch_goes_on(t); i++)
        note_fact(t, &ledger->facts->items[i]);
    fle_reach_vpcs(t);
    fle_reach_interfaces(t);
    t->failed = t->failed || t->changed.failed || t->related.failed || t->asked.failed ||
                t->vpcs.failed || t->links.failed || t->subjects.failed;
}

bool fle_touched_asks(const void *ctx, uint32_t address, uint32_t space)
{
    const fle_touched *t = ctx;

    return fle_set_has(&t->asked, fle_touch_pair(FLE_PUBLIC, address)) ||
           fle_set_has(&t->asked, fle_touch_pair(space, address));
}

bool fle_touched_facts(const fle_touched *t, fle_facts *out)
{
    *out = *t->ledger->facts;
    out->items = NULL;
    out->n = out->capacity = 0;
    for (size_t i = 0; i < t->subjects.n; i++)
        for (size_t k = 0; k < t->facts[i].n; k++)
            if (!fle_facts_add(out, &t->facts[i].items[k]))
                return false;
    return fle_facts_sort(out, t->arena);
}
