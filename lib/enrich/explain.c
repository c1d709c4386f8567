/* SPDX-License-Identifier: Apache-2.0 */
/* Why the ends of a row are named as they are, and why that one is the client; in English. */
#include <stdarg.h>
#include <stdio.h>

#include "base/date.h"
#include "base/error.h"
#include "enrich/enricher.h"
#include "enrich/paired.h"
#include "enrich/rows.h"
#include "enrich/sentences.h"
#include "enrich/wrap.h"
#include "record/path.h"
#include "record/protocol.h"

#define ENDPOINT_TEXT (FLE_ADDRESS_TEXT + 16)

/* All that the sections of an explanation look at. */
typedef struct subject {
    const flowenrich_enricher *enricher;
    fle_context context;
    fle_facts facts;
    fle_rows rows;
    size_t row;
    fle_side client;
} subject;

/* "10.0.1.5:443", "[2001:db8::1]:443", or what there is of it. */
static const char *endpoint(const subject *s, fle_side side, char out[ENDPOINT_TEXT])
{
    const fle_address *wire = s->facts.wire[side];
    char address[FLE_ADDRESS_TEXT] = "no address";

    if (wire)
        fle_address_format(wire, address);
    if (s->facts.port[side] == FLE_ABSENT)
        snprintf(out, ENDPOINT_TEXT, "%s", address);
    else
        snprintf(out, ENDPOINT_TEXT, wire && !fle_address_is_v4(wire) ? "[%s]:%u" : "%s:%u",
                 address, (unsigned)s->facts.port[side]);
    return out;
}

static const char *side_name(fle_side side)
{
    return side == FLE_SRC ? "source" : "destination";
}

/* ---- The record. ---- */

static void explain_own_side(const subject *s, fle_wrap *w)
{
    const fle_facts *facts = &s->facts;
    const flowenrich_text direction =
        fle_context_text(&s->context, FLE_FIELD_FLOW_DIRECTION, s->row);

    if (facts->by_gateway)
        fle_wrap_say(w, "own side", "none: a transit gateway passes on what others send");
    else if (facts->own == FLE_N_SIDES)
        fle_wrap_say(w, "own side",
                     "not known: the record has no flow-direction, and the inventory doesn't say "
                     "which of the two addresses is the logging interface's");
    else if (direction.len)
        fle_wrap_say(w, "own side", "the %s: flow-direction is %.*s", side_name(facts->own),
                     FLE_WRAP_TEXT(direction));
    else
        fle_wrap_say(w, "own side", "the %s: the inventory knows it as the logging interface's",
                     side_name(facts->own));
    if (facts->is_hop && !facts->by_gateway)
        fle_wrap_say(w, "hop",
                     "the packet's address on its own side isn't one of its own, so it forwards "
                     "for somebody else: what the record says of it is true of neither end");
}

static void explain_record(const subject *s, fle_wrap *w)
{
    const fle_facts *facts = &s->facts;
    const char *protocol = fle_protocol_name(facts->protocol);
    const flowenrich_text type =
        facts->interface ? fle_snapshot_text(s->context.snapshot, facts->interface, FLE_ATTR_TYPE)
                         : fle_text("", 0);
    char src[ENDPOINT_TEXT], dst[ENDPOINT_TEXT];

    fle_wrap_head(w, "Record");
    fle_wrap_say(w, "traffic", "%s to %s%s%s%s", endpoint(s, FLE_SRC, src),
                 endpoint(s, FLE_DST, dst), protocol ? ", " : "", protocol ? protocol : "",
                 facts->rejected ? ", rejected" : "");
    if (!facts->observer.len)
        fle_wrap_say(w, "logged by", "nobody knows: the format names no interface");
    else if (facts->interface)
        fle_wrap_say(w, "logged by", "%.*s, %.*s", FLE_WRAP_TEXT(facts->observer),
                     FLE_WRAP_TEXT(type));
    else
        fle_wrap_say(w, "logged by", "%.*s, which no document of the inventory has",
                     FLE_WRAP_TEXT(facts->observer));
    explain_own_side(s, w);
}

/* ---- An end. ---- */

static void explain_question(const subject *s, const fle_inquiry *inquiry, fle_wrap *w)
{
    const flowenrich_text id = inquiry->key.id, vpc = inquiry->key.vpc;
    char from[FLE_DATE_TEXT], until[FLE_DATE_TEXT];

    if (inquiry->ask == FLE_ASK_OWN)
        fle_wrap_say(w, "asked", "who is %.*s, whose own address this is",
                     FLE_WRAP_TEXT(s->facts.observer));
    if (inquiry->ask == FLE_ASK_NEXT_HOP)
        fle_wrap_say(w, "asked", "who is %.*s, the record's next hop, which passes nothing on",
                     FLE_WRAP_TEXT(id));
    if (inquiry->ask == FLE_ASK_MIRROR)
        fle_wrap_say(w, "asked", "who is %.*s, which logged the same packets as its own",
                     FLE_WRAP_TEXT(id));
    if (inquiry->ask != FLE_ASK_ADDRESS)
        return;
    if (vpc.len)
        fle_wrap_say(w, "asked", "who held this address, as seen from %.*s", FLE_WRAP_TEXT(vpc));
    else
        fle_wrap_say(w, "asked", "who held this address; from which VPC it is seen isn't known");
    if (inquiry->key.from == FLOWENRICH_TIME_ABSENT) {
        fle_wrap_say(w, "at", "any time: the log has no times");
        return;
    }
    fle_date_format(inquiry->key.from, from);
    fle_date_format(inquiry->key.until, until);
    fle_wrap_say(w, "at", "%s to %s (the record's, %d s wider)", from, until,
                 (int)s->context.slack);
}

static void explain_sightings(const flowenrich_answer *answer, fle_wrap *w)
{
    const bool has_first = answer->first != FLOWENRICH_TIME_ABSENT;
    const bool has_last = answer->last != FLOWENRICH_TIME_ABSENT;
    char first[FLE_DATE_TEXT] = "", last[FLE_DATE_TEXT] = "";

    if (has_first)
        fle_date_format(answer->first, first);
    if (has_last)
        fle_date_format(answer->last, last);
    if (has_first && has_last && answer->first != answer->last)
        fle_wrap_say(w, "seen", "with it at %s and at %s", first, last);
    else if (has_first || has_last)
        fle_wrap_say(w, "seen", "with it at %s", has_first ? first : last);
    if (answer->rival.len)
        fle_wrap_say(w, "rival", "%.*s may have held it too", FLE_WRAP_TEXT(answer->rival));
}

/* "eni-1, ec2:instance", as far as it is known. */
static void explain_owner(const flowenrich_answer *answer, fle_wrap *w)
{
    const flowenrich_text *single = answer->identity.single;
    const flowenrich_text shown[] = { single[FLE_ATTR_INTERFACE_ID], single[FLE_ATTR_TYPE],
                                      single[FLE_ATTR_NETWORK], single[FLE_ATTR_AWS_SERVICE],
                                      single[FLE_ATTR_REGION] };
    char text[512];
    size_t len = 0;

    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (shown[i].len && shown[i].len < 80)
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%.*s", len ? ", " : "",
                                    FLE_WRAP_TEXT(shown[i]));
    fle_wrap_say(w, "answer", "%.*s", (int)len, text);
    for (size_t i = 0; i < answer->identity.arns.n; i++)
        fle_wrap_say(w, "", "%.*s", FLE_WRAP_TEXT(answer->identity.arns.items[i]));
}

static void explain_place(const flowenrich_answer *answer, fle_wrap *w)
{
    const flowenrich_text *single = answer->identity.single;

    if (single[FLE_ATTR_VPC_ID].len)
        fle_wrap_say(
            w, "place", "%.*s%s%.*s, by its address range", FLE_WRAP_TEXT(single[FLE_ATTR_VPC_ID]),
            single[FLE_ATTR_SUBNET_ID].len ? ", " : "", FLE_WRAP_TEXT(single[FLE_ATTR_SUBNET_ID]));
}

static void explain_end(const subject *s, fle_end end, fle_wrap *w)
{
    const fle_side side = end == FLE_CLIENT ? s->client : fle_other(s->client);
    const flowenrich_answer *answer = s->facts.answer[side];
    char text[ENDPOINT_TEXT];
    fle_inquiry inquiry;

    fle_inquiry_form(&inquiry, &s->context, &s->facts, side, s->row);
    if (s->context.batch->level == FLE_LEVEL_CONVERSATION)
        fle_wrap_head(w, "%s %s", end == FLE_CLIENT ? "Client" : "Server", endpoint(s, side, text));
    else
        fle_wrap_head(w, "%s %s, the %s", end == FLE_CLIENT ? "Client" : "Server",
                      endpoint(s, side, text), side_name(side));
    explain_question(s, &inquiry, w);
    if (answer->by == FLE_BY_NONE) {
        fle_wrap_say(w, "answer", "nobody (%.*s): %s",
                     FLE_WRAP_TEXT(fle_answer_text(answer, FLE_ATTR_REASON)),
                     fle_reason_meaning(&s->facts, side));
        explain_sightings(answer, w);
        explain_place(answer, w);
        fle_wrap_say(w, "remedy", "%s", fle_reason_remedy(&s->facts, side));
        return;
    }
    explain_owner(answer, w);
    fle_wrap_say(w, "named by", "%.*s: %s", FLE_WRAP_TEXT(fle_answer_text(answer, FLE_ATTR_BY)),
                 fle_by_meaning(answer->by));
    fle_wrap_say(w, "sure", "%s: %s", fle_sure_names[answer->sure], fle_sure_meaning(answer));
    explain_sightings(answer, w);
}

/* ---- Client, scope and path. ---- */

static void explain_client(const subject *s, fle_wrap *w)
{
    const fle_listeners *configured = &s->enricher->config.listeners;
    const fle_parties parties = fle_facts_parties(&s->context, &s->facts);
    fle_side client;
    const fle_rule chosen = fle_client_choose(&parties, configured, &client);
    char text[FLE_WRAP_LONGEST];

    fle_wrap_head(w, "Why the %s is the client", side_name(s->client));
    for (fle_rule rule = FLE_RULE_SYN; rule < chosen; rule++) {
        if (!fle_rule_is_of_records(rule))
            continue;
        fle_rule_lacks(&parties, configured, rule, text);
        fle_wrap_say(w, fle_rule_names[rule].data, "no: %s", text);
    }
    fle_rule_says(&parties, configured, chosen, client, text);
    fle_wrap_say(w, fle_rule_names[chosen].data, "%s%s (confidence %g)",
                 chosen == FLE_RULE_NONE ? "" : "yes: ", text, fle_rule_confidence(chosen));
}

static void explain_ways(const subject *s, fle_wrap *w)
{
    const fle_scope scope = fle_scope_of(&s->facts);
    fle_route_by by;
    const fle_route route = fle_route_of(&s->context, &s->facts, s->row, &by);

    fle_wrap_head(w, "Between them");
    fle_wrap_say(w, "scope", "%s: %s", fle_scope_names[scope].data, fle_scope_meaning(scope));
    if (route == FLE_N_ROUTES)
        fle_wrap_say(w, "path", "not known: neither the record nor the inventory tells");
    else
        fle_wrap_say(w, "path", "%s: %s", fle_route_names[route].data, fle_route_meaning(by));
}

static void explain_notice(const subject *s, fle_wrap *w)
{
    fle_wrap_head(w, "Record");
    fle_wrap_say(w, "traffic", "%s",
                 s->context.batch->kinds[s->row] == FLE_ROW_NODATA
                     ? "none: NODATA says that the interface had no traffic then"
                     : "unknown: SKIPDATA says that records of this time were lost");
}

/* ---- A conversation. ---- */

/* "eni-1, eni-2" */
static void explain_list(const subject *s, const char *label, const char *path, const char *behind,
                         fle_wrap *w)
{
    const fle_texts items =
        fle_list_texts(fle_batch_find(s->context.batch, fle_text_of(path)), s->row);
    char text[FLE_WRAP_LONGEST];
    size_t len = 0;

    for (size_t i = 0; i < items.n && len + 80 < sizeof text; i++)
        if (items.items[i].len < 80)
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%.*s", i ? ", " : "",
                                    FLE_WRAP_TEXT(items.items[i]));
    if (items.n > 0)
        fle_wrap_say(w, label, "%.*s%s", (int)len, text, behind);
}

static flowenrich_text text_at(const subject *s, const char *path)
{
    return fle_batch_text(s->context.batch, fle_batch_find(s->context.batch, fle_text_of(path)),
                          s->row);
}

static void explain_exchange(const subject *s, fle_wrap *w)
{
    const char *protocol = fle_protocol_name(s->facts.protocol);
    const flowenrich_text id = text_at(s, "id"), verdict = text_at(s, "verdict");
    char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];

    fle_wrap_head(w, "Conversation");
    fle_wrap_say(w, "id", "%.*s", FLE_WRAP_TEXT(id));
    fle_wrap_say(w, "traffic", "%s to %s%s%s", endpoint(s, FLE_SRC, client),
                 endpoint(s, FLE_DST, server), protocol ? ", " : "", protocol ? protocol : "");
    if (verdict.len)
        fle_wrap_say(w, "verdict", "%.*s", FLE_WRAP_TEXT(verdict));
    explain_list(s, "logged by", "observers", ", in the order of the way to the server", w);
    explain_list(s, "hops", "hops.observer", ", which passed the packets on", w);
    explain_list(s, "marks", "marks", "", w);
}

/* The pairer has decided it, by all that the records showed. */
static void explain_initiator(const subject *s, fle_wrap *w)
{
    const flowenrich_text rule = text_at(s, "direction.by");
    fle_value confidence;
    fle_path path;

    (void)fle_path_open(&path, s->context.batch, FLE_TEXT("direction.confidence"));
    fle_path_get(&path, s->context.batch, s->row, &confidence);
    fle_wrap_head(w, "Why that one is the client");
    for (size_t i = 0; i < FLE_N_RULES; i++)
        if (fle_text_equal(rule, fle_rule_names[i]))
            fle_wrap_say(w, fle_rule_names[i].data, "%s (confidence %g)",
                         fle_rule_meaning((fle_rule)i), confidence.type ? confidence.as.f64 : 0);
}

static void explain_conversation(subject *s, fle_wrap *w)
{
    fle_conversation_read(&s->facts, &s->context, s->row);
    s->client = FLE_SRC;
    s->facts.answer[FLE_SRC] = fle_batch_answer(s->context.batch, FLE_CLIENT, s->row);
    s->facts.answer[FLE_DST] = fle_batch_answer(s->context.batch, FLE_SERVER, s->row);
    explain_exchange(s, w);
    explain_end(s, FLE_CLIENT, w);
    explain_end(s, FLE_SERVER, w);
    explain_initiator(s, w);
    explain_ways(s, w);
}

static void explain(subject *s, fle_wrap *w)
{
    if (s->context.batch->kinds[s->row] != FLE_ROW_TRAFFIC) {
        explain_notice(s, w);
        return;
    }
    fle_context_open(&s->context);
    if (s->context.batch->level == FLE_LEVEL_CONVERSATION) {
        explain_conversation(s, w);
        return;
    }
    fle_facts_read(&s->facts, &s->context, s->row);
    fle_rows_open(&s->rows, s->context.batch, FLE_ALL_OUTPUTS);
    s->client = fle_rows_client(&s->rows, &s->facts, s->row);
    for (fle_end end = FLE_CLIENT; end <= FLE_SERVER; end++)
        s->facts.answer[end == FLE_CLIENT ? s->client : fle_other(s->client)] =
            fle_batch_answer(s->context.batch, end, s->row);
    explain_record(s, w);
    explain_end(s, FLE_CLIENT, w);
    explain_end(s, FLE_SERVER, w);
    explain_client(s, w);
    explain_ways(s, w);
}

/* Has this batch been through an enricher, and this row with it? */
static bool is_enriched(const flowenrich_batch *batch, size_t row)
{
    return row < batch->rows && batch->ends[FLE_CLIENT] &&
           (batch->kinds[row] != FLE_ROW_TRAFFIC || fle_batch_answer(batch, FLE_CLIENT, row));
}

flowenrich_status flowenrich_enricher_explain(flowenrich_enricher *enricher,
                                              flowenrich_batch *batch, size_t row, char *buf,
                                              size_t cap, size_t *len, flowenrich_error *error)
{
    flowenrich_status status = FLOWENRICH_OK;
    subject s;
    fle_wrap w;

    if (!enricher || !batch || !len || (!buf && cap))
        return fle_error(error, FLOWENRICH_ERR_ARG, "an argument is NULL");
    if (!is_enriched(batch, row))
        return fle_error(error, FLOWENRICH_ERR_ARG, "row %zu isn't there or isn't enriched", row);
    memset(&s, 0, sizeof s);
    s.enricher = enricher;
    s.context.batch = batch;
    s.context.snapshot = batch->snapshot;
    s.context.mirrors = batch->mirrors;
    s.context.slack = enricher->slack;
    s.row = row;
    fle_wrap_init(&w, &enricher->allocator);
    explain(&s, &w);
    *len = w.out.len;
    if (w.out.failed)
        status = fle_error_nomem(error);
    else if (*len > cap)
        status = fle_error(error, FLOWENRICH_ERR_LIMIT, "the explanation has %zu bytes", *len);
    if (!w.out.failed && cap)
        memcpy(buf, w.out.data, *len < cap ? *len : cap);
    fle_wrap_free(&w);
    return status == FLOWENRICH_OK ? fle_error_ok(error) : status;
}
