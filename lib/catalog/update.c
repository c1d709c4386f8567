/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot from the one before and what is new, rather than from all facts. */
#include "catalog/update.h"

#include <string.h>

#include "base/hash.h"
#include "catalog/derive.h"
#include "catalog/order.h"
#include "catalog/publish.h"
#include "catalog/roster.h"
#include "catalog/touch.h"
#include "catalog/vpcs.h"

typedef struct updating {
    const fle_update *of;
    fle_layer *layer;
    flowenrich_snapshot *snapshot; /* that is made */
    fle_publishing publishing;
    fle_touched touched;
    fle_facts facts; /* all that matter */
    fle_roster roster;
    bool is_wide;
} updating;

/* ---- What interfaces are. ---- */

/* Others than itself depend on where an interface is: it never moves. */
static bool has_moved(const updating *u, uint32_t number, const fle_identity *identity)
{
    const flowenrich_snapshot *last = u->of->last;
    const fle_vpc *vpc = fle_spaces_vpc(&u->snapshot->spaces, identity->space);
    const fle_entry *known = fle_snapshot_at(last, number);

    if (!known)
        return vpc && !vpc->has_interfaces;
    return known->space != identity->space ||
           !fle_text_equal(fle_snapshot_text(last, known, FLE_ATTR_SUBNET_ID),
                           identity->single[FLE_ATTR_SUBNET_ID]);
}

/* A new one has the number of its first entry. */
static bool note_entry(updating *u, flowenrich_text id, uint32_t number, uint32_t entry)
{
    fle_journal_writer *journal = &u->layer->journal;
    const uint32_t hash = (uint32_t)fle_hash(id.data, id.len, u->snapshot->seed);

    if (number != FLE_NOBODY)
        return fle_journal_add(journal, FLE_NOTED_ENTRY, number, entry);
    u->snapshot->n_interfaces++;
    u->snapshot->n_named++;
    return fle_journal_add(journal, FLE_NOTED_INTERFACE, hash, entry);
}

/* Its number is the one it had, or that of its entry. */
static bool add_interface(updating *u, fle_about self, uint32_t *number)
{
    fle_publishing *p = &u->publishing;
    const flowenrich_text id = fle_facts_text(p->facts, self.items->subject);
    const uint32_t known = *number;
    fle_composed x;
    uint32_t entry;

    if (!fle_compose(p, self, &x))
        return false;
    u->is_wide = u->is_wide || has_moved(u, known, &x.always);
    entry = fle_entry_writer_reserve(p->writer, 1);
    if (p->writer->failed)
        return false;
    fle_compose_write(p, entry, &x);
    *number = known != FLE_NOBODY ? known : entry;
    return !p->writer->failed && note_entry(u, id, known, entry);
}

/* An interface that facts about others made up may be there no more. */
static bool add_changed(updating *u, uint32_t interface)
{
    const fle_about self = fle_facts_about(&u->facts, FLE_SUBJECT_INTERFACE, interface);
    uint32_t number = fle_snapshot_number(u->of->last, fle_facts_text(&u->facts, interface));

    if (self.n == 0) {
        u->is_wide = u->is_wide || number != FLE_NOBODY;
        return true;
    }
    if (!add_interface(u, self, &number))
        return false;
    fle_roster_add(&u->roster, self, number, fle_touched_space(&u->touched, interface));
    return true;
}

/* Nobody is there as soon as he has something. */
static bool add_related(updating *u, uint32_t interface)
{
    const fle_about self = fle_facts_about(&u->facts, FLE_SUBJECT_INTERFACE, interface);
    uint32_t number = fle_snapshot_number(u->of->last, fle_facts_text(&u->facts, interface));

    if (self.n == 0 || fle_set_has(&u->touched.changed, interface))
        return true;
    if (number == FLE_NOBODY && !add_interface(u, self, &number))
        return false;
    fle_roster_add(&u->roster, self, number, fle_touched_space(&u->touched, interface));
    return true;
}

static void view_entries(updating *u)
{
    u->snapshot->added = fle_entry_writer_view(&u->layer->writer);
    u->snapshot->entries.added = &u->snapshot->added;
}

static bool add_interfaces(updating *u)
{
    const fle_touched *t = &u->touched;

    if (!fle_roster_init(&u->roster, &u->facts, t->changed.n + t->related.n,
                         fle_facts_of(&u->facts, FLE_SUBJECT_INTERFACE), t->arena))
        return false;
    u->roster.wanted = (fle_wanted){ fle_touched_asks, t };
    for (size_t i = 0; i < t->changed.n && !u->is_wide; i++)
        if (!add_changed(u, (uint32_t)t->changed.items[i]))
            return false;
    for (size_t i = 0; i < t->related.n && !u->is_wide; i++)
        if (!add_related(u, (uint32_t)t->related.items[i]))
            return false;
    view_entries(u);
    return true;
}

/* ---- Who held their addresses. ---- */

static fle_runs runs_before(const updating *u, const fle_held_key *key)
{
    return fle_holders_find(&u->of->last->holders, key->space, &key->base, (uint8_t)key->bits);
}

static bool claim(updating *u, const fle_held_key *key)
{
    const fle_claim new = { .cidr = { key->base, (uint8_t)key->bits }, .space = key->space };

    return key->space == 0 || key->space == FLE_PUBLIC ||
           fle_spaces_holds(&u->snapshot->spaces, key->space, &key->base, FLE_ANY_TIME) ||
           fle_layer_add_claim(u->layer, &new, fle_claims_hash(&new.cidr, u->snapshot->seed));
}

static bool add_key(updating *u, const fle_held_key *key, fle_runs runs)
{
    const fle_runs before = runs_before(u, key);
    flowenrich_snapshot *snapshot = u->snapshot;

    if (before.n == runs.n &&
        (before.n == 0 || memcmp(before.items, runs.items, before.n * sizeof *runs.items) == 0))
        return true;
    snapshot->n_addresses += (runs.n > 0) - (size_t)(before.n > 0);
    snapshot->holders.n_intervals += runs.n - before.n;
    return (before.n > 0 || claim(u, key)) &&
           fle_layer_add_key(u->layer, key, fle_holders_hash(&snapshot->holders, key), runs);
}

/* Nobody was ever seen with a public address, should it have been otherwise before. */
static bool add_lost(updating *u, const fle_holders *now, uint32_t address)
{
    const flowenrich_text text = fle_facts_text(&u->facts, address);
    fle_held_key key = { .space = FLE_PUBLIC };
    fle_cidr cidr;

    if (!fle_cidr_parse(text.data, text.len, &cidr) ||
        fle_holders_find(now, FLE_PUBLIC, &cidr.base, cidr.bits).n > 0)
        return true;
    key.base = cidr.base;
    key.bits = cidr.bits;
    return add_key(u, &key, (fle_runs){ NULL, 0 });
}

/* A length of prefixes that there were none of. */
static bool add_lengths(updating *u, const fle_holders *now)
{
    fle_holders *holders = &u->snapshot->holders;
    size_t n = holders->n_lengths;
    uint8_t *lengths;

    for (size_t i = 0; i < now->n_lengths; i++) {
        if (memchr(holders->lengths, now->lengths[i], holders->n_lengths))
            continue;
        lengths = fle_arena_alloc(&u->layer->arena, FLE_N_LENGTHS);
        if (!lengths)
            return false;
        memcpy(lengths, holders->lengths, n);
        fle_holders_note_length(lengths, &n, now->lengths[i]);
        holders->lengths = lengths;
        holders->n_lengths = n;
    }
    return true;
}

static bool add_holders(updating *u)
{
    const fle_touched *t = &u->touched;
    fle_holders now;

    if (!fle_roster_holders(&u->roster, &u->snapshot->entries, &now, u->snapshot->seed, t->arena,
                            t->arena) ||
        !add_lengths(u, &now))
        return false;
    for (size_t i = 0; i < now.n_keys; i++)
        if (!add_key(u, &now.keys[i], fle_holders_runs(&now, &now.keys[i])))
            return false;
    for (size_t i = 0; i < t->asked.n; i++)
        if (!add_lost(u, &now, (uint32_t)t->asked.items[i]))
            return false;
    return true;
}

/* ---- What VPCs have. ---- */

static bool has_block(fle_lot lot, const fle_cidr *cidr)
{
    for (size_t i = 0; i < lot.vpc->cidrs.n; i++)
        if (fle_cidr_compare(&lot.of->cidrs[lot.vpc->cidrs.first + i].cidr, cidr) == 0)
            return true;
    return false;
}

/* No block is ever lost: there was a time when it was one. */
static bool claim_blocks(updating *u, uint32_t space, const fle_vpc *vpc)
{
    const fle_parts parts = fle_vpc_writer_view(&u->layer->vpcs);
    const fle_lot before = fle_spaces_lot(&u->of->last->spaces, space);

    for (size_t i = 0; i < vpc->cidrs.n; i++) {
        const fle_claim new = { .cidr = parts.cidrs[vpc->cidrs.first + i].cidr, .space = space };

        if (!has_block(before, &new.cidr) &&
            !fle_layer_add_claim(u->layer, &new, fle_claims_hash(&new.cidr, u->snapshot->seed)))
            return false;
    }
    return true;
}

/* What is said at once of two VPCs counts for one of them. */
static bool has_interfaces(const updating *u, uint32_t vpc)
{
    const fle_about all = fle_facts_of(&u->facts, FLE_SUBJECT_INTERFACE);

    for (size_t i = 0; i < all.n; i++) {
        const fle_fact *fact = &all.items[i];

        if (fact->predicate == FLE_FACT_VPC && fact->value == vpc && fact->subject != 0 &&
            fle_about_newest(fle_facts_about(&u->facts, FLE_SUBJECT_INTERFACE, fact->subject),
                             FLE_FACT_VPC) == vpc)
            return true;
    }
    return false;
}

static bool add_vpc(updating *u, uint32_t id, fle_members members)
{
    fle_publishing *p = &u->publishing;
    const uint32_t space = fle_publish_space(p, id);
    fle_vpc vpc = *fle_spaces_vpc(&u->of->last->spaces, space);

    vpc.has_interfaces = vpc.has_interfaces || has_interfaces(u, id);
    return fle_vpc_write(p, &u->layer->vpcs, id, fle_members_of(members, space), &vpc) &&
           claim_blocks(u, space, &vpc) && fle_layer_add_vpc(u->layer, space, &vpc);
}

static bool add_vpcs(updating *u)
{
    const fle_set *vpcs = &u->touched.vpcs;
    fle_members members;

    u->snapshot->spaces.joins_loaded |= u->touched.has_joins;
    if (vpcs->n == 0)
        return true;
    if (!fle_members_find(&u->publishing, &members))
        return false;
    for (size_t i = 0; i < vpcs->n; i++)
        if (!add_vpc(u, (uint32_t)vpcs->items[i], members))
            return false;
    return true;
}

/* ---- The snapshot. ---- */

/* It has the arrays of the whole one, and sees of the layer what is there now. */
static void view_layer(updating *u)
{
    flowenrich_snapshot *snapshot = u->snapshot;

    view_entries(u);
    snapshot->journal = u->layer->journal.now;
    snapshot->claimed = u->layer->claims;
    snapshot->claimed_lengths = u->layer->claim_lengths;
    snapshot->n_claimed_lengths = u->layer->n_claim_lengths;
    snapshot->holders.journal = &snapshot->journal;
    snapshot->holders.newer = u->layer->keys;
    snapshot->holders.newer_runs = u->layer->runs;
    snapshot->spaces.entries = &snapshot->entries;
    snapshot->spaces.journal = &snapshot->journal;
    snapshot->spaces.newer = u->layer->vpcs.vpcs.items;
    snapshot->spaces.newer_parts = fle_vpc_writer_view(&u->layer->vpcs);
}

static flowenrich_snapshot *new_snapshot(const fle_update *of)
{
    flowenrich_snapshot *last = of->last, *new = fle_snapshot_new(&last->allocator);
    fle_layer *layer;

    if (!new)
        return NULL;
    layer = last->layer ? fle_layer_ref(last->layer)
                        : fle_layer_new(&last->allocator, &last->entries, last->seed);
    if (!layer) {
        flowenrich_snapshot_free(new);
        return NULL;
    }
    fle_snapshot_share(new, last, last->whole ? last->whole : last);
    new->layer = layer;
    return new;
}

static bool update(updating *u)
{
    fle_publishing *p = &u->publishing;
    fle_touched *t = &u->touched;

    fle_touch(t, u->of->ledger, u->of->begin, u->of->last, p->scratch);
    u->is_wide = t->is_wide;
    if (t->failed || u->is_wide)
        return !t->failed;
    if (!fle_touched_facts(t, &u->facts) || !fle_derive(&u->facts, p->scratch))
        return false;
    if (!add_vpcs(u))
        return false;
    view_layer(u);
    return add_interfaces(u) && (u->is_wide || add_holders(u));
}

fle_updated fle_update_snapshot(const fle_update *of, flowenrich_snapshot **out)
{
    updating u = { .of = of, .snapshot = new_snapshot(of) };
    fle_arena scratch, room;
    fle_buffer buffer;
    bool done;

    *out = NULL;
    if (!u.snapshot)
        return FLE_UPDATE_NO_MEMORY;
    u.layer = u.snapshot->layer;
    fle_arena_init(&scratch, &u.snapshot->allocator);
    fle_arena_init(&room, &u.snapshot->allocator);
    fle_buffer_init(&buffer, &u.snapshot->allocator);
    u.publishing = (fle_publishing){ .facts = &u.facts,
                                     .kinds = of->kinds,
                                     .snapshot = u.snapshot,
                                     .writer = &u.layer->writer,
                                     .scratch = &scratch,
                                     .room = &room,
                                     .buffer = &buffer,
                                     .ledger = of->ledger,
                                     .is_partial = true };
    done = update(&u);
    view_layer(&u);
    fle_free(&u.snapshot->allocator, u.facts.items);
    fle_buffer_free(&buffer);
    fle_arena_free(&room);
    fle_arena_free(&scratch);
    if (done && !u.is_wide) {
        *out = u.snapshot;
        return FLE_UPDATED;
    }
    flowenrich_snapshot_free(u.snapshot);
    return done ? FLE_UPDATE_TOO_WIDE : FLE_UPDATE_NO_MEMORY;
}
