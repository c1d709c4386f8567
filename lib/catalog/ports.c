/* SPDX-License-Identifier: Apache-2.0 */
/* The ports that load balancers and their targets listen on. */
#include "catalog/ports.h"

#include "base/address.h"
#include "catalog/order.h"
#include "catalog/publish.h"
#include "record/protocol.h"

/* ---- To the snapshot. ---- */

/* IPv6 addresses can be written in many ways. */
static bool publish_owner(fle_publishing *p, uint32_t id, flowenrich_text *out)
{
    const flowenrich_text text = fle_facts_text(p->facts, id);
    char written[FLE_ADDRESS_TEXT];
    fle_address address;

    if (!fle_address_parse(text.data, text.len, &address))
        return fle_publish_text(p, id, out);
    return fle_arena_text(&p->snapshot->arena, written, fle_address_format(&address, written), out);
}

static bool publish_ports_of(fle_publishing *p, fle_about about)
{
    fle_ports *ports = &p->snapshot->ports;
    const uint32_t *known, added = (uint32_t)fle_map_count(ports->by_owner);
    flowenrich_text owner;

    if (!publish_owner(p, about.items->subject, &owner))
        return false;
    known = fle_map_find(ports->by_owner, owner.data, owner.len);
    for (size_t i = 0; i < about.n; i++) {
        const fle_fact *fact = &about.items[i];
        uint64_t number;

        if (!fle_text_u64(fle_facts_text(p->facts, fact->value), &number) || number > UINT16_MAX)
            continue;
        ports->items[ports->n++] =
            (fle_port){ known ? *known : added, (uint16_t)number,
                        (uint8_t)fle_protocol_find(fle_facts_text(p->facts, fact->key)),
                        fact->predicate == FLE_FACT_TARGETS };
    }
    return known || fle_map_add(ports->by_owner, owner.data, owner.len, added);
}

static bool publish_ports(fle_publishing *p, fle_about about)
{
    const fle_about listeners = fle_about_predicate(about, FLE_FACT_LISTENERS);
    const fle_about targets = fle_about_predicate(about, FLE_FACT_TARGETS);

    return (listeners.n == 0 || publish_ports_of(p, listeners)) &&
           (targets.n == 0 || publish_ports_of(p, targets));
}

static size_t count_ports(fle_about about)
{
    size_t n = 0;

    for (size_t i = 0; i < about.n; i++)
        n += about.items[i].predicate == FLE_FACT_LISTENERS ||
             about.items[i].predicate == FLE_FACT_TARGETS;
    return n;
}

static int compare_owners(const void *left, const void *right, const void *ctx)
{
    const fle_port *a = left, *b = right;

    (void)ctx;
    return (a->owner > b->owner) - (a->owner < b->owner);
}

bool fle_publish_ports(fle_publishing *p)
{
    static const fle_subject kinds[] = { FLE_SUBJECT_RESOURCE, FLE_SUBJECT_TARGET };
    fle_ports *ports = &p->snapshot->ports;
    size_t most = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        most += count_ports(fle_facts_of(p->facts, kinds[i]));
    if (most == 0)
        return true;
    ports->by_owner = fle_map_new(&p->snapshot->allocator, p->hash_seed);
    ports->items = fle_array(&p->snapshot->arena, most, sizeof *ports->items);
    if (!ports->by_owner || !ports->items)
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        fle_about rest = fle_facts_of(p->facts, kinds[i]);

        while (rest.n > 0)
            if (!publish_ports(p, fle_about_next(&rest)))
                return false;
    }
    return fle_sort(ports->items, ports->n, sizeof *ports->items, compare_owners, NULL, p->scratch);
}

/* ---- Looking up. ---- */

/* What is asked about one port, and what was found so far. */
typedef struct search {
    const fle_ports *ports;
    uint32_t protocol, port;
    bool is_here, is_elsewhere, is_target;
} search;

static size_t first_of(const fle_ports *ports, uint32_t owner)
{
    size_t begin = 0, end = ports->n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (ports->items[middle].owner < owner)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

static void look(search *s, flowenrich_text owner)
{
    const uint32_t *number = fle_map_find(s->ports->by_owner, owner.data, owner.len);

    for (size_t i = number ? first_of(s->ports, *number) : s->ports->n;
         i < s->ports->n && s->ports->items[i].owner == *number; i++) {
        const fle_port *port = &s->ports->items[i];
        const bool is_it =
            port->number == s->port && (port->protocol == s->protocol || s->protocol > UINT8_MAX);

        s->is_target |= is_it && port->is_target;
        s->is_here |= is_it && !port->is_target;
        s->is_elsewhere |= !is_it && !port->is_target;
    }
}

/* By its ARNs, and of an instance by its id. */
static void look_for(search *s, const fle_identity *identity)
{
    for (size_t i = 0; i < identity->arns.n; i++) {
        const flowenrich_text arn = identity->arns.items[i];
        size_t begin = arn.len;

        look(s, arn);
        while (begin > 0 && arn.data[begin - 1] != '/')
            begin--;
        if (fle_text_starts(fle_text(arn.data + begin, arn.len - begin), "i-"))
            look(s, fle_text(arn.data + begin, arn.len - begin));
    }
}

/* Of a target not all ports are known, of a load balancer they are. */
fle_listens fle_snapshot_listens(const flowenrich_snapshot *snapshot, const fle_identity *owner,
                                 const fle_address *address, const fle_identity *peer,
                                 uint32_t protocol, uint32_t port)
{
    search own = { .ports = &snapshot->ports, .protocol = protocol, .port = port }, sent = own;
    char written[FLE_ADDRESS_TEXT];

    if (snapshot->ports.n == 0)
        return FLE_LISTENS_UNKNOWN;
    if (owner)
        look_for(&own, owner);
    if (!own.is_here && peer)
        look_for(&sent, peer);
    if (!own.is_here && address)
        look(&own, fle_text(written, fle_address_format(address, written)));
    if (own.is_here || sent.is_target)
        return FLE_LISTENS_HERE;
    return own.is_elsewhere && owner && fle_text_starts(owner->single[FLE_ATTR_TYPE], "elb:")
               ? FLE_LISTENS_ELSEWHERE
               : FLE_LISTENS_UNKNOWN;
}
