/* SPDX-License-Identifier: Apache-2.0 */
/* Which way the packets went (docs/output.md, "Path"). */
#include "enrich/route.h"

#include "enrich/ends.h"
#include "enrich/metadata.h"
#include "enrich/scope.h"
#include "record/dictionary.h"
#include "record/list.h"

const flowenrich_text fle_route_names[FLE_N_ROUTES] = {
    [FLE_ROUTE_SAME_VPC] = FLE_ENTRY("same-vpc"),
    [FLE_ROUTE_INTERNET_GATEWAY] = FLE_ENTRY("internet-gateway"),
    [FLE_ROUTE_GATEWAY_ENDPOINT] = FLE_ENTRY("gateway-endpoint"),
    [FLE_ROUTE_VPC_ENDPOINT] = FLE_ENTRY("vpc-endpoint"),
    [FLE_ROUTE_VIRTUAL_PRIVATE_GATEWAY] = FLE_ENTRY("virtual-private-gateway"),
    [FLE_ROUTE_PEERING] = FLE_ENTRY("peering"),
    [FLE_ROUTE_PEERING_CROSS_REGION] = FLE_ENTRY("peering-cross-region"),
    [FLE_ROUTE_LOCAL_GATEWAY] = FLE_ENTRY("local-gateway"),
    [FLE_ROUTE_NAT_GATEWAY] = FLE_ENTRY("nat-gateway"),
    [FLE_ROUTE_TRANSIT_GATEWAY] = FLE_ENTRY("transit-gateway"),
    [FLE_ROUTE_LOAD_BALANCER] = FLE_ENTRY("load-balancer"),
};

static fle_route find(flowenrich_text name)
{
    size_t i = 0;

    if (name.len == 0) /* of nearly all interfaces */
        return FLE_N_ROUTES;
    while (i < FLE_N_ROUTES && !fle_text_equal(name, fle_route_names[i]))
        i++;
    return (fle_route)i;
}

static fle_route of_kind(flowenrich_text name)
{
    const fle_kind *kind = fle_kind_find(name);

    return kind ? find(fle_text_of(kind->path)) : FLE_N_ROUTES;
}

static fle_route by_next_hop(const fle_context *context, const fle_facts *facts, size_t row)
{
    (void)facts;
    return of_kind(fle_context_text(context, FLE_FIELD_NEXT_HOP_INTERFACE_TYPE, row));
}

/* Gateway endpoints exist for these two, and only within a region. */
static bool may_have_gateway(const fle_facts *facts, fle_side side)
{
    const flowenrich_text service = facts->answer[side]->identity.single[FLE_ATTR_AWS_SERVICE];

    return (fle_text_is(service, "s3") || fle_text_is(service, "dynamodb")) &&
           !fle_is_different(facts, FLE_ATTR_REGION);
}

static bool has_gateway(const fle_context *context, const fle_facts *facts, fle_side side)
{
    return context->snapshot && may_have_gateway(facts, side) &&
           fle_snapshot_has_gateway(context->snapshot, facts->space[fle_other(side)],
                                    facts->answer[side]->identity.single[FLE_ATTR_AWS_SERVICE]);
}

/*
 * 2 is an internet gateway or a gateway endpoint. For anything but the services
 * that have such endpoints it is the former; for these, whether the VPC has one.
 */
static fle_route by_either_gateway(const fle_context *context, const fle_facts *facts)
{
    if (has_gateway(context, facts, FLE_DST))
        return FLE_ROUTE_GATEWAY_ENDPOINT;
    return may_have_gateway(facts, FLE_DST) ? FLE_N_ROUTES : FLE_ROUTE_INTERNET_GATEWAY;
}

/* 1 is "by a resource of the same VPC": the end itself, unless it is known to lie elsewhere. */
static fle_route by_resource(const fle_facts *facts)
{
    return fle_is_internet(facts, FLE_DST) || fle_is_different(facts, FLE_ATTR_VPC_ID)
               ? FLE_N_ROUTES
               : FLE_ROUTE_SAME_VPC;
}

static fle_route by_traffic_path(const fle_context *context, const fle_facts *facts, size_t row)
{
    static const fle_route routes[] = {
        [3] = FLE_ROUTE_VIRTUAL_PRIVATE_GATEWAY, [4] = FLE_ROUTE_PEERING,
        [5] = FLE_ROUTE_PEERING_CROSS_REGION,    [6] = FLE_ROUTE_LOCAL_GATEWAY,
        [7] = FLE_ROUTE_GATEWAY_ENDPOINT,        [8] = FLE_ROUTE_INTERNET_GATEWAY,
    };
    const uint32_t code = fle_column_u32(context->fields[FLE_FIELD_TRAFFIC_PATH], row);

    if (code == 1)
        return by_resource(facts);
    if (code == 2)
        return by_either_gateway(context, facts);
    return code >= 3 && code < sizeof routes / sizeof *routes ? routes[code] : FLE_N_ROUTES;
}

/* The first who passed packets on and whose kind tells a way. */
static fle_route by_hops(const fle_context *context, const fle_facts *facts, size_t row)
{
    const fle_texts ids = fle_list_texts(context->given[FLE_GIVEN_HOPS], row);
    fle_route route = FLE_N_ROUTES;

    (void)facts;
    for (size_t i = 0; i < ids.n && route == FLE_N_ROUTES; i++) {
        const fle_entry *interface = fle_context_find(context, ids.items[i]);
        const fle_observed *observed = fle_batch_observed(context->batch, ids.items[i]);

        if (fle_is_nat_gateway(ids.items[i]))
            route = FLE_ROUTE_NAT_GATEWAY;
        else if (interface)
            route = find(fle_snapshot_path(context->snapshot, interface));
        if (route == FLE_N_ROUTES && observed)
            route = of_kind(observed->interface_type);
    }
    return route;
}

static fle_route by_gateway(const fle_context *context, const fle_facts *facts, size_t row)
{
    (void)facts;
    return fle_column_valid(context->given[FLE_GIVEN_GATEWAYS], row) ? FLE_ROUTE_TRANSIT_GATEWAY
                                                                     : FLE_N_ROUTES;
}

/* The kind of who logged it, then of who was addressed. */
static fle_route by_kind(const fle_context *context, const fle_facts *facts, size_t row)
{
    fle_route route = FLE_N_ROUTES;

    if (facts->by_gateway)
        return FLE_ROUTE_TRANSIT_GATEWAY;
    if (fle_is_nat_gateway(fle_context_text(context, FLE_FIELD_RESOURCE_ID, row)))
        return FLE_ROUTE_NAT_GATEWAY;
    if (facts->interface)
        route = find(fle_snapshot_path(context->snapshot, facts->interface));
    if (route == FLE_N_ROUTES)
        route = of_kind(fle_context_text(context, FLE_FIELD_INTERFACE_TYPE, row));
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES && route == FLE_N_ROUTES; side++)
        route = find(facts->answer[side]->identity.path);
    return route;
}

/* The kind of a route's target, by its id; of an interface or "local" nothing follows. */
static fle_route of_target(const fle_facts *facts, const fle_direction *direction)
{
    static const struct {
        const char *prefix;
        fle_route route;
    } targets[] = {
        { "igw-", FLE_ROUTE_INTERNET_GATEWAY },  { "eigw-", FLE_ROUTE_INTERNET_GATEWAY },
        { "nat-", FLE_ROUTE_NAT_GATEWAY },       { "tgw-", FLE_ROUTE_TRANSIT_GATEWAY },
        { "pcx-", FLE_ROUTE_PEERING },           { "vgw-", FLE_ROUTE_VIRTUAL_PRIVATE_GATEWAY },
        { "lgw-", FLE_ROUTE_LOCAL_GATEWAY },     { "vpce-", FLE_ROUTE_VPC_ENDPOINT },
    };
    fle_route route = FLE_N_ROUTES;

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (fle_text_starts(direction->target, targets[i].prefix))
            route = targets[i].route;
    if (route == FLE_ROUTE_VPC_ENDPOINT && direction->by_list)
        return FLE_ROUTE_GATEWAY_ENDPOINT;
    if (route == FLE_ROUTE_PEERING && fle_is_different(facts, FLE_ATTR_REGION))
        return FLE_ROUTE_PEERING_CROSS_REGION;
    return route;
}

/* Where the packets of a side go to the other one. */
static fle_route by_routes_of(const fle_context *context, const fle_facts *facts, fle_side side)
{
    const fle_identity *from = &facts->answer[side]->identity;
    const fle_identity *to = &facts->answer[fle_other(side)]->identity;
    fle_journey journey = { .vpc = from->single[FLE_ATTR_VPC_ID],
                            .subnet = from->single[FLE_ATTR_SUBNET_ID],
                            .to = facts->wire[fle_other(side)],
                            .from = facts->from,
                            .until = facts->until };
    fle_direction direction;

    if (!journey.subnet.len || !journey.to)
        return FLE_N_ROUTES;
    if (!fle_is_different(facts, FLE_ATTR_REGION))
        journey.service = to->single[FLE_ATTR_AWS_SERVICE];
    return fle_snapshot_route(context->snapshot, &journey, &direction)
               ? of_target(facts, &direction)
               : FLE_N_ROUTES;
}

/*
 * By the sender's routes. What comes from outside came by what the answers go out by, but
 * for a NAT gateway, by which nothing comes in.
 */
static fle_route by_table(const fle_context *context, const fle_facts *facts, size_t row)
{
    fle_route route;
    (void)row;

    if (!context->snapshot)
        return FLE_N_ROUTES;
    route = by_routes_of(context, facts, FLE_SRC);
    if (route != FLE_N_ROUTES || fle_answer_is_ours(facts->answer[FLE_SRC]))
        return route;
    route = by_routes_of(context, facts, FLE_DST);
    return route == FLE_ROUTE_NAT_GATEWAY ? FLE_N_ROUTES : route;
}

/* IPv4 reaches the internet from an interface with a public address, which a gateway swaps. */
static bool by_own_public(const fle_facts *facts, fle_side side)
{
    const flowenrich_answer *other = facts->answer[fle_other(side)];

    return fle_is_internet(facts, side) && fle_address_is_v4(facts->wire[side]) &&
           !may_have_gateway(facts, side) && fle_answer_is_ours(other) &&
           other->identity.has_public;
}

static fle_route by_link(const fle_context *context, const fle_facts *facts)
{
    const uint32_t src = facts->answer[FLE_SRC]->identity.space;
    const uint32_t dst = facts->answer[FLE_DST]->identity.space;

    switch (context->snapshot ? fle_snapshot_link(context->snapshot, src, dst) : FLE_LINK_NONE) {
    case FLE_LINK_PEERING:
        return fle_is_different(facts, FLE_ATTR_REGION) ? FLE_ROUTE_PEERING_CROSS_REGION
                                                        : FLE_ROUTE_PEERING;
    case FLE_LINK_TRANSIT_GATEWAY:
        return FLE_ROUTE_TRANSIT_GATEWAY;
    default:
        return FLE_N_ROUTES;
    }
}

static fle_route by_addresses(const fle_context *context, const fle_facts *facts, size_t row)
{
    (void)row;
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        if (facts->answer[side]->identity.single[FLE_ATTR_VIA_PUBLIC].len ||
            by_own_public(facts, side))
            return FLE_ROUTE_INTERNET_GATEWAY;
        if (has_gateway(context, facts, side))
            return FLE_ROUTE_GATEWAY_ENDPOINT;
    }
    return fle_is_same(facts, FLE_ATTR_VPC_ID) ? FLE_ROUTE_SAME_VPC : by_link(context, facts);
}

fle_route fle_route_of(const fle_context *context, const fle_facts *facts, size_t row,
                       fle_route_by *by)
{
    static fle_route (*const rules[])(const fle_context *, const fle_facts *, size_t) = {
        [FLE_ROUTE_BY_NEXT_HOP] = by_next_hop,   [FLE_ROUTE_BY_TRAFFIC_PATH] = by_traffic_path,
        [FLE_ROUTE_BY_HOPS] = by_hops,           [FLE_ROUTE_BY_GATEWAY] = by_gateway,
        [FLE_ROUTE_BY_KIND] = by_kind,           [FLE_ROUTE_BY_TABLE] = by_table,
        [FLE_ROUTE_BY_ADDRESSES] = by_addresses,
    };
    fle_route route = FLE_N_ROUTES;

    for (size_t i = 0; i < sizeof rules / sizeof *rules && route == FLE_N_ROUTES; i++) {
        route = rules[i](context, facts, row);
        *by = (fle_route_by)i;
    }
    return route;
}
