/* SPDX-License-Identifier: Apache-2.0 */
/* Who the client is: the first rule that decides (docs/output.md). */
#include "enrich/client.h"

#include "enrich/dictionary.h"
#include "record/protocol.h"

const flowenrich_text fle_rule_names[FLE_N_RULES] = {
    [FLE_RULE_SYN] = FLE_ENTRY("syn"),
    [FLE_RULE_REJECTED] = FLE_ENTRY("rejected"),
    [FLE_RULE_LISTENER] = FLE_ENTRY("listener"),
    [FLE_RULE_PORT_NAME] = FLE_ENTRY("port-name"),
    [FLE_RULE_PORT_CLASS] = FLE_ENTRY("port-class"),
    [FLE_RULE_LOWER_PORT] = FLE_ENTRY("lower-port"),
    [FLE_RULE_NONE] = FLE_ENTRY("none"),
};

static flowenrich_text type_of(const fle_facts *facts, fle_side side)
{
    const flowenrich_answer *answer = facts->answer[side];

    return answer ? answer->identity.single[FLE_ATTR_TYPE] : fle_text(NULL, 0);
}

const fle_listener *fle_client_named(const fle_facts *facts, fle_side side)
{
    return fle_listeners_find(&fle_listeners_by_name, facts->protocol, facts->port[side],
                              fle_text(NULL, 0), NULL);
}

const fle_listener *fle_client_listener(const fle_facts *facts, const fle_listeners *configured,
                                        fle_side side)
{
    const flowenrich_text type = type_of(facts, side);
    const fle_listener *listener =
        fle_listeners_find(configured, facts->protocol, facts->port[side], type, facts->wire[side]);

    if (listener)
        return listener;
    return fle_listeners_find(&fle_listeners_of_types, facts->protocol, facts->port[side], type,
                              facts->wire[side]);
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
static bool has_server_port(const fle_facts *facts, const fle_listeners *configured, fle_side side)
{
    return is_privileged(facts->port[side]) || fle_client_named(facts, side) ||
           fle_client_listener(facts, configured, side);
}

/* A load balancer, on a port that doesn't tell whether it listens there. */
static bool is_balancer(const fle_facts *facts, const fle_listeners *configured, fle_side side)
{
    return fle_text_starts(type_of(facts, side), "elb:") && fle_facts_have_ports(facts) &&
           !has_server_port(facts, configured, side);
}

static bool is_public(const fle_facts *facts, fle_side side)
{
    return facts->wire[side] && !fle_address_is_private(facts->wire[side]);
}

/*
 * A NAT gateway opens connections and takes none; its ports begin at 1024, so
 * the rules about ports would get it wrong. A load balancer does both. Its targets
 * have private addresses; and all but application ones listen on whatever port
 * they are told to, where a client's port on the other end leaves it open.
 */
bool fle_client_only(const fle_facts *facts, const fle_listeners *configured, fle_side side)
{
    const fle_side other = fle_other(side);
    const flowenrich_text type = type_of(facts, side);

    if (fle_text_is(type, "ec2:nat-gateway"))
        return true;
    if (!is_balancer(facts, configured, side) || is_public(facts, other))
        return false;
    return fle_text_is(type, "elb:application") || facts->port[other] < FIRST_CLIENT_PORT ||
           has_server_port(facts, configured, other);
}

/* The client, if exactly one side has what makes it a server. */
static fle_side unless_both(bool src_serves, bool dst_serves)
{
    if (src_serves == dst_serves)
        return FLE_N_SIDES;
    return src_serves ? FLE_DST : FLE_SRC;
}

static fle_side by_syn(const fle_facts *facts, const fle_listeners *configured)
{
    (void)configured;
    if (facts->flags == FLE_ABSENT || !(facts->flags & FLE_TCP_SYN))
        return FLE_N_SIDES;
    return facts->flags & FLE_TCP_ACK ? FLE_DST : FLE_SRC;
}

/* What comes to a load balancer from the internet comes to its listener. */
static bool serves(const fle_facts *facts, const fle_listeners *configured, fle_side side)
{
    const fle_side other = fle_other(side);

    if (is_balancer(facts, configured, side))
        return is_public(facts, other) && !has_server_port(facts, configured, other);
    return !fle_client_only(facts, configured, side) &&
           fle_client_listener(facts, configured, side) != NULL;
}

/* A packet of a server's that came after the close is refused too; its port gives it away. */
static fle_side by_reject(const fle_facts *facts, const fle_listeners *configured)
{
    bool known[FLE_N_SIDES];

    if (!facts->rejected || (!facts->wire[FLE_SRC] && !fle_facts_have_ports(facts)))
        return FLE_N_SIDES;
    for (fle_side side = FLE_SRC; side < FLE_N_SIDES; side++)
        known[side] = serves(facts, configured, side) || fle_client_named(facts, side);
    return known[FLE_SRC] && !known[FLE_DST] ? FLE_N_SIDES : FLE_SRC;
}

static fle_side by_listener(const fle_facts *facts, const fle_listeners *configured)
{
    const fle_side client =
        unless_both(serves(facts, configured, FLE_SRC), serves(facts, configured, FLE_DST));

    if (client != FLE_N_SIDES)
        return client;
    return unless_both(fle_client_only(facts, configured, FLE_DST),
                       fle_client_only(facts, configured, FLE_SRC));
}

static fle_side by_name(const fle_facts *facts, const fle_listeners *configured)
{
    (void)configured;
    if (!fle_facts_have_ports(facts))
        return FLE_N_SIDES;
    return unless_both(fle_client_named(facts, FLE_SRC) != NULL,
                       fle_client_named(facts, FLE_DST) != NULL);
}

static fle_side by_class(const fle_facts *facts, const fle_listeners *configured)
{
    static bool (*const classes[])(uint32_t) = { is_privileged, is_outside_linux, is_registered };

    (void)configured;
    if (!fle_facts_have_ports(facts))
        return FLE_N_SIDES;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        const fle_side client =
            unless_both(classes[i](facts->port[FLE_SRC]), classes[i](facts->port[FLE_DST]));

        if (client != FLE_N_SIDES)
            return client;
    }
    return FLE_N_SIDES;
}

static fle_side by_lower_port(const fle_facts *facts, const fle_listeners *configured)
{
    (void)configured;
    if (!fle_facts_have_ports(facts))
        return FLE_N_SIDES;
    return unless_both(facts->port[FLE_SRC] < facts->port[FLE_DST],
                       facts->port[FLE_DST] < facts->port[FLE_SRC]);
}

/* Nothing tells them apart: one order for both directions, so that they stay together. */
static fle_side by_address(const fle_facts *facts, const fle_listeners *configured)
{
    (void)configured;
    if (!facts->wire[FLE_SRC] || !facts->wire[FLE_DST])
        return FLE_SRC;
    return fle_address_compare(facts->wire[FLE_SRC], facts->wire[FLE_DST]) <= 0 ? FLE_SRC : FLE_DST;
}

static const struct {
    double confidence;
    fle_side (*client)(const fle_facts *facts, const fle_listeners *configured);
} rules[FLE_N_RULES] = {
    [FLE_RULE_SYN] = { 1, by_syn },
    [FLE_RULE_REJECTED] = { 0.9, by_reject },
    [FLE_RULE_LISTENER] = { 0.9, by_listener },
    [FLE_RULE_PORT_NAME] = { 0.8, by_name },
    [FLE_RULE_PORT_CLASS] = { 0.7, by_class },
    [FLE_RULE_LOWER_PORT] = { 0.5, by_lower_port },
    [FLE_RULE_NONE] = { 0, by_address },
};

double fle_rule_confidence(fle_rule rule)
{
    return rules[rule].confidence;
}

fle_rule fle_client_choose(const fle_facts *facts, const fle_listeners *configured,
                           fle_side *client)
{
    for (fle_rule rule = FLE_RULE_SYN; rule < FLE_N_RULES; rule++) {
        *client = rules[rule].client(facts, configured);
        if (*client != FLE_N_SIDES)
            return rule;
    }
    *client = FLE_SRC;
    return FLE_RULE_NONE;
}
