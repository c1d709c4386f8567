/* SPDX-License-Identifier: Apache-2.0 */
/* The way of a conversation, as its row tells it. */
#include "charge/way.h"

#include "record/directory.h"
#include "record/list.h"

void fle_way_open(fle_way_columns *columns, const flowenrich_batch *batch)
{
    const struct {
        const fle_column **column;
        flowenrich_text path;
    } all[] = {
        { &columns->uploaded, FLE_TEXT("uploaded") },
        { &columns->downloaded, FLE_TEXT("downloaded") },
        { &columns->start, FLE_TEXT("start") },
        { &columns->path, FLE_TEXT("path") },
        { &columns->nat, FLE_TEXT("nat") },
        { &columns->verdict, FLE_TEXT("verdict") },
        { &columns->tgw, FLE_TEXT("tgw") },
        { &columns->address[FLE_CLIENT], FLE_TEXT("client.addr") },
        { &columns->address[FLE_SERVER], FLE_TEXT("server.addr") },
        { &columns->hop_type, FLE_TEXT("hops.type") },
        { &columns->hop_zone, FLE_TEXT("hops.availability_zone_id") },
        { &columns->hop_vpc, FLE_TEXT("hops.vpc_id") },
        { &columns->hop_account, FLE_TEXT("hops.account_id") },
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i].column = fle_batch_find(batch, all[i].path);
}

static flowenrich_text known(flowenrich_text text)
{
    return fle_text_is(text, "-") ? fle_text(NULL, 0) : text;
}

/* Lattice answers by link-local addresses of its own. */
static bool is_lattice(const fle_address *address)
{
    static const char *const blocks[] = { "169.254.171.0/24", "fd00:ec2:80::/64" };
    fle_cidr block;

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (fle_cidr_parse(blocks[i], strlen(blocks[i]), &block) && fle_cidr_holds(&block, address))
            return true;
    return false;
}

/* Nobody has named a public address: is it known at least that it isn't Amazon's? */
static fle_place public_place(const flowenrich_batch *batch, const flowenrich_answer *answer)
{
    const bool is_strange =
        answer->by != FLE_BY_NONE || answer->reason == FLE_REASON_NOT_IN_INVENTORY;

    return is_strange && batch->snapshot && fle_snapshot_has_ranges(batch->snapshot)
               ? FLE_PLACE_INTERNET
               : FLE_PLACE_PUBLIC;
}

static fle_place service_place(flowenrich_text service)
{
    if (fle_text_starts(service, "cloudfront"))
        return FLE_PLACE_EDGE;
    return fle_text_is(service, "ec2") ? FLE_PLACE_STRANGER : FLE_PLACE_SERVICE;
}

static fle_place place_of(const flowenrich_batch *batch, const flowenrich_answer *answer,
                          const fle_address *address)
{
    const flowenrich_text *single = answer->identity.single;

    if (single[FLE_ATTR_VPC_ID].len)
        return FLE_PLACE_VPC;
    if (fle_text_is(single[FLE_ATTR_TYPE], "aws:service"))
        return service_place(single[FLE_ATTR_AWS_SERVICE]);
    if (!address)
        return FLE_PLACE_UNKNOWN;
    if (!fle_address_is_private(address))
        return public_place(batch, answer);
    return is_lattice(address) ? FLE_PLACE_LATTICE : FLE_PLACE_UNKNOWN;
}

/*
 * The account that owns a VPC, which isn't that of an interface in a shared one: the
 * owner of the subnet that holds the address. Empty if it isn't known.
 */
static flowenrich_text owner_of(const flowenrich_batch *batch, flowenrich_text vpc,
                                const fle_address *address)
{
    fle_question question = { .from = FLOWENRICH_TIME_ABSENT, .until = FLOWENRICH_TIME_ABSENT };
    const fle_entry *place;
    fle_finding finding;

    if (!batch->snapshot || !address || !vpc.len)
        return fle_text(NULL, 0);
    question.space = fle_snapshot_space(batch->snapshot, vpc);
    question.address = *address;
    fle_snapshot_owner(batch->snapshot, &question, &finding);
    place = fle_snapshot_place(batch->snapshot, finding.space, address);
    if (!place || !fle_text_equal(fle_snapshot_text(batch->snapshot, place, FLE_ATTR_VPC_ID), vpc))
        return fle_text(NULL, 0);
    return fle_snapshot_text(batch->snapshot, place, FLE_ATTR_ACCOUNT_ID);
}

static void read_end(fle_point *out, const fle_way_columns *columns, const flowenrich_batch *batch,
                     fle_end end, size_t row)
{
    const fle_address *address = fle_column_address(columns->address[end], row);
    const flowenrich_answer *answer = batch->ends[end] ? fle_batch_answer(batch, end, row) : NULL;
    const flowenrich_text *single;

    memset(out, 0, sizeof *out);
    /* A NAT gateway passes on what others send: as an end it hides who does. */
    if (!answer || fle_text_is(answer->identity.single[FLE_ATTR_TYPE], "ec2:nat-gateway"))
        return;
    single = answer->identity.single;
    out->place = place_of(batch, answer, address);
    out->is_public = single[FLE_ATTR_VIA_PUBLIC].len > 0;
    out->type = single[FLE_ATTR_TYPE];
    out->zone = known(single[FLE_ATTR_AVAILABILITY_ZONE_ID]);
    out->vpc = single[FLE_ATTR_VPC_ID];
    out->region = single[FLE_ATTR_REGION];
    out->service = single[FLE_ATTR_AWS_SERVICE];
    /* Of an unnamed address the place is known, which may be shared, but not who pays there. */
    if (answer->by != FLE_BY_NONE)
        out->account = single[FLE_ATTR_ACCOUNT_ID];
    if (fle_text_is(out->region, "GLOBAL"))
        out->region = fle_text(NULL, 0);
}

static flowenrich_text item(const fle_column *column, size_t row, size_t i)
{
    return i < fle_list_len(column, row) ? known(fle_list_text(column, row, i)) : fle_text(NULL, 0);
}

/* "use1" of "use1-az1": what all zones of a region begin with. */
static bool are_of_one_region(flowenrich_text a, flowenrich_text b)
{
    const char *dash = a.len ? memchr(a.data, '-', a.len) : NULL;
    const size_t len = dash ? (size_t)(dash - a.data) + 1 : 0;

    return len && b.len > len && memcmp(a.data, b.data, len) == 0;
}

/* A hop's region isn't told: it is that of the end whose VPC or zones it shares. */
static flowenrich_text region_of(const fle_point *hop, const fle_point *client,
                                 const fle_point *server)
{
    const fle_point *const ends[] = { client, server };

    for (size_t i = 0; i < 2; i++)
        if (ends[i]->vpc.len && fle_text_equal(hop->vpc, ends[i]->vpc))
            return ends[i]->region;
    for (size_t i = 0; i < 2; i++)
        if (are_of_one_region(hop->zone, ends[i]->zone))
            return ends[i]->region;
    return fle_text(NULL, 0);
}

/* False if there are more hops than a way has room for. */
static bool read_hops(fle_way *way, const fle_way_columns *columns, const fle_point *server,
                      size_t row)
{
    const size_t n = fle_list_len(columns->hop_type, row);

    if (n > FLE_WAY_POINTS - 3)
        return false;
    for (size_t i = 0; i < n; i++) {
        fle_point *hop = &way->points[way->n++];

        memset(hop, 0, sizeof *hop);
        hop->place = FLE_PLACE_VPC;
        hop->type = item(columns->hop_type, row, i);
        hop->zone = item(columns->hop_zone, row, i);
        hop->vpc = item(columns->hop_vpc, row, i);
        hop->account = hop->owner = item(columns->hop_account, row, i);
        hop->region = region_of(hop, &way->points[0], server);
    }
    return true;
}

static bool has_type(const fle_way *way, const char *type)
{
    for (size_t i = 0; i < way->n; i++)
        if (fle_text_is(way->points[i].type, type))
            return true;
    return false;
}

/*
 * What the path says that bytes went through without having logged them: it is in
 * the client's VPC, in a zone and of an account that nobody told.
 */
static void add_unseen(fle_way *way, const char *type)
{
    fle_point *hop = &way->points[1];

    memmove(hop + 1, hop, (way->n - 1) * sizeof *hop);
    memset(hop, 0, sizeof *hop);
    hop->place = FLE_PLACE_VPC;
    hop->type = fle_text_of(type);
    hop->vpc = way->points[0].vpc;
    hop->region = way->points[0].region;
    way->n++;
}

static void read_road(fle_way *way, flowenrich_text path, bool by_gateway)
{
    static const struct {
        const char *path;
        fle_road road;
        const char *type; /* what stands on such a way */
    } roads[] = {
        { "same-vpc", FLE_ROAD_DIRECT, NULL },
        { "internet-gateway", FLE_ROAD_DIRECT, NULL },
        { "gateway-endpoint", FLE_ROAD_DIRECT, NULL },
        { "load-balancer", FLE_ROAD_DIRECT, NULL },
        { "nat-gateway", FLE_ROAD_DIRECT, "ec2:nat-gateway" },
        { "vpc-endpoint", FLE_ROAD_DIRECT, "ec2:gateway-load-balancer-endpoint" },
        { "peering", FLE_ROAD_PEERING, NULL },
        { "peering-cross-region", FLE_ROAD_PEERING, NULL },
        { "transit-gateway", FLE_ROAD_TRANSIT_GATEWAY, NULL },
        { "virtual-private-gateway", FLE_ROAD_PRIVATE_GATEWAY, NULL },
        { "local-gateway", FLE_ROAD_LOCAL_GATEWAY, NULL },
    };

    way->road = by_gateway && !path.len ? FLE_ROAD_TRANSIT_GATEWAY : FLE_ROAD_UNKNOWN;
    for (size_t i = 0; i < sizeof roads / sizeof *roads; i++)
        if (fle_text_is(path, roads[i].path)) {
            way->road = roads[i].road;
            if (roads[i].type && way->points[0].place == FLE_PLACE_VPC &&
                !has_type(way, roads[i].type) && !has_type(way, "ec2:vpc-endpoint"))
                add_unseen(way, roads[i].type);
        }
}

/* Only gateways' owners are asked for: it takes a look-up of the address. */
static void read_owners(fle_way *way, const fle_way_columns *columns, const flowenrich_batch *batch,
                        size_t row)
{
    fle_point *const ends[] = { &way->points[0], &way->points[way->n - 1] };

    if (way->road == FLE_ROAD_TRANSIT_GATEWAY || way->road == FLE_ROAD_PRIVATE_GATEWAY ||
        has_type(way, "ec2:transit-gateway"))
        for (size_t i = FLE_CLIENT; i <= FLE_SERVER; i++)
            if (ends[i]->place == FLE_PLACE_VPC)
                ends[i]->owner =
                    owner_of(batch, ends[i]->vpc, fle_column_address(columns->address[i], row));
}

bool fle_way_read(fle_way *out, const fle_way_columns *columns, const flowenrich_batch *batch,
                  size_t row)
{
    const flowenrich_text verdict = fle_batch_text(batch, columns->verdict, row);
    const bool is_refused = verdict.len && !fle_text_is(verdict, "accepted");
    const fle_address *address = fle_column_address(columns->address[FLE_CLIENT], row);
    fle_point server;

    out->n = 0;
    out->up = fle_column_u64(columns->uploaded, row);
    out->down = fle_column_u64(columns->downloaded, row);
    out->is_refused = is_refused && out->up && out->down;
    if (is_refused != out->is_refused ||
        fle_text_is(fle_batch_text(batch, columns->nat, row), "outside"))
        return false;
    out->at = fle_column_time(columns->start, row);
    if (out->at == FLOWENRICH_TIME_ABSENT) /* a log without times: by what holds now */
        out->at = FLOWENRICH_TIME_END;
    out->is_v6 = address && !fle_address_is_v4(address);
    read_end(&out->points[out->n++], columns, batch, FLE_CLIENT, row);
    read_end(&server, columns, batch, FLE_SERVER, row);
    if (!read_hops(out, columns, &server, row))
        out->points[out->n++] = (fle_point){ .place = FLE_PLACE_UNKNOWN };
    out->points[out->n++] = server;
    read_road(out, fle_batch_text(batch, columns->path, row), fle_list_len(columns->tgw, row) > 0);
    read_owners(out, columns, batch, row);
    return true;
}
