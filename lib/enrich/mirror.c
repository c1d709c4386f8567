/* SPDX-License-Identifier: Apache-2.0 */
/* The mirror: an end's own record of the same packets names it. */
#include "enrich/mirror.h"

#include "enrich/metadata.h"
#include "enrich/proof.h"

/* Of more interfaces than these nobody is told apart. */
#define MOST 16

typedef struct candidate {
    const fle_witness *witness;
    const fle_entry *interface;
    bool is_end;    /* it logged the side as its own, and the address is its own */
    bool is_beyond; /* it logged the other side as its own: it passed them on */
    bool is_either; /* its side isn't known */
} candidate;

/* The question, and all who logged the tuple. */
typedef struct search {
    const fle_context *context;
    const fle_facts *facts;
    fle_side side;
    candidate items[MOST];
    size_t n;
    bool overflowed;
} search;

static bool is_own(const search *s, const candidate *c, fle_side side)
{
    return c->interface &&
           fle_snapshot_is_own(s->context->snapshot, c->interface, s->facts->wire[side]);
}

/* By its documents, or by what its records call it. */
static bool forwards(const candidate *c)
{
    const fle_kind *kind;

    if (c->interface)
        return fle_entry_forwards(c->interface);
    kind = fle_kind_find(c->witness->told[FLE_TOLD_KIND]);
    return kind && kind->forwards;
}

/*
 * Without documents: all addresses of an interface are of its subnet, and nobody within a subnet
 * sends by way of another. If it is somebody's of that subnet to whom it passes packets on
 * that come from elsewhere, it logs them out again, too.
 */
static bool is_of_its_subnet(const search *s, const candidate *c)
{
    const fle_witness *w = c->witness;

    return !c->interface && !forwards(c) &&
           fle_mirrors_is_of_subnet(s->context->mirrors, w, s->facts->wire[s->side]) &&
           fle_mirrors_has_all_of(s->context->mirrors, w, s->facts->from, s->facts->until);
}

/*
 * An IPv4 address that wasn't overwritten is the interface's primary one. Of what was, only
 * documents tell whether it is a secondary one, a pod's, or somebody else's whose packets
 * were passed on. IPv6 is never overwritten: there an interface must be known to pass
 * nothing on, or have logged IPv4 of its own and never any other.
 */
static bool holds(const search *s, const candidate *c, const fle_sight *sight)
{
    const bool is_v4 = fle_address_is_v4(s->facts->wire[s->side]);

    if (is_own(s, c, s->side) || (sight->overwritten && is_of_its_subnet(s, c)))
        return true;
    if (sight->overwritten || is_own(s, c, fle_other(s->side)) || forwards(c))
        return false;
    return is_v4 || c->interface ||
           (c->witness->has_own && !fle_mirrors_passes_on(s->context->mirrors, c->witness));
}

/* Of a record without a direction the inventory must know it. */
static fle_side own_side(const search *s, const candidate *c, const fle_sight *sight)
{
    return sight->own != FLE_N_SIDES
               ? sight->own
               : fle_context_side(s->context, c->interface, s->facts->wire,
                                  sight->start - s->context->slack, sight->end + s->context->slack);
}

/* Is the address known to lie in none of the VPC's blocks? */
static bool is_outside(const search *s, flowenrich_text vpc, fle_side side)
{
    return s->context->snapshot &&
           !fle_snapshot_may_hold(s->context->snapshot, vpc, fle_text("", 0), s->facts->wire[side]);
}

/*
 * The same tuple may be in use in another VPC with the same addresses. It is the same
 * packets in one VPC, or where neither VPC has the addresses of the other's end.
 */
static bool shares_space(const search *s, const candidate *c)
{
    const flowenrich_text here = s->facts->vpc[s->side];
    const flowenrich_text there =
        fle_context_vpc(s->context, c->interface, c->witness->told[FLE_TOLD_VPC]);

    if (!here.len || !there.len || fle_text_equal(here, there))
        return true;
    return !s->facts->by_gateway && is_outside(s, here, s->side) &&
           is_outside(s, there, fle_other(s->side));
}

static candidate *find_candidate(search *s, const fle_witness *witness)
{
    candidate *c = s->items;

    while (c < s->items + s->n && c->witness != witness)
        c++;
    if (c < s->items + s->n)
        return c;
    if (s->n == MOST) {
        s->overflowed = true;
        return NULL;
    }
    memset(c, 0, sizeof *c);
    c->witness = witness;
    if (s->context->snapshot)
        c->interface = fle_snapshot_interface(s->context->snapshot, witness->id);
    s->n++;
    return c;
}

static void note(search *s, const fle_sight *sight)
{
    candidate *c = find_candidate(s, sight->witness);
    fle_side own;

    if (!c)
        return;
    own = own_side(s, c, sight);
    if (own == fle_other(s->side))
        c->is_beyond = true;
    else if (own == s->side && holds(s, c, sight))
        c->is_end = true;
    c->is_either = c->is_either || (own == FLE_N_SIDES && !forwards(c));
}

/* The text that comes first, so that the order of the log makes no difference. */
static const fle_witness *earlier(const fle_witness *a, const fle_witness *b)
{
    return a && fle_text_compare(a->id, b->id) <= 0 ? a : b;
}

/* Did it log the packets as its own, as far as it is known? */
static bool may_be(const search *s, const candidate *c)
{
    return c->is_end && !c->is_beyond && shares_space(s, c);
}

/* May it be the end, though nothing is known of that? The observer is the other one. */
static bool is_suspect(const search *s, const candidate *c)
{
    return c->is_either && !c->is_end && !c->is_beyond && shares_space(s, c) &&
           s->facts->own == fle_other(s->side) && !s->facts->is_hop &&
           !fle_text_equal(c->witness->id, s->facts->observer);
}

/*
 * Is this one known to have had the address when the packets came? Where others logged them,
 * too, an address that may come and go and come back isn't believed to have stayed.
 */
static uint32_t how_known(const search *s, const candidate *c, bool is_only)
{
    return is_only || fle_witness_is_primary(c->witness, s->facts->wire[s->side])
               ? fle_proof_knows(s->context, s->facts, s->side, c->witness, s->facts->from,
                                 s->facts->until - s->context->slack)
               : 0;
}

/* Is nobody missing who may have got the packets? */
static bool is_whole(const search *s)
{
    const fle_mirrors *mirrors = s->context->mirrors;

    return !fle_facts_may_be_either(s->facts) &&
           fle_context_logs_all(s->context, s->facts->vpc[s->side], fle_text("", 0)) &&
           fle_mirrors_has_all(mirrors, s->facts->from, s->facts->until) &&
           !fle_mirrors_expects(mirrors, s->facts->until);
}

/* Who of those in question had the address, as far as that is known? NULL if it isn't. */
static const candidate *choose(const search *s)
{
    const candidate *chosen = NULL;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        if (may_be(s, &s->items[i]) && how_known(s, &s->items[i], false))
            return &s->items[i];
    for (size_t i = 0; i < s->n; i++) {
        if (!may_be(s, &s->items[i]) ||
            !fle_proof_tells_apart(s->context, s->facts, s->side, s->items[i].witness))
            continue;
        chosen = &s->items[i];
        n++;
    }
    return n == 1 ? chosen : NULL;
}

/* How sure is it that the packets came to the only one in question? 0 if it isn't proven. */
static uint32_t how_proven(const search *s, const candidate *only, bool *is_denied)
{
    const uint32_t sure = fle_proof_holds(s->context, s->facts, s->side, only->witness);

    if (sure)
        return sure;
    *is_denied = fle_proof_denies(s->context, s->facts, s->side, only->witness);
    return *is_denied ? 0 : how_known(s, only, is_whole(s));
}

static void settle(const search *s, fle_mirrored *out)
{
    const candidate *chosen = NULL;
    bool is_denied = false;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const candidate *c = &s->items[i];

        if (!may_be(s, c) && !is_suspect(s, c))
            continue;
        chosen = may_be(s, c) ? c : chosen;
        out->rival = earlier(out->rival, c->witness);
        n++;
    }
    out->is_only = n == 1 && !s->overflowed;
    out->sure = FLOWENRICH_SURE_EXACT;
    if (out->is_only && chosen)
        out->sure = how_proven(s, chosen, &is_denied);
    else if (chosen)
        chosen = choose(s);
    out->is_only = out->is_only && !is_denied;
    if (!chosen || !out->sure)
        return;
    out->witness = chosen->witness;
    out->interface = chosen->interface;
    out->rival = NULL;
}

void fle_mirror_find(const fle_context *context, const fle_facts *facts, fle_side side,
                     fle_mirrored *out)
{
    const fle_tuple tuple = {
        { facts->wire[FLE_SRC], facts->wire[FLE_DST] },
        { facts->port[FLE_SRC], facts->port[FLE_DST] },
        facts->protocol,
    };
    search s = { .context = context, .facts = facts, .side = side };
    fle_sight sight;
    fle_look look;

    memset(out, 0, sizeof *out);
    fle_look_begin(&look, context->mirrors, &tuple, facts->from, facts->until);
    while (fle_look_next(&look, &sight))
        note(&s, &sight);
    settle(&s, out);
}
