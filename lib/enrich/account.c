/* SPDX-License-Identifier: Apache-2.0 */
/* Who logged packets of a record's tuple, when, and how many: what proofs are made of. */
#include "enrich/account.h"

#define REACH FLE_MIRRORS_REACH

void fle_account_begin(fle_account *a, const fle_context *context, const fle_facts *facts,
                       fle_side side, const fle_witness *witness)
{
    a->context = context;
    a->facts = facts;
    a->side = side;
    a->witness = witness;
    a->start = facts->from + context->slack;
    a->end = facts->until - context->slack;
    a->is_lasting = fle_witness_is_primary(witness, facts->wire[side]);
    a->from = INT64_MIN;
    a->until = INT64_MAX;
    a->n = 0;
    a->is_disturbed = a->is_too_much = a->is_doubled = false;
}

static fle_teller teller_of(const fle_account *a, const fle_sight *sight)
{
    if (sight->witness == a->witness)
        return FLE_TELLER_MIRROR;
    if (fle_text_equal(sight->witness->id, a->facts->observer))
        return FLE_TELLER_OBSERVER;
    return sight->own == fle_other(a->side) ? FLE_TELLER_COLLEAGUE : FLE_TELLER_STRANGER;
}

/* Up to strangers the packets are only those of the two. */
static void keep_apart(fle_account *a, const fle_piece *stranger)
{
    const int64_t slack = a->context->slack;

    if (stranger->end + slack < a->start)
        a->from = stranger->end + slack > a->from ? stranger->end + slack : a->from;
    else if (stranger->start - slack > a->end)
        a->until = stranger->start - slack < a->until ? stranger->start - slack : a->until;
    else
        a->is_disturbed = true;
}

static flowenrich_text vpc_of(const fle_account *a, const fle_witness *witness)
{
    return fle_context_vpc(a->context, fle_context_find(a->context, witness->id),
                           witness->told[FLE_TOLD_VPC]);
}

/* The same tuple in a VPC of neither end is of other packets. */
static bool is_elsewhere(const fle_account *a, const fle_witness *stranger)
{
    const flowenrich_text there = vpc_of(a, stranger), here = a->facts->vpc[a->side];
    const flowenrich_text witness = vpc_of(a, a->witness);

    return there.len && here.len && witness.len && !fle_text_equal(there, here) &&
           !fle_text_equal(there, witness);
}

static fle_tuple tuple_from(const fle_facts *facts, fle_side from)
{
    const fle_side to = fle_other(from);

    return (fle_tuple){ { facts->wire[from], facts->wire[to] },
                        { facts->port[from], facts->port[to] },
                        facts->protocol };
}

fle_tuple fle_facts_tuple(const fle_facts *facts)
{
    return tuple_from(facts, FLE_SRC);
}

fle_tuple fle_facts_return(const fle_facts *facts)
{
    return tuple_from(facts, FLE_DST);
}

/* Did it log the packets from the other side, too: first in, then out? */
static bool logged_both(const fle_account *a, const fle_sight *of)
{
    const fle_tuple tuple = fle_facts_tuple(a->facts);
    fle_sight sight;
    fle_look look;

    fle_look_begin(&look, a->context->mirrors, &tuple, a->start - REACH, a->end + REACH);
    while (fle_look_next(&look, &sight))
        if (sight.witness == of->witness && sight.own == fle_other(of->own))
            return true;
    return false;
}

/* All addresses of an interface are of its subnet: else both can't have had one and the same. */
static bool is_of_same_subnet(const fle_account *a, const fle_witness *colleague)
{
    const fle_witness *observer = fle_mirrors_find(a->context->mirrors, a->facts->observer);
    const flowenrich_text there = colleague->told[FLE_TOLD_SUBNET];

    return observer && there.len && fle_text_equal(there, observer->told[FLE_TOLD_SUBNET]);
}

/*
 * Had somebody the address overwritten because the packets were others'? Who sent them may
 * have it as a secondary one of his own, which the inventory tells, or what else he logged.
 */
static bool passes_on(const fle_account *a, const fle_sight *sight, fle_teller by)
{
    const fle_entry *interface;

    if (!sight->overwritten || by != FLE_TELLER_COLLEAGUE)
        return sight->overwritten;
    interface = fle_context_find(a->context, sight->witness->id);
    if (interface)
        return fle_entry_forwards(interface) ||
               !fle_snapshot_is_own(a->context->snapshot, interface, a->facts->wire[sight->own]);
    return !is_of_same_subnet(a, sight->witness) || logged_both(a, sight);
}

/*
 * If the observer passed packets on, a colleague's are the same as its own; or others, if the
 * address moved from one to the other.
 */
static void note(fle_account *a, const fle_sight *sight)
{
    const fle_piece p = { .start = sight->start,
                          .end = sight->end,
                          .packets = sight->packets,
                          .by = teller_of(a, sight),
                          .rejected = sight->rejected,
                          .is_sideless = sight->own == FLE_N_SIDES };

    if (p.by >= FLE_TELLER_COLLEAGUE && is_elsewhere(a, sight->witness))
        return;
    if (p.by == FLE_TELLER_COLLEAGUE && a->facts->is_hop) {
        a->is_doubled = true;
        return;
    }
    if (p.by >= FLE_TELLER_COLLEAGUE && passes_on(a, sight, p.by))
        return;
    if (p.by == FLE_TELLER_COLLEAGUE || (p.by == FLE_TELLER_STRANGER && !a->is_lasting))
        keep_apart(a, &p);
    if (a->n < FLE_MOST_PIECES)
        a->items[a->n++] = p;
    else
        a->is_too_much = true;
}

/*
 * Two flow logs of one interface tell the same packets. Where only one of them tells the side,
 * that one is kept; of the observer the one that has the record in question.
 */
static void keep_one_log(fle_account *a, fle_teller by)
{
    bool has_side = false, sideless = false;
    size_t n = 0;

    for (size_t i = 0; i < a->n; i++) {
        const fle_piece *p = &a->items[i];

        has_side = has_side || (p->by == by && !p->is_sideless);
        sideless = sideless || (p->by == by && by == FLE_TELLER_OBSERVER && p->is_sideless &&
                                p->start == a->start && p->end == a->end);
    }
    for (size_t i = 0; has_side && i < a->n; i++)
        if (a->items[i].by != by || a->items[i].is_sideless == sideless)
            a->items[n++] = a->items[i];
    a->n = has_side ? n : a->n;
}

void fle_account_gather(fle_account *a)
{
    const fle_tuple tuple = fle_facts_tuple(a->facts);
    fle_sight sight;
    fle_look look;

    fle_look_begin(&look, a->context->mirrors, &tuple, a->start - REACH, a->end + REACH);
    while (!a->is_too_much && fle_look_next(&look, &sight))
        note(a, &sight);
    keep_one_log(a, FLE_TELLER_OBSERVER);
    keep_one_log(a, FLE_TELLER_MIRROR);
}
