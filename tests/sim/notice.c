/* SPDX-License-Identifier: Apache-2.0 */
/* What is heard of changes to the fleet, and when: late, lost, or of what was refused. */
#include <stdlib.h>

#include "notice.h"
#include "text.h"

typedef struct hearing {
    const fleet *fleet;
    chance chance;
    notices *out;
} hearing;

static void hear(hearing *by, notice what)
{
    const knobs *const with = by->fleet->knobs;
    notices *const out = by->out;

    what.number = (uint32_t)out->len;
    what.arrived = what.requested + chance_between(&by->chance, 0, (int32_t)with->event_late);
    if (chance_percent(&by->chance, with->lost))
        return;
    out->items = grown(out->items, out->len, &out->capacity, sizeof *out->items);
    out->items[out->len++] = what;
}

/* Interfaces come with their instance and go with it, or are made, attached and removed by hand. */
static bool comes_with_instance(const fleet *in, uint32_t number)
{
    return chance_of(in->seed ^ 5, number, 0) < 0.6;
}

static void hear_created(hearing *by, const change *of)
{
    notice what = { .requested = of->time, .eni = of->eni, .kind = RUN_INSTANCES };

    if (!comes_with_instance(by->fleet, of->eni)) {
        what.kind = CREATE_INTERFACE;
        hear(by, what);
        what.kind = ATTACH_INTERFACE;
        what.requested += 1;
    }
    hear(by, what);
    what.tenure = fleet_held(by->fleet, of->eni, PUBLIC, of->time);
    what.kind = ASSOCIATE;
    what.requested = of->time;
    if (what.tenure != NOTHING)
        hear(by, what);
}

/* An address that came to an interface, or left it. */
static void hear_moved(hearing *by, const change *of, int32_t asked)
{
    const bool public = by->fleet->tenures[of->tenure].kind == PUBLIC;
    const bool came = of->kind == ASSIGNED;

    hear(by, (notice){ .requested = asked,
                       .eni = of->eni,
                       .tenure = of->tenure,
                       .kind = public ? (came ? ASSOCIATE : DISASSOCIATE)
                                      : (came ? ASSIGN : UNASSIGN) });
}

/* What is asked for happens some seconds after. */
static void hear_deleted(hearing *by, const change *of, int32_t asked)
{
    notice what = { .requested = asked, .eni = of->eni, .kind = TERMINATE_INSTANCES };

    if (comes_with_instance(by->fleet, of->eni)) {
        hear(by, what);
        what.kind = INSTANCE_TERMINATED;
        what.requested = of->time;
        if (by->fleet->knobs->events == EVENTBRIDGE)
            hear(by, what);
    } else {
        what.kind = DETACH_INTERFACE;
        hear(by, what);
        what.kind = DELETE_INTERFACE;
        hear(by, what);
    }
}

/* Clean-up scripts try what can't be done, and those that only ask whether it could. */
static void hear_refused(hearing *by, const change *at)
{
    static const notice_kind kinds[] = { DELETE_INTERFACE, TERMINATE_INSTANCES, UNASSIGN };
    const uint32_t number = chance_below(&by->chance, (uint32_t)by->fleet->n_enis);
    const eni *const who = &by->fleet->enis[number];

    if (who->from < at->time && who->until > at->time)
        hear(by, (notice){ .requested = at->time,
                           .eni = number,
                           .tenure = fleet_held(by->fleet, number, PRIMARY, at->time),
                           .kind = kinds[chance_below(&by->chance, 3)],
                           .refused = true });
}

static int by_arrival(const void *one, const void *two)
{
    const notice *const a = one, *const b = two;

    if (a->arrived != b->arrived)
        return a->arrived < b->arrived ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

void notices_make(notices *out, const fleet *of)
{
    const knobs *const with = of->knobs;
    hearing by = { .fleet = of, .chance = { mixed(of->seed ^ 0x65766e7473u) }, .out = out };

    *out = (notices){ NULL, 0, 0 };
    for (size_t i = 0; with->events > 0 && i < of->n_changes; i++) {
        const change *const at = &of->changes[i];
        const int32_t asked = at->time - chance_between(&by.chance, 0, (int32_t)with->async);

        if (at->time < 0 && with->history <= 0)
            continue;
        if (at->kind == CREATED)
            hear_created(&by, at);
        else if (at->kind == DELETED)
            hear_deleted(&by, at, asked);
        else
            hear_moved(&by, at, asked);
        if (chance_percent(&by.chance, with->failed))
            hear_refused(&by, at);
    }
    /* A number per notice makes the order whole, and so the same with any sort. */
    for (size_t i = 0; i < out->len; i++)
        out->items[i].number = (uint32_t)i;
    if (out->len > 0)
        qsort(out->items, out->len, sizeof *out->items, by_arrival);
}

bool notice_begins(const notice *what)
{
    return !what->refused && (what->kind == RUN_INSTANCES || what->kind == CREATE_INTERFACE ||
                              what->kind == ASSIGN || what->kind == ASSOCIATE);
}

bool notice_ends(const notice *what)
{
    return !what->refused && (what->kind == DELETE_INTERFACE || what->kind == UNASSIGN ||
                              what->kind == DISASSOCIATE || what->kind == TERMINATE_INSTANCES);
}

bool notice_concerns(const notice *what, const fleet *in, uint32_t held)
{
    const eni *const who = &in->enis[what->eni];

    if (what->kind >= ASSIGN)
        return held == what->tenure;
    if (notice_begins(what) && in->tenures[held].kind == PUBLIC)
        return false; /* that has a notice of its own */
    return notice_begins(what) ? in->tenures[held].from == who->from
                               : in->tenures[held].until == who->until;
}
