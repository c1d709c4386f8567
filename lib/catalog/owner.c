/* SPDX-License-Identifier: Apache-2.0 */
/* Who an address is, seen from some VPC: which space it means, and who held it there. */
#include <string.h>

#include "catalog/routes.h"
#include "catalog/snapshot.h"

fle_by fle_named_by(uint32_t space, const fle_address *address, bool prefix)
{
    if (prefix)
        return FLE_BY_PREFIX;
    return space == FLE_PUBLIC && fle_address_is_v4(address) ? FLE_BY_PUBLIC_ADDRESS
                                                             : FLE_BY_ADDRESS;
}

static flowenrich_text id_of(const flowenrich_snapshot *snapshot, uint32_t interface)
{
    const fle_entry *entry = fle_entries_at(&snapshot->entries, interface);

    return entry ? fle_snapshot_text(snapshot, entry, FLE_ATTR_INTERFACE_ID) : fle_text("", 0);
}

/* Whoever logs has been seen as long as it was there: past its last record nothing is assumed. */
static bool would_have_shown(const flowenrich_snapshot *snapshot, const fle_question *question,
                             const fle_held *held, const fle_entry *holder)
{
    return held->sure == FLOWENRICH_SURE_ASSUMED && !snapshot->assumes_all &&
           !question->is_for_key && question->from != FLOWENRICH_TIME_ABSENT &&
           (holder->flags & FLE_ENTRY_LOGS) != 0;
}

static fle_held ask(const flowenrich_snapshot *snapshot, uint32_t space,
                    const fle_question *question)
{
    fle_sought sought = { .space = space, .address = &question->address };
    fle_held held;

    if (space == question->space)
        sought.trail = question->trail;
    fle_holders_ask(&snapshot->holders, &sought, question->from, question->until, snapshot->assume,
                    &held);
    return held;
}

/* Tell of an address where it is known to belong. */
static void settle(const flowenrich_snapshot *snapshot, uint32_t space,
                   const fle_question *question, fle_held held, fle_finding *out)
{
    const fle_entry *holder =
        held.interface != FLE_NOBODY ? fle_snapshot_at(snapshot, held.interface) : NULL;

    out->space = space != FLE_PUBLIC ? space : 0;
    if (holder && !fle_entry_has(holder, FLE_ATTR_INTERFACE_ID)) { /* associated with nothing */
        held.reason = FLE_REASON_NOT_IN_INVENTORY;
        holder = NULL;
    }
    if (holder && would_have_shown(snapshot, question, &held, holder)) {
        held.rival = held.interface;
        held.reason = FLE_REASON_NOT_OBSERVED_THEN;
        holder = NULL;
    }
    if (holder) {
        out->owner = fle_snapshot_then(snapshot, holder, question->from, question->until);
        out->by = fle_named_by(space, &question->address, held.prefix);
        out->sure = held.sure;
        out->lasting = held.lasting;
        fle_snapshot_narrow(snapshot, holder, question->from, question->until, &out->lasting);
    }
    if (held.rival != FLE_NOBODY)
        out->rival = id_of(snapshot, held.rival);
    out->reason = held.reason;
    out->first = held.first;
    out->last = held.last;
}

static void resolve(const flowenrich_snapshot *snapshot, uint32_t space,
                    const fle_question *question, fle_finding *out)
{
    settle(snapshot, space, question, ask(snapshot, space, question), out);
}

static fle_span span_of(const fle_question *question)
{
    const fle_span then = { question->from, question->until };

    return question->from == FLOWENRICH_TIME_ABSENT ? FLE_NOW : then;
}

/*
 * In the observer's own space, if the address lies there. One that was seen on an interface
 * of a VPC does, whatever blocks are known of that.
 */
static bool resolve_own(const flowenrich_snapshot *snapshot, const fle_question *question,
                        fle_finding *out)
{
    const fle_held held = ask(snapshot, question->space, question);

    if (held.reason == FLE_REASON_NOT_IN_INVENTORY &&
        !fle_spaces_holds(&snapshot->spaces, question->space, &question->address,
                          span_of(question)))
        return false;
    settle(snapshot, question->space, question, held, out);
    return true;
}

/* Joined to the observer's, and by its routes, as far as they are known. */
static bool is_reached(const flowenrich_snapshot *snapshot, const fle_question *question,
                       uint32_t space)
{
    return fle_spaces_are_joined(&snapshot->spaces, question->space, space, span_of(question)) &&
           fle_routes_lead(&snapshot->spaces, question->space, space, &question->address,
                           span_of(question));
}

/* The spaces other than the observer's that may have an address, or of those joined to it. */
typedef struct search {
    const flowenrich_snapshot *snapshot;
    const fle_question *question;
    bool joined;
    uint32_t found; /* 0 if there is none yet, FLE_PUBLIC if there are more than one */
} search;

/* Is an address in a block that the VPC had, or got, at another time? */
static bool is_of_another_time(const search *s, uint32_t space)
{
    const fle_spaces *spaces = &s->snapshot->spaces;
    const fle_address *address = &s->question->address;

    return fle_spaces_holds(spaces, space, address, FLE_ANY_TIME) &&
           !fle_spaces_holds(spaces, space, address, span_of(s->question));
}

static void note_space(search *s, uint32_t space)
{
    if (space == s->question->space || space == s->found || s->found == FLE_PUBLIC ||
        (s->joined && !is_reached(s->snapshot, s->question, space)) || is_of_another_time(s, space))
        return;
    s->found = s->found ? FLE_PUBLIC : space;
}

/* What was claimed since the snapshot was whole. */
static void note_newer(search *s)
{
    const flowenrich_snapshot *snapshot = s->snapshot;

    for (size_t i = 0; i < snapshot->n_claimed_lengths; i++) {
        fle_cidr cidr = { s->question->address, snapshot->claimed_lengths[i] };
        fle_reading reading;
        uint32_t index;

        fle_address_keep(&cidr.base, cidr.bits);
        reading = fle_journal_begin(&snapshot->journal, FLE_NOTED_CLAIM,
                                    fle_claims_hash(&cidr, snapshot->seed));
        while (fle_journal_next(&reading, &index))
            if (fle_cidr_compare(&snapshot->claimed[index].cidr, &cidr) == 0)
                note_space(s, snapshot->claimed[index].space);
    }
}

/* The one such space: 0 if there is none, FLE_PUBLIC if there are more. */
static uint32_t find_space(const flowenrich_snapshot *snapshot, const fle_question *question,
                           bool joined)
{
    const fle_claims *claims = &snapshot->claims;
    search s = { snapshot, question, joined, 0 };
    fle_claimed at = { 0, 0, 0 };

    while (fle_claims_next(claims, &question->address, &at))
        for (size_t i = at.begin; i < at.end; i++)
            note_space(&s, claims->items[i].space);
    note_newer(&s);
    return s.found;
}

/* Unless all blocks of the observer's own VPC are known, the address may lie in that. */
static void resolve_joined(const flowenrich_snapshot *snapshot, uint32_t joined,
                           const fle_question *question, fle_finding *out)
{
    const fle_vpc *own = fle_spaces_vpc(&snapshot->spaces, question->space);

    resolve(snapshot, joined, question, out);
    if (out->owner && !own->known[fle_address_is_v4(&question->address) ? 0 : 1])
        out->sure = FLOWENRICH_SURE_ASSUMED;
}

/*
 * A private address outside of all that the observer can reach, as far as is
 * known. If no document says what can be reached, and all blocks of all VPCs are
 * known, then the only VPC that has it may be meant: but that is an assumption.
 */
static void resolve_elsewhere(const flowenrich_snapshot *snapshot, const fle_question *question,
                              fle_finding *out)
{
    const fle_spaces *spaces = &snapshot->spaces;
    const uint32_t found = find_space(snapshot, question, false);

    if (found == 0) {
        out->reason = FLE_REASON_NOT_IN_INVENTORY;
    } else if (spaces->joins_loaded || !fle_spaces_all_known(spaces, &question->address)) {
        out->reason = FLE_REASON_UNREACHABLE_SPACE;
    } else if (found == FLE_PUBLIC) {
        out->reason = FLE_REASON_AMBIGUOUS_CIDR;
    } else {
        resolve(snapshot, found, question, out);
        if (out->owner)
            out->sure = FLOWENRICH_SURE_ASSUMED;
    }
}

/*
 * Was an address that nobody is found to have never anybody's, nor in a block of any VPC? Then
 * nobody is found at any time. What was claimed since the snapshot was whole isn't looked through.
 */
static bool is_nobody_s(const flowenrich_snapshot *snapshot, const fle_question *question,
                        const fle_finding *finding)
{
    fle_claimed at = { 0, 0, 0 };

    return finding->reason == FLE_REASON_NOT_IN_INVENTORY &&
           finding->first == FLOWENRICH_TIME_ABSENT && snapshot->n_claimed_lengths == 0 &&
           !fle_claims_next(&snapshot->claims, &question->address, &at) &&
           !fle_spaces_holds(&snapshot->spaces, question->space, &question->address, FLE_ANY_TIME);
}

void fle_snapshot_owner(const flowenrich_snapshot *snapshot, const fle_question *question,
                        fle_finding *out)
{
    const bool in_space = question->space > 0 && question->space <= snapshot->spaces.n_vpcs;
    uint32_t joined = 0;

    memset(out, 0, sizeof *out);
    out->first = out->last = FLOWENRICH_TIME_ABSENT;
    out->lasting = FLE_LASTS_NEVER;
    if (in_space && resolve_own(snapshot, question, out))
        return;
    if (in_space && fle_spaces_vpc(&snapshot->spaces, question->space)->joins.n > 0)
        joined = find_space(snapshot, question, true);
    if (joined == FLE_PUBLIC)
        out->reason = FLE_REASON_AMBIGUOUS_CIDR;
    else if (joined)
        resolve_joined(snapshot, joined, question, out);
    else if (!fle_address_is_private(&question->address))
        resolve(snapshot, FLE_PUBLIC, question, out);
    else if (in_space)
        resolve_elsewhere(snapshot, question, out);
    else
        out->reason = FLE_REASON_UNKNOWN_SPACE;
    /* Blocks, routes and what is joined may change, too. */
    out->lasting =
        in_space && is_nobody_s(snapshot, question, out) ? FLE_LASTS_EVER : FLE_LASTS_NEVER;
}

void fle_snapshot_only_owner(const flowenrich_snapshot *snapshot, const fle_question *question,
                             fle_finding *out)
{
    uint32_t found;

    fle_snapshot_owner(snapshot, question, out);
    if (out->owner || out->reason != FLE_REASON_UNKNOWN_SPACE)
        return;
    found = find_space(snapshot, question, false);
    if (found == 0)
        out->reason = FLE_REASON_NOT_IN_INVENTORY;
    else if (found == FLE_PUBLIC)
        out->reason = FLE_REASON_AMBIGUOUS_CIDR;
    else
        resolve(snapshot, found, question, out);
}
