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

/* Is a side known to serve by its port, whatever it is? */
static bool has_server_port(const fle_parties *parties, const fle_listeners *configured,
                            fle_side side)
{
    return is_privileged(parties->port[side]) || fle_client_named(parties, side) ||
           fle_client_listener(parties, configured, side);
}

/* A load balancer, on a port that doesn't tell whether it listens there. */
static bool is_balancer(const fle_parties *parties, const fle_listeners *configured, fle_side side)
{
    return fle_text_starts(parties->type[side], "elb:") && fle_parties_have_ports(parties) &&
           !has_server_port(parties, configured, side);
}

static bool is_public(const fle_parties *parties, fle_side side)
{
    return parties->wire[side] && !fle_address_is_private(parties->wire[side]);
}

/* Is it told of all its listeners that they are on other ports? */
static bool listens_elsewhere(const fle_parties *parties, const fle_listeners *configured,
                              fle_side side)
{
    return parties->listens[side] == FLE_LISTENS_ELSEWHERE &&
           !fle_client_listener(parties, configured, side);
}

/*
 * A NAT gateway opens connections and takes none; its ports begin at 1024, so
 * the rules about ports would get it wrong. A load balancer does both. Its targets
 * have private addresses; and all but application ones listen on whatever port
 * they are told to, where a client's port on the other end leaves it open.
 */
bool fle_client_only(const fle_parties *parties, const fle_listeners *configured, fle_side side)
{
    const fle_side other = fle_other(side);
    const flowenrich_text type = parties->type[side];

    if (fle_text_is(type, "ec2:nat-gateway") || listens_elsewhere(parties, configured, side))
        return true;
    if (!is_balancer(parties, configured, side) || is_public(parties, other))
        return false;
    return fle_text_is(type, "elb:application") || parties->port[other] < FIRST_CLIENT_PORT ||
           has_server_port(parties, configured, other);
}

/* The client, if exactly one side has what makes it a server. */
static fle_side unless_both(bool src_serves, bool dst_serves)
{
    if (src_serves == dst_serves)
        return FLE_N_SIDES;
    return src_serves ? FLE_DST : FLE_SRC;
}

static fle_side by_syn(const fle_parties *parties, const fle_listeners *configured)
{
    (void)configured;
    if (parties->flags == FLE_ABSENT || !(parties->flags & FLE_TCP_SYN))
        return FLE_N_SIDES;
    return parties->flags & FLE_TCP_ACK ? FLE_DST : FLE_SRC;
}

/* What comes to a load balancer from the internet comes to its listener. */
static bool serves(const fle_parties *parties, const fle_listeners *configured, fle_side side)
{
    const fle_side other = fle_other(side);

    if (listens_elsewhere(parties, configured, side))
        return false;
    if (is_balancer(parties, configured, side))
        return is_public(parties, other) && !has_server_port(parties, configured, other);
    return !fle_client_only(parties, configured, side) &&
           fle_client_listener(parties, configured, side) != NULL;
}

/* A packet of a server's that came after the close is refused too; its port gives it away. */
static fle_side by_reject(const fle_parties *parties, const fle_listeners *configured)
{
    bool known[FLE_N_SIDES];

    if (!parties->rejected || (!parties->wire[FLE_SRC] && !fle_parties_have_ports(parties)))
        return FLE_N_SIDES;
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
        known[side] = serves(parties, configured, side) || fle_client_named(parties, side);
    return known[FLE_SRC] && !known[FLE_DST] ? FLE_N_SIDES : FLE_SRC;
}

static fle_side by_listener(const fle_parties *parties, const fle_listeners *configured)
{
    const fle_side client =
        unless_both(serves(parties, configured, FLE_SRC), serves(parties, configured, FLE_DST));

    if (client != FLE_N_SIDES)
        return client;
    return unless_both(fle_client_only(parties, configured, FLE_DST),
                       fle_client_only(parties, configured, FLE_SRC));
}

static fle_side by_name(const fle_parties *parties, const fle_listeners *configured)
{
    (void)configured;
    if (!fle_parties_have_ports(parties))
        return FLE_N_SIDES;
    return unless_both(fle_client_named(parties, FLE_SRC) != NULL,
                       fle_client_named(parties, FLE_DST) != NULL);
}

static fle_side by_class(const fle_parties *parties, const fle_listeners *configured)
{
    static bool (*const classes[])(uint32_t) = { is_privileged, is_outside_linux, is_registered };

    (void)configured;
    if (!fle_parties_have_ports(parties))
        return FLE_N_SIDES;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        const fle_side client =
            unless_both(classes[i](parties->port[FLE_SRC]), classes[i](parties->port[FLE_DST]));

        if (client != FLE_N_SIDES)
            return client;
    }
    return FLE_N_SIDES;
}

static fle_side by_lower_port(const fle_parties *parties, const fle_listeners *configured)
{
    (void)configured;
    if (!fle_parties_have_ports(parties))
        return FLE_N_SIDES;
    return unless_both(parties->port[FLE_SRC] < parties->port[FLE_DST],
                       parties->port[FLE_DST] < parties->port[FLE_SRC]);
}

/* Nothing tells them apart: one order for both directions, so that they stay together. */
static fle_side by_address(const fle_parties *parties, const fle_listeners *configured)
{
    (void)configured;
    if (!parties->wire[FLE_SRC] || !parties->wire[FLE_DST])
        return FLE_SRC;
    return fle_address_compare(parties->wire[FLE_SRC], parties->wire[FLE_DST]) <= 0 ? FLE_SRC
                                                                                    : FLE_DST;
}

static const struct {
    double confidence;
    fle_side (*client)(const fle_parties *parties, const fle_listeners *configured);
} rules[FLE_N_RULES] = {
    [FLE_RULE_SYN] = { 1, by_syn },
    [FLE_RULE_LEARNED] = { 0.95, NULL },
    [FLE_RULE_ONE_WAY] = { 0.9, NULL },
    [FLE_RULE_REJECTED] = { 0.9, by_reject },
    [FLE_RULE_LISTENER] = { 0.9, by_listener },
    [FLE_RULE_FAN_IN] = { 0.8, NULL },
    [FLE_RULE_PORT_NAME] = { 0.8, by_name },
    [FLE_RULE_PORT_CLASS] = { 0.7, by_class },
    [FLE_RULE_LOWER_PORT] = { 0.5, by_lower_port },
    [FLE_RULE_NONE] = { 0, by_address },
};

double fle_rule_confidence(fle_rule rule)
{
    return rules[rule].confidence;
}

bool fle_rule_is_of_records(fle_rule rule)
{
    return rules[rule].client != NULL;
}

fle_side fle_client_by(fle_rule rule, const fle_parties *parties, const fle_listeners *configured)
{
    return rules[rule].client ? rules[rule].client(parties, configured) : FLE_N_SIDES;
}

fle_rule fle_client_choose(const fle_parties *parties, const fle_listeners *configured,
                           fle_side *client)
{
    for (fle_rule rule = FLE_RULE_SYN; rule < FLE_N_RULES; rule++) {
        *client = fle_client_by(rule, parties, configured);
        if (*client != FLE_N_SIDES)
            return rule;
    }
    *client = FLE_SRC;
    return FLE_RULE_NONE;
}
