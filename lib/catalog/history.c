/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of an interface over time, and of what it belonged to. */
#include "catalog/history.h"

#include <string.h>

#include "catalog/order.h"

static bool find_states(const fle_history *h, fle_about about, fle_predicate predicate,
                        fle_states *out)
{
    return fle_states_find(out, h->facts, fle_about_predicate(about, predicate), h->arena);
}

/*
 * While it isn't attached, nothing is logged. So what is logged between a sighting
 * without an instance and one with it is that instance's; but between those of
 * two instances nobody knows whose.
 */
static void spread(fle_states *instance)
{
    for (size_t i = 0; i < instance->n; i++) {
        fle_state *state = &instance->items[i];

        if (state->set.items->value != 0)
            continue;
        if (state->last < state->first) /* attached again at once: then it was free before */
            state->first = state->last;
        if (i > 0)
            instance->items[i - 1].last = state->first - 1;
        if (i + 1 < instance->n)
            instance->items[i + 1].first = state->last + 1;
    }
}

static const fle_owner *find_owner(const fle_history *h, uint32_t instance)
{
    for (size_t i = 0; i < h->n_owners; i++)
        if (h->owners[i].instance == instance)
            return &h->owners[i];
    return NULL;
}

static bool find_owners(fle_history *h)
{
    h->owners = fle_array(h->arena, h->instance.n, sizeof *h->owners);
    if (!h->owners)
        return false;
    for (size_t i = 0; i < h->instance.n; i++) {
        const uint32_t instance = h->instance.items[i].set.items->value;
        fle_owner *owner = &h->owners[h->n_owners];

        if (instance == 0 || find_owner(h, instance))
            continue;
        owner->instance = instance;
        if (!find_states(h, fle_facts_about(h->facts, FLE_SUBJECT_INSTANCE, instance),
                         FLE_FACT_TAGS, &owner->tags))
            return false;
        h->n_owners++;
    }
    return true;
}

static bool find_changes(fle_history *h)
{
    const fle_states *const all[] = { &h->instance,    &h->instance_owner,
                                      &h->description, &h->source_dest_check,
                                      &h->groups,      &h->tags,
                                      &h->arns,        &h->managed_tags };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!fle_changes_add(&h->changes, all[i], h->arena))
            return false;
    for (size_t i = 0; i < h->n_owners; i++)
        if (!fle_changes_add(&h->changes, &h->owners[i].tags, h->arena))
            return false;
    return true;
}

bool fle_history_find(fle_history *out, const fle_facts *facts, fle_about self, fle_arena *arena)
{
    fle_history *h = out;

    memset(h, 0, sizeof *h);
    h->facts = facts;
    h->arena = arena;
    h->self = self;
    h->subnet = fle_facts_about(facts, FLE_SUBJECT_SUBNET, fle_about_newest(self, FLE_FACT_SUBNET));
    h->nat_gateway = fle_about_newest(self, FLE_FACT_NAT_GATEWAY);
    h->endpoint_id = fle_about_newest(self, FLE_FACT_ENDPOINT);
    h->endpoint = fle_facts_about(facts, FLE_SUBJECT_ENDPOINT, h->endpoint_id);
    h->managed = h->nat_gateway ? fle_facts_about(facts, FLE_SUBJECT_NAT_GATEWAY, h->nat_gateway)
                                : h->endpoint;
    if (!find_states(h, self, FLE_FACT_INSTANCE, &h->instance) ||
        !find_states(h, self, FLE_FACT_INSTANCE_OWNER, &h->instance_owner) ||
        !find_states(h, self, FLE_FACT_DESCRIPTION, &h->description) ||
        !find_states(h, self, FLE_FACT_SOURCE_DEST_CHECK, &h->source_dest_check) ||
        !find_states(h, self, FLE_FACT_GROUPS, &h->groups) ||
        !find_states(h, self, FLE_FACT_TAGS, &h->tags) ||
        !find_states(h, self, FLE_FACT_ARNS, &h->arns) ||
        !find_states(h, h->managed, FLE_FACT_TAGS, &h->managed_tags))
        return false;
    spread(&h->instance);
    return find_owners(h) && find_changes(h);
}

uint32_t fle_history_value(const fle_states *states, fle_when when)
{
    const uint32_t value = fle_states_value(states, when.times[0]);

    for (size_t i = 1; i < when.n; i++)
        if (fle_states_value(states, when.times[i]) != value)
            return 0;
    return value;
}

fle_about fle_history_owner_tags(const fle_history *history, flowenrich_time time)
{
    const fle_owner *owner = find_owner(history, fle_states_value(&history->instance, time));

    return fle_states_at(owner ? &owner->tags : &history->managed_tags, time);
}

bool fle_history_is_silent(const fle_history *history, fle_when when)
{
    for (size_t i = 0; i < when.n; i++)
        if (fle_states_value(&history->instance, when.times[i]) != 0)
            return false;
    return history->n_owners > 0;
}
