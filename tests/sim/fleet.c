/* SPDX-License-Identifier: Apache-2.0 */
/* The fleet: interfaces, the addresses they hold, and who held which when. */
#include <stdlib.h>

#include "fleet.h"
#include "text.h"

void list_add(list *to, uint32_t item)
{
    to->items = grown(to->items, to->len, &to->capacity, sizeof *to->items);
    to->items[to->len++] = item;
}

static void note(fleet *in, change_kind kind, uint32_t who, uint32_t held, int32_t time)
{
    in->changes = grown(in->changes, in->n_changes, &in->changes_capacity, sizeof *in->changes);
    in->changes[in->n_changes++] = (change){ time, kind, who, held };
}

/* The most recently freed slot of a subnet, or one that nobody had before. */
static uint32_t take(fleet *in, uint32_t vpc_index, uint32_t subnet_index, slot_kind kind)
{
    subnet *const at = &in->vpcs[vpc_index].subnets[subnet_index];

    if (at->free[kind].len > 0)
        return at->free[kind].items[--at->free[kind].len];
    in->slots = grown(in->slots, in->n_slots, &in->slots_capacity, sizeof *in->slots);
    in->slots[in->n_slots] = (slot){ .first = NOTHING,
                                     .last = NOTHING,
                                     .number = at->fresh[kind]++,
                                     .vpc = (uint16_t)vpc_index,
                                     .subnet = (uint8_t)subnet_index,
                                     .kind = (uint8_t)kind };
    list_add(&in->vpcs[vpc_index].slots[kind], (uint32_t)in->n_slots);
    return (uint32_t)in->n_slots++;
}

static void begin(fleet *in, uint32_t slot_index, uint32_t owner, hold_kind kind, int32_t time)
{
    slot *const at = &in->slots[slot_index];
    const uint32_t number = (uint32_t)in->n_tenures;

    in->tenures = grown(in->tenures, in->n_tenures, &in->tenures_capacity, sizeof *in->tenures);
    in->tenures[in->n_tenures++] = (tenure){
        owner, slot_index, time, STILL, NOTHING, in->enis[owner].held, kind, 0,
    };
    in->enis[owner].held = number;
    if (at->last == NOTHING)
        at->first = number;
    else
        in->tenures[at->last].next = number;
    at->last = number;
    if (kind != PRIMARY) {
        at->movable = (uint32_t)in->movable.len;
        list_add(&in->movable, slot_index);
    }
}

static void end(fleet *in, uint32_t number, int32_t time)
{
    tenure *const ended = &in->tenures[number];

    ended->until = time;
    list_add(&in->left, number);
    if (ended->kind != PRIMARY) {
        const uint32_t place = in->slots[ended->slot].movable;
        const uint32_t last = in->movable.items[--in->movable.len];

        in->movable.items[place] = last;
        in->slots[last].movable = place;
    }
}

/* How many of a kind an interface gets, so that they are `percent` of all addresses. */
static uint32_t share(chance *from, const knobs *with, double percent)
{
    const double mean =
        percent / (100 - with->secondary - with->prefix - with->ipv6 - with->public);

    return (uint32_t)(mean + chance_share(from));
}

uint32_t fleet_create(fleet *in, chance *from, uint32_t vpc_index, uint32_t subnet_index,
                      int32_t time)
{
    const knobs *const with = in->knobs;
    const uint32_t number = (uint32_t)in->n_enis;
    subnet *const at = &in->vpcs[vpc_index].subnets[subnet_index];
    const struct {
        slot_kind slot;
        hold_kind hold;
        double percent;
    } more[] = {
        { SINGLE, SECONDARY, with->secondary },
        { BLOCK, PREFIX, with->prefix },
        { SIX, IPV6, with->ipv6 },
        { ELASTIC, PUBLIC, with->public },
    };

    in->enis = grown(in->enis, in->n_enis, &in->enis_capacity, sizeof *in->enis);
    in->enis[in->n_enis++] = (eni){ .held = NOTHING,
                                    .primary = take(in, vpc_index, subnet_index, SINGLE),
                                    .alive = (uint32_t)at->alive.len,
                                    .from = time,
                                    .until = STILL,
                                    .vpc = (uint16_t)vpc_index,
                                    .subnet = (uint8_t)subnet_index,
                                    .silent = chance_percent(from, with->silent) };
    list_add(&at->alive, number);
    begin(in, in->enis[number].primary, number, PRIMARY, time);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        for (uint32_t n = share(from, with, more[i].percent); n > 0; n--)
            begin(in, take(in, vpc_index, subnet_index, more[i].slot), number, more[i].hold, time);
    note(in, CREATED, number, NOTHING, time);
    return number;
}

void fleet_delete(fleet *in, uint32_t number, int32_t time)
{
    eni *const gone = &in->enis[number];
    subnet *const at = &in->vpcs[gone->vpc].subnets[gone->subnet];
    const uint32_t last = at->alive.items[--at->alive.len];

    at->alive.items[gone->alive] = last;
    in->enis[last].alive = gone->alive;
    gone->until = time;
    for (uint32_t t = gone->held; t != NOTHING; t = in->tenures[t].next_held)
        if (in->tenures[t].until == STILL) {
            const uint32_t freed = in->tenures[t].slot;

            end(in, t, time);
            list_add(&at->free[in->slots[freed].kind], freed);
        }
    note(in, DELETED, number, NOTHING, time);
}

void fleet_assign(fleet *in, uint32_t slot_index, uint32_t owner, hold_kind kind, int32_t time)
{
    begin(in, slot_index, owner, kind, time);
    note(in, ASSIGNED, owner, (uint32_t)in->n_tenures - 1, time);
}

void fleet_unassign(fleet *in, uint32_t number, int32_t time)
{
    end(in, number, time);
    note(in, UNASSIGNED, in->tenures[number].owner, number, time);
}

uint32_t fleet_holding(const fleet *in, uint32_t slot_index)
{
    const uint32_t last = in->slots[slot_index].last;

    return last != NOTHING && in->tenures[last].until == STILL ? last : NOTHING;
}

uint32_t fleet_tenure(const fleet *in, uint32_t slot_index, int32_t time)
{
    uint32_t t = in->slots[slot_index].first;

    while (t != NOTHING && in->tenures[t].until <= time)
        t = in->tenures[t].next;
    return t != NOTHING && in->tenures[t].from <= time ? t : NOTHING;
}

bool fleet_others(const fleet *in, uint32_t slot_index, uint32_t owner, int32_t from, int32_t until)
{
    for (uint32_t t = in->slots[slot_index].first; t != NOTHING; t = in->tenures[t].next)
        if (in->tenures[t].owner != owner && in->tenures[t].from <= until &&
            in->tenures[t].until > from)
            return true;
    return false;
}

uint32_t fleet_held(const fleet *in, uint32_t number, hold_kind kind, int32_t time)
{
    uint32_t t = in->enis[number].held;

    while (t != NOTHING && (in->tenures[t].kind != kind || in->tenures[t].from > time ||
                            in->tenures[t].until <= time))
        t = in->tenures[t].next_held;
    return t;
}

size_t fleet_logs(const fleet *in, uint32_t number)
{
    const eni *const who = &in->enis[number];
    const bool outside = in->knobs->one_end > 0 && who->subnet % 2 == 1;

    return who->silent || outside ? 0 : in->vpcs[who->vpc].logs;
}

void fleet_free(fleet *what)
{
    for (size_t v = 0; v < what->n_vpcs; v++) {
        for (size_t kind = 0; kind < SLOT_KINDS; kind++)
            free(what->vpcs[v].slots[kind].items);
        for (size_t s = 0; s < SUBNETS; s++) {
            free(what->vpcs[v].subnets[s].alive.items);
            for (size_t kind = 0; kind < SLOT_KINDS; kind++)
                free(what->vpcs[v].subnets[s].free[kind].items);
        }
    }
    free(what->vpcs);
    free(what->enis);
    free(what->slots);
    free(what->tenures);
    free(what->changes);
    free(what->movable.items);
    free(what->left.items);
}
