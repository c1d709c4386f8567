/* SPDX-License-Identifier: Apache-2.0 */
/* The columns that enrichment adds, and what a row has in them. */
#include "enrich/rows.h"

#include "enrich/route.h"
#include "enrich/scope.h"
#include "record/dictionary.h"
#include "record/protocol.h"

static const flowenrich_text verdicts[] = { FLE_ENTRY("late_or_untracked") };

static const struct {
    flowenrich_text path;
    uint32_t type;
    const flowenrich_text *dictionary;
    size_t n;
} outputs[FLE_N_OUTPUTS] = {
    [FLE_OUT_UPLOADED] = { FLE_ENTRY("uploaded"), FLOWENRICH_TYPE_U64, NULL, 0 },
    [FLE_OUT_DOWNLOADED] = { FLE_ENTRY("downloaded"), FLOWENRICH_TYPE_U64, NULL, 0 },
    [FLE_OUT_VERDICT] = { FLE_ENTRY("verdict"), 0, verdicts, 1 },
    [FLE_OUT_RULE] = { FLE_ENTRY("direction.by"), 0, fle_rule_names, FLE_N_RULES },
    [FLE_OUT_CONFIDENCE] = { FLE_ENTRY("direction.confidence"), FLOWENRICH_TYPE_F64, NULL, 0 },
    [FLE_OUT_SCOPE] = { FLE_ENTRY("scope"), 0, fle_scope_names, FLE_N_SCOPES },
    [FLE_OUT_ROUTE] = { FLE_ENTRY("path"), 0, fle_route_names, FLE_N_ROUTES },
    [FLE_OUT_CLIENT_ADDR] = { FLE_ENTRY("client.addr"), FLOWENRICH_TYPE_ADDRESS, NULL, 0 },
    [FLE_OUT_CLIENT_PORT] = { FLE_ENTRY("client.port"), FLOWENRICH_TYPE_U32, NULL, 0 },
    [FLE_OUT_CLIENT_RFC1918] = { FLE_ENTRY("client.rfc1918"), FLOWENRICH_TYPE_BOOL, NULL, 0 },
    [FLE_OUT_SERVER_ADDR] = { FLE_ENTRY("server.addr"), FLOWENRICH_TYPE_ADDRESS, NULL, 0 },
    [FLE_OUT_SERVER_PORT] = { FLE_ENTRY("server.port"), FLOWENRICH_TYPE_U32, NULL, 0 },
    [FLE_OUT_SERVER_RFC1918] = { FLE_ENTRY("server.rfc1918"), FLOWENRICH_TYPE_BOOL, NULL, 0 },
};

/* A conversation comes with the others from the pairer. */
static bool adds(const flowenrich_batch *batch, size_t output)
{
    return batch->level == FLE_LEVEL_RECORD || output == FLE_OUT_SCOPE || output == FLE_OUT_ROUTE;
}

static fle_column *add(flowenrich_batch *batch, size_t output)
{
    if (!outputs[output].dictionary)
        return fle_batch_add(batch, outputs[output].path, outputs[output].type);
    return fle_batch_add_codes(batch, outputs[output].path, outputs[output].dictionary,
                               outputs[output].n);
}

flowenrich_text fle_output_path(fle_output output)
{
    return outputs[output].path;
}

static bool is_read(uint32_t read, size_t output)
{
    return (read >> output & 1) != 0;
}

/* One that nobody reads may be there from before. */
bool fle_rows_add(flowenrich_batch *batch, uint32_t read)
{
    for (size_t i = 0; i < FLE_N_OUTPUTS; i++) {
        fle_column *column;

        if (!adds(batch, i))
            continue;
        column = is_read(read, i) ? add(batch, i) : fle_batch_find(batch, outputs[i].path);
        if (column)
            memset(column->validity, 0, (batch->rows + 7) / 8);
        else if (is_read(read, i))
            return false;
    }
    return true;
}

void fle_rows_open(fle_rows *rows, const flowenrich_batch *batch, uint32_t read)
{
    for (size_t i = 0; i < FLE_N_OUTPUTS; i++)
        rows->columns[i] = is_read(read, i) ? fle_batch_find(batch, outputs[i].path) : NULL;
}

static void write_end(fle_column *const *columns, const fle_facts *facts, fle_side side, size_t row)
{
    fle_column *const addr = columns[0], *const port = columns[1], *const rfc1918 = columns[2];
    const fle_address *wire = facts->wire[side];

    if (addr && wire)
        fle_column_set_address(addr, row, wire);
    if (rfc1918 && wire && fle_address_is_v4(wire))
        fle_column_set_bool(rfc1918, row, fle_address_is_rfc1918(wire));
    if (port && facts->port[side] != FLE_ABSENT)
        fle_column_set_u32(port, row, facts->port[side]);
}

/* Packets after the close are logged as rejected too: without a SYN nothing was denied. */
static bool is_late(const fle_facts *facts)
{
    return facts->rejected && facts->protocol == FLE_PROTOCOL_TCP && facts->flags != FLE_ABSENT &&
           !(facts->flags & FLE_TCP_SYN);
}

/* Who is at both ends, and what lies between them. */
static void write_ways(const fle_rows *rows, const fle_context *context, const fle_facts *facts,
                       fle_side client, const uint32_t *answers, size_t row)
{
    fle_column *const scope = rows->columns[FLE_OUT_SCOPE];
    fle_column *const path = rows->columns[FLE_OUT_ROUTE];
    fle_route route = FLE_N_ROUTES;
    fle_route_by by;

    context->batch->ends[FLE_CLIENT][row] = answers[client];
    context->batch->ends[FLE_SERVER][row] = answers[fle_other(client)];
    if (scope)
        fle_column_set_u32(scope, row, fle_scope_of(facts));
    if (path)
        route = fle_route_of(context, facts, row, &by);
    if (route != FLE_N_ROUTES)
        fle_column_set_u32(path, row, route);
}

static void write_bytes(fle_column *out, const fle_column *bytes, size_t row)
{
    if (out && fle_column_valid(bytes, row))
        fle_column_set_u64(out, row, fle_column_u64(bytes, row));
}

void fle_rows_write(const fle_rows *rows, const fle_context *context, const fle_facts *facts,
                    const fle_listeners *configured, const uint32_t *answers, size_t row)
{
    fle_column *const *out = rows->columns;
    const fle_parties parties = fle_facts_parties(context, facts);
    fle_side client;
    const fle_rule rule = fle_client_choose(&parties, configured, &client);

    write_ways(rows, context, facts, client, answers, row);
    write_end(out + FLE_OUT_CLIENT_ADDR, facts, client, row);
    write_end(out + FLE_OUT_SERVER_ADDR, facts, fle_other(client), row);
    write_bytes(out[client == FLE_SRC ? FLE_OUT_UPLOADED : FLE_OUT_DOWNLOADED],
                context->fields[FLE_FIELD_BYTES], row);
    if (out[FLE_OUT_VERDICT] && is_late(facts))
        fle_column_set_u32(out[FLE_OUT_VERDICT], row, 0);
    if (out[FLE_OUT_RULE])
        fle_column_set_u32(out[FLE_OUT_RULE], row, rule);
    if (out[FLE_OUT_CONFIDENCE])
        fle_column_set_f64(out[FLE_OUT_CONFIDENCE], row, fle_rule_confidence(rule));
}

void fle_rows_write_conversation(const fle_rows *rows, const fle_context *context,
                                 const fle_facts *facts, const uint32_t *answers, size_t row)
{
    write_ways(rows, context, facts, FLE_SRC, answers, row);
}

fle_side fle_rows_client(const fle_rows *rows, const fle_facts *facts, size_t row)
{
    const fle_address *addr = fle_column_address(rows->columns[FLE_OUT_CLIENT_ADDR], row);
    const fle_column *port = rows->columns[FLE_OUT_CLIENT_PORT];
    const fle_address *src = facts->wire[FLE_SRC];
    const bool same_addr = addr && src ? fle_address_compare(addr, src) == 0 : addr == src;
    const bool same_port = fle_column_valid(port, row)
                               ? fle_column_u32(port, row) == facts->port[FLE_SRC]
                               : facts->port[FLE_SRC] == FLE_ABSENT;

    return same_addr && same_port ? FLE_SRC : FLE_DST;
}
