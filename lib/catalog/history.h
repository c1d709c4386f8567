/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of an interface over time, and of what it belonged to. */
#ifndef FLE_CATALOG_HISTORY_H
#define FLE_CATALOG_HISTORY_H

#include "catalog/periods.h"

/* The tags of an instance that the interface was once attached to. */
typedef struct fle_owner {
    uint32_t instance;
    fle_states tags;
} fle_owner;

/* What may change; the rest is for the life of an interface, and the newest word for it counts. */
typedef struct fle_history {
    const fle_facts *facts;
    fle_about self, subnet, endpoint;
    uint32_t endpoint_id, nat_gateway;
    fle_about managed; /* the endpoint or NAT gateway that it is of */
    fle_states instance, instance_owner, description, source_dest_check, groups, tags, arns;
    fle_states managed_tags;
    fle_owner *owners;
    size_t n_owners;
    fle_changes changes;
    bool is_settled;  /* all changes are known */
    fle_arena *arena; /* of all this */
} fle_history;

/* 'self' are the facts on it, which isn't empty. False if memory ran out. */
bool fle_history_find(fle_history *out, const fle_facts *facts, fle_about self, fle_arena *arena);

/* The single value at all of some times; 0 if it differs. */
uint32_t fle_history_value(const fle_states *states, fle_when when);

/* The tags of what it belonged to at a time. */
fle_about fle_history_owner_tags(const fle_history *history, flowenrich_time time);

/* Was it attached to something, but not at any of these times? Then it logged nothing. */
bool fle_history_is_silent(const fle_history *history, fle_when when);

#endif
