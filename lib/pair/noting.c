/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the rows of a batch for the pairer. */
#include "pair/noting.h"

#include "record/client.h"
#include "record/protocol.h"
#include "record/source.h"

#define LONGEST_NAME 160 /* of a resource in its zone; what is longer is cut */

static const fle_column *field(const flowenrich_batch *batch, fle_field field)
{
    return fle_batch_field(batch, field);
}

void fle_noting_open(fle_noting *noting, const flowenrich_batch *batch, uint64_t hash_seed)
{
    memset(noting, 0, sizeof *noting);
    noting->batch = batch;
    noting->hash_seed = hash_seed;
    noting->hop[FLE_SRC] = field(batch, FLE_FIELD_SRCADDR);
    noting->hop[FLE_DST] = field(batch, FLE_FIELD_DSTADDR);
    noting->wire[FLE_SRC] = field(batch, FLE_FIELD_PKT_SRCADDR);
    noting->wire[FLE_DST] = field(batch, FLE_FIELD_PKT_DSTADDR);
    noting->port[FLE_SRC] = field(batch, FLE_FIELD_SRCPORT);
    noting->port[FLE_DST] = field(batch, FLE_FIELD_DSTPORT);
    noting->protocol = field(batch, FLE_FIELD_PROTOCOL);
    noting->flags = field(batch, FLE_FIELD_TCP_FLAGS);
    noting->action = field(batch, FLE_FIELD_ACTION);
    noting->direction = field(batch, FLE_FIELD_FLOW_DIRECTION);
    noting->bytes = field(batch, FLE_FIELD_BYTES);
    noting->packets = field(batch, FLE_FIELD_PACKETS);
    noting->start = field(batch, FLE_FIELD_START);
    noting->end = field(batch, FLE_FIELD_END);
    noting->interface = field(batch, FLE_FIELD_INTERFACE_ID);
    noting->resource = field(batch, FLE_FIELD_RESOURCE_ID);
    noting->zone = field(batch, FLE_FIELD_AZ_ID);
    noting->gateway = field(batch, FLE_FIELD_TGW_ID);
    noting->attachment = field(batch, FLE_FIELD_TGW_ATTACHMENT_ID);
    noting->gateway_vpc[FLE_SRC] = field(batch, FLE_FIELD_TGW_SRC_VPC_ID);
    noting->gateway_vpc[FLE_DST] = field(batch, FLE_FIELD_TGW_DST_VPC_ID);
    noting->stream = fle_batch_find(batch, fle_text_of(fle_part_paths[FLE_PART_INTERFACE_ID]));
    noting->flow_log = fle_batch_find(batch, fle_text_of(fle_part_paths[FLE_PART_ID]));
    noting->bucket = fle_batch_find(batch, fle_text_of(fle_part_paths[FLE_PART_BUCKET]));
    noting->object = fle_batch_find(batch, fle_text_of(fle_part_paths[FLE_PART_KEY]));
    noting->traffic_path = field(batch, FLE_FIELD_TRAFFIC_PATH);
    noting->has_way = noting->traffic_path != NULL;
    for (size_t i = 0; i < FLE_WAY_N_FIELDS; i++) {
        noting->way[i] = field(batch, fle_way_fields[i]);
        noting->has_way = noting->has_way || noting->way[i];
    }
}

/* ---- Values, inline: there are a dozen in every row. ---- */

static inline uint32_t u32_of(const fle_column *column, size_t row, uint32_t absent)
{
    return fle_column_valid(column, row) ? ((const uint32_t *)column->values)[row] : absent;
}

static inline uint64_t u64_of(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) ? ((const uint64_t *)column->values)[row] : 0;
}

static inline const fle_address *address_of(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) ? (const fle_address *)column->values + row : NULL;
}

static inline flowenrich_text text_of(const fle_noting *noting, const fle_column *column,
                                      size_t row)
{
    return fle_batch_text(noting->batch, column, row);
}

/* ---- Who, when. ---- */

/* Who logged is found in memory that is nowhere near: so it is asked for before it is needed. */
static void look_ahead(fle_noting *noting, const fle_observers *observers, size_t row)
{
    const size_t left = noting->batch->rows - row;

    noting->ahead = row;
    noting->n_ahead = left < FLE_NOTING_AHEAD ? left : FLE_NOTING_AHEAD;
    for (size_t i = 0; i < noting->n_ahead; i++) {
        noting->hashes[i] =
            fle_observers_hash(observers, text_of(noting, noting->interface, row + i));
        fle_observers_expect(observers, noting->hashes[i]);
    }
    for (size_t i = 0; i < noting->n_ahead; i++)
        noting->likely[i] = fle_observers_expect_badge(observers, noting->hashes[i]);
}

/* A regional NAT gateway logs in several zones under one name, so the zone is a part of it. */
static flowenrich_text resource_in_zone(const fle_noting *noting, size_t row,
                                        char out[LONGEST_NAME])
{
    const flowenrich_text resource = text_of(noting, noting->resource, row);
    const flowenrich_text zone = text_of(noting, noting->zone, row);
    size_t len = resource.len < LONGEST_NAME ? resource.len : LONGEST_NAME;

    if (zone.len == 0 || zone.len + 1 > LONGEST_NAME - len)
        return fle_text(resource.data, len);
    memcpy(out, resource.data, len);
    out[len++] = '/';
    memcpy(out + len, zone.data, zone.len);
    return fle_text(out, len + zone.len);
}

/* A log that has interfaces by their own field, as nearly all have. */
static bool read_interface(fle_noting *noting, fle_observers *observers, size_t row,
                           flowenrich_text id, bool is_gateway, uint32_t *out)
{
    size_t i;

    if (row - noting->ahead >= noting->n_ahead)
        look_ahead(noting, observers, row);
    i = row - noting->ahead;
    *out = noting->likely[i];
    return fle_observers_is(observers, *out, id) ||
           fle_observers_find(observers, id, noting->hashes[i], is_gateway, out);
}

static bool read_observer(fle_noting *noting, fle_observers *observers, size_t row, uint32_t *out,
                          bool *is_gateway)
{
    char name[LONGEST_NAME];
    flowenrich_text id = text_of(noting, noting->interface, row);

    *is_gateway = fle_column_valid(noting->gateway, row);
    if (id.len)
        return read_interface(noting, observers, row, id, *is_gateway, out);
    if (fle_column_valid(noting->resource, row)) {
        id = resource_in_zone(noting, row, name);
    } else if (fle_column_valid(noting->attachment, row)) {
        id = text_of(noting, noting->attachment, row);
        *is_gateway = true;
    } else {
        id = text_of(noting, noting->stream, row);
    }
    return fle_observers_find(observers, id, fle_observers_hash(observers, id), *is_gateway, out);
}

static bool read_flow_log(fle_noting *noting, fle_observers *observers, size_t row, uint16_t *out)
{
    const flowenrich_text id = text_of(noting, noting->flow_log, row);

    if (id.data != noting->last_flow_log.data || id.len != noting->last_flow_log.len) {
        if (!fle_observers_flow_log(observers, id, &noting->last_flow_log_number))
            return false;
        noting->last_flow_log = id;
    }
    *out = noting->last_flow_log_number;
    return true;
}

/*
 * A known flow log counts no packet twice, unless an object of it is delivered again; under
 * another name its records are told by what they say. Rows of one object share a text, so
 * mostly there is nothing to be looked up.
 */
static bool read_trust(fle_noting *noting, fle_objects *objects, size_t row, fle_notice *out)
{
    const flowenrich_text object = text_of(noting, noting->object, row);
    const uint64_t line = noting->batch->lines[row];

    out->is_trusted = false;
    out->object = 0;
    out->line = (uint32_t)line;
    if (object.len == 0)
        return true;
    if ((object.data != noting->last_object || line <= objects->line) &&
        !fle_objects_read(objects, text_of(noting, noting->bucket, row), object, line))
        return false;
    noting->last_object = object.data;
    objects->line = line;
    out->is_trusted = out->flow_log != 0 && !objects->is_again;
    out->object = (uint32_t)objects->now | 1;
    return true;
}

/*
 * One stands for the other where only one is there; an end before the start is none. A log
 * without times has all at 0.
 */
static bool read_times(const fle_noting *noting, size_t row, fle_notice *out)
{
    const bool has_start = fle_column_valid(noting->start, row);
    const bool has_end = fle_column_valid(noting->end, row);
    int64_t start = has_start ? ((const int64_t *)noting->start->values)[row] : 0;
    int64_t end = has_end ? ((const int64_t *)noting->end->values)[row] : start;

    if (!has_start)
        start = end;
    if (end < start)
        end = start;
    if (start < 0 || end >= UINT32_MAX)
        return false;
    out->start = (uint32_t)start;
    out->end = (uint32_t)end;
    return true;
}

/* ---- The tuple. ---- */

static void read_ports(const fle_noting *noting, size_t row, uint32_t protocol,
                       uint16_t ports[FLE_N_SIDES], uint8_t *has_ports)
{
    ports[FLE_SRC] = ports[FLE_DST] = 0;
    *has_ports = fle_protocol_has_ports(protocol) && fle_column_valid(noting->port[FLE_SRC], row) &&
                 fle_column_valid(noting->port[FLE_DST], row);
    if (!*has_ports)
        return;
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
        ports[side] = (uint16_t)((const uint32_t *)noting->port[side]->values)[row];
}

/* The low pole is the one whose address, then port, comes first. */
static fle_side low_side(const fle_address *const wire[FLE_N_SIDES],
                         const uint16_t ports[FLE_N_SIDES])
{
    const int order = memcmp(wire[FLE_SRC], wire[FLE_DST], sizeof *wire[FLE_SRC]);

    if (order != 0)
        return order < 0 ? FLE_SRC : FLE_DST;
    return ports[FLE_SRC] <= ports[FLE_DST] ? FLE_SRC : FLE_DST;
}

static void fill_key(fle_key *key, const fle_address *const wire[FLE_N_SIDES],
                     const uint16_t ports[FLE_N_SIDES], fle_side low)
{
    const fle_side high = fle_other(low);

    key->address[FLE_LOW] = *wire[low];
    key->address[FLE_HIGH] = *wire[high];
    key->port[FLE_LOW] = ports[low];
    key->port[FLE_HIGH] = ports[high];
}

/*
 * The side from which the observer looked: as the flow-direction says, or as the one
 * address shows that was overwritten by the observer's own. A transit gateway has none.
 */
static void read_place(const fle_noting *noting, size_t row, bool is_gateway, fle_side low,
                       const bool overwritten[FLE_N_SIDES], fle_notice *out)
{
    fle_side own = FLE_N_SIDES;

    if (!is_gateway)
        own = fle_side_of(text_of(noting, noting->direction, row));
    if (own == FLE_N_SIDES && !is_gateway)
        own = fle_only_side(overwritten[FLE_SRC], overwritten[FLE_DST]);
    out->place = (uint8_t)(own == FLE_N_SIDES ? FLE_N_POLES : own == low ? FLE_LOW : FLE_HIGH);
    out->behind = own != FLE_N_SIDES && overwritten[own];
}

/* A transit gateway knows the VPCs on both of its sides. */
static bool read_vpcs(const fle_noting *noting, fle_observers *observers, size_t row,
                      bool is_gateway, fle_side low, fle_notice *out)
{
    out->vpc[FLE_LOW] = out->vpc[FLE_HIGH] = 0;
    if (!is_gateway)
        return true;
    return fle_observers_vpc(observers, text_of(noting, noting->gateway_vpc[low], row),
                             &out->vpc[FLE_LOW]) &&
           fle_observers_vpc(observers, text_of(noting, noting->gateway_vpc[fle_other(low)], row),
                             &out->vpc[FLE_HIGH]);
}

static void read_counters(const fle_noting *noting, size_t row, uint32_t protocol, fle_notice *out)
{
    uint32_t flags = FLE_ABSENT;

    if (protocol == FLE_PROTOCOL_TCP || protocol == FLE_ABSENT)
        flags = u32_of(noting->flags, row, FLE_ABSENT);
    out->flags = (uint8_t)(flags != FLE_ABSENT ? flags : 0);
    out->rejected = fle_text_is(text_of(noting, noting->action, row), "REJECT");
    out->is_unsure = out->rejected && protocol == FLE_PROTOCOL_TCP && flags == FLE_ABSENT;
    out->denied =
        out->rejected && !out->is_unsure && (protocol != FLE_PROTOCOL_TCP || (flags & FLE_TCP_SYN));
    out->is_hop_only = !fle_column_valid(noting->wire[FLE_SRC], row) ||
                       !fle_column_valid(noting->wire[FLE_DST], row);
    out->has_bytes = fle_column_valid(noting->bytes, row);
    out->bytes = u64_of(noting->bytes, row);
    out->packets = u64_of(noting->packets, row);
}

fle_noting_kind fle_noting_row(fle_noting *noting, fle_observers *observers, fle_objects *objects,
                               size_t row, fle_notice *out)
{
    const uint32_t protocol = u32_of(noting->protocol, row, FLE_ABSENT);
    const fle_address *wire[FLE_N_SIDES];
    bool overwritten[FLE_N_SIDES], is_gateway;
    uint16_t ports[FLE_N_SIDES];
    fle_side low;

    out->row = row;
    if (!read_times(noting, row, out))
        return FLE_READ_NO_TIME;
    if (!read_observer(noting, observers, row, &out->observer, &is_gateway))
        return FLE_READ_NOMEM;
    if (noting->batch->kinds[row] != FLE_ROW_TRAFFIC)
        return FLE_READ_LIFE;
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        const fle_address *hop = address_of(noting->hop[side], row);

        wire[side] = address_of(noting->wire[side], row);
        overwritten[side] = wire[side] && hop && memcmp(wire[side], hop, sizeof *hop) != 0;
        if (!wire[side])
            wire[side] = hop;
        if (!wire[side])
            return FLE_READ_NO_ADDRESS;
    }
    if (!read_flow_log(noting, observers, row, &out->flow_log))
        return FLE_READ_NOMEM;
    if (!read_trust(noting, objects, row, out))
        return FLE_READ_NOMEM;
    read_ports(noting, row, protocol, ports, &out->key.has_ports);
    low = low_side(wire, ports);
    fill_key(&out->key, wire, ports, low);
    out->key.protocol = (uint8_t)(protocol < FLE_ANY_PROTOCOL ? protocol : FLE_ANY_PROTOCOL);
    out->hash = fle_key_hash(&out->key, noting->hash_seed);
    out->from = low == FLE_SRC ? FLE_LOW : FLE_HIGH;
    read_place(noting, row, is_gateway, low, overwritten, out);
    read_counters(noting, row, protocol, out);
    return read_vpcs(noting, observers, row, is_gateway, low, out) ? FLE_READ_TRAFFIC
                                                                   : FLE_READ_NOMEM;
}

/* ---- What is looked at only when an observer is new to a conversation. ---- */

void fle_noting_observed(const fle_noting *noting, size_t row, fle_observed *out)
{
    static const struct {
        fle_field field;
        size_t at;
    } members[] = {
        { FLE_FIELD_VPC_ID, offsetof(fle_observed, vpc_id) },
        { FLE_FIELD_SUBNET_ID, offsetof(fle_observed, subnet_id) },
        { FLE_FIELD_ACCOUNT_ID, offsetof(fle_observed, account_id) },
        { FLE_FIELD_INSTANCE_ID, offsetof(fle_observed, instance_id) },
        { FLE_FIELD_ECS_TASK_ARN, offsetof(fle_observed, task_arn) },
        { FLE_FIELD_AZ_ID, offsetof(fle_observed, az_id) },
        { FLE_FIELD_REGION, offsetof(fle_observed, region) },
        { FLE_FIELD_RESOURCE_ID, offsetof(fle_observed, resource_id) },
        { FLE_FIELD_INTERFACE_TYPE, offsetof(fle_observed, interface_type) },
    };

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const fle_column *column = fle_batch_field(noting->batch, members[i].field);
        const flowenrich_text text = text_of(noting, column, row);

        memcpy((char *)out + members[i].at, &text, sizeof text);
    }
}

void fle_noting_way(const fle_noting *noting, size_t row, fle_way *out)
{
    out->traffic_path = u32_of(noting->traffic_path, row, FLE_ABSENT);
    for (size_t i = 0; i < FLE_WAY_N_FIELDS; i++)
        out->of[i] = text_of(noting, noting->way[i], row);
}
