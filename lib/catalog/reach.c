/* SPDX-License-Identifier: Apache-2.0 */
/* What else is touched by what is: who had its addresses, what is derived of it, its VPC. */
#include "catalog/touching.h"

/* ---- Whose addresses these are. ---- */

static bool is_known(const fle_touched *t, uint32_t interface)
{
    const flowenrich_text id = fle_facts_text(t->ledger->facts, interface);

    return fle_snapshot_number(t->last, id) != FLE_NOBODY;
}

/* Which interface is an instance's first one tells where what it was given is. */
static void change_others(fle_touched *t, uint32_t instance)
{
    if (fle_touch_is_named_by(t, instance, FLE_SUBJECT_ASSOCIATION))
        fle_touch_attached(t, instance);
}

uint32_t fle_touched_space(fle_touched *t, uint32_t interface)
{
    const fle_about self = fle_touch_look(t, FLE_SUBJECT_INTERFACE, interface);
    uint32_t vpc = fle_about_newest(self, FLE_FACT_VPC);

    if (vpc == 0)
        vpc = fle_about_newest(
            fle_touch_look(t, FLE_SUBJECT_SUBNET, fle_about_newest(self, FLE_FACT_SUBNET)),
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
    fle_touch_naming(t, instance, FLE_SUBJECT_ASSOCIATION, fle_touch_ask_association);
}

static void ask_of(fle_touched *t, uint32_t interface)
{
    const fle_about self = fle_touch_look(t, FLE_SUBJECT_INTERFACE, interface);
    const fle_about private = fle_about_predicate(self, FLE_FACT_ADDRESSES);
    const uint32_t space = fle_touched_space(t, interface);

    for (size_t i = 0; i < private.n; i++) {
        const uint32_t address = private.items[i].value;

        if (address != 0)
            (void)fle_set_add(&t->asked,
                              fle_touch_pair(is_private(t, address) ? space : FLE_PUBLIC, address));
    }
    /* Where a flow log is shows by the interface that it is of. */
    t->is_wide = t->is_wide || (fle_touch_is_named_by(t, interface, FLE_SUBJECT_FLOW_LOG) &&
                                !is_known(t, interface));
    fle_touch_values(t, self, FLE_FACT_PUBLIC, fle_touch_ask);
    fle_touch_naming(t, interface, FLE_SUBJECT_ASSOCIATION, fle_touch_ask_association);
    fle_touch_values(t, self, FLE_FACT_INSTANCE, ask_given);
}

static void relate(fle_touched *t, uint32_t interface)
{
    if (!fle_set_has(&t->changed, interface))
        (void)fle_set_add(&t->related, interface);
}

static void relate_attached(fle_touched *t, uint32_t instance)
{
    fle_touch_naming(t, instance, FLE_SUBJECT_INTERFACE, relate);
}

static void relate_association(fle_touched *t, uint32_t association)
{
    const fle_about about = fle_touch_look(t, FLE_SUBJECT_ASSOCIATION, association);

    fle_touch_values(t, about, FLE_FACT_INTERFACE, relate);
    fle_touch_values(t, about, FLE_FACT_INSTANCE, relate_attached);
}

/* One that is released is nobody's. */
static void relate_allocation(fle_touched *t, uint32_t allocation)
{
    (void)fle_touch_look(t, FLE_SUBJECT_ALLOCATION, allocation);
    relate(t, 0);
    fle_touch_naming(t, allocation, FLE_SUBJECT_ASSOCIATION, relate_association);
}

static void relate_in(fle_touched *t, uint32_t address, uint32_t space)
{
    const fle_chained *at = fle_chains_first(&t->ledger->naming, address);

    for (; at && fle_touch_goes_on(t); at = fle_chains_next(&t->ledger->naming, at)) {
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
    fle_touch_naming(t, address, FLE_SUBJECT_INTERFACE, fle_touch_change);
    fle_touch_see_naming(t, address, FLE_SUBJECT_NAME);
    fle_touch_ask(t, address);
}

static void relate_holders(fle_touched *t, uint64_t asked)
{
    const uint32_t address = (uint32_t)asked;

    if (fle_touch_is_named_by(t, address, FLE_SUBJECT_NAME))
        change_behind_names(t, address);
    relate_in(t, address, (uint32_t)(asked >> 32));
    fle_touch_naming(t, address, FLE_SUBJECT_ASSOCIATION, relate_association);
    fle_touch_naming(t, address, FLE_SUBJECT_ALLOCATION, relate_allocation);
}

/* ---- What is derived of them, and from what. Associations were looked up with addresses. ---- */

static void see_functions(fle_touched *t, uint32_t subnet)
{
    fle_touch_see_naming(t, subnet, FLE_SUBJECT_RESOURCE);
}

static void see_all(fle_touched *t, uint32_t interface)
{
    const fle_about self = fle_touch_look(t, FLE_SUBJECT_INTERFACE, interface);
    const uint32_t type = fle_about_newest(self, FLE_FACT_INTERFACE_TYPE);

    fle_touch_see_values(t, self, FLE_FACT_INSTANCE, FLE_SUBJECT_INSTANCE);
    fle_touch_see_values(t, self, FLE_FACT_ATTACHMENT, FLE_SUBJECT_ENI_ATTACHMENT);
    fle_touch_see_values(t, self, FLE_FACT_NAT_GATEWAY, FLE_SUBJECT_NAT_GATEWAY);
    fle_touch_see_values(t, self, FLE_FACT_ENDPOINT, FLE_SUBJECT_ENDPOINT);
    fle_touch_see_values(t, self, FLE_FACT_SUBNET, FLE_SUBJECT_SUBNET);
    if (fle_text_is(fle_facts_text(t->ledger->facts, type), "lambda"))
        fle_touch_values(t, self, FLE_FACT_SUBNET, see_functions);
}

/* ---- What VPCs have. ---- */

static void see_routed(fle_touched *t, uint32_t subnet)
{
    fle_touch_see_values(t, fle_touch_look(t, FLE_SUBJECT_SUBNET, subnet), FLE_FACT_ROUTE_TABLE,
                         FLE_SUBJECT_ROUTE_TABLE);
    fle_touch_see_naming(t, subnet, FLE_SUBJECT_ROUTE_TABLE);
    fle_touch_naming(t, subnet, FLE_SUBJECT_ROUTE_ASSOCIATION, fle_touch_link);
}

static void see_routes(fle_touched *t, uint32_t table)
{
    const fle_about about = fle_touch_look(t, FLE_SUBJECT_ROUTE_TABLE, table);
    const fle_about routes = fle_about_predicate(about, FLE_FACT_ROUTES);

    for (size_t i = 0; i < routes.n && fle_touch_goes_on(t); i++)
        if (fle_text_starts(fle_facts_text(t->ledger->facts, routes.items[i].key), "pl-"))
            (void)fle_touch_look(t, FLE_SUBJECT_PREFIX_LIST, routes.items[i].key);
    fle_touch_naming(t, table, FLE_SUBJECT_SUBNET, see_routed);
    fle_touch_values(t, about, FLE_FACT_SUBNETS, see_routed);
}

/* What took the place of another is of the same subnet. */
static void follow_link(fle_touched *t, uint32_t association)
{
    const fle_about about = fle_touch_look(t, FLE_SUBJECT_ROUTE_ASSOCIATION, association);

    fle_touch_values(t, about, FLE_FACT_REPLACED, fle_touch_link);
    fle_touch_naming(t, association, FLE_SUBJECT_ROUTE_ASSOCIATION, fle_touch_link);
    fle_touch_values(t, about, FLE_FACT_SUBNET, fle_touch_vpc_of_subnet);
    fle_touch_values(t, about, FLE_FACT_VPC, fle_touch_vpc);
}

static void see_vpc(fle_touched *t, uint32_t vpc)
{
    (void)fle_touch_look(t, FLE_SUBJECT_VPC, vpc);
    fle_touch_see_naming(t, vpc, FLE_SUBJECT_ENDPOINT);
    fle_touch_see_naming(t, vpc, FLE_SUBJECT_PEERING);
    fle_touch_see_naming(t, vpc, FLE_SUBJECT_ATTACHMENT);
    fle_touch_naming(t, vpc, FLE_SUBJECT_SUBNET, see_routed);
    fle_touch_naming(t, vpc, FLE_SUBJECT_ROUTE_TABLE, see_routes);
    fle_touch_naming(t, vpc, FLE_SUBJECT_ROUTE_ASSOCIATION, fle_touch_link);
}

/* Each may lead to more of the other. */
void fle_reach_vpcs(fle_touched *t)
{
    size_t vpcs = 0, links = 0;

    while ((vpcs < t->vpcs.n || links < t->links.n) && fle_touch_goes_on(t)) {
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

    while ((changed < t->changed.n || asked < t->asked.n) && fle_touch_goes_on(t)) {
        for (; instances < t->changed.n && fle_touch_goes_on(t); instances++)
            fle_touch_values(
                t, fle_touch_look(t, FLE_SUBJECT_INTERFACE, (uint32_t)t->changed.items[instances]),
                FLE_FACT_INSTANCE, change_others);
        for (; changed < t->changed.n && fle_touch_goes_on(t); changed++)
            ask_of(t, (uint32_t)t->changed.items[changed]);
        for (; asked < t->asked.n && fle_touch_goes_on(t); asked++)
            relate_holders(t, t->asked.items[asked]);
    }
}

void fle_reach_interfaces(fle_touched *t)
{
    see_changes(t);
    for (size_t i = 0; i < t->changed.n && fle_touch_goes_on(t); i++)
        see_all(t, (uint32_t)t->changed.items[i]);
    for (size_t i = 0; i < t->related.n && fle_touch_goes_on(t); i++)
        see_all(t, (uint32_t)t->related.items[i]);
}
