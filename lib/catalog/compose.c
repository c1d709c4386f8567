/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to identities: what an interface is, whose, and where. */
#include <string.h>

#include "catalog/order.h"
#include "catalog/publish.h"

/* All that is known of an interface, and of what it belongs to. */
typedef struct parts {
    fle_about self, subnet, endpoint;
    fle_about owner; /* the instance, endpoint or NAT gateway: its tags are the interface's, too */
    uint32_t id, instance, endpoint_id, nat_gateway;
} parts;

static parts find_parts(const fle_publishing *p, fle_about self, uint32_t instance)
{
    const fle_facts *facts = p->facts;
    parts x = { .self = self, .id = self.items->subject };

    x.subnet = fle_facts_about(facts, FLE_SUBJECT_SUBNET, fle_about_newest(self, FLE_FACT_SUBNET));
    x.instance = instance;
    x.nat_gateway = fle_about_newest(self, FLE_FACT_NAT_GATEWAY);
    x.endpoint_id = fle_about_newest(self, FLE_FACT_ENDPOINT);
    x.endpoint = fle_facts_about(facts, FLE_SUBJECT_ENDPOINT, x.endpoint_id);
    if (x.instance)
        x.owner = fle_facts_about(facts, FLE_SUBJECT_INSTANCE, x.instance);
    else if (x.nat_gateway)
        x.owner = fle_facts_about(facts, FLE_SUBJECT_NAT_GATEWAY, x.nat_gateway);
    else
        x.owner = x.endpoint;
    return x;
}

static flowenrich_text newest_text(const fle_publishing *p, fle_about about,
                                   fle_predicate predicate)
{
    return fle_facts_text(p->facts, fle_about_newest(about, predicate));
}

static flowenrich_text resource_of(const fle_publishing *p, const parts *x)
{
    if (x->instance)
        return FLE_TEXT("instance");
    if (x->nat_gateway)
        return FLE_TEXT("nat-gateway");
    if (!x->endpoint_id)
        return fle_text("", 0);
    return fle_text_is(newest_text(p, x->endpoint, FLE_FACT_ENDPOINT_TYPE), "GatewayLoadBalancer")
               ? FLE_TEXT("gateway-load-balancer-endpoint")
               : FLE_TEXT("vpc-endpoint");
}

static bool set_arn(fle_publishing *p, const fle_kind *kind, const fle_variables *variables,
                    fle_identity *identity)
{
    flowenrich_text *arn;

    fle_buffer_clear(p->buffer);
    if (!fle_kind_arn(kind, variables, p->buffer))
        return !p->buffer->failed;
    arn = fle_arena_alloc(&p->snapshot->arena, sizeof *arn);
    if (!arn || p->buffer->failed ||
        !fle_arena_text(&p->snapshot->arena, p->buffer->data, p->buffer->len, arn))
        return false;
    identity->arns.items = arn;
    identity->arns.n = 1;
    return true;
}

static bool set_kind(fle_publishing *p, const parts *x, fle_identity *identity)
{
    const flowenrich_text region = identity->single[FLE_ATTR_REGION];
    const fle_evidence evidence = {
        resource_of(p, x),
        newest_text(p, x->self, FLE_FACT_INTERFACE_TYPE),
        newest_text(p, x->self, FLE_FACT_DESCRIPTION),
        newest_text(p, x->self, FLE_FACT_REQUESTER),
        newest_text(p, x->self, FLE_FACT_INSTANCE_OWNER),
        fle_text_is(newest_text(p, x->self, FLE_FACT_REQUESTER_MANAGED), "true"),
    };
    fle_variables variables = {
        { { FLE_TEXT("partition"), fle_partition_of(region) },
          { FLE_TEXT("region"), region },
          { FLE_TEXT("account"), identity->single[FLE_ATTR_ACCOUNT_ID] },
          { FLE_TEXT("instance"), fle_facts_text(p->facts, x->instance) },
          { FLE_TEXT("nat-gateway"), fle_facts_text(p->facts, x->nat_gateway) },
          { FLE_TEXT("vpc-endpoint"), fle_facts_text(p->facts, x->endpoint_id) },
          { FLE_TEXT("interface-id"), identity->single[FLE_ATTR_INTERFACE_ID] } },
        7
    };
    const fle_kind *kind = fle_kinds_find(p->kinds, &evidence, &variables);

    if (!kind)
        return true;
    identity->single[FLE_ATTR_TYPE] = p->types[kind - p->kinds->items];
    identity->path = p->paths[kind - p->kinds->items];
    /* An instance that takes packets for others is a router. */
    identity->forwards =
        kind->forwards ||
        (x->instance && fle_text_is(newest_text(p, x->self, FLE_FACT_SOURCE_DEST_CHECK), "false"));
    return set_arn(p, kind, &variables, identity);
}

/* From the end, where the least one is: sets are in descending order. */
static bool set_groups(fle_publishing *p, fle_about self, fle_identity *identity)
{
    const fle_about set = fle_about_newest_set(self, FLE_FACT_GROUPS);
    flowenrich_text *items = fle_array(&p->snapshot->arena, set.n, sizeof *items);
    size_t n = 0;

    if (!items)
        return false;
    for (size_t i = set.n; i > 0; i--) {
        const fle_fact *fact = &set.items[i - 1];

        if (fle_fact_is_mark(fact) || (i < set.n && fact->value == fact[1].value))
            continue;
        if (!fle_publish_text(p, fact->value, &items[n++]))
            return false;
    }
    identity->security_group_ids.items = items;
    identity->security_group_ids.n = n;
    return true;
}

#define TAG_SOURCES 3

/* The set whose first key is the least, of equal ones the first; NULL if all are empty. */
static fle_about *least(const fle_publishing *p, fle_about sets[TAG_SOURCES])
{
    fle_about *found = NULL;

    for (size_t i = 0; i < TAG_SOURCES; i++)
        if (sets[i].n > 0 &&
            (!found || fle_text_compare(fle_facts_text(p->facts, sets[i].items->key),
                                        fle_facts_text(p->facts, found->items->key)) < 0))
            found = &sets[i];
    return found;
}

/*
 * Merge tags, which each source has in the order of their keys; the first source
 * to have a key is right. Writes pairs, or only counts the texts if 'out' is NULL.
 */
static bool merge_tags(fle_publishing *p, const fle_about sources[TAG_SOURCES],
                       flowenrich_text *out, size_t *n)
{
    fle_about sets[TAG_SOURCES];
    fle_about *next;
    uint32_t last = 0; /* the empty key, which only marks have */

    memcpy(sets, sources, sizeof sets);
    for (*n = 0; (next = least(p, sets)) != NULL; next->items++, next->n--) {
        const fle_fact *tag = next->items;

        if (tag->key == last)
            continue;
        last = tag->key;
        if (out && (!fle_publish_text(p, tag->key, &out[*n]) ||
                    !fle_publish_text(p, tag->value, &out[*n + 1])))
            return false;
        *n += 2;
    }
    return true;
}

/* The owner's tags; then what get-resources lists for the ARN; then the interface's own. */
static bool set_tags(fle_publishing *p, const parts *x, fle_identity *identity)
{
    const uint32_t arn =
        identity->arns.n > 0 ? fle_facts_find(p->facts, identity->arns.items[0]) : 0;
    const fle_about resource = fle_facts_about(p->facts, FLE_SUBJECT_RESOURCE, arn);
    const fle_about sources[TAG_SOURCES] = {
        fle_about_newest_set(x->owner, FLE_FACT_TAGS),
        fle_about_newest_set(resource, FLE_FACT_TAGS),
        fle_about_newest_set(x->self, FLE_FACT_TAGS),
    };
    flowenrich_text *items;
    size_t n;

    (void)merge_tags(p, sources, NULL, &n);
    if (n == 0)
        return true;
    items = fle_array(&p->snapshot->arena, n, sizeof *items);
    if (!items || !merge_tags(p, sources, items, &n))
        return false;
    identity->tags.items = items;
    identity->tags.n = n;
    return true;
}

static bool set_service(fle_publishing *p, const parts *x, fle_identity *identity)
{
    flowenrich_text name;

    if (!fle_publish_text(p, fle_about_newest(x->endpoint, FLE_FACT_SERVICE_NAME), &name))
        return false;
    identity->single[FLE_ATTR_AWS_SERVICE] = fle_service_of_endpoint(name);
    return true;
}

/* An endpoint's interface is its account's, should no document show the interface itself. */
static bool set_account(fle_publishing *p, const parts *x, fle_identity *identity)
{
    flowenrich_text *account = &identity->single[FLE_ATTR_ACCOUNT_ID];

    return account->len > 0 ||
           fle_publish_text(p, fle_about_newest(x->owner, FLE_FACT_ACCOUNT), account);
}

/*
 * Was there a public address whenever all were listed? To have had one at some
 * time says nothing of another. A mark comes after the addresses of its time.
 */
static bool has_public(fle_about self)
{
    const fle_about set = fle_about_predicate(self, FLE_FACT_PUBLIC);

    for (size_t i = 0; i < set.n; i++)
        if (fle_fact_is_mark(&set.items[i]) &&
            (i == 0 || set.items[i - 1].time != set.items[i].time))
            return false;
    return set.n > 0;
}

static bool compose(fle_publishing *p, fle_about self, uint32_t instance, fle_identity *identity)
{
    const parts x = find_parts(p, self, instance);

    memset(identity, 0, sizeof *identity);
    identity->has_public = has_public(self);
    return fle_publish_text(p, x.id, &identity->single[FLE_ATTR_INTERFACE_ID]) &&
           fle_publish_text(p, fle_about_newest(self, FLE_FACT_SUBNET),
                            &identity->single[FLE_ATTR_SUBNET_ID]) &&
           fle_publish_location(p, self, x.subnet, identity) && set_account(p, &x, identity) &&
           set_kind(p, &x, identity) && set_groups(p, self, identity) &&
           set_tags(p, &x, identity) && set_service(p, &x, identity);
}

/* An interface as it is at any time; or one that moved, at each time apart. */
static bool compose_all(fle_publishing *p, fle_about self, fle_identity *identity,
                        fle_tenures *tenures)
{
    const fle_about attached = fle_about_predicate(self, FLE_FACT_INSTANCE);
    fle_arena *arena = &p->snapshot->arena;
    fle_identity *then;

    if (!fle_tenures_find(tenures, attached, arena, p->scratch))
        return false;
    if (tenures->n == 0)
        return compose(p, self, fle_about_newest(self, FLE_FACT_INSTANCE), identity);
    then = fle_array(arena, tenures->n, sizeof *then);
    if (!then || !compose(p, self, 0, identity))
        return false;
    for (size_t i = 0; i < tenures->n; i++) {
        if (!compose(p, self, tenures->items[i].instance, &then[i]))
            return false;
        identity->forwards = identity->forwards || then[i].forwards;
        tenures->items[i].identity = &then[i];
    }
    identity->moved = true;
    return true;
}

static bool copy_kinds(fle_publishing *p)
{
    fle_arena *arena = &p->snapshot->arena;
    const fle_kinds *kinds = p->kinds;

    p->types = fle_array(p->scratch, kinds->n, sizeof *p->types);
    p->paths = fle_array(p->scratch, kinds->n, sizeof *p->paths);
    if (!p->types || !p->paths)
        return false;
    for (size_t i = 0; i < kinds->n; i++) {
        const fle_kind *kind = &kinds->items[i];

        if (!fle_arena_text(arena, kind->type.data, kind->type.len, &p->types[i]) ||
            !fle_arena_text(arena, kind->path.data, kind->path.len, &p->paths[i]))
            return false;
    }
    return true;
}

bool fle_publish_interfaces(fle_publishing *p)
{
    flowenrich_snapshot *snapshot = p->snapshot;
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_INTERFACE);

    snapshot->n_interfaces = fle_count_subjects(rest);
    snapshot->interfaces =
        fle_array(&snapshot->arena, snapshot->n_interfaces, sizeof *snapshot->interfaces);
    snapshot->tenures =
        fle_array(&snapshot->arena, snapshot->n_interfaces, sizeof *snapshot->tenures);
    snapshot->by_interface = fle_map_new(&snapshot->allocator, p->hash_seed);
    if (!snapshot->interfaces || !snapshot->tenures || !snapshot->by_interface || !copy_kinds(p))
        return false;
    for (uint32_t i = 0; rest.n > 0; i++) {
        fle_identity *identity = &snapshot->interfaces[i];
        flowenrich_text id;

        if (!compose_all(p, fle_about_next(&rest), identity, &snapshot->tenures[i]))
            return false;
        if (identity->space > 0)
            snapshot->spaces.vpcs[identity->space - 1].has_interfaces = true;
        id = identity->single[FLE_ATTR_INTERFACE_ID];
        if (!fle_map_add(snapshot->by_interface, id.data, id.len, i))
            return false;
    }
    return true;
}
