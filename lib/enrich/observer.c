/* SPDX-License-Identifier: Apache-2.0 */
/* What a record says of itself: its two sides, who logged it, and from which side. */
#include "enrich/observer.h"

#include "enrich/metadata.h"
#include "record/dictionary.h"
#include "record/protocol.h"
#include "record/source.h"

static flowenrich_text text_of(const flowenrich_batch *batch, fle_field field, size_t row)
{
    return fle_batch_text(batch, fle_batch_field(batch, field), row);
}

/* A regional NAT gateway logs in several zones under one name, so the zone is a part of it. */
static bool append_resource(flowenrich_batch *batch, size_t row, flowenrich_slice *out)
{
    const flowenrich_text resource = text_of(batch, FLE_FIELD_RESOURCE_ID, row);
    const flowenrich_text zone = text_of(batch, FLE_FIELD_AZ_ID, row);
    fle_buffer name;
    bool done;

    fle_buffer_init(&name, &batch->allocator);
    fle_buffer_text(&name, resource);
    if (zone.len)
        fle_buffer_char(&name, '/');
    fle_buffer_text(&name, zone);
    done = !name.failed && fle_batch_append_text(batch, name.data, name.len, out);
    fle_buffer_free(&name);
    return done;
}

static const fle_column *part_of(const flowenrich_batch *batch, fle_part part)
{
    return fle_batch_find(batch, fle_text_of(fle_part_paths[part]));
}

/* The interface that the log stream is named after. */
static const fle_column *stream_of(const flowenrich_batch *batch)
{
    return part_of(batch, FLE_PART_INTERFACE_ID);
}

static bool add_observer(flowenrich_batch *batch, fle_column *column, const fle_column *stream,
                         size_t row)
{
    const fle_column *interface = fle_batch_field(batch, FLE_FIELD_INTERFACE_ID);
    const fle_column *resource = fle_batch_field(batch, FLE_FIELD_RESOURCE_ID);
    const fle_column *attachment = fle_batch_field(batch, FLE_FIELD_TGW_ATTACHMENT_ID);
    flowenrich_slice slice;

    if (fle_column_valid(interface, row)) {
        fle_column_set_slice(column, row, ((const flowenrich_slice *)interface->values)[row]);
    } else if (fle_column_valid(resource, row)) {
        if (!append_resource(batch, row, &slice))
            return false;
        fle_column_set_slice(column, row, slice);
    } else if (fle_column_valid(attachment, row)) {
        fle_column_set_slice(column, row, ((const flowenrich_slice *)attachment->values)[row]);
    } else if (fle_column_valid(stream, row)) {
        fle_column_set_slice(column, row, ((const flowenrich_slice *)stream->values)[row]);
    }
    return true;
}

bool fle_observers_add(flowenrich_batch *batch)
{
    fle_column *column = fle_batch_add(batch, FLE_TEXT("observer"), FLOWENRICH_TYPE_TEXT);
    const fle_column *stream = stream_of(batch);

    if (!column)
        return false;
    memset(column->validity, 0, (batch->rows + 7) / 8);
    for (size_t row = 0; row < batch->rows; row++)
        if (batch->kinds[row] == FLE_ROW_TRAFFIC && !add_observer(batch, column, stream, row))
            return false;
    return true;
}

static const flowenrich_text given[FLE_N_GIVEN] = {
    [FLE_GIVEN_CLIENT_ADDR] = FLE_ENTRY("client.addr"),
    [FLE_GIVEN_SERVER_ADDR] = FLE_ENTRY("server.addr"),
    [FLE_GIVEN_CLIENT_PORT] = FLE_ENTRY("client.port"),
    [FLE_GIVEN_SERVER_PORT] = FLE_ENTRY("server.port"),
    [FLE_GIVEN_CLIENT_OBSERVER] = FLE_ENTRY("client.observer"),
    [FLE_GIVEN_SERVER_OBSERVER] = FLE_ENTRY("server.observer"),
    [FLE_GIVEN_CLIENT_CONTESTED] = FLE_ENTRY("client.contested"),
    [FLE_GIVEN_SERVER_CONTESTED] = FLE_ENTRY("server.contested"),
    [FLE_GIVEN_CLIENT_PUBLIC] = FLE_ENTRY("client.public"),
    [FLE_GIVEN_SERVER_PUBLIC] = FLE_ENTRY("server.public"),
    [FLE_GIVEN_OBSERVERS] = FLE_ENTRY("observers"),
    [FLE_GIVEN_HOPS] = FLE_ENTRY("hops.observer"),
    [FLE_GIVEN_GATEWAYS] = FLE_ENTRY("tgw"),
};

void fle_context_open(fle_context *context)
{
    const bool is_paired = context->batch->level == FLE_LEVEL_CONVERSATION;

    /* The pairer has columns of those names, which aren't fields of a log. */
    for (size_t i = 0; i < FLE_FIELD_COUNT; i++)
        context->fields[i] = is_paired
                                 ? fle_batch_find(context->batch, fle_text_of(fle_fields[i].path))
                                 : fle_batch_field(context->batch, (fle_field)i);
    context->observer = fle_batch_find(context->batch, FLE_TEXT("observer"));
    context->stream = stream_of(context->batch);
    context->flow_log = part_of(context->batch, FLE_PART_ID);
    context->group = part_of(context->batch, FLE_PART_GROUP);
    if (is_paired)
        for (size_t i = 0; i < FLE_N_GIVEN; i++)
            context->given[i] = fle_batch_find(context->batch, given[i]);
    for (fle_source source = FLE_SOURCE_SRC; source < FLE_N_SOURCES; source++)
        context->told[source] = fle_metadata_told(context, source);
}

flowenrich_text fle_context_interface(const fle_context *context, size_t row)
{
    const flowenrich_text own = fle_context_text(context, FLE_FIELD_INTERFACE_ID, row);

    if (own.len || fle_context_text(context, FLE_FIELD_RESOURCE_ID, row).len ||
        fle_context_text(context, FLE_FIELD_TGW_ATTACHMENT_ID, row).len)
        return own;
    return fle_batch_text(context->batch, context->stream, row);
}

flowenrich_text fle_context_place(const fle_context *context, fle_field field, size_t row)
{
    const flowenrich_text own = fle_context_text(context, field, row);
    fle_logged logged;

    if (own.len || !context->snapshot || (!context->flow_log && !context->group))
        return own;
    logged = fle_snapshot_logged(context->snapshot,
                                 fle_batch_text(context->batch, context->flow_log, row),
                                 fle_batch_text(context->batch, context->group, row));
    return field == FLE_FIELD_VPC_ID ? logged.vpc : logged.subnet;
}

/* The packet's own address, and that of the interface it passes: each stands for the other. */
static void read_address(const fle_context *context, fle_field packet, fle_field passed, size_t row,
                         const fle_address **wire, const fle_address **hop)
{
    *wire = fle_column_address(context->fields[packet], row);
    *hop = fle_column_address(context->fields[passed], row);
    if (!*wire)
        *wire = *hop;
    if (!*hop)
        *hop = *wire;
}

static uint32_t number_of(const fle_context *context, fle_field field, size_t row)
{
    const fle_column *column = context->fields[field];

    return fle_column_valid(column, row) ? fle_column_u32(column, row) : FLE_ABSENT;
}

static void read_traffic(fle_facts *facts, const fle_context *context, size_t row)
{
    facts->port[FLE_SRC] = facts->port[FLE_DST] = FLE_ABSENT;
    if (fle_protocol_has_ports(facts->protocol)) {
        facts->port[FLE_SRC] = number_of(context, FLE_FIELD_SRCPORT, row);
        facts->port[FLE_DST] = number_of(context, FLE_FIELD_DSTPORT, row);
    }
    if (facts->protocol == FLE_PROTOCOL_TCP || facts->protocol == FLE_ABSENT)
        facts->flags = number_of(context, FLE_FIELD_TCP_FLAGS, row);
    facts->rejected = fle_text_is(fle_context_text(context, FLE_FIELD_ACTION, row), "REJECT");
}

/*
 * Start and end may be late by the slack, so whoever is named must have held the
 * address from that much before the one until that much after the other.
 */
static void read_times(fle_facts *facts, const fle_context *context, size_t row)
{
    flowenrich_time start = fle_column_time(context->fields[FLE_FIELD_START], row);
    flowenrich_time end = fle_column_time(context->fields[FLE_FIELD_END], row);

    if (start == FLOWENRICH_TIME_ABSENT)
        start = end;
    if (end == FLOWENRICH_TIME_ABSENT || end < start)
        end = start;
    facts->from = facts->until = start;
    if (start == FLOWENRICH_TIME_ABSENT)
        return;
    facts->from = start > INT64_MIN + context->slack ? start - context->slack : start;
    facts->until = end < INT64_MAX - context->slack ? end + context->slack : end;
}

bool fle_context_logs_all(const fle_context *context, flowenrich_text vpc, flowenrich_text subnet)
{
    return !context->snapshot || fle_snapshot_logs_all(context->snapshot, vpc, subnet);
}

const fle_entry *fle_context_find(const fle_context *context, flowenrich_text id)
{
    return context->snapshot && id.len ? fle_snapshot_interface(context->snapshot, id) : NULL;
}

uint32_t fle_context_space(const fle_context *context, flowenrich_text vpc)
{
    return context->snapshot && vpc.len ? fle_snapshot_space(context->snapshot, vpc) : 0;
}

flowenrich_text fle_context_vpc(const fle_context *context, const fle_entry *interface,
                                flowenrich_text told)
{
    return interface && fle_entry_has(interface, FLE_ATTR_VPC_ID)
               ? fle_snapshot_text(context->snapshot, interface, FLE_ATTR_VPC_ID)
               : told;
}

/* A transit gateway sees two VPCs; everybody else looks from his own. */
static void read_spaces(fle_facts *facts, const fle_context *context, size_t row)
{
    static const fle_field gateway_vpc[FLE_N_SIDES] = { FLE_FIELD_TGW_SRC_VPC_ID,
                                                        FLE_FIELD_TGW_DST_VPC_ID };
    const fle_regular *observer = facts->regular;
    flowenrich_text vpc;
    fle_regular stranger;
    uint32_t space;

    if (!observer) {
        fle_regular_read(&stranger, context->snapshot, facts->interface_id);
        observer = &stranger;
    }
    facts->by_gateway = fle_context_text(context, FLE_FIELD_TGW_ID, row).len ||
                        fle_context_text(context, FLE_FIELD_TGW_ATTACHMENT_ID, row).len;
    facts->interface = observer->interface;
    vpc = observer->vpc.len ? observer->vpc : fle_context_place(context, FLE_FIELD_VPC_ID, row);
    space = observer->space ? observer->space : fle_context_space(context, vpc);
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        facts->vpc[side] = vpc;
        facts->space[side] = space;
        if (facts->by_gateway) {
            facts->vpc[side] = fle_context_text(context, gateway_vpc[side], row);
            facts->space[side] = fle_context_space(context, facts->vpc[side]);
        }
    }
}

/* An interface, and the addresses of packets that it logged during some time. */
typedef struct seen {
    const fle_context *context;
    const fle_entry *interface;
    const fle_facts *facts; /* of whose record it is the observer; NULL if it is another */
    const fle_address *const *address;
    flowenrich_time from, until;
} seen;

/* What was found ahead of an address of a side, in the space of the observer. */
static fle_trail trail_of(const seen *s, fle_side side)
{
    static const fle_trail none;

    return s->facts && s->facts->wire[side] && s->interface->space == s->facts->space[side] &&
                   fle_address_compare(s->address[side], s->facts->wire[side]) == 0
               ? s->facts->trail[side]
               : none;
}

static fle_question question_of(const seen *s, fle_side side)
{
    return (fle_question){ .space = s->interface->space,
                           .address = *s->address[side],
                           .from = s->from,
                           .until = s->until,
                           .trail = trail_of(s, side) };
}

static bool may_have_had(const seen *s, fle_side side)
{
    const fle_regular *regular = s->facts ? s->facts->regular : NULL;
    fle_question question;
    fle_lasting had;
    bool is_own;

    if (fle_regular_knows(regular, s->address[side], &is_own) &&
        (!is_own || fle_lasting_touches(&regular->held, s->from, s->until)))
        return is_own;
    question = question_of(s, side);
    return fle_snapshot_may_have_had(s->context->snapshot, s->interface, &question, &had);
}

static bool is_somebody_else_s(const seen *s, fle_side side)
{
    const flowenrich_snapshot *snapshot = s->context->snapshot;
    const fle_question question = question_of(s, side);
    fle_finding finding;

    fle_snapshot_owner(snapshot, &question, &finding);
    return finding.owner && finding.sure > FLOWENRICH_SURE_ASSUMED &&
           !fle_text_equal(fle_snapshot_text(snapshot, finding.owner, FLE_ATTR_INTERFACE_ID),
                           fle_snapshot_text(snapshot, s->interface, FLE_ATTR_INTERFACE_ID));
}

/* May another have had an address for a part of the time, too? */
static bool is_changing(const seen *s, fle_side side)
{
    const fle_question question = question_of(s, side);
    fle_finding finding;

    fle_snapshot_owner(s->context->snapshot, &question, &finding);
    return finding.reason == FLE_REASON_OWNER_CHANGED;
}

/*
 * Is an address one of the interface's that it had then? What it has beside its primary IPv4
 * address comes and goes, and it may well talk to who had that before, or next: if another may
 * have had it then, the other address must be somebody else's. In IPv4 that is the primary one,
 * which documents have.
 */
static bool is_own_then(const seen *s, fle_side side)
{
    return may_have_had(s, side) && (fle_address_is_v4(s->address[side]) || !is_changing(s, side) ||
                                     is_somebody_else_s(s, fle_other(side)));
}

/* Of an interface that never had but one private IPv4 address, another isn't its own if one is. */
static bool is_only(const fle_entry *interface, const fle_address *own, const fle_address *other)
{
    return !fle_entry_has_several(interface) && fle_address_is_v4(own) &&
           fle_address_is_v4(other) && fle_address_compare(own, other) != 0;
}

static bool may_hold(const fle_context *context, const fle_entry *interface,
                     const fle_address *address)
{
    return fle_snapshot_may_hold(
        context->snapshot, fle_snapshot_text(context->snapshot, interface, FLE_ATTR_VPC_ID),
        fle_snapshot_text(context->snapshot, interface, FLE_ATTR_SUBNET_ID), address);
}

static fle_side side_of(const seen *s)
{
    const fle_address *src = s->address[FLE_SRC], *dst = s->address[FLE_DST];
    fle_side own;
    bool is_src;

    if (!s->interface || !src || !dst)
        return FLE_N_SIDES;
    is_src = is_own_then(s, FLE_SRC);
    own = fle_only_side(is_src,
                        !(is_src && is_only(s->interface, src, dst)) && is_own_then(s, FLE_DST));
    if (own == FLE_N_SIDES && !fle_entry_forwards(s->interface))
        own = fle_only_side(may_hold(s->context, s->interface, src),
                            may_hold(s->context, s->interface, dst));
    return own;
}

fle_side fle_context_side(const fle_context *context, const fle_entry *interface,
                          const fle_address *const *address, flowenrich_time from,
                          flowenrich_time until)
{
    return side_of(&(const seen){ context, interface, NULL, address, from, until });
}

/* Was an address, of the packets or as the interface has it, ever its own? */
static bool is_own(const fle_context *context, const fle_facts *facts, fle_side side,
                   const fle_address *const *address)
{
    return facts->interface && address[side] &&
           may_have_had(&(const seen){ context, facts->interface, facts, address,
                                       FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT },
                        side);
}

static bool is_overwritten(const fle_facts *facts, const fle_address *const *hop, fle_side side)
{
    return hop[side] != facts->wire[side] && fle_address_compare(facts->wire[side], hop[side]) != 0;
}

/*
 * srcaddr on egress and dstaddr on ingress label the observer's own side. Where
 * the log doesn't say the direction, the inventory may know which of the two is
 * an address of the observer's; if it knows both or neither, nothing is known.
 * Nor is it if the record and the inventory say the opposite of one another.
 */
static fle_side own_side(const fle_context *context, const fle_facts *facts,
                         const fle_address *const *hop, size_t row)
{
    fle_side told;

    if (facts->by_gateway)
        return FLE_N_SIDES;
    told = fle_side_of(fle_context_text(context, FLE_FIELD_FLOW_DIRECTION, row));
    if (told == FLE_N_SIDES)
        told =
            fle_only_side(is_overwritten(facts, hop, FLE_SRC), is_overwritten(facts, hop, FLE_DST));
    if (told == FLE_N_SIDES)
        return side_of(
            &(const seen){ context, facts->interface, facts, hop, facts->from, facts->until });
    if (is_own(context, facts, told, hop))
        return told;
    return is_own(context, facts, fle_other(told), hop) ? FLE_N_SIDES : told;
}

/* Does the observer pass on packets of others, as far as inventory or record tell? */
static bool forwards(const fle_context *context, const fle_facts *facts, size_t row)
{
    const fle_kind *kind;

    if (facts->interface)
        return fle_entry_forwards(facts->interface);
    kind = fle_kind_find(fle_context_text(context, FLE_FIELD_INTERFACE_TYPE, row));
    return kind && kind->forwards;
}

/*
 * Where the own side was overwritten, the packet is somebody else's unless the
 * inventory says that its address is one of this interface's (a secondary one, a
 * pod's). IPv6 is never overwritten, nor is what a regional NAT gateway logs,
 * which has no interface: so of what forwards the address has to be known. Of an
 * interface in no document it can't be, and then IPv4 is taken for its own.
 */
static bool is_hop(const fle_context *context, const fle_facts *facts,
                   const fle_address *const *hop, size_t row)
{
    const fle_address *wire;

    if (facts->own == FLE_N_SIDES)
        return facts->by_gateway;
    wire = facts->wire[facts->own];
    if (!wire)
        return false;
    if (!is_overwritten(facts, hop, facts->own)) {
        if (facts->observer.len && !facts->interface_id.len)
            return true;
        if (!forwards(context, facts, row) || (!facts->interface && fle_address_is_v4(wire)))
            return false;
    }
    return !is_own(context, facts, facts->own, facts->wire);
}

void fle_facts_begin(fle_facts *facts, const fle_context *context, size_t row)
{
    memset(facts, 0, sizeof *facts);
    facts->observer = fle_batch_text(context->batch, context->observer, row);
    facts->interface_id = fle_context_interface(context, row);
    facts->protocol = number_of(context, FLE_FIELD_PROTOCOL, row);
    facts->flags = FLE_ABSENT;
    read_times(facts, context, row);
}

void fle_facts_open(fle_facts *facts, const fle_context *context, size_t row)
{
    read_address(context, FLE_FIELD_PKT_SRCADDR, FLE_FIELD_SRCADDR, row, &facts->wire[FLE_SRC],
                 &facts->hop[FLE_SRC]);
    read_address(context, FLE_FIELD_PKT_DSTADDR, FLE_FIELD_DSTADDR, row, &facts->wire[FLE_DST],
                 &facts->hop[FLE_DST]);
    read_traffic(facts, context, row);
    read_spaces(facts, context, row);
}

/* An interface that never had but one private IPv4 address is known by that. */
static void learn_own(const fle_facts *facts, const fle_context *context)
{
    const fle_address *own = facts->own != FLE_N_SIDES ? facts->hop[facts->own] : NULL;
    fle_regular *regular = facts->regular;
    fle_question question = { .from = facts->from, .until = facts->until };

    if (!regular || regular->has_own || !regular->interface || !own || !fle_address_is_v4(own) ||
        fle_entry_has_several(regular->interface))
        return;
    question.space = regular->interface->space;
    question.address = *own;
    regular->has_own =
        fle_snapshot_may_have_had(context->snapshot, regular->interface, &question, &regular->held);
    regular->own = *own;
}

void fle_facts_judge(fle_facts *facts, const fle_context *context, size_t row)
{
    facts->own = own_side(context, facts, facts->hop, row);
    facts->is_hop = is_hop(context, facts, facts->hop, row);
    learn_own(facts, context);
}

void fle_facts_read(fle_facts *facts, const fle_context *context, size_t row)
{
    fle_facts_begin(facts, context, row);
    fle_facts_open(facts, context, row);
    fle_facts_judge(facts, context, row);
}

static const fle_identity *identity_of(const fle_facts *facts, fle_side side)
{
    return facts->answer[side] ? &facts->answer[side]->identity : NULL;
}

fle_parties fle_facts_parties(const fle_context *context, const fle_facts *facts)
{
    fle_parties parties = { .protocol = facts->protocol,
                            .flags = facts->flags,
                            .rejected = facts->rejected };

    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        const fle_identity *identity = identity_of(facts, side);

        parties.wire[side] = facts->wire[side];
        parties.port[side] = facts->port[side];
        if (identity)
            parties.type[side] = identity->single[FLE_ATTR_TYPE];
        if (context->snapshot && facts->port[side] != FLE_ABSENT)
            parties.listens[side] = fle_snapshot_listens(
                context->snapshot, identity, facts->wire[side], identity_of(facts, fle_other(side)),
                facts->protocol, facts->port[side]);
    }
    return parties;
}
