/* SPDX-License-Identifier: Apache-2.0 */
/* To which conversation a record belongs. */
#include "pair/pairer.h"

#include "record/protocol.h"

#define TCP_FIN 0x01u
#define TCP_RST 0x04u

#define LONGEST_WINDOW 3600 /* AWS's longest has 600 s; what is longer is no window */

#define MOST_TWINS 64 /* of one key; more aren't told apart */

/* What is known of a record's ends, once it is needed. */
typedef struct spaces {
    uint16_t of[FLE_N_POLES];
} spaces;

/*
 * The VPC that a pole is in: the observer's if it is the observer's own side, or if it
 * isn't known to lie outside of that VPC's blocks. Public addresses are in none.
 */
static spaces read_spaces(const flowenrich_pairer *pairer, const fle_notice *notice)
{
    const fle_observer *observer = &pairer->observers.items[notice->observer];
    const flowenrich_text vpc = pairer->observers.vpcs[observer->vpc];
    spaces s = { { 0, 0 } };

    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++) {
        const fle_address *address = &notice->key.address[pole];
        const bool own = pole == notice->place && !notice->behind;
        const uint16_t known = notice->vpc[pole];
        const uint32_t home = fle_homes_find(&pairer->homes, address);

        if (home != 0) {
            s.of[pole] = pairer->observers.items[home].vpc;
            continue;
        }
        if (known != 0 && fle_address_is_private(address)) {
            s.of[pole] = known;
            continue;
        }
        if (!own && (!fle_address_is_private(address) ||
                     (pairer->snapshot &&
                      !fle_snapshot_may_hold(pairer->snapshot, vpc, fle_text("", 0), address))))
            continue;
        s.of[pole] = observer->vpc;
    }
    return s;
}

static bool fits(const uint16_t a[FLE_N_POLES], const uint16_t b[FLE_N_POLES])
{
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (a[pole] && b[pole] && a[pole] != b[pole])
            return false;
    return true;
}

/* What a leg is one of; itself of any other. */
static const fle_conversation *whole_of(const flowenrich_pairer *pairer, const fle_conversation *c)
{
    return c->marks & FLE_MARK_LEG ? fle_table_at(&pairer->table, c->leg) : c;
}

/* Seconds that a record shares with a conversation; less than 0 is how far they are apart. */
static int64_t overlap(const fle_conversation *c, const fle_notice *notice)
{
    const uint32_t from = c->first > notice->start ? c->first : notice->start;
    const uint32_t until = c->end < notice->end ? c->end : notice->end;

    return (int64_t)until - (int64_t)from;
}

/*
 * May a record have packets of a conversation? Its times may be late, each by itself; of what is
 * short that makes no difference, since then what came before is in a record of its own.
 */
static bool may_share(const flowenrich_pairer *pairer, const fle_conversation *c,
                      const fle_notice *notice)
{
    const int64_t shared = overlap(c, notice);

    return shared > 0 ||
           (notice->end - notice->start > pairer->slack && shared > -(int64_t)pairer->slack);
}

/* What a search through the conversations of a key came to. */
typedef struct search {
    uint32_t best;  /* FLE_NONE if it can be joined to none */
    size_t twins;   /* that there are of the key */
    size_t shared;  /* of these, fitting ones that share some of the record's time */
    size_t named;   /* of these, other names of conversations */
    bool ambiguous; /* it could be joined to several that aren't one another's */
    bool elsewhere; /* there is one, but in another space */
} search;

static bool is_better(const fle_conversation *a, const fle_conversation *b,
                      const fle_notice *notice)
{
    const int64_t x = overlap(a, notice), y = overlap(b, notice);

    return x != y ? x > y : a->first > b->first;
}

/* Did an observer contribute to it before? */
static bool knows(const flowenrich_pairer *pairer, const fle_conversation *c, uint32_t observer)
{
    return fle_meters_have(&pairer->table.meters, &whole_of(pairer, c)->meters, observer);
}

/*
 * Of those that fit the record's spaces, the one at its time. Where those lie in several
 * spaces themselves, it is one that the observer contributed to before, or none.
 */
static void consider(const flowenrich_pairer *pairer, const fle_notice *notice, uint32_t number,
                     bool known_only, search *found)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number), *best;

    if (known_only && !knows(pairer, c, notice->observer))
        return;
    found->shared += may_share(pairer, whole_of(pairer, c), notice);
    found->named += fle_conversation_is_name(c);
    if (found->best == FLE_NONE) {
        found->best = number;
        return;
    }
    best = fle_table_at(&pairer->table, found->best);
    found->ambiguous = found->ambiguous || !fits(c->space, best->space);
    if (is_better(whole_of(pairer, c), whole_of(pairer, best), notice))
        found->best = number;
}

static search find_among_twins(const flowenrich_pairer *pairer, const fle_notice *notice,
                               const spaces *s, bool known_only)
{
    search found = { .best = FLE_NONE };
    fle_matches matches;

    fle_matches_begin(&matches, &pairer->table, &notice->key, notice->hash);
    for (uint32_t i; (i = fle_matches_next(&matches)) != FLE_NONE;) {
        found.twins++;
        if (fits(fle_table_at(&pairer->table, i)->space, s->of))
            consider(pairer, notice, i, known_only, &found);
        else
            found.elsewhere = true;
    }
    return found;
}

static search find_one(const flowenrich_pairer *pairer, const fle_notice *notice, const spaces *s)
{
    const search found = find_among_twins(pairer, notice, s, false);
    const search known = found.ambiguous ? find_among_twins(pairer, notice, s, true) : found;

    return known.best != FLE_NONE && !known.ambiguous ? known : found;
}

static bool is_over(const fle_conversation *c)
{
    return ((c->sent[FLE_LOW] | c->sent[FLE_HIGH]) & TCP_RST) ||
           (c->sent[FLE_LOW] & c->sent[FLE_HIGH] & TCP_FIN);
}

/* The silence between what a conversation has and a record before or after all of it. */
static uint32_t silence_between(const fle_conversation *c, const fle_notice *notice)
{
    uint32_t first;

    if (notice->start > c->end)
        return notice->start - c->end;
    if (notice->end >= c->start || notice->end == 0) /* it never begins after c->start */
        return 0;
    first = fle_conversation_begin(c);
    return notice->end < first ? first - notice->end : 0;
}

/*
 * Is it the same tuple, but not the same exchange? After a silence in which no record can
 * be missing, or with a SYN after the close. Within one window that can't be told: then it
 * goes on, and is marked, if the observer of the SYN counted before: it isn't the first one.
 */
static bool begins_anew(flowenrich_pairer *pairer, fle_conversation *c, const fle_notice *notice,
                        size_t twins)
{
    const bool after = notice->start > c->end;
    const bool with_syn = (notice->flags & FLE_TCP_SYN) && is_over(c);
    const uint32_t silence = silence_between(c, notice);

    if (twins < MOST_TWINS &&
        ((after && with_syn && silence > pairer->slack) || silence > fle_pairer_silence(pairer)))
        return true;
    if (with_syn && !(c->marks & FLE_MARK_REUSED) &&
        fle_meters_are_before(&pairer->table.meters, &c->meters, notice)) {
        c->marks |= FLE_MARK_REUSED;
        pairer->stats[FLE_PAIR_REUSED]++;
    }
    return false;
}

/* A part of the id that the same conversation always has: no numbers, no seeds. */
static uint32_t salt_of(const flowenrich_pairer *pairer, const fle_notice *notice, const spaces *s,
                        bool ambiguous)
{
    const fle_observers *observers = &pairer->observers;
    uint64_t hash = 0;

    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        hash = fle_hash_mix(
            hash, fle_hash(observers->vpcs[s->of[pole]].data, observers->vpcs[s->of[pole]].len, 0));
    if (ambiguous) {
        const flowenrich_text id = observers->items[notice->observer].told.id;

        hash = fle_hash_mix(hash, fle_hash(id.data, id.len, 0));
    }
    return (uint32_t)hash;
}

/* Those of one key know of each other, so that all others are found without a search. */
static void mark_twins(const fle_table *table, const fle_notice *notice)
{
    fle_matches matches;

    fle_matches_begin(&matches, table, &notice->key, notice->hash);
    for (uint32_t i; (i = fle_matches_next(&matches)) != FLE_NONE;)
        fle_table_at(table, i)->marks |= FLE_MARK_TWIN;
}

static uint32_t open(flowenrich_pairer *pairer, const fle_notice *notice, const spaces *s,
                     const search *found)
{
    const uint32_t number = fle_table_open(&pairer->table, notice);
    fle_conversation *c;

    if (number == FLE_NONE)
        return FLE_NONE;
    c = fle_table_at(&pairer->table, number);
    memcpy(c->space, s->of, sizeof c->space);
    c->salt = salt_of(pairer, notice, s, found->ambiguous);
    if (found->twins > 0)
        mark_twins(&pairer->table, notice);
    if (found->ambiguous) {
        c->marks |= FLE_MARK_AMBIGUOUS;
        pairer->stats[FLE_PAIR_AMBIGUOUS]++;
    }
    if (found->elsewhere)
        pairer->stats[FLE_PAIR_OTHER_SPACE]++;
    if (c->end > 0 && c->end + (int64_t)fle_pairer_idle(pairer) <= pairer->watermark) {
        c->marks |= FLE_MARK_LATE;
        pairer->stats[FLE_PAIR_LATE_CONVERSATIONS]++;
    }
    pairer->stats[FLE_PAIR_CONVERSATIONS]++;
    fle_pairer_hang(pairer, number);
    return number;
}

static uint32_t open_first(flowenrich_pairer *pairer, const fle_notice *notice, const spaces *s,
                           const search *found)
{
    const uint32_t number = open(pairer, notice, s, found);

    return number != FLE_NONE && fle_pairer_alias(pairer, number, notice) ? number : FLE_NONE;
}

/*
 * Go on after a conversation with another one of the same ends: by all of its names and legs, or
 * records of these would go on with the one before. 'turned' is the record as one of the whole's.
 */
static uint32_t open_next(flowenrich_pairer *pairer, uint32_t before, uint32_t whole,
                          const fle_notice *notice, fle_notice *turned, const search *found)
{
    const fle_conversation *c = fle_table_at(&pairer->table, whole);
    spaces s;
    uint32_t number;

    memcpy(s.of, c->space, sizeof s.of);
    turned->key = c->key;
    turned->hash = fle_key_hash(&c->key, pairer->hash_seed);
    number = open(pairer, turned, &s, found);
    if (number == FLE_NONE || !fle_pairer_inherit(pairer, whole, number, notice))
        return FLE_NONE;
    return before == whole ? number : fle_pairer_leg_like(pairer, number, before);
}

/* The usual case: the only one of its key, to which this observer contributed before. */
static uint32_t find_soon(const flowenrich_pairer *pairer, const fle_notice *notice)
{
    fle_matches matches;
    uint32_t number;
    const fle_conversation *c;

    fle_matches_begin(&matches, &pairer->table, &notice->key, notice->hash);
    number = fle_matches_next(&matches);
    if (number == FLE_NONE)
        return FLE_NONE;
    c = fle_table_at(&pairer->table, number);
    return !(c->marks & FLE_MARK_TWIN) && knows(pairer, c, notice->observer) ? number : FLE_NONE;
}

/* Where a record belongs. */
typedef struct belonging {
    uint32_t number; /* FLE_NONE if memory ran out, or it is told already */
    bool is_told;    /* of what had to be let go of, or of several that can't be told apart */
    bool is_new;     /* it is, or its observer may be */
    bool is_wide;    /* it has some of the time of another one, too */
} belonging;

/*
 * Two pods that took the same port are one in their interface's own log, although others told
 * them apart: what that log says is in what these said.
 */
static bool is_of_several(const fle_notice *notice, const search *found)
{
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (notice->shown[pole] && !notice->is_shown_by_others[pole])
            return found->shared > 1 && found->named > 1;
    return false;
}

/* Of what had to be let go of, also if the tuple goes on since: then it is before that. */
static bool was_told(const flowenrich_pairer *pairer, const fle_notice *notice, uint32_t best)
{
    return (best == FLE_NONE ||
            notice->start < whole_of(pairer, fle_table_at(&pairer->table, best))->start) &&
           fle_gone_has(&pairer->gone, notice);
}

static belonging find_or_open(flowenrich_pairer *pairer, const fle_noting *noting,
                              const fle_notice *notice)
{
    search found = { .best = find_soon(pairer, notice), .twins = 1 };
    belonging to = { found.best, false, found.best == FLE_NONE, false };
    fle_notice turned;
    uint32_t whole;
    fle_conversation *c;
    spaces s = { { 0, 0 } };

    if (to.is_new) {
        fle_observed told;

        fle_noting_observed(noting, notice->row, &told);
        if (!fle_observers_tell(&pairer->observers, notice->observer, &told))
            return to;
        s = read_spaces(pairer, notice);
        found = find_one(pairer, notice, &s);
    }
    to.is_told = was_told(pairer, notice, found.best) ||
                 (found.best != FLE_NONE && is_of_several(notice, &found));
    if (to.is_told)
        return (belonging){ .is_told = true };
    if (found.best == FLE_NONE || found.ambiguous) {
        to.number = open_first(pairer, notice, &s, &found);
        return to;
    }
    c = fle_table_at(&pairer->table, found.best);
    turned = *notice;
    whole = c->marks & FLE_MARK_LEG ? fle_pairer_turn(pairer, found.best, &turned) : found.best;
    if (begins_anew(pairer, fle_table_at(&pairer->table, whole), &turned, found.twins)) {
        to.number = open_next(pairer, found.best, whole, notice, &turned, &found);
        return (belonging){ to.number, false, true, false };
    }
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (!c->space[pole])
            c->space[pole] = s.of[pole];
    return (belonging){ found.best, false, to.is_new, found.shared > 1 };
}

/* ---- What a record adds. ---- */

static void note_actions(fle_conversation *c, const fle_notice *notice)
{
    const unsigned bit = !notice->rejected   ? FLE_SEEN_ACCEPTED
                         : notice->denied    ? FLE_SEEN_DENIED
                         : notice->is_unsure ? FLE_SEEN_UNSURE
                                             : FLE_SEEN_LATE;

    c->seen |= (uint8_t)(bit << notice->from);
    c->sent[notice->from] |= notice->flags;
}

/* A reset is no answer, even where nothing tells that it is one. */
static bool is_refused(const flowenrich_pairer *pairer, const fle_conversation *c)
{
    const fle_address *address = &c->key.address[FLE_LOW];
    const bool is_v4 = fle_address_is_v4(address) || fle_homes_find(&pairer->homes, address) != 0;

    return c->key.protocol == FLE_PROTOCOL_TCP &&
           fle_meters_are_refusal(&pairer->table.meters, &c->meters, is_v4 ? 40 : 60);
}

/* Who answers a SYN listens; of those whose SYN nobody saw, who is talked to by many. */
static void learn(flowenrich_pairer *pairer, fle_conversation *c, const fle_notice *notice)
{
    const unsigned both = FLE_SEEN_ACCEPTED | FLE_SEEN_ACCEPTED << FLE_HIGH;

    if (!c->key.has_ports || notice->rejected)
        return;
    if ((notice->flags & FLE_TCP_SYN) && (notice->flags & FLE_TCP_ACK))
        fle_listening_answer(&pairer->listening, c, (fle_pole)notice->from, notice->end);
    if ((c->marks & FLE_MARK_ANSWERED) || (c->seen & both) != both || is_refused(pairer, c))
        return;
    c->marks |= FLE_MARK_ANSWERED;
    if ((c->sent[FLE_LOW] | c->sent[FLE_HIGH]) & FLE_TCP_SYN)
        return;
    fle_listening_meet(&pairer->listening, c, FLE_LOW, notice->end);
    fle_listening_meet(&pairer->listening, c, FLE_HIGH, notice->end);
}

static void note_time(fle_conversation *c, const fle_notice *notice)
{
    if (!(c->marks & FLE_MARK_OPEN_ROW) || notice->start < c->start)
        c->start = notice->start;
    if (notice->end > c->end)
        c->end = notice->end;
    c->marks |= FLE_MARK_OPEN_ROW;
    c->records++;
}

static void note_shown(fle_conversation *c, const fle_notice *notice)
{
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (notice->shown[pole] && (!c->way[pole] || notice->is_shown_by_others[pole]))
            c->way[pole] = notice->shown[pole];
    c->marks |= FLE_MARK_SHOWN;
}

static bool note_way(flowenrich_pairer *pairer, const fle_noting *noting, fle_conversation *c,
                     const fle_notice *notice)
{
    fle_way way;

    if (notice->shown[FLE_LOW] || notice->shown[FLE_HIGH])
        note_shown(c, notice);
    if ((c->marks & FLE_MARK_SHOWN) || !noting->has_way || notice->place != notice->from ||
        notice->behind || c->way[notice->from])
        return true;
    fle_noting_way(noting, notice->row, &way);
    return fle_ways_find(&pairer->ways, &way, &c->way[notice->from]);
}

static bool queue_late(flowenrich_pairer *pairer, fle_conversation *c, uint32_t number)
{
    uint32_t *items;

    pairer->stats[FLE_PAIR_LATE_RECORDS]++;
    if (c->marks & FLE_MARK_QUEUED)
        return true;
    items = fle_grow(&pairer->allocator, pairer->late.items, &pairer->late.capacity,
                     pairer->late.n + 1, sizeof *items);
    if (!items)
        return false;
    pairer->late.items = items;
    items[pairer->late.n++] = number;
    c->marks |= FLE_MARK_QUEUED;
    return true;
}

static void note_window(flowenrich_pairer *pairer, uint32_t seconds)
{
    if (seconds > LONGEST_WINDOW)
        seconds = LONGEST_WINDOW;
    if (seconds > pairer->window)
        pairer->window = seconds;
}

static bool count(flowenrich_pairer *pairer, uint32_t number, const fle_notice *notice)
{
    const bool is_gateway = pairer->observers.badges[notice->observer].is_nat;
    fle_conversation *c = fle_table_at(&pairer->table, number);

    if (is_gateway)
        fle_pairer_unprint(pairer, number);
    switch (fle_meters_count(&pairer->table.meters, &c->meters, notice)) {
    case FLE_COUNT_NOMEM:
        return false;
    case FLE_COUNTED:
        break;
    case FLE_COUNTED_APART:
        pairer->stats[FLE_PAIR_OVERLAPPING]++;
        break;
    case FLE_NOT_COUNTED:
        pairer->stats[FLE_PAIR_UNCOUNTED]++;
        break;
    }
    note_time(c, notice);
    note_actions(c, notice);
    learn(pairer, c, notice);
    pairer->stats[FLE_PAIR_RECORDS]++;
    return !is_gateway || fle_pairer_print(pairer, number);
}

/* A leg goes on by its own times; what it counts is that of which it is one. */
static bool join_leg(flowenrich_pairer *pairer, uint32_t number, const fle_notice *notice)
{
    fle_conversation *leg = fle_table_at(&pairer->table, number), *whole;
    fle_notice turned = *notice;

    note_time(leg, notice);
    note_actions(leg, notice);
    number = fle_pairer_turn(pairer, number, &turned);
    whole = fle_table_at(&pairer->table, number);
    return count(pairer, number, &turned) &&
           (!(whole->marks & FLE_MARK_CLOSED) || queue_late(pairer, whole, number));
}

static bool join(flowenrich_pairer *pairer, uint32_t number, const fle_noting *noting,
                 const fle_notice *notice)
{
    fle_conversation *c = fle_table_at(&pairer->table, number);

    return count(pairer, number, notice) && note_way(pairer, noting, c, notice) &&
           (!(c->marks & FLE_MARK_CLOSED) || queue_late(pairer, c, number));
}

bool fle_pairer_join(flowenrich_pairer *pairer, const fle_noting *noting, const fle_notice *notice)
{
    belonging to;
    const fle_conversation *c;

    note_window(pairer, notice->end - notice->start);
    to = find_or_open(pairer, noting, notice);
    if (!fle_pairer_know_gateways(pairer))
        return false;
    if (to.number == FLE_NONE) {
        pairer->stats[FLE_PAIR_UNCOUNTED] += to.is_told;
        return to.is_told;
    }
    c = fle_table_at(&pairer->table, to.number);
    if (to.is_wide &&
        fle_meters_have_other(&pairer->table.meters, &whole_of(pairer, c)->meters, notice)) {
        pairer->stats[FLE_PAIR_UNCOUNTED]++;
        return true;
    }
    if (!(c->marks & FLE_MARK_LEG ? join_leg(pairer, to.number, notice)
                                  : join(pairer, to.number, noting, notice)))
        return false;
    if (to.is_new && !fle_pairer_list_inside(pairer, to.number, notice))
        return false;
    if ((to.is_new || (c->marks & FLE_MARK_FRONT)) && !fle_pairer_meet(pairer, to.number, notice))
        return false;
    return fle_pairer_evict(pairer);
}
