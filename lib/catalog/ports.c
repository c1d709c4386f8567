/* SPDX-License-Identifier: Apache-2.0 */
/* The ports that load balancers and their targets listen on. */
#include "catalog/ports.h"

#include "base/address.h"
#include "base/hash.h"
#include "catalog/order.h"
#include "catalog/publish.h"
#include "record/protocol.h"

/* ---- To the snapshot. ---- */

typedef struct writing {
    fle_publishing *p;
    uint32_t *owners;
    fle_port *items;
} writing;

/* IPv6 addresses can be written in many ways. */
static flowenrich_text owner_of(const writing *w, uint32_t id, char written[FLE_ADDRESS_TEXT])
{
    const flowenrich_text text = fle_facts_text(w->p->facts, id);
    fle_address address;

    return fle_address_parse(text.data, text.len, &address)
               ? fle_text(written, fle_address_format(&address, written))
               : text;
}

/* Equal texts have one place. */
static uint32_t find_owner(const writing *w, flowenrich_text text)
{
    fle_ports *ports = &w->p->snapshot->ports;
    const uint32_t place = fle_entry_writer_text(w->p->writer, text);
    const uint32_t hash = (uint32_t)fle_hash(text.data, text.len, w->p->snapshot->seed);
    fle_probe probe = fle_probe_begin(&ports->by_owner, hash);
    uint32_t known;

    while (fle_probe_next(&probe, &known))
        if (w->owners[known] == place)
            return known;
    known = (uint32_t)ports->n_owners++;
    w->owners[known] = place;
    fle_slots_add(&ports->by_owner, hash, known);
    return known;
}

static void write_ports(const writing *w, fle_about about)
{
    fle_ports *ports = &w->p->snapshot->ports;
    char written[FLE_ADDRESS_TEXT];
    const uint32_t owner =
        about.n > 0 ? find_owner(w, owner_of(w, about.items->subject, written)) : 0;

    for (size_t i = 0; i < about.n; i++) {
        const fle_fact *fact = &about.items[i];
        uint64_t number;

        if (fle_text_u64(fle_facts_text(w->p->facts, fact->value), &number) && number <= UINT16_MAX)
            w->items[ports->n++] =
                (fle_port){ owner, (uint16_t)number,
                            (uint8_t)fle_protocol_find(fle_facts_text(w->p->facts, fact->key)),
                            fact->predicate == FLE_FACT_TARGETS };
    }
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
    fle_arena *arena = &p->snapshot->arena;
    fle_ports *ports = &p->snapshot->ports;
    writing w = { p, NULL, NULL };
    size_t most = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        most += count_ports(fle_facts_of(p->facts, kinds[i]));
    if (most == 0)
        return true;
    w.owners = fle_array(arena, most, sizeof *w.owners);
    w.items = fle_array(arena, most, sizeof *w.items);
    if (!w.owners || !w.items || !fle_slots_init(&ports->by_owner, most, arena))
        return false;
    ports->owners = w.owners;
    ports->items = w.items;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        fle_about rest = fle_facts_of(p->facts, kinds[i]);

        while (rest.n > 0) {
            const fle_about about = fle_about_next(&rest);

            write_ports(&w, fle_about_predicate(about, FLE_FACT_LISTENERS));
            write_ports(&w, fle_about_predicate(about, FLE_FACT_TARGETS));
        }
    }
    return fle_publish_entries(p) &&
           fle_sort(w.items, ports->n, sizeof *w.items, compare_owners, NULL, p->scratch);
}

/* ---- Looking up. ---- */

/* What is asked about one port, and what was found so far. */
typedef struct search {
    const flowenrich_snapshot *snapshot;
    const fle_ports *ports;
    uint32_t protocol, port;
    bool is_here, is_elsewhere, is_target;
} search;

/* Its index among the owners; FLE_NOBODY if it is none. */
static uint32_t index_of(const search *s, flowenrich_text owner)
{
    fle_probe probe = fle_probe_begin(&s->ports->by_owner,
                                      (uint32_t)fle_hash(owner.data, owner.len, s->snapshot->seed));
    uint32_t index;

    while (fle_probe_next(&probe, &index))
        if (index < s->ports->n_owners &&
            fle_text_equal(fle_entries_text(&s->snapshot->entries, s->ports->owners[index]), owner))
            return index;
    return FLE_NOBODY;
}

static void look(search *s, flowenrich_text owner)
{
    const fle_ports *ports = s->ports;
    const uint32_t number = index_of(s, owner);
    size_t i;

    if (number == FLE_NOBODY)
        return;
    i = fle_first_of(ports->items, ports->n, sizeof *ports->items, number);
    for (; i < ports->n && ports->items[i].owner == number; i++) {
        const fle_port *port = &ports->items[i];
        const bool is_it =
            port->number == s->port && (port->protocol == s->protocol || s->protocol > UINT8_MAX);

        s->is_target |= is_it && port->is_target != 0;
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
static fle_listens find(const flowenrich_snapshot *snapshot, const fle_identity *owner,
                        const fle_address *address, const fle_identity *peer, uint32_t protocol,
                        uint32_t port)
{
    search own = {
        .snapshot = snapshot, .ports = &snapshot->ports, .protocol = protocol, .port = port
    };
    search sent = own;
    char written[FLE_ADDRESS_TEXT];

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

fle_listens fle_snapshot_listens(const flowenrich_snapshot *snapshot, const fle_identity *owner,
                                 const fle_address *address, const fle_identity *peer,
                                 uint32_t protocol, uint32_t port)
{
    return snapshot->ports.n == 0 ? FLE_LISTENS_UNKNOWN
                                  : find(snapshot, owner, address, peer, protocol, port);
}

void fle_snapshot_balanced_ports(const flowenrich_snapshot *snapshot, uint8_t bits[FLE_PORT_BYTES])
{
    for (size_t i = 0; i < snapshot->ports.n; i++) {
        const uint16_t port = snapshot->ports.items[i].number;

        bits[port / 8] |= (uint8_t)(1u << port % 8);
    }
}
