/* SPDX-License-Identifier: Apache-2.0 */
/* Who the client is: the first rule that decides (docs/output.md). */
#include "record/client.h"

#include "record/column.h"
#include "record/dictionary.h"
#include "record/protocol.h"

const flowenrich_text fle_rule_names[FLE_N_RULES] = {
    [FLE_RULE_SYN] = FLE_ENTRY("syn"),
    [FLE_RULE_LEARNED] = FLE_ENTRY("learned-listener"),
    [FLE_RULE_ONE_WAY] = FLE_ENTRY("one-way"),
    [FLE_RULE_REJECTED] = FLE_ENTRY("rejected"),
    [FLE_RULE_LISTENER] = FLE_ENTRY("listener"),
    [FLE_RULE_FAN_IN] = FLE_ENTRY("fan-in"),
    [FLE_RULE_PORT_NAME] = FLE_ENTRY("port-name"),
    [FLE_RULE_PORT_CLASS] = FLE_ENTRY("port-class"),
    [FLE_RULE_LOWER_PORT] = FLE_ENTRY("lower-port"),
    [FLE_RULE_NONE] = FLE_ENTRY("none"),
};

bool fle_parties_have_ports(const fle_parties *parties)
{
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
        if (parties->port[side] == FLE_ABSENT || parties->port[side] == 0)
            return false;
    return true;
}

const fle_listener *fle_client_named(const fle_parties *parties, fle_side side)
{
    return fle_listeners_find(&fle_listeners_by_name, parties->protocol, parties->port[side],
                              fle_text(NULL, 0), NULL);
}

const fle_listener *fle_client_listener(const fle_parties *parties, const fle_listeners *configured,
                                        fle_side side)
{
    static const fle_listener documented = { .name = "by describe-listeners or -target-health" };
    const flowenrich_text type = parties->type[side];
    const fle_listener *listener = fle_listeners_find(
        configured, parties->protocol, parties->port[side], type, parties->wire[side]);

    if (listener)
        return listener;
    if (parties->listens[side] != FLE_LISTENS_UNKNOWN)
        return parties->listens[side] == FLE_LISTENS_HERE ? &documented : NULL;
    return fle_listeners_find(&fle_listeners_of_types, parties->protocol, parties->port[side], type,
                              parties->wire[side]);
}

/* Where servers listen: below 1024; outside of what Linux takes for clients; where IANA names. */
static bool is_privileged(uint32_t port)
{
    return port < 1024;
}

#define FIRST_CLIENT_PORT 32768

static bool is_outside_linux(uint32_t port)
{
    return port < FIRST_CLIENT_PORT || port > 60999;
}

static bool is_registered(uint32_t port)
{
    return port < 49152;
}

/* What several rules ask about two sides, looked up once for all of them. */
typedef struct sides {
    const fle_parties *parties;
    bool has_ports;
    bool is_named[FLE_N_SIDES];       /* its port has a server's name */
    bool is_listener[FLE_N_SIDES];    /* it is a known one */
    bool is_balancer[FLE_N_SIDES];    /* on a port that doesn't tell whether it listens there */
    bool is_client_only[FLE_N_SIDES]; /* it may never be the server, because of what it is */
    bool serves[FLE_N_SIDES];         /* it is known to listen */
} sides;

/* Is a side known to serve by its port, whatever it is? */
static bool has_server_port(const sides *s, fle_side side)
{
    return is_privileged(s->parties->port[side]) || s->is_named[side] || s->is_listener[side];
}

static bool is_public(const sides *s, fle_side side)
{
    return s->parties->wire[side] && !fle_address_is_private(s->parties->wire[side]);
}

/* Is it told of all its listeners that they are on other ports? */
static bool listens_elsewhere(const sides *s, fle_side side)
{
    return s->parties->listens[side] == FLE_LISTENS_ELSEWHERE && !s->is_listener[side];
}

/*
 * A NAT gateway opens connections and takes none; its ports begin at 1024, so
 * the rules about ports would get it wrong. A load balancer does both. Its targets
 * have private addresses; and all but application ones listen on whatever port
 * they are told to, where a client's port on the other end leaves it open.
 */
static bool is_client_only(const sides *s, fle_side side)
{
    const fle_side other = fle_other(side);
    const flowenrich_text type = s->parties->type[side];

    if (fle_text_is(type, "ec2:nat-gateway") || listens_elsewhere(s, side))
        return true;
    if (!s->is_balancer[side] || is_public(s, other))
        return false;
    return fle_text_is(type, "elb:application") || s->parties->port[other] < FIRST_CLIENT_PORT ||
           has_server_port(s, other);
}

/* What comes to a load balancer from the internet comes to its listener. */
static bool serves(const sides *s, fle_side side)
{
    const fle_side other = fle_other(side);

    if (listens_elsewhere(s, side))
        return false;
    if (s->is_balancer[side])
        return is_public(s, other) && !has_server_port(s, other);
    return !s->is_client_only[side] && s->is_listener[side];
}

static void look_up(sides *s, const fle_parties *parties, const fle_listeners *configured)
{
    s->parties = parties;
    s->has_ports = fle_parties_have_ports(parties);
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        s->is_named[side] = fle_client_named(parties, side) != NULL;
        s->is_listener[side] = fle_client_listener(parties, configured, side) != NULL;
        s->is_balancer[side] = fle_text_starts(parties->type[side], "elb:") && s->has_ports &&
                               !has_server_port(s, side);
    }
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++) {
        s->is_client_only[side] = is_client_only(s, side);
        s->serves[side] = serves(s, side);
    }
}

bool fle_client_only(const fle_parties *parties, const fle_listeners *configured, fle_side side)
{
    sides s;

    look_up(&s, parties, configured);
    return s.is_client_only[side];
}

/* ---- The rules. ---- */

/* The client, if exactly one side has what makes it a server. */
static fle_side unless_both(bool src_serves, bool dst_serves)
{
    if (src_serves == dst_serves)
        return FLE_N_SIDES;
    return src_serves ? FLE_DST : FLE_SRC;
}

static fle_side by_syn(const fle_parties *parties)
{
    if (parties->flags == FLE_ABSENT || !(parties->flags & FLE_TCP_SYN))
        return FLE_N_SIDES;
    return parties->flags & FLE_TCP_ACK ? FLE_DST : FLE_SRC;
}

/* A packet of a server's that came after the close is refused too; its port gives it away. */
static fle_side by_reject(const sides *s)
{
    bool known[FLE_N_SIDES];

    if (!s->parties->rejected || (!s->parties->wire[FLE_SRC] && !s->has_ports))
        return FLE_N_SIDES;
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
        known[side] = s->serves[side] || s->is_named[side];
    return known[FLE_SRC] && !known[FLE_DST] ? FLE_N_SIDES : FLE_SRC;
}

static fle_side by_listener(const sides *s)
{
    const fle_side client = unless_both(s->serves[FLE_SRC], s->serves[FLE_DST]);

    return client != FLE_N_SIDES
               ? client
               : unless_both(s->is_client_only[FLE_DST], s->is_client_only[FLE_SRC]);
}

static fle_side by_name(const sides *s)
{
    return s->has_ports ? unless_both(s->is_named[FLE_SRC], s->is_named[FLE_DST]) : FLE_N_SIDES;
}

static fle_side by_class(const sides *s)
{
    static bool (*const classes[])(uint32_t) = { is_privileged, is_outside_linux, is_registered };
    const uint32_t *port = s->parties->port;
    fle_side client = FLE_N_SIDES;

    for (size_t i = 0; s->has_ports && i < sizeof classes / sizeof *classes; i++)
        if (client == FLE_N_SIDES)
            client = unless_both(classes[i](port[FLE_SRC]), classes[i](port[FLE_DST]));
    return client;
}

static fle_side by_lower_port(const sides *s)
{
    const uint32_t *port = s->parties->port;

    return s->has_ports ? unless_both(port[FLE_SRC] < port[FLE_DST], port[FLE_DST] < port[FLE_SRC])
                        : FLE_N_SIDES;
}

/* Nothing tells them apart: one order for both directions, so that they stay together. */
static fle_side by_address(const sides *s)
{
    const fle_address *src = s->parties->wire[FLE_SRC], *dst = s->parties->wire[FLE_DST];

    return !src || !dst || fle_address_compare(src, dst) <= 0 ? FLE_SRC : FLE_DST;
}

static const double confidences[FLE_N_RULES] = {
    [FLE_RULE_SYN] = 1,         [FLE_RULE_LEARNED] = 0.95,   [FLE_RULE_ONE_WAY] = 0.9,
    [FLE_RULE_REJECTED] = 0.9,  [FLE_RULE_LISTENER] = 0.9,   [FLE_RULE_FAN_IN] = 0.8,
    [FLE_RULE_PORT_NAME] = 0.8, [FLE_RULE_PORT_CLASS] = 0.7, [FLE_RULE_LOWER_PORT] = 0.5,
};

double fle_rule_confidence(fle_rule rule)
{
    return confidences[rule];
}

/* What the rules that look at one record say; a SYN needs no look at the sides. */
static fle_side (*const rules[FLE_N_RULES])(const sides *s) = {
    [FLE_RULE_REJECTED] = by_reject,       [FLE_RULE_LISTENER] = by_listener,
    [FLE_RULE_PORT_NAME] = by_name,        [FLE_RULE_PORT_CLASS] = by_class,
    [FLE_RULE_LOWER_PORT] = by_lower_port, [FLE_RULE_NONE] = by_address,
};

bool fle_rule_is_of_records(fle_rule rule)
{
    return rule == FLE_RULE_SYN || rules[rule];
}

fle_side fle_client_by(fle_rule rule, const fle_parties *parties, const fle_listeners *configured)
{
    sides s;

    if (rule == FLE_RULE_SYN)
        return by_syn(parties);
    if (!rules[rule])
        return FLE_N_SIDES;
    look_up(&s, parties, configured);
    return rules[rule](&s);
}

fle_rule fle_client_choose(const fle_parties *parties, const fle_listeners *configured,
                           fle_side *client)
{
    fle_rule rule = FLE_RULE_SYN;
    sides s;

    *client = by_syn(parties);
    if (*client != FLE_N_SIDES)
        return rule;
    look_up(&s, parties, configured);
    while (*client == FLE_N_SIDES)
        if (rules[++rule])
            *client = rules[rule](&s);
    return rule;
}
