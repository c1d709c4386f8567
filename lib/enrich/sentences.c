/* SPDX-License-Identifier: Apache-2.0 */
/* The sentences of explanations: what answers, reasons, rules, scopes and paths mean. */
#include "enrich/sentences.h"

#include <stdio.h>

#include "record/protocol.h"

typedef struct advice {
    const char *meaning, *remedy;
} advice;

static const advice reasons[FLE_REASON_COUNT] = {
    [FLE_REASON_NOT_IN_INVENTORY] = { "no document shows anybody with this address",
                                      "load describe-network-interfaces of the account and region "
                                      "it is in, or name its range "
                                      "under `networks:` in the configuration" },
    [FLE_REASON_NOT_OBSERVED_THEN] = { "somebody is known to hold it, but was only seen too far "
                                       "from the time of the record",
                                       "load an inventory from nearer the time of the log, or "
                                       "allow for more time between the "
                                       "two (--assume), if few addresses change hands where you "
                                       "are" },
    [FLE_REASON_NO_ANSWER] = { "who has addresses there is logged, and nobody logged these packets",
                               "none is needed if they went to nobody; else load the inventory, "
                               "or the files of the log that are missing" },
    [FLE_REASON_OWNER_CHANGED] = { "more than one owner may have held it during the record",
                                   "load inventories from the time between the two owners; of a "
                                   "record that itself lies "
                                   "across the change nobody can tell" },
    [FLE_REASON_AMBIGUOUS_CIDR] = { "more than one VPC that can be reached from the observer's has "
                                    "this address",
                                    "none from these documents: which of them is meant is in the "
                                    "observer's route tables" },
    [FLE_REASON_UNKNOWN_SPACE] = { "a private address means something only within a VPC, and that "
                                   "of the logging interface "
                                   "isn't known",
                                   "load a describe-network-interfaces that has the interface, or "
                                   "log vpc-id as well" },
    [FLE_REASON_UNREACHABLE_SPACE] = { "only VPCs that aren't joined to the observer's have this "
                                       "address",
                                       "load describe-vpc-peering-connections and "
                                       "describe-transit-gateway-attachments, if the "
                                       "VPCs are joined" },
    [FLE_REASON_ASSUMED_ONLY] = { "it could only be assumed who held it, and with --strict nothing "
                                  "is assumed",
                                  "load an inventory from after the log as well as one from before "
                                  "it" },
    [FLE_REASON_NO_ADDRESS] = { "the log has no address for it",
                                "add srcaddr and dstaddr, better pkt-srcaddr and pkt-dstaddr too, "
                                "to the log's format" },
    [FLE_REASON_REFUSED] = { "a resolver said that nobody is to be named", "ask that resolver" },
};

static const advice internet = {
    "it is a public address, and no document shows anybody here with it",
    "if it is yours: load describe-addresses, or name its range under `networks:` in the "
    "configuration; if it may be Amazon's: load ip-ranges.json"
};

static const advice *advice_of(const fle_facts *facts, fle_side side)
{
    const fle_reason reason = facts->answer[side]->reason;

    return reason == FLE_REASON_NOT_IN_INVENTORY && fle_is_internet(facts, side) ? &internet
                                                                                 : &reasons[reason];
}

const char *fle_reason_meaning(const fle_facts *facts, fle_side side)
{
    return advice_of(facts, side)->meaning;
}

const char *fle_reason_remedy(const fle_facts *facts, fle_side side)
{
    return advice_of(facts, side)->remedy;
}

const char *fle_by_meaning(fle_by by)
{
    static const char *const meanings[FLE_BY_COUNT] = {
        [FLE_BY_NONE] = "",
        [FLE_BY_NEXT_HOP] = "the record says which interface was next on the way",
        [FLE_BY_INTERFACE] = "it is the interface that logged the record",
        [FLE_BY_RECORD] = "no document has the interface that logged it; the record describes it",
        [FLE_BY_MIRROR] = "the other end's own record of the same packets",
        [FLE_BY_ADDRESS] = "it held the private address",
        [FLE_BY_PREFIX] = "it held the prefix that the address is out of",
        [FLE_BY_PUBLIC_ADDRESS] = "it held the public address",
        [FLE_BY_RESOLVER] = "the inventory names nobody, so this resolver was asked",
        [FLE_BY_PREFIX_LIST] = "it is in an entry of one of your prefix lists",
        [FLE_BY_IP_RANGES] = "Amazon publishes the range it is in; who it is there isn't said",
    };

    return meanings[by];
}

const char *fle_sure_meaning(const flowenrich_answer *answer)
{
    switch (answer->sure) {
    case FLOWENRICH_SURE_EXACT:
        return answer->by == FLE_BY_MIRROR ? "nobody else logged these packets as its own"
                                           : "the record itself names the interface";
    case FLOWENRICH_SURE_ASSUMED:
        return "it was seen before or after the record, not on both sides of it, and nobody else "
               "was seen";
    default:
        if (answer->by == FLE_BY_RECORD || answer->by == FLE_BY_NEXT_HOP)
            return "AWS fills these fields in as best it can";
        return answer->by >= FLE_BY_RESOLVER
                   ? "that is what says so"
                   : "it was seen before and after the record, and nobody else between";
    }
}

const char *fle_scope_meaning(fle_scope scope)
{
    static const char *const meanings[FLE_N_SCOPES] = {
        [FLE_SCOPE_AWS_SERVICE] = "one end is a service of Amazon's",
        [FLE_SCOPE_CROSS_REGION] = "the ends are in two regions",
        [FLE_SCOPE_SAME_REGION_PUBLIC] = "one end was reached by a public address in the region",
        [FLE_SCOPE_INTERNET] = "one end is a public address that nobody here owns",
        [FLE_SCOPE_CROSS_AZ] = "the ids of the ends' zones differ",
        [FLE_SCOPE_CROSS_VPC] = "the ends are in two VPCs",
        [FLE_SCOPE_SAME_AZ] = "the ends are in one VPC and one zone",
        [FLE_SCOPE_SAME_VPC] = "the ends are in one VPC; the zone of one isn't known",
        [FLE_SCOPE_PRIVATE] = "one end is a private address outside every known VPC",
        [FLE_SCOPE_UNKNOWN] = "too little is known of where the ends are",
    };

    return meanings[scope];
}

const char *fle_route_meaning(fle_route_by by)
{
    static const char *const meanings[] = {
        [FLE_ROUTE_BY_NEXT_HOP] = "the record's next-hop-interface-type says so",
        [FLE_ROUTE_BY_TRAFFIC_PATH] = "the record's traffic-path says so",
        [FLE_ROUTE_BY_HOPS] = "from the kind of who passed the packets on",
        [FLE_ROUTE_BY_GATEWAY] = "a transit gateway logged it, too",
        [FLE_ROUTE_BY_KIND] = "from the kind of who logged the record, or of an end",
        [FLE_ROUTE_BY_TABLE] = "the route table of the sender's subnet says so",
        [FLE_ROUTE_BY_ADDRESSES] = "from where the two addresses lie",
    };

    return meanings[by];
}

/* ---- Why which end is the client. ---- */

const char *fle_rule_meaning(fle_rule rule)
{
    static const char *const meanings[FLE_N_RULES] = {
        [FLE_RULE_SYN] = "only one end's tcp-flags hold a SYN without ACK, or the other's one with",
        [FLE_RULE_LEARNED] = "the other end has answered others on that port with SYN and ACK",
        [FLE_RULE_ONE_WAY] = "nothing was logged of the other way",
        [FLE_RULE_REJECTED] = "it was refused, and who is refused is who asked",
        [FLE_RULE_LISTENER] = "the other end is a known listener, and it isn't",
        [FLE_RULE_FAN_IN] = "the other end's port has many peers, and its own has few",
        [FLE_RULE_PORT_NAME] = "the other end's port has a server's name, and its own has none",
        [FLE_RULE_PORT_CLASS] = "its port is among those that clients take, the other's isn't",
        [FLE_RULE_LOWER_PORT] = "the other end's port is the lower one",
        [FLE_RULE_NONE] = "nothing tells them apart",
    };

    return meanings[rule];
}

static void say(char out[FLE_WRAP_LONGEST], const char *text)
{
    snprintf(out, FLE_WRAP_LONGEST, "%s", text);
}

static void syn_lacks(const fle_parties *parties, char out[FLE_WRAP_LONGEST])
{
    if (parties->protocol != FLE_PROTOCOL_TCP && parties->protocol != FLE_ABSENT)
        say(out, "only TCP has flags");
    else if (parties->flags == FLE_ABSENT)
        say(out, "the record has no tcp-flags");
    else
        snprintf(out, FLE_WRAP_LONGEST, "its tcp-flags (%u) hold no SYN", (unsigned)parties->flags);
}

void fle_rule_lacks(const fle_parties *parties, const fle_listeners *configured, fle_rule rule,
                    char out[FLE_WRAP_LONGEST])
{
    const bool has_ports = fle_parties_have_ports(parties);

    switch (rule) {
    case FLE_RULE_SYN:
        syn_lacks(parties, out);
        return;
    case FLE_RULE_REJECTED:
        say(out, !parties->rejected
                     ? "it wasn't rejected"
                     : "it was rejected, but its source answered from a server's port");
        return;
    case FLE_RULE_LISTENER:
        say(out, fle_client_listener(parties, configured, FLE_SRC) ? "both ends are known listeners"
                                                                   : "neither is a known listener");
        return;
    case FLE_RULE_PORT_NAME:
        say(out, !has_ports                           ? "there are no ports"
                 : fle_client_named(parties, FLE_SRC) ? "both ports have a server's name"
                                                      : "neither port has a server's name");
        return;
    case FLE_RULE_PORT_CLASS:
        say(out, has_ports ? "both ports are of one class" : "there are no ports");
        return;
    default:
        say(out, has_ports ? "the ports are equal" : "there are no ports");
        return;
    }
}

static void syn_says(const fle_parties *parties, char out[FLE_WRAP_LONGEST])
{
    const bool answered = (parties->flags & FLE_TCP_ACK) != 0;

    snprintf(out, FLE_WRAP_LONGEST, "its tcp-flags (%u) hold SYN%s", (unsigned)parties->flags,
             answered ? " and ACK: the source answered" : " and no ACK: the source asked");
}

static void listener_says(const fle_parties *parties, const fle_listeners *configured,
                          fle_side client, char out[FLE_WRAP_LONGEST])
{
    const fle_side server = fle_other(client);
    const fle_listener *listener = fle_client_listener(parties, configured, server);

    if (listener)
        snprintf(out, FLE_WRAP_LONGEST, "the other end is a known listener on port %u (%.60s)",
                 (unsigned)parties->port[server], listener->name);
    else if (!fle_client_only(parties, configured, client))
        say(out, "the other end is a load balancer, which opens no connection to the internet");
    else
        say(out, fle_text_is(parties->type[client], "ec2:nat-gateway")
                     ? "it is a NAT gateway, which is never a server"
                     : "it is a load balancer, on a port that no server is known by");
}

void fle_rule_says(const fle_parties *parties, const fle_listeners *configured, fle_rule rule,
                   fle_side client, char out[FLE_WRAP_LONGEST])
{
    const fle_side server = fle_other(client);

    switch (rule) {
    case FLE_RULE_SYN:
        syn_says(parties, out);
        return;
    case FLE_RULE_REJECTED:
        say(out, "who is refused is who asked");
        return;
    case FLE_RULE_LISTENER:
        listener_says(parties, configured, client, out);
        return;
    case FLE_RULE_PORT_NAME:
        snprintf(out, FLE_WRAP_LONGEST, "port %u is %s, and %u has no name",
                 (unsigned)parties->port[server], fle_client_named(parties, server)->name,
                 (unsigned)parties->port[client]);
        return;
    case FLE_RULE_PORT_CLASS:
        snprintf(out, FLE_WRAP_LONGEST, "%u is among the ports that clients take, %u isn't",
                 (unsigned)parties->port[client], (unsigned)parties->port[server]);
        return;
    case FLE_RULE_LOWER_PORT:
        snprintf(out, FLE_WRAP_LONGEST, "%u is the lower port, which more often is the server's",
                 (unsigned)parties->port[server]);
        return;
    default:
        say(out, "nothing tells them apart: the lower address is called the client");
        return;
    }
}
