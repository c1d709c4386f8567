/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that conversations become, and their columns. */
#include "pair/deltas.h"

#include "pair/draft.h"
#include "record/dictionary.h"

static const flowenrich_text outcomes[FLE_N_OUTCOMES] = {
    [FLE_ACCEPTED] = FLE_ENTRY("accepted"),
    [FLE_DENIED] = FLE_ENTRY("denied"),
    [FLE_LATE_OR_UNTRACKED] = FLE_ENTRY("late_or_untracked"),
    [FLE_DROPPED_AT_NAT] = FLE_ENTRY("dropped_at_nat"),
};

static const flowenrich_text refusers[FLE_N_REFUSERS] = {
    [FLE_REFUSED_BY_CLIENT] = FLE_ENTRY("client"),
    [FLE_REFUSED_BY_HOP] = FLE_ENTRY("hop"),
    [FLE_REFUSED_BY_SERVER] = FLE_ENTRY("server"),
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
    [FLE_DELTA_VERDICT] = { FLE_ENTRY("verdict"), 0, outcomes, FLE_N_OUTCOMES },
    [FLE_DELTA_REFUSED_BY] = { FLE_ENTRY("refused_by"), 0, refusers, FLE_N_REFUSERS },
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

static void put_text(fle_draft *r, fle_delta output, flowenrich_text text)
{
    flowenrich_slice slice;

    if (text.len == 0)
        return;
    if (fle_batch_append_text(r->deltas->batch, text.data, text.len, &slice))
        fle_column_set_slice(r->deltas->columns[output], r->number, slice);
    else
        r->failed = true;
}

/* The texts of an observer are in the batch once, however many rows have it. */
static flowenrich_text name_of(fle_draft *r, uint32_t observer)
{
    fle_kept_text *kept = &r->deltas->names[observer % FLE_KEPT_TEXTS];
    uint32_t number;

    if (kept->number == observer)
        return kept->text;
    number = fle_batch_add_observed(r->deltas->batch, &r->deltas->observers->items[observer].told);
    if (number == FLE_ABSENT) {
        r->failed = true;
        return fle_text(NULL, 0);
    }
    *kept = (fle_kept_text){ observer, r->deltas->batch->observed[number]->id };
    return kept->text;
}

static flowenrich_text flow_log_of(fle_draft *r, uint32_t flow_log)
{
    fle_kept_text *kept = &r->deltas->flow_logs[flow_log % FLE_KEPT_TEXTS];
    const flowenrich_text id = r->deltas->observers->flow_logs[flow_log];

    if (kept->number == flow_log)
        return kept->text;
    if (!fle_arena_text(&r->deltas->batch->arena, id.data, id.len, &kept->text)) {
        r->failed = true;
        return fle_text(NULL, 0);
    }
    kept->number = flow_log;
    return kept->text;
}

static void write_id(fle_draft *r)
{
    static const char digits[] = "0123456789abcdef";
    char text[16];

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = digits[r->telling->id >> (60 - 4 * i) & 15];
    put_text(r, FLE_DELTA_ID, fle_text(text, sizeof text));
}

/* Nobody knows when, if the log has no times. */
static void write_times(fle_draft *r)
{
    const bool all = r->telling->reversal || r->telling->whole;

    if (r->c->end == 0)
        return;
    fle_column_set_time(r->deltas->columns[FLE_DELTA_START], r->number,
                        all ? r->c->first : r->c->start);
    fle_column_set_time(r->deltas->columns[FLE_DELTA_END], r->number, r->c->end);
}

static void write_head(fle_draft *r)
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
static fle_address address_of(const fle_draft *r, const fle_conversation *c, fle_pole pole)
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

static void write_public(fle_draft *r, fle_pole pole, fle_delta output)
{
    const uint32_t home = fle_homes_find(r->deltas->homes, &r->c->key.address[pole]);
    const fle_address *public = &r->deltas->observers->items[home].public_address;
    char text[FLE_ADDRESS_TEXT];

    if (home != 0 && !(r->c->marks & FLE_MARK_SHOWN && r->c->way[pole]) && is_set(public))
        put_text(r, output, fle_text(text, fle_address_format(public, text)));
}

/* The columns of an end's address follow one another, and so do those of its observer. */
static void write_end(fle_draft *r, fle_pole pole, fle_delta first, fle_delta observer)
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
static void write_outside(fle_draft *r)
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

static void write_direction(fle_draft *r, fle_pole from, fle_delta bytes, fle_delta packets)
{
    const fle_total total = of_row(r->telling, r->tally.all[from], r->tally.told[from]);

    if (!total.is_known)
        return;
    fle_column_set_u64(r->deltas->columns[bytes], r->number, total.bytes);
    fle_column_set_u64(r->deltas->columns[packets], r->number, total.packets);
}

/* The columns of meters, at what is written next. */
typedef struct meter_items {
    flowenrich_text *observer, *direction, *flow_log;
    uint64_t *bytes, *packets;
} meter_items;

static void *add_items(fle_draft *r, fle_delta output, size_t n)
{
    void *items = fle_list_add(r->deltas->batch, r->deltas->columns[output], r->number, n);

    r->failed = r->failed || !items;
    return items;
}

static void write_meter(fle_draft *r, const fle_sum *sum, fle_pole from, meter_items *at)
{
    const fle_total total = of_row(r->telling, sum->all[from], sum->told[from]);

    if (!total.is_known)
        return;
    *at->observer++ = name_of(r, sum->meter->observer);
    *at->direction++ = from == r->client ? FLE_TEXT("up") : FLE_TEXT("down");
    *at->flow_log++ = flow_log_of(r, sum->meter->flow_log);
    *at->bytes++ = total.bytes;
    *at->packets++ = total.packets;
}

static void write_meters(fle_draft *r)
{
    const fle_tally *tally = &r->tally;
    meter_items at;
    size_t n = 0;

    for (size_t i = 0; i < tally->n; i++)
        for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++)
            n += of_row(r->telling, tally->items[i].all[from], tally->items[i].told[from]).is_known;
    if (n == 0)
        return;
    at.observer = add_items(r, FLE_DELTA_METER_OBSERVERS, n);
    at.direction = add_items(r, FLE_DELTA_METER_DIRECTIONS, n);
    at.flow_log = add_items(r, FLE_DELTA_METER_FLOW_LOGS, n);
    at.bytes = add_items(r, FLE_DELTA_METER_BYTES, n);
    at.packets = add_items(r, FLE_DELTA_METER_PACKETS, n);
    for (size_t i = 0; i < tally->n && !r->failed; i++) {
        write_meter(r, &tally->items[i], r->client, &at);
        write_meter(r, &tally->items[i], r->server, &at);
    }
}

/* ---- Along the way. ---- */

static void write_hop(fle_draft *r, const fle_stop *stop)
{
    const bool up = stop->heard[r->client], down = stop->heard[r->server];

    fle_draft_put_item(r, FLE_DELTA_HOP_OBSERVERS, name_of(r, stop->observer));
    fle_draft_put_item(r, FLE_DELTA_HOP_DIRECTIONS,
                       up == down ? FLE_TEXT("both")
                       : up       ? FLE_TEXT("up")
                                  : FLE_TEXT("down"));
}

static void write_way(fle_draft *r)
{
    const size_t n = r->course.n;
    flowenrich_text *observers = n > 0 ? add_items(r, FLE_DELTA_OBSERVERS, n) : NULL;

    for (size_t i = 0; i < n && !r->failed; i++) {
        const fle_stop *stop = fle_draft_stop(r, i);

        observers[i] = name_of(r, stop->observer);
        if (i == 0)
            put_text(r, FLE_DELTA_OBSERVER, observers[i]);
        if (r->deltas->observers->items[stop->observer].is_gateway)
            fle_draft_put_item(r, FLE_DELTA_TGW, observers[i]);
        if (stop->is_hop)
            write_hop(r, stop);
    }
}

static void write_next_hop(fle_draft *r)
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

bool fle_deltas_write(fle_deltas *deltas, const fle_conversation *c, const fle_telling *telling)
{
    fle_draft r; /* most of it isn't used by most */

    r.deltas = deltas;
    r.c = c;
    r.telling = telling;
    r.client = telling->verdict.client;
    r.server = fle_pole_other(r.client);
    r.number = deltas->batch->rows;
    r.failed = false;
    fle_course_find(&r.course, c, &deltas->table->meters, deltas->observers, deltas->homes);
    fle_tally_read(&r.tally, &deltas->table->meters, &c->meters);
    write_head(&r);
    write_end(&r, r.client, FLE_DELTA_CLIENT_ADDR, FLE_DELTA_CLIENT_OBSERVER);
    write_end(&r, r.server, FLE_DELTA_SERVER_ADDR, FLE_DELTA_SERVER_OBSERVER);
    write_outside(&r);
    write_direction(&r, r.client, FLE_DELTA_UPLOADED, FLE_DELTA_UPLOADED_PACKETS);
    write_direction(&r, r.server, FLE_DELTA_DOWNLOADED, FLE_DELTA_DOWNLOADED_PACKETS);
    write_meters(&r);
    write_way(&r);
    write_next_hop(&r);
    fle_draft_write_fate(&r);
    if (r.failed)
        return false;
    deltas->batch->kinds[r.number] = FLE_ROW_TRAFFIC;
    deltas->batch->rows++;
    return true;
}
