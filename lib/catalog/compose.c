/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to identities: what an interface is, whose, and where. */
#include <string.h>

#include "base/hash.h"
#include "catalog/history.h"
#include "catalog/order.h"
#include "catalog/publish.h"

#define RESOURCES 2 /* of several, the tags of the first ones: of a task and its service */
#define TAG_SOURCES (RESOURCES + 2)

/* The parts of an interface at some times. */
typedef struct parts {
    fle_history *history;
    fle_when when;
    uint32_t instance;
    fle_states resource_tags[RESOURCES];
} parts;

static flowenrich_text newest_text(const fle_publishing *p, fle_about about,
                                   fle_predicate predicate)
{
    return fle_facts_text(p->facts, fle_about_newest(about, predicate));
}

static flowenrich_text text_then(const fle_publishing *p, const parts *x, const fle_states *states)
{
    return fle_facts_text(p->facts, fle_history_value(states, x->when));
}

static flowenrich_text resource_of(const fle_publishing *p, const parts *x)
{
    const fle_history *h = x->history;

    if (x->instance)
        return FLE_TEXT("instance");
    if (h->nat_gateway)
        return FLE_TEXT("nat-gateway");
    if (!h->endpoint_id)
        return fle_text("", 0);
    return fle_text_is(newest_text(p, h->endpoint, FLE_FACT_ENDPOINT_TYPE), "GatewayLoadBalancer")
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
    arn = fle_arena_alloc(p->room, sizeof *arn);
    if (!arn || p->buffer->failed || !fle_arena_text(p->room, p->buffer->data, p->buffer->len, arn))
        return false;
    identity->arns.items = arn;
    identity->arns.n = 1;
    return true;
}

static bool set_kind(fle_publishing *p, const parts *x, fle_identity *identity)
{
    const flowenrich_text region = identity->single[FLE_ATTR_REGION];
    const fle_history *h = x->history;
    const fle_evidence evidence = {
        resource_of(p, x),
        newest_text(p, h->self, FLE_FACT_INTERFACE_TYPE),
        text_then(p, x, &h->description),
        newest_text(p, h->self, FLE_FACT_REQUESTER),
        text_then(p, x, &h->instance_owner),
        fle_text_is(newest_text(p, h->self, FLE_FACT_REQUESTER_MANAGED), "true"),
    };
    fle_variables variables = {
        { { FLE_TEXT("partition"), fle_partition_of(region) },
          { FLE_TEXT("region"), region },
          { FLE_TEXT("account"), identity->single[FLE_ATTR_ACCOUNT_ID] },
          { FLE_TEXT("instance"), fle_facts_text(p->facts, x->instance) },
          { FLE_TEXT("nat-gateway"), fle_facts_text(p->facts, h->nat_gateway) },
          { FLE_TEXT("vpc-endpoint"), fle_facts_text(p->facts, h->endpoint_id) },
          { FLE_TEXT("interface-id"), identity->single[FLE_ATTR_INTERFACE_ID] } },
        7
    };
    const fle_kind *kind = fle_kinds_find(p->kinds, &evidence, &variables);

    if (!kind)
        return true;
    identity->single[FLE_ATTR_TYPE] = kind->type;
    identity->path = kind->path;
    /* An instance that takes packets for others is a router. */
    identity->forwards =
        kind->forwards ||
        (x->instance && fle_text_is(text_then(p, x, &h->source_dest_check), "false"));
    return set_arn(p, kind, &variables, identity);
}

/* Groups, or tags, by the numbers of their texts. */
typedef struct entry {
    uint32_t key, value;
} entry;

typedef struct entries {
    entry *items;
    size_t n;
} entries;

/* Keep what is in both. */
static void agree(entries *with, const entries *other)
{
    size_t n = 0;

    for (size_t i = 0; i < with->n; i++)
        for (size_t k = 0; k < other->n; k++)
            if (other->items[k].key == with->items[i].key &&
                other->items[k].value == with->items[i].value) {
                with->items[n++] = with->items[i];
                break;
            }
    with->n = n;
}

typedef bool find_entries(const fle_publishing *p, const parts *x, flowenrich_time time,
                          entries *out);

/* Find those of all times. */
static bool find_agreed(const fle_publishing *p, const parts *x, find_entries *find, entries *out)
{
    if (!find(p, x, x->when.times[0], out))
        return false;
    for (size_t i = 1; i < x->when.n && out->n > 0; i++) {
        entries other;

        if (!find(p, x, x->when.times[i], &other))
            return false;
        agree(out, &other);
    }
    return true;
}

/* From the end, where the least one is: sets are in descending order. */
static bool find_groups(const fle_publishing *p, const parts *x, flowenrich_time time, entries *out)
{
    const fle_about set = fle_states_at(&x->history->groups, time);

    (void)p;
    out->n = 0;
    out->items = fle_array(x->history->arena, set.n, sizeof *out->items);
    if (!out->items)
        return false;
    for (size_t i = set.n; i > 0; i--) {
        const fle_fact *fact = &set.items[i - 1];

        if (!fle_fact_is_mark(fact) && (i == set.n || fact->value != fact[1].value))
            out->items[out->n++] = (entry){ 0, fact->value };
    }
    return true;
}

static bool set_groups(fle_publishing *p, const parts *x, fle_identity *identity)
{
    flowenrich_text *items;
    entries groups;

    if (!find_agreed(p, x, find_groups, &groups))
        return false;
    items = fle_array(p->room, groups.n, sizeof *items);
    if (!items)
        return false;
    for (size_t i = 0; i < groups.n; i++)
        items[i] = fle_facts_text(p->facts, groups.items[i].value);
    identity->security_group_ids = (fle_texts){ items, groups.n };
    return true;
}

/* What other documents than EC2's say it is of; those of one type in descending order. */
static bool find_arns(const fle_publishing *p, const parts *x, flowenrich_time time, entries *out)
{
    const fle_about set = fle_states_at(&x->history->arns, time);

    (void)p;
    out->n = 0;
    out->items = fle_array(x->history->arena, set.n, sizeof *out->items);
    if (!out->items)
        return false;
    for (size_t i = 0; i < set.n; i++)
        if (!fle_fact_is_mark(&set.items[i]) &&
            (i == 0 || set.items[i].value != set.items[i - 1].value))
            out->items[out->n++] = (entry){ set.items[i].key, set.items[i].value };
    return true;
}

/* A task or a database says more than the interface's own description. */
static bool set_resource(fle_publishing *p, const parts *x, fle_identity *identity)
{
    flowenrich_text *items;
    entries arns;

    if (!find_agreed(p, x, find_arns, &arns))
        return false;
    if (arns.n == 0)
        return true;
    items = fle_array(p->room, arns.n, sizeof *items);
    if (!items)
        return false;
    identity->single[FLE_ATTR_TYPE] = fle_facts_text(p->facts, arns.items[0].key);
    for (size_t i = 0; i < arns.n; i++)
        items[i] = fle_facts_text(p->facts, arns.items[i].value);
    identity->arns = (fle_texts){ items, arns.n };
    return true;
}

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
 * The owner's tags; then what get-resources lists for the ARN; then the interface's
 * own. Each source has them in the order of their keys; the first to have a key is right.
 */
static bool find_tags(const fle_publishing *p, const parts *x, flowenrich_time time, entries *out)
{
    fle_about sets[TAG_SOURCES] = {
        fle_history_owner_tags(x->history, time),
        fle_states_at(&x->resource_tags[0], time),
        fle_states_at(&x->resource_tags[1], time),
        fle_states_at(&x->history->tags, time),
    };
    fle_about *next;
    uint32_t last = 0; /* the empty key, which only marks have */
    size_t most = 0;

    out->n = 0;
    for (size_t i = 0; i < TAG_SOURCES; i++)
        most += sets[i].n;
    out->items = fle_array(x->history->arena, most, sizeof *out->items);
    if (!out->items)
        return false;
    for (; (next = least(p, sets)) != NULL; next->items++, next->n--) {
        if (next->items->key == last)
            continue;
        last = next->items->key;
        out->items[out->n++] = (entry){ last, next->items->value };
    }
    return true;
}

static bool set_tags(fle_publishing *p, const parts *x, fle_identity *identity)
{
    flowenrich_text *items;
    entries tags;

    if (!find_agreed(p, x, find_tags, &tags))
        return false;
    if (tags.n == 0)
        return true;
    items = fle_array(p->room, tags.n, 2 * sizeof *items);
    if (!items)
        return false;
    for (size_t i = 0; i < tags.n; i++) {
        items[2 * i] = fle_facts_text(p->facts, tags.items[i].key);
        items[2 * i + 1] = fle_facts_text(p->facts, tags.items[i].value);
    }
    identity->tags = (fle_texts){ items, 2 * tags.n };
    return true;
}

/* Tags that come later change what this interface is, be it only for a time. */
static bool own(const fle_publishing *p, const fle_history *h, flowenrich_text arn)
{
    return !p->ledger || fle_ledger_own(p->ledger, arn, h->self.items->subject);
}

static bool facts_on_resource(const fle_publishing *p, uint32_t arn, fle_about *out)
{
    if (p->is_partial)
        return fle_ledger_about(p->ledger, FLE_SUBJECT_RESOURCE, arn, p->scratch, out);
    *out = fle_facts_about(p->facts, FLE_SUBJECT_RESOURCE, arn);
    return true;
}

/* Only now it is known which resources it is of. */
static bool find_resource_tags(const fle_publishing *p, parts *x, const fle_identity *identity)
{
    fle_history *h = x->history;

    for (size_t i = 0; i < RESOURCES && i < identity->arns.n; i++) {
        const uint32_t arn = fle_facts_find(p->facts, identity->arns.items[i]);
        fle_about about, tags;

        if (!own(p, h, identity->arns.items[i]) || !facts_on_resource(p, arn, &about))
            return false;
        tags = fle_about_predicate(about, FLE_FACT_TAGS);
        if (!fle_states_find(&x->resource_tags[i], p->facts, tags, h->arena) ||
            (!h->is_settled && !fle_changes_add(&h->changes, &x->resource_tags[i], h->arena)))
            return false;
    }
    return true;
}

static flowenrich_text service_of(const fle_publishing *p, const parts *x)
{
    return fle_service_of_endpoint(newest_text(p, x->history->endpoint, FLE_FACT_SERVICE_NAME));
}

/* An endpoint's interface is its account's, should no document show the interface itself. */
static void set_account(const fle_publishing *p, const parts *x, fle_identity *identity)
{
    const fle_about owner = x->instance
                                ? fle_facts_about(p->facts, FLE_SUBJECT_INSTANCE, x->instance)
                                : x->history->managed;
    flowenrich_text *account = &identity->single[FLE_ATTR_ACCOUNT_ID];

    if (account->len == 0)
        *account = newest_text(p, owner, FLE_FACT_ACCOUNT);
}

/*
 * Was there a public address whenever all were listed, and none ever taken? To have
 * had one at some time says nothing of another. A mark lies among those of its time.
 */
static bool has_public(fle_about self)
{
    const fle_about set = fle_about_predicate(self, FLE_FACT_PUBLIC);

    for (size_t i = 0; i < set.n; i++) {
        const fle_fact *fact = &set.items[i];

        if (fle_fact_change(fact) == FLE_LOST ||
            (fle_fact_is_mark(fact) && (i == 0 || fact[-1].time != fact->time) &&
             (i + 1 == set.n || fact[1].time != fact->time)))
            return false;
    }
    return set.n > 0;
}

/* Was more than one private IPv4 address, or a prefix, ever seen on it? */
static bool has_several(const fle_facts *facts, fle_about self)
{
    const fle_about set = fle_about_predicate(self, FLE_FACT_ADDRESSES);
    uint32_t known = 0;

    for (size_t i = 0; i < set.n; i++) {
        const flowenrich_text text = fle_facts_text(facts, set.items[i].value);
        fle_cidr cidr;

        if (!fle_cidr_parse(text.data, text.len, &cidr) || !fle_address_is_v4(&cidr.base))
            continue;
        if (cidr.bits < 128 || (known != 0 && set.items[i].value != known))
            return true;
        known = set.items[i].value;
    }
    return false;
}

/* What an interface is at all of some times. Texts are the facts' or the kinds', or in 'room'. */
static bool compose(fle_publishing *p, fle_history *history, fle_when when, fle_identity *identity)
{
    const fle_about self = history->self;
    flowenrich_text *single = identity->single;
    parts x = { .history = history,
                .when = when,
                .instance = fle_history_value(&history->instance, when) };

    memset(identity, 0, sizeof *identity);
    identity->has_public = has_public(self);
    identity->has_several = has_several(p->facts, self);
    fle_publish_location(p, self, history->subnet, identity);
    single[FLE_ATTR_INTERFACE_ID] = fle_facts_text(p->facts, self.items->subject);
    single[FLE_ATTR_SUBNET_ID] = newest_text(p, self, FLE_FACT_SUBNET);
    single[FLE_ATTR_AWS_SERVICE] = service_of(p, &x);
    set_account(p, &x, identity);
    return set_kind(p, &x, identity) && set_resource(p, &x, identity) &&
           set_groups(p, &x, identity) && find_resource_tags(p, &x, identity) &&
           set_tags(p, &x, identity);
}

static bool compose_periods(fle_publishing *p, fle_history *history, fle_composed *out)
{
    fle_changes *changes = &history->changes;
    fle_when *when;

    if (!fle_periods_build(&out->periods, &out->n, &when, changes, history->arena, history->arena))
        return false;
    out->then = fle_array(history->arena, out->n, sizeof *out->then);
    if (!out->then ||
        !compose(p, history, (fle_when){ changes->times, 2 * changes->n }, &out->always))
        return false;
    for (size_t i = 0; i < out->n; i++) {
        if (!compose(p, history, when[i], &out->then[i]))
            return false;
        out->always.forwards = out->always.forwards || out->then[i].forwards;
        out->periods[i].is_silent = fle_history_is_silent(history, when[i]);
    }
    return true;
}

/*
 * An interface as it is at any time; of one that changed also as it was in each
 * period. That the tags of its resource changed only shows once it is known which
 * resource that was, so these are composed again.
 */
bool fle_compose(fle_publishing *p, fle_about self, fle_composed *out)
{
    static const flowenrich_time any = 0;
    fle_history history;
    size_t n_changes;

    fle_arena_clear(p->room);
    out->n = 0;
    if (!fle_history_find(&history, p->facts, self, p->room))
        return false;
    n_changes = history.changes.n;
    if (n_changes > 0 ? !compose_periods(p, &history, out)
                      : !compose(p, &history, (fle_when){ &any, 1 }, &out->always))
        return false;
    history.is_settled = true;
    return history.changes.n == n_changes || compose_periods(p, &history, out);
}

/*
 * Is this of records only? Then it is nobody that the inventory knows by its id, and one
 * that stands for unknown ones has none.
 */
static bool is_learned(fle_about about, fle_composed *x)
{
    const fle_about learned = fle_about_predicate(about, FLE_FACT_LEARNED);

    if (learned.n > 0 && learned.items->value == 0)
        x->always.single[FLE_ATTR_INTERFACE_ID] = fle_text("", 0);
    return learned.n > 0;
}

void fle_compose_write(const fle_publishing *p, uint32_t index, fle_composed *x)
{
    const fle_periods periods = { x->periods, x->n };
    const fle_mirrors *mirrors = p->snapshot->mirrors;

    fle_entry_writer_put(p->writer, index, &x->always);
    if (mirrors && !p->writer->failed &&
        fle_mirrors_find(mirrors, x->always.single[FLE_ATTR_INTERFACE_ID]))
        fle_entry_writer_at(p->writer, index)->flags |= FLE_ENTRY_LOGS;
    for (size_t i = 0; i < x->n; i++)
        x->periods[i].entry = fle_entry_writer_add(p->writer, &x->then[i]);
    if (x->n > 0)
        fle_entry_writer_periods(p->writer, index, &periods);
}

static void note_named(const fle_publishing *p, uint32_t index, const fle_identity *identity)
{
    flowenrich_snapshot *snapshot = p->snapshot;
    const flowenrich_text id = identity->single[FLE_ATTR_INTERFACE_ID];

    if (identity->space > 0)
        p->vpcs[identity->space - 1].has_interfaces = true;
    fle_slots_add(&snapshot->by_interface, (uint32_t)fle_hash(id.data, id.len, snapshot->seed),
                  index);
    snapshot->n_named++;
}

bool fle_publish_interfaces(fle_publishing *p)
{
    flowenrich_snapshot *snapshot = p->snapshot;
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_INTERFACE);

    if (!fle_slots_init(&snapshot->by_interface, snapshot->n_interfaces, &snapshot->arena))
        return false;
    for (uint32_t i = 0; rest.n > 0; i++) {
        const fle_about about = fle_about_next(&rest);
        fle_composed x;

        if (!fle_compose(p, about, &x))
            return false;
        if (!is_learned(about, &x))
            note_named(p, i, &x.always);
        fle_compose_write(p, i, &x);
    }
    return fle_publish_entries(p);
}
