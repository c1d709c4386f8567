/* SPDX-License-Identifier: Apache-2.0 */
/* What of a snapshot new facts touch, and all the facts that matter to that. */
#include "catalog/touch.h"

#include <string.h>

#include "catalog/order.h"

#define MOST_FACTS 65536 /* a snapshot of as many is sooner made as a whole */

static uint64_t pair(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

static bool goes_on(const fle_touched *t)
{
    return !t->is_wide && !t->failed;
}

/* The facts on a subject, which are part of what matters from now on. */
static fle_about look(fle_touched *t, fle_subject kind, uint32_t subject)
{
    fle_about about = { NULL, 0 };
    const uint64_t number = pair((uint32_t)kind, subject);
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

typedef void follow(fle_touched *t, uint32_t subject);

/* Of the subjects of a kind that name a thing. */
static void for_naming(fle_touched *t, uint32_t thing, fle_subject kind, follow *each)
{
    const fle_chained *at = fle_chains_first(&t->ledger->naming, thing);

    for (; at && goes_on(t); at = fle_chains_next(&t->ledger->naming, at))
        if (at->kind == (uint32_t)kind)
            each(t, at->item);
}

/* Of the things that facts name by a predicate. */
static void for_values(fle_touched *t, fle_about about, fle_predicate predicate, follow *each)
{
    const fle_about named = fle_about_predicate(about, predicate);

    for (size_t i = 0; i < named.n && goes_on(t); i++)
        if (named.items[i].value != 0)
            each(t, named.items[i].value);
}

/* Look at all that facts name by a predicate, or at all of a kind that name a thing. */
static void see_values(fle_touched *t, fle_about about, fle_predicate predicate, fle_subject kind)
{
    const fle_about named = fle_about_predicate(about, predicate);

    for (size_t i = 0; i < named.n && goes_on(t); i++)
        if (named.items[i].value != 0)
            (void)look(t, kind, named.items[i].value);
}

static void see_naming(fle_touched *t, uint32_t thing, fle_subject kind)
{
    const fle_chained *at = fle_chains_first(&t->ledger->naming, thing);

    for (; at && goes_on(t); at = fle_chains_next(&t->ledger->naming, at))
        if (at->kind == (uint32_t)kind)
            (void)look(t, kind, at->item);
}

static bool is_named_by(const fle_touched *t, uint32_t thing, fle_subject kind)
{
    const fle_chained *at = fle_chains_first(&t->ledger->naming, thing);

    while (at && at->kind != (uint32_t)kind)
        at = fle_chains_next(&t->ledger->naming, at);
    return at != NULL;
}

/* ---- What is changed. ---- */

static void change(fle_touched *t, uint32_t interface)
{
    (void)fle_set_add(&t->changed, interface);
}

static void change_attached(fle_touched *t, uint32_t instance)
{
    for_naming(t, instance, FLE_SUBJECT_INTERFACE, change);
}

static void ask_everywhere(fle_touched *t, uint32_t address)
{
    (void)fle_set_add(&t->asked, pair(FLE_PUBLIC, address));
}

static void ask_allocation(fle_touched *t, uint32_t allocation)
{
    for_values(t, look(t, FLE_SUBJECT_ALLOCATION, allocation), FLE_FACT_ADDRESS, ask_everywhere);
}

static void ask_association(fle_touched *t, uint32_t association)
{
    const fle_about about = look(t, FLE_SUBJECT_ASSOCIATION, association);

    for_values(t, about, FLE_FACT_ADDRESS, ask_everywhere);
    for_values(t, about, FLE_FACT_ALLOCATION, ask_allocation);
}

static void change_association(fle_touched *t, uint32_t association)
{
    const fle_about about = look(t, FLE_SUBJECT_ASSOCIATION, association);

    for_values(t, about, FLE_FACT_INTERFACE, change);
    for_values(t, about, FLE_FACT_INSTANCE, change_attached);
    ask_association(t, association);
}

static void change_owners(fle_touched *t, uint32_t arn)
{
    const fle_chained *at = fle_ledger_owners(t->ledger, fle_facts_text(t->ledger->facts, arn));

    for (; at; at = fle_chains_next(&t->ledger->owning, at))
        change(t, at->item);
}

static bool is_space(const fle_touched *t, uint32_t vpc)
{
    return vpc == 0 || fle_snapshot_space(t->last, fle_facts_text(t->ledger->facts, vpc)) != 0;
}

/* A gateway endpoint is part of its VPC. */
static bool is_gateway(fle_touched *t, uint32_t endpoint)
{
    const fle_about types =
        fle_about_predicate(look(t, FLE_SUBJECT_ENDPOINT, endpoint), FLE_FACT_ENDPOINT_TYPE);

    for (size_t i = 0; i < types.n; i++)
        if (fle_text_is(fle_facts_text(t->ledger->facts, types.items[i].value), "Gateway"))
            return true;
    return false;
}

/* What was never named isn't among the spaces. */
static void change_vpc(fle_touched *t, uint32_t vpc)
{
    t->is_wide = t->is_wide || !is_space(t, vpc);
    (void)fle_set_add(&t->vpcs, vpc);
}

static void change_attached_vpc(fle_touched *t, uint32_t resource)
{
    if (fle_text_starts(fle_facts_text(t->ledger->facts, resource), "vpc-"))
        change_vpc(t, resource);
}

static void change_vpc_of_table(fle_touched *t, uint32_t table)
{
    for_values(t, look(t, FLE_SUBJECT_ROUTE_TABLE, table), FLE_FACT_VPC, change_vpc);
}

/* One that no document has is where its tables are. */
static void change_vpc_of_subnet(fle_touched *t, uint32_t subnet)
{
    const fle_about about = look(t, FLE_SUBJECT_SUBNET, subnet);

    if (fle_about_newest(about, FLE_FACT_VPC) != 0)
        for_values(t, about, FLE_FACT_VPC, change_vpc);
    else
        for_values(t, about, FLE_FACT_ROUTE_TABLE, change_vpc_of_table);
}

static void link_association(fle_touched *t, uint32_t association)
{
    (void)fle_set_add(&t->links, association);
}

/* What took the place of another is of the same subnet. */
static void follow_link(fle_touched *t, uint32_t association)
{
    const fle_about about = look(t, FLE_SUBJECT_ROUTE_ASSOCIATION, association);

    for_values(t, about, FLE_FACT_REPLACED, link_association);
    for_naming(t, association, FLE_SUBJECT_ROUTE_ASSOCIATION, link_association);
    for_values(t, about, FLE_FACT_SUBNET, change_vpc_of_subnet);
    for_values(t, about, FLE_FACT_VPC, change_vpc);
}

static void note_peering(fle_touched *t, const fle_fact *fact)
{
    const fle_about about = look(t, FLE_SUBJECT_PEERING, fact->subject);

    t->has_joins = true;
    for_values(t, about, FLE_FACT_REQUESTER_VPC, change_vpc);
    for_values(t, about, FLE_FACT_ACCEPTER_VPC, change_vpc);
}

static void note_attachment(fle_touched *t, const fle_fact *fact)
{
    t->has_joins = true;
    for_values(t, look(t, FLE_SUBJECT_ATTACHMENT, fact->subject), FLE_FACT_RESOURCE,
               change_attached_vpc);
}

static void note_subnet(fle_touched *t, const fle_fact *fact)
{
    if (fact->predicate == FLE_FACT_ROUTE_TABLE)
        change_vpc_of_subnet(t, fact->subject);
    else
        t->is_wide = true; /* where other things are */
}

static void note_vpc(fle_touched *t, const fle_fact *fact)
{
    t->is_wide =
        t->is_wide || (fact->predicate != FLE_FACT_CIDRS && fact->predicate != FLE_FACT_CIDRS_V6 &&
                       fact->predicate != FLE_FACT_ROUTE_TABLE);
    change_vpc(t, fact->subject);
}

static void note_endpoint(fle_touched *t, const fle_fact *fact)
{
    if (is_gateway(t, fact->subject))
        for_values(t, look(t, FLE_SUBJECT_ENDPOINT, fact->subject), FLE_FACT_VPC, change_vpc);
    for_naming(t, fact->subject, FLE_SUBJECT_INTERFACE, change);
}

/* The first one in a VPC tells that it has any. */
static void note_place(fle_touched *t, uint32_t vpc)
{
    const uint32_t space = fle_snapshot_space(t->last, fle_facts_text(t->ledger->facts, vpc));

    if (space != 0 && !fle_spaces_vpc(&t->last->spaces, space)->has_interfaces)
        change_vpc(t, vpc);
}

/* The interface without an id is nobody, who never changes. */
static void note_interface(fle_touched *t, const fle_fact *fact)
{
    if (fact->predicate == FLE_FACT_VPC)
        note_place(t, fact->value);
    if (fact->subject != 0)
        change(t, fact->subject);
    else if (fact->value != 0)
        ask_everywhere(t, fact->value);
}

static void note_fact(fle_touched *t, const fle_fact *fact)
{
    t->is_wide = t->is_wide || (fact->predicate == FLE_FACT_VPC && !is_space(t, fact->value));
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
        change_vpc_of_table(t, fact->subject);
        break;
    case FLE_SUBJECT_NAME:
        for_values(t, look(t, FLE_SUBJECT_NAME, fact->subject), FLE_FACT_ADDRESSES, ask_everywhere);
        break;
    case FLE_SUBJECT_ROUTE_ASSOCIATION:
        link_association(t, fact->subject);
        break;
    case FLE_SUBJECT_INSTANCE:
    case FLE_SUBJECT_NAT_GATEWAY:
    case FLE_SUBJECT_ENI_ATTACHMENT:
        for_naming(t, fact->subject, FLE_SUBJECT_INTERFACE, change);
        break;
    case FLE_SUBJECT_ALLOCATION:
        ask_allocation(t, fact->subject);
        for_naming(t, fact->subject, FLE_SUBJECT_ASSOCIATION, change_association);
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

static bool is_known(const fle_touched *t, uint32_t interface)
{
    const flowenrich_text id = fle_facts_text(t->ledger->facts, interface);

    return fle_snapshot_number(t->last, id) != FLE_NOBODY;
}

/* Which interface is an instance's first one tells where what it was given is. */
static void change_others(fle_touched *t, uint32_t instance)
{
    if (is_named_by(t, instance, FLE_SUBJECT_ASSOCIATION))
        change_attached(t, instance);
}

/* ---- Whose addresses these are. ---- */

uint32_t fle_touched_space(fle_touched *t, uint32_t interface)
{
    const fle_about self = look(t, FLE_SUBJECT_INTERFACE, interface);
    uint32_t vpc = fle_about_newest(self, FLE_FACT_VPC);

    if (vpc == 0)
        vpc = fle_about_newest(look(t, FLE_SUBJECT_SUBNET, fle_about_newest(self, FLE_FACT_SUBNET)),
                               FLE_FACT_VPC);
    return vpc != 0 ? fle_snapshot_space(t->last, fle_facts_text(t->ledger->facts, vpc)) : 0;
}

static bool is_private(const fle_touched *t, uint32_t address)
{
    const flowenrich_text text = fle_facts_text(t->ledger->facts, address);
    fle_cidr cidr;

    return fle_cidr_parse(text.data, text.len, &cidr) && fle_address_is_private(&cidr.base);
}

static void ask_given(fle_touched *t, uint32_t instance)
{
    for_naming(t, instance, FLE_SUBJECT_ASSOCIATION, ask_association);
}

static void ask_of(fle_touched *t, uint32_t interface)
{
    const fle_about self = look(t, FLE_SUBJECT_INTERFACE, interface);
    const fle_about private = fle_about_predicate(self, FLE_FACT_ADDRESSES);
    const uint32_t space = fle_touched_space(t, interface);

    for (size_t i = 0; i < private.n; i++) {
        const uint32_t address = private.items[i].value;

        if (address != 0)
            (void)fle_set_add(&t->asked,
                              pair(is_private(t, address) ? space : FLE_PUBLIC, address));
    }
    /* Where a flow log is shows by the interface that it is of. */
    t->is_wide =
        t->is_wide || (is_named_by(t, interface, FLE_SUBJECT_FLOW_LOG) && !is_known(t, interface));
    for_values(t, self, FLE_FACT_PUBLIC, ask_everywhere);
    for_naming(t, interface, FLE_SUBJECT_ASSOCIATION, ask_association);
    for_values(t, self, FLE_FACT_INSTANCE, ask_given);
}

static void relate(fle_touched *t, uint32_t interface)
{
    if (!fle_set_has(&t->changed, interface))
        (void)fle_set_add(&t->related, interface);
}

static void relate_attached(fle_touched *t, uint32_t instance)
{
    for_naming(t, instance, FLE_SUBJECT_INTERFACE, relate);
}

static void relate_association(fle_touched *t, uint32_t association)
{
    const fle_about about = look(t, FLE_SUBJECT_ASSOCIATION, association);

    for_values(t, about, FLE_FACT_INTERFACE, relate);
    for_values(t, about, FLE_FACT_INSTANCE, relate_attached);
}

/* One that is released is nobody's. */
static void relate_allocation(fle_touched *t, uint32_t allocation)
{
    (void)look(t, FLE_SUBJECT_ALLOCATION, allocation);
    relate(t, 0);
    for_naming(t, allocation, FLE_SUBJECT_ASSOCIATION, relate_association);
}

static void relate_in(fle_touched *t, uint32_t address, uint32_t space)
{
    const fle_chained *at = fle_chains_first(&t->ledger->naming, address);

    for (; at && goes_on(t); at = fle_chains_next(&t->ledger->naming, at)) {
        const flowenrich_text id = fle_facts_text(t->ledger->facts, at->item);
        const fle_entry *known;

        if (at->kind != FLE_SUBJECT_INTERFACE)
            continue;
        known = space != FLE_PUBLIC ? fle_snapshot_interface(t->last, id) : NULL;
        if (!known || known->space == space)
            relate(t, at->item);
    }
}

/* Which of its holders a name is of depends on all of them, in whatever VPC. */
static void change_behind_names(fle_touched *t, uint32_t address)
{
    for_naming(t, address, FLE_SUBJECT_INTERFACE, change);
    see_naming(t, address, FLE_SUBJECT_NAME);
    ask_everywhere(t, address);
}

static void relate_holders(fle_touched *t, uint64_t asked)
{
    const uint32_t address = (uint32_t)asked;

    if (is_named_by(t, address, FLE_SUBJECT_NAME))
        change_behind_names(t, address);
    relate_in(t, address, (uint32_t)(asked >> 32));
    for_naming(t, address, FLE_SUBJECT_ASSOCIATION, relate_association);
    for_naming(t, address, FLE_SUBJECT_ALLOCATION, relate_allocation);
}

/* ---- What is derived of them, and from what. Associations were looked up with addresses. ---- */

static void see_functions(fle_touched *t, uint32_t subnet)
{
    see_naming(t, subnet, FLE_SUBJECT_RESOURCE);
}

static void see_all(fle_touched *t, uint32_t interface)
{
    const fle_about self = look(t, FLE_SUBJECT_INTERFACE, interface);
    const uint32_t type = fle_about_newest(self, FLE_FACT_INTERFACE_TYPE);

    see_values(t, self, FLE_FACT_INSTANCE, FLE_SUBJECT_INSTANCE);
    see_values(t, self, FLE_FACT_ATTACHMENT, FLE_SUBJECT_ENI_ATTACHMENT);
    see_values(t, self, FLE_FACT_NAT_GATEWAY, FLE_SUBJECT_NAT_GATEWAY);
    see_values(t, self, FLE_FACT_ENDPOINT, FLE_SUBJECT_ENDPOINT);
    see_values(t, self, FLE_FACT_SUBNET, FLE_SUBJECT_SUBNET);
    if (fle_text_is(fle_facts_text(t->ledger->facts, type), "lambda"))
        for_values(t, self, FLE_FACT_SUBNET, see_functions);
}

/* ---- What VPCs have. ---- */

static void see_routed(fle_touched *t, uint32_t subnet)
{
    see_values(t, look(t, FLE_SUBJECT_SUBNET, subnet), FLE_FACT_ROUTE_TABLE,
               FLE_SUBJECT_ROUTE_TABLE);
    see_naming(t, subnet, FLE_SUBJECT_ROUTE_TABLE);
    for_naming(t, subnet, FLE_SUBJECT_ROUTE_ASSOCIATION, link_association);
}

static void see_routes(fle_touched *t, uint32_t table)
{
    const fle_about about = look(t, FLE_SUBJECT_ROUTE_TABLE, table);
    const fle_about routes = fle_about_predicate(about, FLE_FACT_ROUTES);

    for (size_t i = 0; i < routes.n && goes_on(t); i++)
        if (fle_text_starts(fle_facts_text(t->ledger->facts, routes.items[i].key), "pl-"))
            (void)look(t, FLE_SUBJECT_PREFIX_LIST, routes.items[i].key);
    for_naming(t, table, FLE_SUBJECT_SUBNET, see_routed);
    for_values(t, about, FLE_FACT_SUBNETS, see_routed);
}

static void see_vpc(fle_touched *t, uint32_t vpc)
{
    (void)look(t, FLE_SUBJECT_VPC, vpc);
    see_naming(t, vpc, FLE_SUBJECT_ENDPOINT);
    see_naming(t, vpc, FLE_SUBJECT_PEERING);
    see_naming(t, vpc, FLE_SUBJECT_ATTACHMENT);
    for_naming(t, vpc, FLE_SUBJECT_SUBNET, see_routed);
    for_naming(t, vpc, FLE_SUBJECT_ROUTE_TABLE, see_routes);
    for_naming(t, vpc, FLE_SUBJECT_ROUTE_ASSOCIATION, link_association);
}

/* Each may lead to more of the other. */
static void see_vpcs(fle_touched *t)
{
    size_t vpcs = 0, links = 0;

    while ((vpcs < t->vpcs.n || links < t->links.n) && goes_on(t)) {
        if (vpcs < t->vpcs.n)
            see_vpc(t, (uint32_t)t->vpcs.items[vpcs++]);
        if (links < t->links.n)
            follow_link(t, (uint32_t)t->links.items[links++]);
    }
}

/* ---- All of it. ---- */

/* What is changed has addresses, which may have names, behind which are others that change. */
static void see_changes(fle_touched *t)
{
    size_t instances = 0, changed = 0, asked = 0;

    while ((changed < t->changed.n || asked < t->asked.n) && goes_on(t)) {
        for (; instances < t->changed.n && goes_on(t); instances++)
            for_values(t, look(t, FLE_SUBJECT_INTERFACE, (uint32_t)t->changed.items[instances]),
                       FLE_FACT_INSTANCE, change_others);
        for (; changed < t->changed.n && goes_on(t); changed++)
            ask_of(t, (uint32_t)t->changed.items[changed]);
        for (; asked < t->asked.n && goes_on(t); asked++)
            relate_holders(t, t->asked.items[asked]);
    }
}

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
    for (size_t i = begin; i < ledger->facts->n && goes_on(t); i++)
        note_fact(t, &ledger->facts->items[i]);
    see_vpcs(t);
    see_changes(t);
    for (size_t i = 0; i < t->changed.n && goes_on(t); i++)
        see_all(t, (uint32_t)t->changed.items[i]);
    for (size_t i = 0; i < t->related.n && goes_on(t); i++)
        see_all(t, (uint32_t)t->related.items[i]);
    t->failed = t->failed || t->changed.failed || t->related.failed || t->asked.failed ||
                t->vpcs.failed || t->links.failed || t->subjects.failed;
}

bool fle_touched_asks(const void *ctx, uint32_t address, uint32_t space)
{
    const fle_touched *t = ctx;

    return fle_set_has(&t->asked, pair(FLE_PUBLIC, address)) ||
           fle_set_has(&t->asked, pair(space, address));
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
