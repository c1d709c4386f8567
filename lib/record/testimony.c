/* SPDX-License-Identifier: Apache-2.0 */
/* What records say of who logged them, without any inventory. */
#include "record/testimony.h"

#include "record/protocol.h"
#include "record/source.h"

static const fle_field told_by[FLE_N_TOLD] = {
    [FLE_TOLD_INSTANCE] = FLE_FIELD_INSTANCE_ID, [FLE_TOLD_TASK] = FLE_FIELD_ECS_TASK_ARN,
    [FLE_TOLD_KIND] = FLE_FIELD_INTERFACE_TYPE,  [FLE_TOLD_SUBNET] = FLE_FIELD_SUBNET_ID,
    [FLE_TOLD_VPC] = FLE_FIELD_VPC_ID,           [FLE_TOLD_ACCOUNT] = FLE_FIELD_ACCOUNT_ID,
    [FLE_TOLD_ZONE] = FLE_FIELD_AZ_ID,           [FLE_TOLD_REGION] = FLE_FIELD_REGION,
};

/* The columns of a batch that say something; NULL where it has none. */
typedef struct columns {
    const flowenrich_batch *batch;
    const fle_column *interface, *resource, *gateway, *attachment, *stream;
    const fle_column *packet[FLE_N_SIDES], *passed[FLE_N_SIDES], *port[FLE_N_SIDES];
    const fle_column *protocol, *direction, *action, *packets, *start, *end;
    const fle_column *told[FLE_N_TOLD];
} columns;

static void find_columns(columns *c, const flowenrich_batch *batch)
{
    c->batch = batch;
    c->interface = fle_batch_field(batch, FLE_FIELD_INTERFACE_ID);
    c->resource = fle_batch_field(batch, FLE_FIELD_RESOURCE_ID);
    c->gateway = fle_batch_field(batch, FLE_FIELD_TGW_ID);
    c->attachment = fle_batch_field(batch, FLE_FIELD_TGW_ATTACHMENT_ID);
    c->stream = fle_batch_find(batch, fle_text_of(fle_part_paths[FLE_PART_INTERFACE_ID]));
    c->packet[FLE_SRC] = fle_batch_field(batch, FLE_FIELD_PKT_SRCADDR);
    c->packet[FLE_DST] = fle_batch_field(batch, FLE_FIELD_PKT_DSTADDR);
    c->passed[FLE_SRC] = fle_batch_field(batch, FLE_FIELD_SRCADDR);
    c->passed[FLE_DST] = fle_batch_field(batch, FLE_FIELD_DSTADDR);
    c->port[FLE_SRC] = fle_batch_field(batch, FLE_FIELD_SRCPORT);
    c->port[FLE_DST] = fle_batch_field(batch, FLE_FIELD_DSTPORT);
    c->protocol = fle_batch_field(batch, FLE_FIELD_PROTOCOL);
    c->direction = fle_batch_field(batch, FLE_FIELD_FLOW_DIRECTION);
    c->action = fle_batch_field(batch, FLE_FIELD_ACTION);
    c->packets = fle_batch_field(batch, FLE_FIELD_PACKETS);
    c->start = fle_batch_field(batch, FLE_FIELD_START);
    c->end = fle_batch_field(batch, FLE_FIELD_END);
    for (size_t i = 0; i < FLE_N_TOLD; i++)
        c->told[i] = fle_batch_field(batch, told_by[i]);
}

/* The interface that logged a record; empty if it is a gateway's, or nobody's that is known. */
static flowenrich_text interface_of(const columns *c, size_t row)
{
    const flowenrich_text own = fle_batch_text(c->batch, c->interface, row);

    if (fle_column_valid(c->gateway, row) || fle_column_valid(c->attachment, row))
        return fle_text(NULL, 0);
    return own.len || fle_column_valid(c->resource, row) ? own
                                                         : fle_batch_text(c->batch, c->stream, row);
}

static uint32_t number_of(const fle_column *column, size_t row)
{
    return fle_column_valid(column, row) ? fle_column_u32(column, row) : FLE_ABSENT;
}

static bool read_times(const columns *c, size_t row, fle_testimony *out)
{
    out->start = fle_column_time(c->start, row);
    out->end = fle_column_time(c->end, row);
    if (out->start == FLOWENRICH_TIME_ABSENT)
        out->start = out->end;
    if (out->end == FLOWENRICH_TIME_ABSENT || out->end < out->start)
        out->end = out->start;
    return out->start != FLOWENRICH_TIME_ABSENT;
}

/*
 * Where both sides were overwritten without a word on the direction, nothing tells
 * the observer's.
 */
static bool read_sides(const columns *c, size_t row, fle_testimony *out)
{
    bool overwritten[FLE_N_SIDES];

    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        const fle_address *packet = fle_column_address(c->packet[side], row);
        const fle_address *passed = fle_column_address(c->passed[side], row);

        out->tuple.address[side] = packet ? packet : passed;
        overwritten[side] = packet && passed && fle_address_compare(packet, passed) != 0;
    }
    out->own = fle_side_of(fle_batch_text(c->batch, c->direction, row));
    if (out->own == FLE_N_SIDES)
        out->own = fle_only_side(overwritten[FLE_SRC], overwritten[FLE_DST]);
    out->overwritten = out->own == FLE_N_SIDES ? overwritten[FLE_SRC] : overwritten[out->own];
    return out->own != FLE_N_SIDES || !out->overwritten;
}

static bool read_record(const columns *c, size_t row, fle_testimony *out)
{
    fle_tuple *tuple = &out->tuple;

    if (!read_sides(c, row, out))
        return false;
    out->rejected = fle_text_is(fle_batch_text(c->batch, c->action, row), "REJECT");
    out->packets = fle_column_valid(c->packets, row) ? fle_column_u64(c->packets, row) : 0;
    tuple->protocol = number_of(c->protocol, row);
    tuple->port[FLE_SRC] = tuple->port[FLE_DST] = FLE_ABSENT;
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
        if (fle_protocol_has_ports(tuple->protocol))
            tuple->port[side] = number_of(c->port[side], row);
    return true;
}

/*
 * srcaddr of egress and dstaddr of ingress label the witness. What of its own it sends and
 * of others it passes on shows in IPv4 only, and only where the packet's address is logged.
 */
static void note_kind(fle_witness *witness, const columns *c, size_t row, const fle_testimony *t)
{
    const fle_address *label;

    if (t->own == FLE_N_SIDES || !t->tuple.address[t->own] ||
        !fle_address_is_v4(t->tuple.address[t->own]))
        return;
    label = fle_column_address(c->passed[t->own], row);
    if (label)
        fle_witness_label(witness, t->own == FLE_DST, label);
    if (!label || !fle_column_valid(c->packet[t->own], row))
        return;
    witness->has_own = witness->has_own || !t->overwritten;
    if (t->overwritten)
        fle_reach_extend(&witness->passed, t->tuple.address[t->own]);
}

/*
 * What was overwritten is behind the witness. What wasn't is an address of it in IPv4, as
 * far as the log has both, or in IPv6 if it turns out that the witness passes nothing on.
 * The dstaddr of ingress is its primary one, which its witness keeps.
 */
static bool note_address(fle_sightings *sightings, const fle_witness *witness, const columns *c,
                         size_t row, const fle_testimony *t)
{
    fle_seen seen = {
        witness->number, { { 0 } }, t->overwritten, t->start, t->end, t->start, t->end
    };

    if (!sightings || t->own == FLE_N_SIDES || !t->tuple.address[t->own])
        return true;
    seen.address = *t->tuple.address[t->own];
    if (!t->overwritten && fle_address_is_v4(&seen.address) &&
        (t->own == FLE_DST || !fle_column_valid(c->packet[t->own], row)))
        return true;
    return fle_sightings_add(sightings, &seen);
}

static bool note_told(fle_mirrors *mirrors, fle_witness *witness, const columns *c, size_t row)
{
    for (size_t i = 0; i < FLE_N_TOLD; i++)
        if (c->told[i] && !fle_mirrors_tell(mirrors, witness, (fle_told)i,
                                            fle_batch_text(c->batch, c->told[i], row)))
            return false;
    return true;
}

/* Records of one interface often follow one another. */
static bool find_witness(fle_mirrors *mirrors, flowenrich_text id, fle_witness **witness)
{
    return (*witness && fle_text_equal((*witness)->id, id)) ||
           fle_mirrors_witness(mirrors, id, witness);
}

bool fle_testimony_take(fle_mirrors *mirrors, fle_sightings *sightings,
                        const flowenrich_batch *batch, size_t row, size_t n)
{
    const size_t end = row + n;
    fle_witness *witness = NULL;
    columns c;

    find_columns(&c, batch);
    for (; row < end; row++) {
        const flowenrich_text id = interface_of(&c, row);
        fle_testimony testimony;

        if (!id.len || !read_times(&c, row, &testimony))
            continue;
        if (!find_witness(mirrors, id, &witness))
            return false;
        if (!witness) {
            fle_mirrors_drop(mirrors, testimony.start, testimony.end);
            continue;
        }
        fle_witness_lives(witness, testimony.start, testimony.end);
        if (batch->kinds[row] == FLE_ROW_SKIPDATA)
            fle_witness_skips(witness, testimony.start, testimony.end);
        if (batch->kinds[row] != FLE_ROW_TRAFFIC || !read_record(&c, row, &testimony))
            continue;
        note_kind(witness, &c, row, &testimony);
        if (!note_told(mirrors, witness, &c, row) ||
            !note_address(sightings, witness, &c, row, &testimony) ||
            !fle_mirrors_add(mirrors, witness, &testimony))
            return false;
        fle_mirrors_place(mirrors, witness);
    }
    return true;
}
