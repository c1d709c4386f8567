/* SPDX-License-Identifier: Apache-2.0 */
/* Route tables and prefix lists, to facts. */
#include "catalog/destinations.h"

#include "base/address.h"

/* Whose table it is: a subnet's, or the main one of its VPC. */
static void add_association(fle_loader *l, const fle_json *association, fle_thing table,
                            flowenrich_text vpc)
{
    const flowenrich_text state =
        fle_get_text(fle_json_get(association, "AssociationState"), "State");
    const bool is_main = fle_text_is(fle_get_text(association, "Main"), "true");
    const flowenrich_text of = is_main ? vpc : fle_get_text(association, "SubnetId");
    const fle_thing s = { is_main ? FLE_SUBJECT_VPC : FLE_SUBJECT_SUBNET,
                          fle_loader_intern(l, of) };

    if (s.id == 0 || (state.len > 0 && !fle_text_is(state, "associated")))
        return;
    if (!is_main)
        fle_add(l, table, FLE_FACT_SUBNETS, of);
    fle_add(l, s, FLE_FACT_ROUTE_TABLE, fle_facts_text(l->facts, table.id));
    fle_add_route_association(l, fle_get_text(association, "RouteTableAssociationId"), s);
}

/* A table may be a gateway's, too, which tells nothing of subnets. */
static void add_associations(fle_loader *l, const fle_json *item, fle_thing table)
{
    const fle_json *associations = fle_json_get(item, "Associations");

    fle_add_mark(l, table, FLE_FACT_SUBNETS);
    for (size_t i = 0; i < fle_json_count(associations); i++)
        add_association(l, fle_json_at(associations, i), table, fle_get_text(item, "VpcId"));
}

void fle_add_route_association(fle_loader *l, flowenrich_text id, fle_thing of)
{
    const fle_thing s = { FLE_SUBJECT_ROUTE_ASSOCIATION, fle_loader_intern(l, id) };

    if (s.id != 0)
        fle_add(l, s, of.kind == FLE_SUBJECT_VPC ? FLE_FACT_VPC : FLE_FACT_SUBNET,
                fle_facts_text(l->facts, of.id));
}

/* Documents write "GatewayId" where CloudTrail has "gatewayId". */
static flowenrich_text get_either(const fle_json *item, const char *key)
{
    const flowenrich_text text = fle_get_text(item, key);
    char small[32];

    if (text.len > 0 || strlen(key) >= sizeof small)
        return text;
    memcpy(small, key, strlen(key) + 1);
    small[0] = (char)(small[0] - 'A' + 'a');
    return fle_get_text(item, small);
}

static flowenrich_text first_of(const fle_json *item, const char *const *keys, size_t n)
{
    flowenrich_text text = fle_text("", 0);

    for (size_t i = 0; i < n && text.len == 0; i++)
        text = get_either(item, keys[i]);
    return text;
}

/* Where a route leads to nothing any more, its target is the state it is in. */
void fle_add_route(fle_loader *l, const fle_json *route, fle_thing s)
{
    static const char *const destinations[] = { "DestinationCidrBlock", "DestinationIpv6CidrBlock",
                                                "DestinationPrefixListId" };
    static const char *const targets[] = {
        "NatGatewayId",
        "TransitGatewayId",
        "VpcPeeringConnectionId",
        "LocalGatewayId",
        "EgressOnlyInternetGatewayId",
        "CarrierGatewayId",
        "CoreNetworkArn",
        "GatewayId",
        "NetworkInterfaceId",
        "InstanceId",
    };
    const flowenrich_text to =
        first_of(route, destinations, sizeof destinations / sizeof *destinations);
    const flowenrich_text target = first_of(route, targets, sizeof targets / sizeof *targets);
    const flowenrich_text state = fle_get_text(route, "State");
    fle_cidr cidr;

    if (fle_cidr_parse(to.data, to.len, &cidr) || fle_text_starts(to, "pl-"))
        fle_add_at(l, l->time, s, FLE_FACT_ROUTES, to,
                   fle_text_is(state, "blackhole") ? state : target);
    else
        l->skipped++;
}

void fle_add_route_table(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *routes = fle_json_get(item, "Routes");

    add_associations(l, item, s);
    fle_add_mark(l, s, FLE_FACT_ROUTES);
    for (size_t i = 0; i < fle_json_count(routes); i++)
        fle_add_route(l, fle_json_at(routes, i), s);
}

void fle_add_prefix_list(fle_loader *l, const fle_json *item, fle_thing s)
{
    const fle_json *blocks = fle_json_get(item, "Cidrs");

    if (blocks)
        fle_add_mark(l, s, FLE_FACT_CIDRS);
    for (size_t i = 0; i < fle_json_count(blocks); i++)
        fle_add_cidr(l, s, FLE_FACT_CIDRS, fle_json_text(fle_json_at(blocks, i)));
}

bool fle_is_entries(const fle_json *page)
{
    const fle_json *entries = fle_json_get(page, "Entries");

    return fle_json_is_array(entries) &&
           (fle_json_count(entries) == 0 || fle_json_get(fle_json_at(entries, 0), "Cidr"));
}

void fle_add_entries(fle_loader *l, const fle_json *page)
{
    const fle_json *entries = fle_json_get(page, "Entries");
    const fle_thing s = fle_get_thing(l, FLE_SUBJECT_PREFIX_LIST, page, "PrefixListId");

    fle_add_mark(l, s, FLE_FACT_CIDRS);
    for (size_t i = 0; i < fle_json_count(entries); i++) {
        const fle_json *entry = fle_json_at(entries, i);
        const flowenrich_text text = fle_get_text(entry, "Cidr");
        fle_cidr cidr;

        if (fle_cidr_parse(text.data, text.len, &cidr))
            fle_add_at(l, l->time, s, FLE_FACT_CIDRS, fle_get_text(entry, "Description"), text);
        else
            l->skipped++;
    }
}
