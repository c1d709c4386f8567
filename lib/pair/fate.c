/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a conversation, and what is to be known of its numbers. */
#include "pair/draft.h"
#include "record/protocol.h"

static fle_outcome outcome_of(const fle_draft *r)
{
    const fle_conversation *c = r->c;

    if (r->course.is_denied)
        return FLE_DENIED;
    if (r->course.is_dropped)
        return FLE_DROPPED_AT_NAT;
    return c->seen & (FLE_SEEN_ACCEPTED | FLE_SEEN_ACCEPTED << 1) ? FLE_ACCEPTED
                                                                  : FLE_LATE_OR_UNTRACKED;
}

/* The first along the way that refused: what comes behind it heard nothing. */
static void write_refused_by(fle_draft *r)
{
    for (size_t i = 0; i < r->course.n; i++) {
        const fle_stop *stop = fle_draft_stop(r, i);
        fle_refuser by = FLE_REFUSED_BY_HOP;

        if (!stop->denied)
            continue;
        if (stop->owns[r->client])
            by = FLE_REFUSED_BY_CLIENT;
        else if (stop->owns[r->server])
            by = FLE_REFUSED_BY_SERVER;
        else if (!stop->is_hop)
            continue;
        fle_column_set_u32(r->deltas->columns[FLE_DELTA_REFUSED_BY], r->number, by);
        return;
    }
}

static bool is_tunnel(const fle_conversation *c)
{
    static const uint8_t protocols[] = { 4, 41, 47, 50 }; /* IP and IPv6 in IP, GRE, ESP */
    static const uint16_t ports[] = { 6081, 4789 };       /* GENEVE, VXLAN */

    for (size_t i = 0; i < sizeof protocols; i++)
        if (c->key.protocol == protocols[i])
            return true;
    for (size_t i = 0; i < 2; i++)
        if (c->key.protocol == FLE_PROTOCOL_UDP &&
            (c->key.port[FLE_LOW] == ports[i] || c->key.port[FLE_HIGH] == ports[i]))
            return true;
    return false;
}

static bool is_incomplete(const fle_draft *r)
{
    for (size_t i = 0; i < r->course.n; i++)
        if (fle_observer_skipped(&r->deltas->observers->items[r->course.stops[i].observer],
                                 r->c->first, r->c->end))
            return true;
    return false;
}

/* Packets of a direction by an end's own meters: the most that any of them came to. */
static uint64_t packets_at(const fle_draft *r, fle_pole pole, fle_pole from)
{
    const uint32_t end = r->course.end[pole];
    uint64_t most = 0;

    for (size_t i = 0; end != 0 && i < r->tally.n; i++) {
        const fle_sum *sum = &r->tally.items[i];

        if (sum->meter->observer == end && sum->all[from].packets > most)
            most = sum->all[from].packets;
    }
    return most;
}

/* Do the two ends' own meters of a direction lie far apart? */
static bool is_mismatched(const fle_draft *r)
{
    const uint32_t percent = r->deltas->mismatch_percent;

    for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++) {
        const uint64_t low = packets_at(r, FLE_LOW, from), high = packets_at(r, FLE_HIGH, from);
        const uint64_t more = low > high ? low : high, fewer = low > high ? high : low;

        if (fewer > 0 && more - fewer > more / 100 * percent + more % 100 * percent / 100)
            return true;
    }
    return false;
}

static void write_marks(fle_draft *r)
{
    const struct {
        bool is_set;
        flowenrich_text name;
    } marks[] = {
        { is_incomplete(r), FLE_TEXT("incomplete") },
        { r->c->marks & FLE_MARK_REUSED, FLE_TEXT("reused") },
        { is_mismatched(r), FLE_TEXT("meter_mismatch") },
        { is_tunnel(r->c), FLE_TEXT("encapsulates") },
        { r->c->marks & FLE_MARK_LATE, FLE_TEXT("late") },
        { r->c->marks & FLE_MARK_AMBIGUOUS, FLE_TEXT("ambiguous") },
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i].is_set)
            fle_draft_put_item(r, FLE_DELTA_MARKS, marks[i].name);
}

void fle_draft_write_fate(fle_draft *r)
{
    fle_column_set_u32(r->deltas->columns[FLE_DELTA_VERDICT], r->number, outcome_of(r));
    write_refused_by(r);
    if (r->course.leg != FLE_LEG_NONE)
        fle_column_set_u32(r->deltas->columns[FLE_DELTA_NAT], r->number,
                           r->course.leg == FLE_LEG_OUTSIDE ? 1 : 0);
    write_marks(r);
}
