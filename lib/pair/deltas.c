/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that conversations become, and their columns. */
#include "pair/deltas.h"

#include "record/dictionary.h"
#include "record/list.h"
#include "record/protocol.h"

typedef enum outcome { ACCEPTED, DENIED, LATE_OR_UNTRACKED, DROPPED_AT_NAT, N_OUTCOMES } outcome;

static const flowenrich_text outcomes[N_OUTCOMES] = {
    [ACCEPTED] = FLE_ENTRY("accepted"),
    [DENIED] = FLE_ENTRY("denied"),
    [LATE_OR_UNTRACKED] = FLE_ENTRY("late_or_untracked"),
    [DROPPED_AT_NAT] = FLE_ENTRY("dropped_at_nat"),
};

typedef enum refuser { REFUSED_BY_CLIENT, REFUSED_BY_HOP, REFUSED_BY_SERVER, N_REFUSERS } refuser;

static const flowenrich_text refusers[N_REFUSERS] = {
    [REFUSED_BY_CLIENT] = FLE_ENTRY("client"),
    [REFUSED_BY_HOP] = FLE_ENTRY("hop"),
    [REFUSED_BY_SERVER] = FLE_ENTRY("server"),
};

static const flowenrich_text legs[] = { FLE_ENTRY("inside"), FLE_ENTRY("outside") };

#define LIST_OF(item) (FLOWENRICH_TYPE_LIST | (uint32_t)(item) << 8)
#define TEXTS LIST_OF(FLOWENRICH_TYPE_TEXT)
#define NUMBERS LIST_OF(FLOWENRICH_TYPE_U64)

/* A path and its type: of a list with that of its items above, of codes with their dictionary. */
static const struct {
    flowenrich_text path;
    uint32_t type;
    const flowenrich_text *dictionary;
    size_t n;
} outputs[FLE_DELTA_TRAFFIC_PATH] = {
    [FLE_DELTA_ID] = { FLE_ENTRY("id"), FLOWENRICH_TYPE_TEXT, NULL, 0 },
    [FLE_DELTA_SEQUENCE] = { FLE_ENTRY("sequence"), FLOWENRICH_TYPE_U32, NULL, 0 },
    [FLE_DELTA_FINAL] = { FLE_ENTRY("final"), FLOWENRICH_TYPE_BOOL, NULL, 0 },
    [FLE_DELTA_LATE] = { FLE_ENTRY("late"), FLOWENRICH_TYPE_BOOL, NULL, 0 },
    [FLE_DELTA_REVERSAL] = { FLE_ENTRY("reversal"), FLOWENRICH_TYPE_BOOL, NULL, 0 },
    [FLE_DELTA_START] = { FLE_ENTRY("start"), FLOWENRICH_TYPE_TIME, NULL, 0 },
    [FLE_DELTA_END] = { FLE_ENTRY("end"), FLOWENRICH_TYPE_TIME, NULL, 0 },
    [FLE_DELTA_PROTOCOL] = { FLE_ENTRY("protocol"), FLOWENRICH_TYPE_U32, NULL, 0 },
    [FLE_DELTA_CLIENT_ADDR] = { FLE_ENTRY("client.addr"), FLOWENRICH_TYPE_ADDRESS, NULL, 0 },
    [FLE_DELTA_CLIENT_PORT] = { FLE_ENTRY("client.port"), FLOWENRICH_TYPE_U32, NULL, 0 },
    [FLE_DELTA_CLIENT_RFC1918] = { FLE_ENTRY("client.rfc1918"), FLOWENRICH_TYPE_BOOL, NULL, 0 },
    [FLE_DELTA_CLIENT_PUBLIC] = { FLE_ENTRY("client.public"), FLOWENRICH_TYPE_TEXT, NULL, 0 },
    [FLE_DELTA_SERVER_ADDR] = { FLE_ENTRY("server.addr"), FLOWENRICH_TYPE_ADDRESS, NULL, 0 },
    [FLE_DELTA_SERVER_PORT] = { FLE_ENTRY("server.port"), FLOWENRICH_TYPE_U32, NULL, 0 },
    [FLE_DELTA_SERVER_RFC1918] = { FLE_ENTRY("server.rfc1918"), FLOWENRICH_TYPE_BOOL, NULL, 0 },
    [FLE_DELTA_SERVER_PUBLIC] = { FLE_ENTRY("server.public"), FLOWENRICH_TYPE_TEXT, NULL, 0 },
    [FLE_DELTA_RULE] = { FLE_ENTRY("direction.by"), 0, fle_rule_names, FLE_N_RULES },
    [FLE_DELTA_CONFIDENCE] = { FLE_ENTRY("direction.confidence"), FLOWENRICH_TYPE_F64, NULL, 0 },
    [FLE_DELTA_UPLOADED] = { FLE_ENTRY("uploaded"), FLOWENRICH_TYPE_U64, NULL, 0 },
    [FLE_DELTA_DOWNLOADED] = { FLE_ENTRY("downloaded"), FLOWENRICH_TYPE_U64, NULL, 0 },
    [FLE_DELTA_UPLOADED_PACKETS] = { FLE_ENTRY("uploaded_packets"), FLOWENRICH_TYPE_U64, NULL, 0 },
    [FLE_DELTA_DOWNLOADED_PACKETS] =
        { FLE_ENTRY("downloaded_packets"), FLOWENRICH_TYPE_U64, NULL, 0 },
    [FLE_DELTA_RECORDS] = { FLE_ENTRY("records"), FLOWENRICH_TYPE_U64, NULL, 0 },
    [FLE_DELTA_VERDICT] = { FLE_ENTRY("verdict"), 0, outcomes, N_OUTCOMES },
    [FLE_DELTA_REFUSED_BY] = { FLE_ENTRY("refused_by"), 0, refusers, N_REFUSERS },
    [FLE_DELTA_NAT] = { FLE_ENTRY("nat"), 0, legs, 2 },
    [FLE_DELTA_OUTSIDE_ADDR] = { FLE_ENTRY("outside.addr"), FLOWENRICH_TYPE_ADDRESS, NULL, 0 },
    [FLE_DELTA_OUTSIDE_PORT] = { FLE_ENTRY("outside.port"), FLOWENRICH_TYPE_U32, NULL, 0 },
    [FLE_DELTA_MARKS] = { FLE_ENTRY("marks"), TEXTS, NULL, 0 },
    [FLE_DELTA_OBSERVER] = { FLE_ENTRY("observer"), FLOWENRICH_TYPE_TEXT, NULL, 0 },
    [FLE_DELTA_CLIENT_OBSERVER] = { FLE_ENTRY("client.observer"), FLOWENRICH_TYPE_TEXT, NULL, 0 },
    [FLE_DELTA_CLIENT_CONTESTED] = { FLE_ENTRY("client.contested"), FLOWENRICH_TYPE_BOOL, NULL, 0 },
    [FLE_DELTA_SERVER_OBSERVER] = { FLE_ENTRY("server.observer"), FLOWENRICH_TYPE_TEXT, NULL, 0 },
    [FLE_DELTA_SERVER_CONTESTED] = { FLE_ENTRY("server.contested"), FLOWENRICH_TYPE_BOOL, NULL, 0 },
    [FLE_DELTA_OBSERVERS] = { FLE_ENTRY("observers"), TEXTS, NULL, 0 },
    [FLE_DELTA_HOP_OBSERVERS] = { FLE_ENTRY("hops.observer"), TEXTS, NULL, 0 },
    [FLE_DELTA_HOP_DIRECTIONS] = { FLE_ENTRY("hops.direction"), TEXTS, NULL, 0 },
    [FLE_DELTA_METER_OBSERVERS] = { FLE_ENTRY("meters.observer"), TEXTS, NULL, 0 },
    [FLE_DELTA_METER_DIRECTIONS] = { FLE_ENTRY("meters.direction"), TEXTS, NULL, 0 },
    [FLE_DELTA_METER_FLOW_LOGS] = { FLE_ENTRY("meters.flow_log"), TEXTS, NULL, 0 },
    [FLE_DELTA_METER_BYTES] = { FLE_ENTRY("meters.bytes"), NUMBERS, NULL, 0 },
    [FLE_DELTA_METER_PACKETS] = { FLE_ENTRY("meters.packets"), NUMBERS, NULL, 0 },
    [FLE_DELTA_TGW] = { FLE_ENTRY("tgw"), TEXTS, NULL, 0 },
};

/* ---- The columns. ---- */

static bool add_column(flowenrich_batch *batch, size_t i)
{
    const flowenrich_text path = outputs[i].path;

    if (outputs[i].dictionary)
        return fle_batch_add_codes(batch, path, outputs[i].dictionary, outputs[i].n) != NULL;
    if ((outputs[i].type & 0xff) == FLOWENRICH_TYPE_LIST)
        return fle_batch_add_list(batch, path, outputs[i].type >> 8) != NULL;
    return fle_batch_add(batch, path, outputs[i].type) != NULL;
}

static bool add_fields(flowenrich_batch *batch)
{
    bool done = fle_batch_add_field(batch, FLE_FIELD_TRAFFIC_PATH) != NULL;

    for (size_t i = 0; i < FLE_WAY_N_FIELDS; i++)
        done = done && fle_batch_add_field(batch, fle_way_fields[i]);
    return done;
}

bool fle_deltas_open(fle_deltas *deltas)
{
    flowenrich_batch *batch = deltas->batch;

    for (size_t i = 0; i < FLE_DELTA_TRAFFIC_PATH; i++)
        if (!add_column(batch, i))
            return false;
    if (!add_fields(batch))
        return false;
    for (size_t i = 0; i < FLE_DELTA_TRAFFIC_PATH; i++)
        deltas->columns[i] = fle_batch_find(batch, outputs[i].path);
    deltas->columns[FLE_DELTA_TRAFFIC_PATH] = fle_batch_field(batch, FLE_FIELD_TRAFFIC_PATH);
    for (size_t i = 0; i < FLE_WAY_N_FIELDS; i++)
        deltas->columns[FLE_DELTA_NEXT_HOP + i] = fle_batch_field(batch, fle_way_fields[i]);
    return true;
}

/* ---- One row. ---- */

/* A row as it is written: from the client's end. */
typedef struct row {
    fle_deltas *deltas;
    const fle_conversation *c;
    const fle_telling *telling;
    fle_course course;
    fle_pole client, server;
    size_t number;
    bool failed;
} row;

static void put_text(row *r, fle_delta output, flowenrich_text text)
{
    flowenrich_slice slice;

    if (text.len == 0)
        return;
    if (fle_batch_append_text(r->deltas->batch, text.data, text.len, &slice))
        fle_column_set_slice(r->deltas->columns[output], r->number, slice);
    else
        r->failed = true;
}

static void put_item(row *r, fle_delta output, flowenrich_text text)
{
    r->failed = r->failed || !fle_list_add_text(r->deltas->batch, r->deltas->columns[output],
                                                r->number, text.data, text.len);
}

static void put_number(row *r, fle_delta output, uint64_t number)
{
    r->failed = r->failed ||
                !fle_list_add_u64(r->deltas->batch, r->deltas->columns[output], r->number, number);
}

static flowenrich_text name_of(const row *r, uint32_t observer)
{
    return r->deltas->observers->items[observer].told.id;
}

static void write_id(row *r)
{
    static const char digits[] = "0123456789abcdef";
    char text[16];

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = digits[r->telling->id >> (60 - 4 * i) & 15];
    put_text(r, FLE_DELTA_ID, fle_text(text, sizeof text));
}

/* Nobody knows when, if the log has no times. */
static void write_times(row *r)
{
    const bool all = r->telling->reversal || r->telling->whole;

    if (r->c->end == 0)
        return;
    fle_column_set_time(r->deltas->columns[FLE_DELTA_START], r->number,
                        all ? r->c->first : r->c->start);
    fle_column_set_time(r->deltas->columns[FLE_DELTA_END], r->number, r->c->end);
}

static void write_head(row *r)
{
    fle_column *const *columns = r->deltas->columns;
    const fle_telling *telling = r->telling;
    const fle_rule rule = telling->verdict.rule;

    write_id(r);
    write_times(r);
    fle_column_set_u32(columns[FLE_DELTA_SEQUENCE], r->number, r->c->sequence);
    fle_column_set_bool(columns[FLE_DELTA_FINAL], r->number, telling->final);
    fle_column_set_bool(columns[FLE_DELTA_LATE], r->number, telling->late);
    fle_column_set_bool(columns[FLE_DELTA_REVERSAL], r->number, telling->reversal);
    if (r->c->key.protocol != FLE_ANY_PROTOCOL)
        fle_column_set_u32(columns[FLE_DELTA_PROTOCOL], r->number, r->c->key.protocol);
    fle_column_set_u32(columns[FLE_DELTA_RULE], r->number, rule);
    fle_column_set_f64(columns[FLE_DELTA_CONFIDENCE], r->number, fle_rule_confidence(rule));
    fle_column_set_u64(columns[FLE_DELTA_RECORDS], r->number,
                       telling->reversal ? 0 : r->c->records);
}

static bool is_set(const fle_address *address)
{
    static const fle_address unset;

    return memcmp(address, &unset, sizeof unset) != 0;
}

/*
 * The address of a pole. Where an interface stands for it, that is one by which it was seen,
 * or its own, if its records told it, or the public one by which it was called.
 */
static fle_address address_of(const row *r, const fle_conversation *c, fle_pole pole)
{
    static const uint8_t v4[] = { FLE_V4_PREFIX };
    const uint32_t home = fle_homes_find(r->deltas->homes, &c->key.address[pole]);
    const fle_observer *observer = &r->deltas->observers->items[home];
    fle_address shown;

    if (home == 0)
        return c->key.address[pole];
    if (!(c->marks & FLE_MARK_SHOWN) || !c->way[pole])
        return is_set(&observer->own_address) ? observer->own_address : observer->public_address;
    memcpy(shown.bytes, v4, sizeof v4);
    memcpy(shown.bytes + sizeof v4, &c->way[pole], sizeof c->way[pole]);
    return shown;
}

static void write_public(row *r, fle_pole pole, fle_delta output)
{
    const uint32_t home = fle_homes_find(r->deltas->homes, &r->c->key.address[pole]);
    const fle_address *public = &r->deltas->observers->items[home].public_address;
    char text[FLE_ADDRESS_TEXT];

    if (home != 0 && !(r->c->marks & FLE_MARK_SHOWN) && is_set(public))
        put_text(r, output, fle_text(text, fle_address_format(public, text)));
}

/* The columns of an end's address follow one another, and so do those of its observer. */
static void write_end(row *r, fle_pole pole, fle_delta first, fle_delta observer)
{
    fle_column *const *columns = r->deltas->columns;
    const fle_address address = address_of(r, r->c, pole);

    write_public(r, pole, (fle_delta)(first + 3));
    fle_column_set_address(columns[first], r->number, &address);
    if (r->c->key.has_ports)
        fle_column_set_u32(columns[first + 1], r->number, r->c->key.port[pole]);
    if (fle_address_is_v4(&address))
        fle_column_set_bool(columns[first + 2], r->number, fle_address_is_rfc1918(&address));
    put_text(r, observer, name_of(r, r->course.end[pole]));
    if (r->course.contested[pole])
        fle_column_set_bool(columns[observer + 1], r->number, true);
}

/* Under which address and port a NAT gateway spoke to the server, if that is known. */
static void write_outside(row *r)
{
    uint32_t i = r->c->leg;
    const fle_conversation *leg;
    fle_address address;
    fle_pole pole;

    while (i != FLE_NONE && !fle_leg_is_outside(fle_table_at(r->deltas->table, i)))
        i = fle_leg_next(fle_table_at(r->deltas->table, i));
    if (i == FLE_NONE)
        return;
    leg = fle_table_at(r->deltas->table, i);
    pole = fle_leg_own_pole(leg);
    address = address_of(r, leg, pole);
    fle_column_set_address(r->deltas->columns[FLE_DELTA_OUTSIDE_ADDR], r->number, &address);
    fle_column_set_u32(r->deltas->columns[FLE_DELTA_OUTSIDE_PORT], r->number, leg->key.port[pole]);
}

/* ---- How much. ---- */

static fle_total less(fle_total a, fle_total b)
{
    return (fle_total){ a.bytes - b.bytes, a.packets - b.packets, a.is_known };
}

static fle_total of_row(const fle_telling *telling, fle_total all, fle_total told)
{
    if (telling->reversal)
        return told;
    return telling->whole ? all : less(all, told);
}

static void write_direction(row *r, fle_pole from, fle_delta bytes, fle_delta packets)
{
    const fle_slab *slab = &r->deltas->table->meters;
    const fle_meters *meters = &r->c->meters;
    const fle_total total = of_row(r->telling, fle_meters_total(slab, meters, from, false),
                                   fle_meters_total(slab, meters, from, true));

    if (!total.is_known)
        return;
    fle_column_set_u64(r->deltas->columns[bytes], r->number, total.bytes);
    fle_column_set_u64(r->deltas->columns[packets], r->number, total.packets);
}

static void write_meter(row *r, const fle_meter *meter, fle_pole from)
{
    const fle_slab *slab = &r->deltas->table->meters;
    const fle_meters *meters = &r->c->meters;
    const fle_total total = of_row(r->telling, fle_meters_one(slab, meters, meter, from, false),
                                   fle_meters_one(slab, meters, meter, from, true));

    if (!total.is_known)
        return;
    put_item(r, FLE_DELTA_METER_OBSERVERS, name_of(r, meter->observer));
    put_item(r, FLE_DELTA_METER_DIRECTIONS, from == r->client ? FLE_TEXT("up") : FLE_TEXT("down"));
    put_item(r, FLE_DELTA_METER_FLOW_LOGS, r->deltas->observers->flow_logs[meter->flow_log]);
    put_number(r, FLE_DELTA_METER_BYTES, total.bytes);
    put_number(r, FLE_DELTA_METER_PACKETS, total.packets);
}

static void write_meters(row *r)
{
    const fle_slab *slab = &r->deltas->table->meters;
    const fle_meters *meters = &r->c->meters;

    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i)) {
        if (!fle_meters_is_first(slab, meters, i))
            continue;
        write_meter(r, fle_meter_at(slab, i), r->client);
        write_meter(r, fle_meter_at(slab, i), r->server);
    }
}

/* ---- Along the way. ---- */

/* The stop with a number, counted from the client. */
static const fle_stop *stop_at(const row *r, size_t i)
{
    return &r->course.stops[r->client == FLE_LOW ? i : r->course.n - 1 - i];
}

static void write_way(row *r)
{
    for (size_t i = 0; i < r->course.n; i++) {
        const fle_stop *stop = stop_at(r, i);
        const bool up = stop->heard[r->client], down = stop->heard[r->server];

        if (i == 0)
            put_text(r, FLE_DELTA_OBSERVER, name_of(r, stop->observer));
        put_item(r, FLE_DELTA_OBSERVERS, name_of(r, stop->observer));
        if (r->deltas->observers->items[stop->observer].is_gateway)
            put_item(r, FLE_DELTA_TGW, name_of(r, stop->observer));
        if (!stop->is_hop)
            continue;
        put_item(r, FLE_DELTA_HOP_OBSERVERS, name_of(r, stop->observer));
        put_item(r, FLE_DELTA_HOP_DIRECTIONS,
                 up == down ? FLE_TEXT("both")
                 : up       ? FLE_TEXT("up")
                            : FLE_TEXT("down"));
    }
}

static void write_next_hop(row *r)
{
    const uint32_t number = r->c->marks & FLE_MARK_SHOWN ? 0 : r->c->way[r->client];
    const fle_way *way = number ? &r->deltas->ways->items[number - 1] : NULL;

    if (!way)
        return;
    if (way->traffic_path != FLE_ABSENT)
        fle_column_set_u32(r->deltas->columns[FLE_DELTA_TRAFFIC_PATH], r->number,
                           way->traffic_path);
    for (size_t i = 0; i < FLE_WAY_N_FIELDS; i++)
        put_text(r, (fle_delta)(FLE_DELTA_NEXT_HOP + i), way->of[i]);
}

/* ---- What became of it. ---- */

static outcome outcome_of(const row *r)
{
    const fle_conversation *c = r->c;

    if (r->course.is_denied)
        return DENIED;
    if (r->course.is_dropped)
        return DROPPED_AT_NAT;
    return c->seen & (FLE_SEEN_ACCEPTED | FLE_SEEN_ACCEPTED << 1) ? ACCEPTED : LATE_OR_UNTRACKED;
}

/* The first along the way that refused: what comes behind it heard nothing. */
static void write_refused_by(row *r)
{
    for (size_t i = 0; i < r->course.n; i++) {
        const fle_stop *stop = stop_at(r, i);
        refuser by = REFUSED_BY_HOP;

        if (!stop->denied)
            continue;
        if (stop->owns[r->client])
            by = REFUSED_BY_CLIENT;
        else if (stop->owns[r->server])
            by = REFUSED_BY_SERVER;
        else if (!stop->is_hop)
            continue;
        fle_column_set_u32(r->deltas->columns[FLE_DELTA_REFUSED_BY], r->number, by);
        return;
    }
}

static bool is_tunnel(const fle_conversation *c)
{
    static const uint8_t protocols[] = { 4, 41, 47, 50 }; /* IP and IPv6 in IP, GRE, ESP */
    static const uint16_t ports[] = { 6081, 4789 };       /* GENEVE, VXLAN */

    for (size_t i = 0; i < sizeof protocols; i++)
        if (c->key.protocol == protocols[i])
            return true;
    for (size_t i = 0; i < 2; i++)
        if (c->key.protocol == FLE_PROTOCOL_UDP &&
            (c->key.port[FLE_LOW] == ports[i] || c->key.port[FLE_HIGH] == ports[i]))
            return true;
    return false;
}

static bool is_incomplete(const row *r)
{
    for (size_t i = 0; i < r->course.n; i++)
        if (fle_observer_skipped(&r->deltas->observers->items[r->course.stops[i].observer],
                                 r->c->first, r->c->end))
            return true;
    return false;
}

/* Packets of a direction by an end's own meters: the most that any of them came to. */
static uint64_t packets_at(const row *r, fle_pole pole, fle_pole from)
{
    const fle_slab *slab = &r->deltas->table->meters;
    const fle_meters *meters = &r->c->meters;
    const uint32_t end = r->course.end[pole];
    uint64_t most = 0;

    if (end == 0)
        return 0;
    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i)) {
        const fle_meter *meter = fle_meter_at(slab, i);
        uint64_t packets = 0;

        if (meter->observer == end)
            packets = fle_meters_one(slab, meters, meter, from, false).packets;
        if (packets > most)
            most = packets;
    }
    return most;
}

/* Do the two ends' own meters of a direction lie far apart? */
static bool is_mismatched(const row *r)
{
    const uint32_t percent = r->deltas->mismatch_percent;

    for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++) {
        const uint64_t low = packets_at(r, FLE_LOW, from), high = packets_at(r, FLE_HIGH, from);
        const uint64_t more = low > high ? low : high, fewer = low > high ? high : low;

        if (fewer > 0 && more - fewer > more / 100 * percent + more % 100 * percent / 100)
            return true;
    }
    return false;
}

static void write_marks(row *r)
{
    const struct {
        bool is_set;
        flowenrich_text name;
    } marks[] = {
        { is_incomplete(r), FLE_TEXT("incomplete") },
        { r->c->marks & FLE_MARK_REUSED, FLE_TEXT("reused") },
        { is_mismatched(r), FLE_TEXT("meter_mismatch") },
        { is_tunnel(r->c), FLE_TEXT("encapsulates") },
        { r->c->marks & FLE_MARK_LATE, FLE_TEXT("late") },
        { r->c->marks & FLE_MARK_AMBIGUOUS, FLE_TEXT("ambiguous") },
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i].is_set)
            put_item(r, FLE_DELTA_MARKS, marks[i].name);
}

static void write_outcome(row *r)
{
    fle_column_set_u32(r->deltas->columns[FLE_DELTA_VERDICT], r->number, outcome_of(r));
    write_refused_by(r);
    if (r->course.leg != FLE_LEG_NONE)
        fle_column_set_u32(r->deltas->columns[FLE_DELTA_NAT], r->number,
                           r->course.leg == FLE_LEG_OUTSIDE ? 1 : 0);
    write_marks(r);
}

static bool add_observed(const row *r)
{
    for (size_t i = 0; i < r->course.n; i++)
        if (fle_batch_add_observed(
                r->deltas->batch, &r->deltas->observers->items[r->course.stops[i].observer].told) ==
            FLE_ABSENT)
            return false;
    return true;
}

bool fle_deltas_write(fle_deltas *deltas, const fle_conversation *c, const fle_telling *telling)
{
    row r = { .deltas = deltas,
              .c = c,
              .telling = telling,
              .client = telling->verdict.client,
              .server = fle_pole_other(telling->verdict.client),
              .number = deltas->batch->rows };

    fle_course_find(&r.course, c, &deltas->table->meters, deltas->observers, deltas->homes);
    write_head(&r);
    write_end(&r, r.client, FLE_DELTA_CLIENT_ADDR, FLE_DELTA_CLIENT_OBSERVER);
    write_end(&r, r.server, FLE_DELTA_SERVER_ADDR, FLE_DELTA_SERVER_OBSERVER);
    write_outside(&r);
    write_direction(&r, r.client, FLE_DELTA_UPLOADED, FLE_DELTA_UPLOADED_PACKETS);
    write_direction(&r, r.server, FLE_DELTA_DOWNLOADED, FLE_DELTA_DOWNLOADED_PACKETS);
    write_meters(&r);
    write_way(&r);
    write_next_hop(&r);
    write_outcome(&r);
    if (r.failed || !add_observed(&r))
        return false;
    deltas->batch->kinds[r.number] = FLE_ROW_TRAFFIC;
    deltas->batch->rows++;
    return true;
}
