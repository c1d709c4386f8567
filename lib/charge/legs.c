/* SPDX-License-Identifier: Apache-2.0 */
/* What the bytes of a conversation are charged for, leg by leg along their way. */
#include "charge/legs.h"

#include "base/number.h"

/* One direction of one leg. */
typedef struct leg {
    const fle_rates *rates;
    const fle_way *way;
    fle_bill *bill;
    const fle_point *from, *to;
    uint64_t bytes;
    bool is_up;
} leg;

/* Bytes that lack something lack it once, however many legs say so. */
static void leave(const leg *of, fle_uncosted reason)
{
    of->bill->reasons |= UINT32_C(1) << reason;
    if (of->is_up)
        of->bill->up = of->bytes;
    else
        of->bill->down = of->bytes;
}

static fle_line *find_line(fle_bill *bill, const fle_line *wanted)
{
    for (size_t i = 0; i < bill->n; i++) {
        fle_line *line = &bill->lines[i];

        if (line->rate == wanted->rate && fle_text_equal(line->payer, wanted->payer) &&
            fle_text_equal(line->region, wanted->region))
            return line;
    }
    return NULL;
}

/* A rate, to somebody. What it is of more than once is one line with more bytes. */
static void charge_to(const leg *of, fle_meter meter, flowenrich_text region, flowenrich_text to,
                      flowenrich_text payer)
{
    const fle_rate *rate = fle_rates_find(of->rates, meter, region, to, of->way->at);
    const fle_line line = { meter, payer, region, rate, of->bytes };
    fle_line *same;

    if (!region.len) {
        leave(of, FLE_UNCOSTED_REGION);
        return;
    }
    if (!rate) {
        leave(of, FLE_UNCOSTED_RATE);
        return;
    }
    same = find_line(of->bill, &line);
    if (same)
        same->bytes = fle_plus(same->bytes, of->bytes);
    else
        of->bill->lines[of->bill->n++] = line;
}

static void charge(const leg *of, fle_meter meter, flowenrich_text payer)
{
    charge_to(of, meter, of->from->region, FLE_TEXT(""), payer);
}

static bool is_gateway(const fle_point *point)
{
    return fle_text_is(point->type, "ec2:transit-gateway");
}

static bool are_different(flowenrich_text a, flowenrich_text b)
{
    return a.len && b.len && !fle_text_equal(a, b);
}

static bool are_same(flowenrich_text a, flowenrich_text b)
{
    return a.len && fle_text_equal(a, b);
}

/*
 * From a VPC into another by a transit gateway: one of its interfaces stands at
 * either end, or, where these aren't logged, the path says so.
 */
static bool crosses_gateway(const leg *of)
{
    return are_different(of->from->vpc, of->to->vpc) &&
           (is_gateway(of->from) || is_gateway(of->to) ||
            of->way->road == FLE_ROAD_TRANSIT_GATEWAY);
}

/* Between zones, each end is charged unless the kind of one of them says otherwise. */
static void charge_zones(const leg *of)
{
    const fle_kind_rule *from = fle_rates_kind(of->rates, of->from->type);
    const fle_kind_rule *to = fle_rates_kind(of->rates, of->to->type);
    const bool in_one_vpc = are_same(of->from->vpc, of->to->vpc);
    const bool itself = are_same(of->from->type, of->to->type);
    bool sender = true, receiver = true;

    for (size_t i = 0; i < 2; i++) {
        const fle_kind_rule *kind = i ? to : from;
        const fle_sides sides[] = {
            kind->cross_az,
            in_one_vpc ? kind->same_vpc : FLE_SIDES_BOTH,
            itself ? kind->itself : FLE_SIDES_BOTH,
        };

        for (size_t j = 0; j < sizeof sides / sizeof *sides; j++) {
            if (sides[j] == FLE_SIDES_NONE)
                return;
            if (sides[j] == FLE_SIDES_OTHER)
                *(i ? &receiver : &sender) = false;
        }
    }
    if (!of->from->zone.len || !of->to->zone.len) {
        leave(of, FLE_UNCOSTED_ZONE);
        return;
    }
    if (fle_text_equal(of->from->zone, of->to->zone))
        return;
    if (sender)
        charge(of, FLE_METER_CROSS_AZ, of->from->account);
    if (receiver)
        charge(of, FLE_METER_CROSS_AZ, of->to->account);
}

/* By a public IPv4 address, or by IPv6 into another VPC, each end is charged in any zone. */
static void charge_public(const leg *of)
{
    charge(of, FLE_METER_PUBLIC_ADDRESS, of->from->account);
    charge(of, FLE_METER_PUBLIC_ADDRESS, of->to->account);
}

static void charge_within(const leg *of)
{
    const fle_point *from = of->from, *to = of->to;

    if (crosses_gateway(of)) {
        charge(of, FLE_METER_TRANSIT_GATEWAY, from->owner);
        if (are_different(from->region, to->region))
            leave(of, FLE_UNCOSTED_GATEWAY_PEERING);
    } else if (are_different(from->region, to->region)) {
        charge_to(of, FLE_METER_INTER_REGION, from->region, to->region, from->account);
    } else if ((from->is_public || to->is_public) && !of->way->is_v6) {
        charge_public(of);
    } else if (are_different(from->vpc, to->vpc) && of->way->is_v6) {
        charge_public(of);
    } else if (!are_same(from->vpc, to->vpc) && of->way->road != FLE_ROAD_PEERING) {
        leave(of, FLE_UNCOSTED_PATH);
    } else {
        charge_zones(of);
    }
}

/* What a service of AWS's sends or gets. */
static void charge_service(const leg *of, const fle_point *service, const fle_point *other)
{
    if (fle_text_is(service->service, "globalaccelerator"))
        leave(of, FLE_UNCOSTED_ACCELERATOR);
    else if (!service->region.len || !other->region.len)
        leave(of, FLE_UNCOSTED_SERVICE);
    else if (!are_different(service->region, other->region)) {
        if (!fle_rates_is_free(of->rates, service->service))
            leave(of, FLE_UNCOSTED_SERVICE);
    } else if (service == of->from)
        leave(of, FLE_UNCOSTED_SENT_BY_SERVICE);
    else
        charge_to(of, FLE_METER_INTER_REGION, other->region, service->region, other->account);
}

/* An address of EC2's that nobody here owns: its owner is charged for the other end. */
static void charge_stranger(const leg *of)
{
    const fle_point *ours = of->from->place == FLE_PLACE_VPC ? of->from : of->to;
    const fle_point *other = ours == of->from ? of->to : of->from;

    if (!other->region.len || !ours->region.len)
        leave(of, FLE_UNCOSTED_REGION);
    else if (!are_different(ours->region, other->region))
        charge_to(of, FLE_METER_PUBLIC_ADDRESS, ours->region, FLE_TEXT(""), ours->account);
    else if (ours == of->from)
        charge_to(of, FLE_METER_INTER_REGION, ours->region, other->region, ours->account);
}

/*
 * Does it reach public addresses from here? A NAT gateway does; anything else, if
 * the way is said to go by an internet gateway and not on through another gateway.
 */
static bool is_exit(const fle_way *way, const fle_point *point)
{
    return fle_text_is(point->type, "ec2:nat-gateway") || way->road == FLE_ROAD_DIRECT;
}

/* To and from what is no VPC, and no public address: a data centre, or nobody knows. */
static void charge_outside(const leg *of)
{
    const bool leaves = of->from->place == FLE_PLACE_VPC;

    switch (of->way->road) {
    case FLE_ROAD_TRANSIT_GATEWAY:
        if (leaves)
            charge(of, FLE_METER_TRANSIT_GATEWAY, of->from->owner);
        leave(of, FLE_UNCOSTED_OUTSIDE);
        break;
    case FLE_ROAD_LOCAL_GATEWAY:
        leave(of, FLE_UNCOSTED_LOCAL_GATEWAY);
        break;
    case FLE_ROAD_PRIVATE_GATEWAY:
        if (!leaves)
            break;
        if (fle_rates_find(of->rates, FLE_METER_PRIVATE_GATEWAY, of->from->region, FLE_TEXT(""),
                           of->way->at))
            charge(of, FLE_METER_PRIVATE_GATEWAY, of->from->owner);
        else
            leave(of, FLE_UNCOSTED_PRIVATE_GATEWAY);
        break;
    default:
        leave(of, FLE_UNCOSTED_PATH);
        break;
    }
}

/* "use1-az1" is a zone of the region, "usw2-lax1-az1" a Local Zone. */
static bool is_local(const fle_point *point)
{
    const char *dash = point->zone.len ? memchr(point->zone.data, '-', point->zone.len) : NULL;
    const size_t rest = dash ? point->zone.len - (size_t)(dash - point->zone.data) : 0;

    return dash && (rest < 3 || memcmp(dash, "-az", 3) != 0);
}

/* What has a public address, and isn't ours: the leg outside of all VPCs. */
static void charge_outer(const leg *of, const fle_point *outer, const fle_point *inner)
{
    switch (outer->place) {
    case FLE_PLACE_SERVICE:
        charge_service(of, outer, inner);
        break;
    case FLE_PLACE_STRANGER:
        charge_stranger(of);
        break;
    case FLE_PLACE_INTERNET:
        if (outer == of->to)
            charge(of, FLE_METER_INTERNET, inner->account);
        break;
    case FLE_PLACE_EDGE:
        break; /* what CloudFront fetches is free, and so is what it sends */
    default:
        leave(of, FLE_UNCOSTED_PUBLIC);
        break;
    }
}

static void charge_leg(const leg *of)
{
    const bool leaves = of->from->place == FLE_PLACE_VPC;
    const fle_point *inner = leaves ? of->from : of->to, *outer = leaves ? of->to : of->from;

    if (of->bytes == 0)
        return;
    if (inner->place != FLE_PLACE_VPC)
        leave(of, FLE_UNCOSTED_PATH);
    else if (!fle_text_equal(inner->zone, outer->zone) && (is_local(inner) || is_local(outer)))
        leave(of, FLE_UNCOSTED_LOCAL_ZONE);
    else if (outer->place == FLE_PLACE_VPC)
        charge_within(of);
    else if (outer->place == FLE_PLACE_LATTICE)
        leave(of, FLE_UNCOSTED_LATTICE);
    else if (outer->place == FLE_PLACE_UNKNOWN || !is_exit(of->way, inner))
        charge_outside(of);
    else
        charge_outer(of, outer, inner);
}

/* What is by the gigabyte at a point itself, and what of it isn't. */
static void charge_point(leg *of, const fle_point *point)
{
    const fle_kind_rule *kind = fle_rates_kind(of->rates, point->type);

    of->from = of->to = point;
    if (of->bytes == 0)
        return;
    if (kind->processes != FLE_N_METERS)
        charge(of, kind->processes, point->account);
    if (kind->hides != FLE_N_UNCOSTED)
        leave(of, kind->hides);
}

void fle_legs_charge(const fle_rates *rates, const fle_way *way, fle_bill *bill)
{
    leg up = { rates, way, bill, NULL, NULL, way->up, true };
    leg down = { rates, way, bill, NULL, NULL, way->down, false };

    bill->n = 0;
    bill->reasons = 0;
    bill->up = bill->down = 0;
    if (way->is_refused) {
        leave(&up, FLE_UNCOSTED_REFUSED);
        leave(&down, FLE_UNCOSTED_REFUSED);
        return;
    }
    for (size_t i = 0; i < way->n; i++) {
        charge_point(&up, &way->points[i]);
        charge_point(&down, &way->points[i]);
        if (i + 1 == way->n)
            break;
        up.from = down.to = &way->points[i];
        up.to = down.from = &way->points[i + 1];
        charge_leg(&up);
        charge_leg(&down);
    }
}
