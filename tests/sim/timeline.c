/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to the fleet, second by second: churn, and addresses that move. */
#include <stdlib.h>

#include "fleet.h"
#include "text.h"

typedef enum deed { CREATE, HAND, TAKE_BACK } deed;

/* Something to do at a later second. */
typedef struct plan {
    deed deed;
    uint32_t vpc, subnet; /* CREATE */
    uint32_t slot;        /* HAND it to `target`, or to anybody if that is NOBODY */
    uint32_t tenure;      /* TAKE_BACK: what must not have ended in between */
    uint32_t target;
    uint32_t next; /* of the same second */
} plan;

typedef struct timeline {
    fleet *fleet;
    chance chance;
    plan *plans;
    size_t len, capacity;
    uint32_t *due; /* of each second: its first plan */
    int32_t seconds;
} timeline;

/* What would happen after the end happens no more. */
static void plan_at(timeline *on, int32_t time, plan what)
{
    if (time >= on->seconds)
        return;
    on->plans = grown(on->plans, on->len, &on->capacity, sizeof *on->plans);
    what.next = on->due[time];
    on->plans[on->len] = what;
    on->due[time] = (uint32_t)on->len++;
}

static uint32_t anybody(timeline *on, uint32_t vpc_index, uint32_t subnet_index)
{
    const list *const alive = &on->fleet->vpcs[vpc_index].subnets[subnet_index].alive;

    return alive->len == 0 ? NOBODY : alive->items[chance_below(&on->chance, (uint32_t)alive->len)];
}

static int32_t reuse_after(timeline *on)
{
    const knobs *const with = on->fleet->knobs;

    return chance_between(&on->chance, (int32_t)with->reuse_least, (int32_t)with->reuse_most);
}

/* Somebody new comes soon after and gets what was freed last; or later, when others may have. */
static void remove_one(timeline *on, int32_t time)
{
    const uint32_t vpc_index = chance_below(&on->chance, (uint32_t)on->fleet->n_vpcs);
    const uint32_t subnet_index = chance_below(&on->chance, SUBNETS);
    const uint32_t gone = anybody(on, vpc_index, subnet_index);
    int32_t after = reuse_after(on);

    if (gone == NOBODY)
        return;
    if (chance_percent(&on->chance, on->fleet->knobs->slow))
        after = chance_between(&on->chance, 60, 1200);
    fleet_delete(on->fleet, gone, time);
    plan_at(on, time + after, (plan){ .deed = CREATE, .vpc = vpc_index, .subnet = subnet_index });
}

/* An address leaves its owner; another gets it after a moment. */
static void move(timeline *on, uint32_t holding, uint32_t target, int32_t time)
{
    const uint32_t slot_index = on->fleet->tenures[holding].slot;

    fleet_unassign(on->fleet, holding, time);
    plan_at(on, time + reuse_after(on),
            (plan){ .deed = HAND, .slot = slot_index, .target = target });
}

/* Half of the moves go back to the same owner, as when a virtual address fails over. */
static void move_one(timeline *on, int32_t time)
{
    fleet *const in = on->fleet;
    uint32_t holding;

    if (in->movable.len == 0)
        return;
    holding =
        fleet_holding(in, in->movable.items[chance_below(&on->chance, (uint32_t)in->movable.len)]);
    if (in->tenures[holding].from == time) /* held for no second at all */
        return;
    move(on, holding, NOBODY, time);
    if (chance_percent(&on->chance, 50))
        plan_at(on, time + chance_between(&on->chance, 60, 1200),
                (plan){ .deed = TAKE_BACK,
                        .slot = in->tenures[holding].slot,
                        .tenure = (uint32_t)in->n_tenures, /* none of before */
                        .target = in->tenures[holding].owner });
}

/* What is handed on is never anybody's primary address. */
static hold_kind moved_kind(const slot *what)
{
    return what->kind == SINGLE  ? SECONDARY
           : what->kind == BLOCK ? PREFIX
           : what->kind == SIX   ? IPV6
                                 : PUBLIC;
}

static void hand(timeline *on, const plan *what, int32_t time)
{
    fleet *const in = on->fleet;
    const slot *const at = &in->slots[what->slot];
    uint32_t target = what->target;

    if (target == NOBODY || in->enis[target].until != STILL)
        target = anybody(on, at->vpc, at->subnet);
    /* A primary address has one elastic address before it. */
    if (target != NOBODY && moved_kind(at) == PUBLIC &&
        fleet_held(in, target, PUBLIC, time) != NOTHING)
        target = NOBODY;
    if (target == NOBODY)
        list_add(&in->vpcs[at->vpc].subnets[at->subnet].free[at->kind], what->slot);
    else
        fleet_assign(in, what->slot, target, moved_kind(at), time);
}

static void carry_out(timeline *on, const plan *what, int32_t time)
{
    fleet *const in = on->fleet;
    uint32_t holding;

    switch (what->deed) {
    case CREATE:
        fleet_create(in, &on->chance, what->vpc, what->subnet, time);
        break;
    case HAND:
        hand(on, what, time);
        break;
    case TAKE_BACK:
        /* Unless the address has gone elsewhere, or to another as its primary, in between. */
        holding = fleet_holding(in, what->slot);
        if (holding != NOTHING && holding >= what->tenure && in->tenures[holding].kind != PRIMARY &&
            in->tenures[holding].from < time)
            move(on, holding, what->target, time);
        break;
    }
}

static void live(timeline *on)
{
    fleet *const in = on->fleet;
    const knobs *const with = in->knobs;
    const double deaths = with->enis * with->churn / 100 / 3600;
    double dead = 0, moved = 0;

    for (int32_t time = 0; time < on->seconds; time++) {
        /* Plans are made for later seconds only, so the list of this one doesn't grow. */
        for (uint32_t next = on->due[time]; next != NOTHING;) {
            const plan what = on->plans[next];

            carry_out(on, &what, time);
            next = what.next;
        }
        for (dead += deaths; dead >= 1; dead -= 1)
            remove_one(on, time);
        for (moved += (double)in->movable.len * with->move / 100 / 3600; moved >= 1; moved -= 1)
            move_one(on, time);
    }
}

/* The first ones were there before the beginning, some for a day. */
static void settle(fleet *in, chance *from)
{
    const knobs *const with = in->knobs;
    const size_t n = (size_t)with->enis;

    for (size_t i = 0; i < n; i++)
        fleet_create(in, from, (uint32_t)(i % in->n_vpcs), (uint32_t)(i / in->n_vpcs % SUBNETS),
                     -3600 - (int32_t)((n - i) * 82800 / n));
}

void fleet_live(fleet *out, const knobs *with)
{
    timeline on = { .fleet = out };

    *out = (fleet){ .knobs = with,
                    .seed = mixed((uint64_t)with->seed + 1),
                    .duration = (int32_t)(with->minutes * 60),
                    .n_vpcs = (size_t)with->vpcs };
    out->vpcs = made(out->n_vpcs, sizeof *out->vpcs);
    on.chance.state = out->seed;
    for (size_t v = 0; v < out->n_vpcs; v++) {
        out->vpcs[v].octet = v < (size_t)with->overlap ? 0 : (uint32_t)v;
        if (v + (size_t)with->unlogged_vpcs < out->n_vpcs)
            out->vpcs[v].logs = chance_percent(&on.chance, with->second_log) ? 2 : 1;
    }
    on.seconds = out->duration;
    on.due = made((size_t)on.seconds, sizeof *on.due);
    for (int32_t i = 0; i < on.seconds; i++)
        on.due[i] = NOTHING;
    settle(out, &on.chance);
    live(&on);
    free(on.plans);
    free(on.due);
}
