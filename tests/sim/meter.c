/* SPDX-License-Identifier: Apache-2.0 */
/* Counts the packets of one flow, by who saw them, which way and in which window. */
#include "meter.h"

#include "told.h"

/* The flow is counted in the order of time, so what is looked for is near the end. */
static meter *meter_at(meters *on, const meter *like)
{
    for (size_t i = on->len; i-- > 0;) {
        meter *const at = &on->items[i];

        if (at->observer == like->observer && at->window == like->window &&
            at->direction == like->direction && at->log == like->log &&
            at->refused_here == like->refused_here && at->back == like->back)
            return at;
    }
    on->items = grown(on->items, on->len, &on->capacity, sizeof *on->items);
    on->items[on->len] = *like;
    return &on->items[on->len++];
}

static void meet(meter *at, const tenure *tenures, uint32_t far)
{
    if (far == NOTHING) {
        at->reached_nobody = true;
    } else if (at->far == NOBODY) {
        at->far = tenures[far].owner;
        at->far_kind = (uint8_t)tenures[far].kind;
    } else if (at->far != tenures[far].owner) {
        at->straddles = true;
    }
}

/* An elastic address is swapped for the primary one before the interface sees it. */
static uint8_t shown_kind(uint32_t kind)
{
    return (uint8_t)(kind == PUBLIC ? PRIMARY : kind);
}

void meters_count(meters *on, uint32_t own, direction way, uint32_t far, const burst *what)
{
    const tenure *const tenures = on->fleet->tenures;
    const uint32_t observer = tenures[own].owner;

    for (size_t log = 0; log < fleet_logs(on->fleet, observer); log++) {
        const int32_t length = window_length(on->fleet, log);
        const int32_t phase = window_phase(on->fleet, observer, log, length);
        meter *const at = meter_at(on, &(meter){ .observer = observer,
                                                 .far = NOBODY,
                                                 .far_kind = HOLD_KINDS,
                                                 .own_kind = shown_kind(tenures[own].kind),
                                                 .window = window_of(what->time, phase, length),
                                                 .first = what->time,
                                                 .direction = (uint8_t)way,
                                                 .refused_here = what->refused_here,
                                                 .back = what->back,
                                                 .log = (uint8_t)log });

        meet(at, tenures, far);
        at->last = what->time;
        at->packets += what->packets;
        at->bytes += what->bytes;
        at->flags |= what->flags;
        if (what->state > at->state)
            at->state = (uint8_t)what->state;
    }
}

/* Flows of one interface share the bounds of their window, and how late those are. */
static void set_times(const fleet *in, const meter *from, record *out)
{
    const int32_t length = window_length(in, from->log);
    const int32_t phase = window_phase(in, from->observer, from->log, length);
    const double most = in->knobs->late + 1;
    const uint64_t window = (uint64_t)from->window * LOGS + from->log;
    const int32_t start_late = (int32_t)(chance_of(in->seed ^ 1, from->observer, window) * most);
    const int32_t end_late = (int32_t)(chance_of(in->seed ^ 2, from->observer, window) * most);

    out->window = from->window;
    out->end = window_end(from->window, phase, length);
    out->start = out->end - length;
    if (in->knobs->packet_times > 0) {
        out->start = from->first;
        out->end = from->last;
    }
    out->start += start_late;
    out->end += end_late;
    if (out->start > out->end)
        out->start = out->end;
}

static story story_of(const fleet *in, const meter *from, const record *out, uint32_t far_slot)
{
    if (from->straddles)
        return STRADDLES;
    if (from->far != NOBODY && from->reached_nobody)
        return TAIL;
    if (far_slot < in->n_slots &&
        fleet_others(in, far_slot, from->far, out->start - 60, out->end + 60))
        return REUSED;
    return STEADY;
}

void meter_read(const meters *on, const meter *from, record *out)
{
    const bool egress = from->direction == EGRESS;
    uint32_t far_slot;

    if (from->back) {
        const place src = out->src;
        const uint16_t port = out->source_port;

        out->src = out->dst;
        out->dst = src;
        out->source_port = out->destination_port;
        out->destination_port = port;
    }
    out->observer = from->observer;
    out->far = from->far;
    out->own_slot = egress ? out->src.slot : out->dst.slot;
    out->packets = from->packets;
    out->bytes = from->bytes;
    out->flags = from->flags;
    out->direction = from->direction;
    out->refused_here = from->refused_here;
    out->log = from->log;
    out->far_kind = from->far_kind;
    out->own_kind = from->own_kind;
    out->state = from->state;
    set_times(on->fleet, from, out);
    far_slot = egress ? out->dst.slot : out->src.slot;
    out->story = (uint8_t)story_of(on->fleet, from, out, far_slot);
    out->is_hidden = far_slot < on->fleet->n_slots &&
                     told_hides(on->fleet, far_slot, out->start - 60, out->end + 60);
}
