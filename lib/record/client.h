/* SPDX-License-Identifier: Apache-2.0 */
/* Who the client is: the first rule that decides (docs/output.md). */
#ifndef FLE_RECORD_CLIENT_H
#define FLE_RECORD_CLIENT_H

#include "record/listeners.h"
#include "record/tuple.h"

#define FLE_TCP_SYN 0x02u
#define FLE_TCP_ACK 0x10u

/* The surest first. Those of conversations decide by several records. */
typedef enum fle_rule {
    FLE_RULE_SYN,
    FLE_RULE_LEARNED, /* of conversations: a SYN-ACK came from there before */
    FLE_RULE_ONE_WAY, /* of conversations: only one end was heard */
    FLE_RULE_REJECTED,
    FLE_RULE_LISTENER,
    FLE_RULE_FAN_IN, /* of conversations: many ports talk to one */
    FLE_RULE_PORT_NAME,
    FLE_RULE_PORT_CLASS,
    FLE_RULE_LOWER_PORT,
    FLE_RULE_NONE,
    FLE_N_RULES
} fle_rule;

/* Two sides of which one is the client, as the rules look at them. */
typedef struct fle_parties {
    const fle_address *wire[FLE_N_SIDES]; /* NULL if absent */
    uint32_t port[FLE_N_SIDES];           /* FLE_ABSENT for protocols without ports */
    flowenrich_text type[FLE_N_SIDES];    /* what is there; empty if nobody knows */
    uint32_t protocol;                    /* FLE_ABSENT if the log doesn't say */
    uint32_t flags;                       /* of TCP, that the source sent; FLE_ABSENT if unknown */
    fle_listens listens[FLE_N_SIDES];     /* by what documents say */
    bool rejected;                        /* what the source sent */
} fle_parties;

extern const flowenrich_text fle_rule_names[FLE_N_RULES];

/* Is it one of those that look at one record? */
bool fle_rule_is_of_records(fle_rule rule);

double fle_rule_confidence(fle_rule rule);

/* The side that one rule says is the client; FLE_N_SIDES if it says nothing. */
fle_side fle_client_by(fle_rule rule, const fle_parties *parties, const fle_listeners *configured);

/* The rule that decides, and the side it says is the client. */
fle_rule fle_client_choose(const fle_parties *parties, const fle_listeners *configured,
                           fle_side *client);

/* Are both ports there, and neither 0, which only fragments and probes have? */
bool fle_parties_have_ports(const fle_parties *parties);

/* The known listener that a side is; NULL if it is none. */
const fle_listener *fle_client_listener(const fle_parties *parties, const fle_listeners *configured,
                                        fle_side side);

/* The listener that data/listeners.yaml knows by the port of a side; NULL if it has no name. */
const fle_listener *fle_client_named(const fle_parties *parties, fle_side side);

/* May a side never be the server, because of what it is? */
bool fle_client_only(const fle_parties *parties, const fle_listeners *configured, fle_side side);

#endif
