/* SPDX-License-Identifier: Apache-2.0 */
/* The packets of a flow, from burst to burst, while those at its ends come and go. */
#include "traffic.h"

enum { SYN = 2, SYN_ACK = 18, FIN = 1 };

typedef struct course {
    const flow *flow;
    const fleet *fleet;
    chance *chance;
    meters *seen;
    uint32_t source, peer; /* owners: of the source's address at first, who answered first */
    int32_t time;
    int failures; /* bursts in vain, one after the other */
    bool first;
} course;

static burst draw(course *on, state fate, uint8_t flags)
{
    burst out = { .time = on->time, .state = fate, .flags = flags };

    out.packets = 1 + chance_below(on->chance, 40);
    out.bytes = (uint64_t)out.packets * (40 + chance_below(on->chance, 1400));
    return out;
}

static uint32_t at_place(const course *on, place what)
{
    return what.slot < on->fleet->n_slots ? fleet_tenure(on->fleet, what.slot, on->time) : NOTHING;
}

static uint32_t owner_of(const course *on, uint32_t held)
{
    return held == NOTHING ? NOBODY : on->fleet->tenures[held].owner;
}

/* What befalls packets that somebody may be there for. */
static state fate_of(course *on, uint32_t there)
{
    const flow *const of = on->flow;

    if (of->refused_by_sender)
        return REFUSED;
    if (of->internet)
        return of->fate == ANSWERED ? ANSWERED : UNANSWERED;
    if (there == NOTHING || of->fate == UNANSWERED)
        return UNANSWERED;
    if (of->stateless)
        return of->fate;
    if (on->peer == NOBODY)
        on->peer = owner_of(on, there);
    /* Who has come to the address since knows nothing of the connection. */
    return on->peer == owner_of(on, there) ? of->fate : REFUSED;
}

static void there_and_back(course *on, uint32_t here, uint32_t there, bool last)
{
    const flow *const of = on->flow;
    const state fate = fate_of(on, there);
    const bool tcp = of->protocol == 6;
    burst out = draw(on, fate, (uint8_t)(tcp ? (on->first ? SYN : 0) | (last ? FIN : 0) : 0));

    out.refused_here = of->refused_by_sender;
    meters_count(on->seen, here, EGRESS, there, &out);
    out.refused_here = fate == REFUSED;
    if (there != NOTHING && !of->lost && !of->refused_by_sender)
        meters_count(on->seen, there, INGRESS, here, &out);
    on->failures = fate == ANSWERED ? 0 : on->failures + 1;
    if (fate != ANSWERED)
        return;
    out = draw(on, fate, (uint8_t)(tcp ? (on->first ? SYN_ACK : 0) | (last ? FIN : 0) : 0));
    out.back = true;
    if (there != NOTHING)
        meters_count(on->seen, there, EGRESS, here, &out);
    meters_count(on->seen, here, INGRESS, there, &out);
}

/* The client is gone and the server doesn't know: what it sends may reach who came after. */
static void back_in_vain(course *on, uint32_t here, uint32_t there)
{
    burst out = draw(on, here == NOTHING ? UNANSWERED : REFUSED, 0);

    out.back = true;
    on->failures++;
    if (there == NOTHING || owner_of(on, there) != on->peer)
        return;
    meters_count(on->seen, there, EGRESS, here, &out);
    out.refused_here = true;
    if (here != NOTHING)
        meters_count(on->seen, here, INGRESS, there, &out);
}

/* Both sides send whoever is at the other, and don't care. */
static void to_and_fro(course *on, uint32_t here, uint32_t there)
{
    burst out = draw(on, there == NOTHING ? UNANSWERED : ANSWERED, 0);

    if (here != NOTHING)
        meters_count(on->seen, here, EGRESS, there, &out);
    if (here != NOTHING && there != NOTHING)
        meters_count(on->seen, there, INGRESS, here, &out);
    out = draw(on, here == NOTHING ? UNANSWERED : ANSWERED, 0);
    out.back = true;
    if (there != NOTHING)
        meters_count(on->seen, there, EGRESS, here, &out);
    if (here != NOTHING && there != NOTHING)
        meters_count(on->seen, here, INGRESS, there, &out);
}

void flow_run(const flow *what, const fleet *in, chance *from, meters *seen)
{
    course on = { .flow = what, .fleet = in, .chance = from, .seen = seen, .peer = NOBODY };
    const int32_t end = what->time + what->life;
    int32_t step = 1;

    on.time = what->time;
    on.source = owner_of(&on, at_place(&on, what->src));
    for (on.first = true; on.time <= end && on.time < in->duration; on.first = false) {
        const uint32_t here = at_place(&on, what->src), there = at_place(&on, what->dst);
        const bool same = here != NOTHING && owner_of(&on, here) == owner_of(&on, there);

        /* What an interface sends to itself, no flow log sees. */
        if (!same) {
            if (what->stateless && what->fate == ANSWERED)
                to_and_fro(&on, here, there);
            else if (owner_of(&on, here) == on.source)
                there_and_back(&on, here, there, on.time + step > end);
            else
                back_in_vain(&on, here, there);
        }
        if (on.failures > 4)
            break;
        step = chance_between(from, 1, on.failures > 0 ? 4 << on.failures : 15);
        on.time += step;
    }
}
