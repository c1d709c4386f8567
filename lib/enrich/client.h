/* SPDX-License-Identifier: Apache-2.0 */
/* Who the client is: the first rule that decides (docs/output.md). */
#ifndef FLE_ENRICH_CLIENT_H
#define FLE_ENRICH_CLIENT_H

#include "enrich/listeners.h"
#include "enrich/observer.h"

#define FLE_TCP_SYN 0x02u
#define FLE_TCP_ACK 0x10u

typedef enum fle_rule {
    FLE_RULE_SYN,
    FLE_RULE_REJECTED,
    FLE_RULE_LISTENER,
    FLE_RULE_PORT_NAME,
    FLE_RULE_PORT_CLASS,
    FLE_RULE_LOWER_PORT,
    FLE_RULE_NONE,
    FLE_N_RULES
} fle_rule;

extern const flowenrich_text fle_rule_names[FLE_N_RULES];

double fle_rule_confidence(fle_rule rule);

/* The rule that decides, and the side it says is the client. */
fle_rule fle_client_choose(const fle_facts *facts, const fle_listeners *configured,
                           fle_side *client);

/* The known listener that a side is; NULL if it is none. */
const fle_listener *fle_client_listener(const fle_facts *facts, const fle_listeners *configured,
                                        fle_side side);

/* The listener that data/listeners.yaml knows by the port of a side; NULL if it has no name. */
const fle_listener *fle_client_named(const fle_facts *facts, fle_side side);

/* May a side never be the server, because of what it is? */
bool fle_client_only(const fle_facts *facts, const fle_listeners *configured, fle_side side);

#endif
