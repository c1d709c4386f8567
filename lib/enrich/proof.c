/* SPDX-License-Identifier: Apache-2.0 */
/* Did the packets of a record reach whoever logged the same tuple about then? */
#include "enrich/proof.h"

#include "enrich/account.h"

#define REACH FLE_MIRRORS_REACH
#define FILE_SECONDS 300 /* that a file's records end within */

/* How sure the catalog is that the witness had the address; 0 if it isn't. */
static uint32_t how_sure(const fle_context *context, const fle_facts *facts, fle_side side,
                         const fle_witness *witness, flowenrich_time from, flowenrich_time until)
{
    const fle_question question = {
        .space = facts->space[side], .address = *facts->wire[side], .from = from, .until = until
    };
    fle_finding finding;

    if (!context->snapshot || from == FLOWENRICH_TIME_ABSENT)
        return 0;
    fle_snapshot_owner(context->snapshot, &question, &finding);
    return finding.owner && fle_text_equal(fle_snapshot_text(context->snapshot, finding.owner,
                                                             FLE_ATTR_INTERFACE_ID),
                                           witness->id)
               ? finding.sure
               : 0;
}

uint32_t fle_proof_knows(const fle_context *context, const fle_facts *facts, fle_side side,
                         const fle_witness *witness, flowenrich_time from, flowenrich_time until)
{
    const uint32_t sure = how_sure(context, facts, side, witness, from, until);

    if (sure <= FLOWENRICH_SURE_ASSUMED)
        return 0;
    return fle_witness_is_primary(witness, facts->wire[side]) ? FLOWENRICH_SURE_EXACT : sure;
}

/* ---- Is anything missing? ---- */

static bool has_all(const fle_account *a, flowenrich_time from, flowenrich_time until)
{
    return fle_mirrors_has_all(a->context->mirrors, from - a->context->slack,
                               until + a->context->slack);
}

/* That nobody else logged the packets says something once all records have come. */
static bool is_whole(const fle_account *a)
{
    return has_all(a, a->start, a->end) &&
           fle_context_logs_all(a->context, a->facts->vpc[a->side], fle_text("", 0)) &&
           !fle_mirrors_expects(a->context->mirrors, a->end + a->context->slack);
}

/*
 * Are all packets that the observer sent by a time among those counted? Its records come in
 * files, one after the other, though in no order within one.
 */
static bool has_sent_all(const fle_account *a, flowenrich_time from, flowenrich_time until)
{
    const flowenrich_time last = until + a->context->slack;
    const fle_witness *observer = fle_mirrors_find(a->context->mirrors, a->facts->observer);

    return observer && has_all(a, from, until) &&
           !fle_witness_skipped(observer, from - a->context->slack, last) &&
           (!fle_mirrors_expects(a->context->mirrors, last) ||
            observer->life.until - FILE_SECONDS >= last);
}

/* ---- Life: the primary address is an interface's from its first record to its last. ---- */

static bool lived_before(const fle_account *a, flowenrich_time time)
{
    return a->is_lasting && a->witness->life.from <= time - a->context->slack;
}

/* A record begins up to the slack before its start says. */
static bool lived_after(const fle_account *a, flowenrich_time time)
{
    return a->is_lasting && a->witness->life.until >= time + a->context->slack;
}

static uint32_t had_before(const fle_account *a, flowenrich_time time)
{
    return lived_before(a, time) ? FLOWENRICH_SURE_EXACT
                                 : fle_proof_knows(a->context, a->facts, a->side, a->witness,
                                                   time - a->context->slack, time);
}

static uint32_t had_after(const fle_account *a, flowenrich_time time)
{
    return lived_after(a, time) ? FLOWENRICH_SURE_EXACT
                                : fle_proof_knows(a->context, a->facts, a->side, a->witness, time,
                                                  time + a->context->slack);
}

/* ---- Its packets. ---- */

/* Did the witness log the tuple, undisturbed? */
static bool is_mirror(const fle_account *a, const fle_piece *p)
{
    return p->by == FLE_TELLER_MIRROR && p->start >= a->from && p->end <= a->until;
}

/* Did the witness log the tuple before all of the record, and after it? */
static bool is_between(const fle_account *a)
{
    bool before = false, after = false;

    for (size_t i = 0; i < a->n; i++) {
        const fle_piece *p = &a->items[i];

        if (!is_mirror(a, p))
            continue;
        before = before || p->end <= a->facts->from;
        after = after || p->start >= a->facts->until;
    }
    return before && after;
}

/* Two flow logs of one interface count the same packets twice. */
static bool is_counted_twice(const fle_account *a)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < i; k++) {
            const fle_piece *x = &a->items[i], *y = &a->items[k];

            if (x->by == y->by && x->by <= FLE_TELLER_MIRROR && x->rejected == y->rejected &&
                x->start + a->context->slack < y->end && y->start + a->context->slack < x->end)
                return true;
        }
    return false;
}

/* The time around the record in which no pause parts one record from the next. */
static void find_exchange(const fle_account *a, flowenrich_time *from, flowenrich_time *until)
{
    bool grows = true;

    *from = a->start;
    *until = a->end;
    while (grows) {
        grows = false;
        for (size_t i = 0; i < a->n; i++) {
            const fle_piece *p = &a->items[i];

            if (p->end < *from - a->context->slack || p->start > *until + a->context->slack ||
                (p->start >= *from && p->end <= *until))
                continue;
            *from = p->start < *from ? p->start : *from;
            *until = p->end > *until ? p->end : *until;
            grows = true;
        }
    }
}

/* Packets of an exchange, up to some moment of it or from there on. */
typedef struct sums {
    uint64_t before, until, all; /* the observer's: at least before the record, at most with it */
    uint64_t by_end, from_start; /* the witness's: by the record's end, from its start on */
    uint64_t sent, came;         /* by all who sent them, to the witness */
    uint64_t elsewhere;          /* to strangers */
} sums;

/*
 * The order of the observer's records: -1 before the one in question, 1 after it, 0 if it is that
 * one or there is no telling. Each may have begun and ended up to the slack before it says so.
 */
static int order_of(const fle_account *a, const fle_piece *p)
{
    const bool may_be_before = p->end - a->context->slack <= a->start;
    const bool may_be_after = a->end - a->context->slack <= p->start;

    return (int)may_be_after - (int)may_be_before;
}

/* May packets of one record be those of another? */
static bool may_share(const fle_account *a, const fle_piece *p, const fle_piece *q)
{
    return p->start - a->context->slack <= q->end && q->start - a->context->slack <= p->end;
}

/* Packets in a record of the witness's that the observer may have sent before its own, or after. */
static uint64_t sent_else(const fle_account *a, const fle_piece *mirror, int order)
{
    uint64_t n = 0;

    for (size_t i = 0; i < a->n; i++) {
        const fle_piece *p = &a->items[i];

        if (p->by == FLE_TELLER_OBSERVER && order_of(a, p) == order && may_share(a, mirror, p))
            n += p->packets;
    }
    return n < mirror->packets ? n : mirror->packets;
}

/*
 * May the witness have lost the address during the exchange, and got it back? Documents tell, and
 * events; of one that no document has, none does.
 */
static bool may_return(const fle_account *a, flowenrich_time first, flowenrich_time last)
{
    const fle_entry *interface = fle_context_find(a->context, a->witness->id);

    return !a->is_lasting &&
           (!interface ||
            fle_snapshot_got_back(a->context->snapshot, interface, a->facts->wire[a->side],
                                  first - a->context->slack, last + a->context->slack));
}

/*
 * If it may, what it logged later says nothing of the packets up to the record, nor what it
 * logged before of those from there on.
 */
static void add_mirror(const fle_account *a, const fle_piece *p, bool returns, sums *out)
{
    if (a->is_lasting || p->start <= a->end + a->context->slack)
        out->by_end += p->packets - (returns ? sent_else(a, p, 1) : 0);
    if (a->is_lasting || p->end >= a->start - a->context->slack)
        out->from_start += p->packets - (returns ? sent_else(a, p, -1) : 0);
}

static void add_up(const fle_account *a, flowenrich_time first, flowenrich_time last, sums *out)
{
    const bool returns = may_return(a, first, last);

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < a->n; i++) {
        const fle_piece *p = &a->items[i];

        if (p->end < first || p->start > last)
            continue;
        if (is_mirror(a, p))
            add_mirror(a, p, returns, out);
        out->sent += p->by == FLE_TELLER_OBSERVER || p->by == FLE_TELLER_COLLEAGUE ? p->packets : 0;
        out->came += p->by == FLE_TELLER_MIRROR ? p->packets : 0;
        out->elsewhere += p->by == FLE_TELLER_STRANGER ? p->packets : 0;
        if (p->by != FLE_TELLER_OBSERVER)
            continue;
        out->all += p->packets;
        out->before += order_of(a, p) < 0 ? p->packets : 0;
        out->until += order_of(a, p) <= 0 ? p->packets : 0;
    }
}

/*
 * Packets come in the order they are sent. Of those that the observer counted, the
 * witness has all up to some number if it was there at the beginning, all but some
 * number if it was there at the end, and otherwise all but some number at either end.
 * If the observer is on the same side, it need not have passed on what the witness sent.
 * How sure that is; 0 if it doesn't add up.
 */
static uint32_t adds_up(const fle_account *a, bool with_strangers)
{
    flowenrich_time first, last;
    bool from_first, to_last;
    uint64_t counted;
    uint32_t sure = 0;
    sums s;

    if (a->facts->own == a->side || a->is_doubled)
        return 0;
    find_exchange(a, &first, &last);
    if (first <= a->start - REACH || last >= a->end + REACH)
        return 0;
    add_up(a, first, last, &s);
    if (s.until == s.before) /* the record itself wasn't learned from, or counts nothing */
        return 0;
    counted = s.came + (with_strangers ? s.elsewhere : 0);
    if (counted > s.sent) /* some that were sent are missing */
        return 0;
    from_first = s.until <= s.by_end && has_sent_all(a, first, a->end);
    to_last = s.all - s.before <= s.from_start && has_sent_all(a, a->start, last);
    if (a->side == FLE_SRC && counted < s.sent) { /* of what it sent, some may not have come */
        from_first = from_first && s.came <= s.until;
        to_last = to_last && s.came <= s.all - s.before;
    }
    if (from_first && to_last)
        return FLOWENRICH_SURE_EXACT;
    if (from_first)
        sure = had_before(a, first);
    else if (to_last)
        sure = had_after(a, last);
    return sure;
}

/* Did it log packets the other way, from one time to another? */
static bool logged_return(const fle_account *a, flowenrich_text id, flowenrich_time from,
                          flowenrich_time until)
{
    const fle_tuple tuple = fle_facts_return(a->facts);
    fle_sight sight;
    fle_look look;

    fle_look_begin(&look, a->context->mirrors, &tuple, from, until);
    while (fle_look_next(&look, &sight))
        if (fle_text_equal(sight.witness->id, id))
            return true;
    return false;
}

/* Has the witness counted exactly what all others have, and is it the only one on its side? */
static bool is_all(const fle_account *a)
{
    uint64_t counted[FLE_TELLER_STRANGER + 1] = { 0 };
    flowenrich_time first, last;

    find_exchange(a, &first, &last);
    for (size_t i = 0; i < a->n; i++) {
        const fle_piece *p = &a->items[i];

        if (p->end >= first && p->start <= last)
            counted[p->by] += p->by == FLE_TELLER_STRANGER ? 1 : p->packets;
    }
    return counted[FLE_TELLER_OBSERVER] > 0 && counted[FLE_TELLER_STRANGER] == 0 &&
           counted[FLE_TELLER_OBSERVER] + counted[FLE_TELLER_COLLEAGUE] ==
               counted[FLE_TELLER_MIRROR] &&
           has_sent_all(a, first, last) &&
           (!logged_return(a, a->facts->observer, first, last) ||
            logged_return(a, a->witness->id, first, last));
}

/* Does it log an address as it is on the wire? IPv4 that isn't its primary one needs pkt-*. */
static bool shows(const fle_witness *witness, const fle_address *address)
{
    return !fle_address_is_v4(address) || witness->has_own || witness->passed.is_known;
}

static bool has_logged(const fle_context *context, const fle_facts *facts, const fle_tuple *tuple,
                       const fle_witness *witness)
{
    fle_sight sight;
    fle_look look;

    fle_look_begin(&look, context->mirrors, tuple, facts->from, facts->until);
    while (fle_look_next(&look, &sight))
        if (sight.witness == witness)
            return true;
    return false;
}

/* Did the packets come from that side, or others in return? */
static bool is_answered(const fle_context *context, const fle_facts *facts, fle_side side)
{
    const fle_witness *observer = fle_mirrors_find(context->mirrors, facts->observer);
    const fle_tuple back = fle_facts_return(facts);

    return (facts->own != FLE_N_SIDES && side == FLE_SRC) ||
           (observer && has_logged(context, facts, &back, observer));
}

/* Of one that documents have, events tell when it had the address: packets may have got lost. */
static bool would_have_come(const fle_context *context, const fle_facts *facts, fle_side side,
                            const fle_witness *witness)
{
    return !fle_context_find(context, witness->id) || is_answered(context, facts, side);
}

bool fle_proof_misses(const fle_context *context, const fle_facts *facts, fle_side side,
                      const fle_witness *witness)
{
    const fle_address *address = facts->wire[side];
    const fle_tuple tuple = fle_facts_tuple(facts);

    return !fle_witness_is_primary(witness, address) && shows(witness, address) &&
           witness->life.from <= facts->until && witness->life.until >= facts->from &&
           fle_mirrors_has_all_of(context->mirrors, witness, facts->from, facts->until) &&
           would_have_come(context, facts, side, witness) &&
           !has_logged(context, facts, &tuple, witness);
}

bool fle_proof_denies(const fle_context *context, const fle_facts *facts, fle_side side,
                      const fle_witness *witness)
{
    flowenrich_time first, last;
    fle_account a;
    sums s;

    fle_account_begin(&a, context, facts, side, witness);
    if (a.is_lasting || facts->own != fle_other(side) ||
        how_sure(context, facts, side, witness, facts->from, a.end) == FLOWENRICH_SURE_EXACT)
        return false;
    fle_account_gather(&a);
    if (a.is_too_much || is_counted_twice(&a))
        return false;
    find_exchange(&a, &first, &last);
    add_up(&a, first, last, &s);
    return s.all > s.came && is_whole(&a) && has_sent_all(&a, first, last);
}

uint32_t fle_proof_holds(const fle_context *context, const fle_facts *facts, fle_side side,
                         const fle_witness *witness)
{
    fle_account a;

    fle_account_begin(&a, context, facts, side, witness);
    if (fle_text_equal(witness->id, facts->observer) ||
        (lived_before(&a, a.start) && lived_after(&a, a.end)))
        return FLOWENRICH_SURE_EXACT;
    if (fle_facts_may_be_either(facts))
        return 0;
    fle_account_gather(&a);
    if (a.is_too_much)
        return 0;
    if (!a.is_disturbed && is_whole(&a) && is_between(&a))
        return FLOWENRICH_SURE_EXACT;
    if (is_counted_twice(&a))
        return 0;
    if (is_all(&a))
        return FLOWENRICH_SURE_EXACT;
    return a.is_disturbed ? 0 : adds_up(&a, false);
}

bool fle_proof_tells_apart(const fle_context *context, const fle_facts *facts, fle_side side,
                           const fle_witness *witness)
{
    fle_account a;

    fle_account_begin(&a, context, facts, side, witness);
    if (!a.is_lasting || fle_facts_may_be_either(facts))
        return false;
    fle_account_gather(&a);
    return !a.is_too_much && !a.is_disturbed && !is_counted_twice(&a) && adds_up(&a, true) > 0;
}
