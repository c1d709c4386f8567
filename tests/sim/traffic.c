/* SPDX-License-Identifier: Apache-2.0 */
/* Who talks to whom, and over what. */
#include <stdlib.h>
#include <string.h>

#include "traffic.h"

enum { TRIES = 20 };

void traffic_begin(traffic *out, const fleet *in)
{
    *out = (traffic){ .fleet = in, .chance = { mixed(in->seed ^ 0x7472616666696300u) } };
}

void traffic_end(traffic *what)
{
    free(what->pairs);
}

/* Some addresses are much more popular than others. */
static uint32_t popular(chance *from, const list *of)
{
    double share = chance_share(from);

    if (chance_percent(from, 50))
        share *= share * share;
    return of->items[(size_t)(share * (double)of->len)];
}

static place within(chance *from, const fleet *in, uint32_t slot_index)
{
    return (place){ slot_index, in->slots[slot_index].kind == BLOCK ? chance_below(from, 16) : 0 };
}

/* Addresses talk to their like. */
typedef enum family { PRIVATE, OF_IPV6, PUBLIC_ONES } family;

static family family_of(const slot *what)
{
    return what->kind == SIX ? OF_IPV6 : what->kind == ELASTIC ? PUBLIC_ONES : PRIVATE;
}

/* Any address of a VPC, of the family; NOTHING if it has none. */
static place any_place(traffic *on, const vpc *of, family like)
{
    const size_t n_single = of->slots[SINGLE].len, n_block = of->slots[BLOCK].len;
    slot_kind kind = like == OF_IPV6 ? SIX : ELASTIC;

    if (like == PRIVATE)
        kind =
            chance_below(&on->chance, (uint32_t)(n_single + n_block)) < n_single ? SINGLE : BLOCK;
    if (of->slots[kind].len == 0)
        return (place){ NOTHING, 0 };
    return within(&on->chance, on->fleet, popular(&on->chance, &of->slots[kind]));
}

/* One that is held at the time, in a subnet of the right kind when one end is to be logged. */
static place held_place(traffic *on, const vpc *of, family like, int32_t time, int parity)
{
    const fleet *const in = on->fleet;

    for (int i = 0; i < TRIES; i++) {
        const place found = any_place(on, of, like);

        if (found.slot == NOTHING)
            break;
        if (fleet_tenure(in, found.slot, time) != NOTHING &&
            (in->knobs->one_end <= 0 || in->slots[found.slot].subnet % 2 == parity))
            return found;
    }
    return (place){ NOTHING, 0 };
}

/* A slot that somebody left in the last half hour: some still send to whom they knew there. */
static uint32_t left_before(traffic *on, int32_t time)
{
    const fleet *const in = on->fleet;
    size_t first = 0, last = in->left.len;
    const tenure *found;

    while (first < last) {
        const size_t middle = first + (last - first) / 2;

        if (in->tenures[in->left.items[middle]].until <= time)
            first = middle + 1;
        else
            last = middle;
    }
    if (first == 0)
        return NOTHING;
    found = &in->tenures[in->left.items[chance_below(&on->chance, (uint32_t)first)]];
    return found->until >= time - 1800 ? found->slot : NOTHING;
}

/* An address of the VPC that nobody ever gets; a public one is just the internet's. */
static place vacant(traffic *on, size_t vpc_index, family like)
{
    const uint32_t subnet_index = chance_below(&on->chance, SUBNETS);
    const uint32_t number = chance_below(&on->chance, 2000);

    if (like == OF_IPV6)
        return (place){ RAW6, ((uint32_t)vpc_index << 16) + 0xf000 + number };
    if (like == PUBLIC_ONES)
        return (place){ RAW4, 0xcb007100u + number % 256 }; /* 203.0.113.0/24 */
    return (place){ RAW4, (10u << 24) + (on->fleet->vpcs[vpc_index].octet << 16) +
                              (subnet_index << 14) + 6000 + number };
}

/* VPCs are peered in a chain, of which only the last of the overlapping ones is a link. */
static size_t peer_of(traffic *on, size_t vpc_index)
{
    const size_t first = (size_t)on->fleet->knobs->overlap - 1;
    const bool up = chance_percent(&on->chance, 50);

    if (vpc_index < first || (up ? vpc_index + 1 == on->fleet->n_vpcs : vpc_index == first))
        return vpc_index;
    return up ? vpc_index + 1 : vpc_index - 1;
}

/* @return Whether the pair is new. */
static bool pair_once(traffic *on, const flow *of)
{
    const uint64_t pair = ((uint64_t)of->src.slot << 36) ^ ((uint64_t)of->src.offset << 32) ^
                          ((uint64_t)of->dst.slot << 5) ^ of->dst.offset ^
                          ((uint64_t)of->protocol << 28) ^ 1;
    size_t at;

    if (on->n_pairs * 2 >= on->pairs_capacity) {
        const size_t had = on->pairs_capacity;
        uint64_t *const old = on->pairs;

        on->pairs_capacity = had > 0 ? had * 2 : 1024;
        on->pairs = made(on->pairs_capacity, sizeof *on->pairs);
        for (size_t i = 0; i < had; i++)
            if (old[i] != 0) {
                for (at = mixed(old[i]) % on->pairs_capacity; on->pairs[at] != 0;)
                    at = (at + 1) % on->pairs_capacity;
                on->pairs[at] = old[i];
            }
        free(old);
    }
    for (at = mixed(pair) % on->pairs_capacity; on->pairs[at] != 0;
         at = (at + 1) % on->pairs_capacity)
        if (on->pairs[at] == pair)
            return false;
    on->pairs[at] = pair;
    on->n_pairs++;
    return true;
}

static void choose_service(traffic *on, flow *out)
{
    static const uint16_t servers[] = { 443, 80, 5432, 6379, 8080, 9092, 50051, 2049 };
    static const uint16_t both[] = { 7946, 123, 500, 8301 };

    out->protocol = 6;
    out->source_port = (uint16_t)(32768 + chance_below(&on->chance, 28232));
    out->destination_port = servers[chance_below(&on->chance, sizeof servers / sizeof *servers)];
    out->life = (int32_t)(chance_share(&on->chance) * chance_share(&on->chance) * 240);
    out->stateless = !out->internet && chance_percent(&on->chance, on->fleet->knobs->fixed);
    if (out->stateless && chance_percent(&on->chance, 90)) {
        out->protocol = 17;
        out->source_port = both[chance_below(&on->chance, sizeof both / sizeof *both)];
        out->destination_port = out->source_port;
        out->life = chance_between(&on->chance, 60, 900);
    } else if (out->stateless) {
        out->protocol = 1;
        out->source_port = out->destination_port = 0;
        out->life = chance_between(&on->chance, 5, 300);
    } else if (chance_percent(&on->chance, 20)) {
        out->protocol = 17;
        out->destination_port = 53;
        out->life = 0;
    }
}

static void choose_fate(traffic *on, flow *out)
{
    const knobs *const with = on->fleet->knobs;

    out->fate = ANSWERED;
    if (chance_percent(&on->chance, with->unanswered)) {
        out->fate = UNANSWERED;
        out->lost = chance_percent(&on->chance, 50);
    } else if (chance_percent(&on->chance, with->refused)) {
        out->fate = REFUSED;
        out->refused_by_sender = chance_percent(&on->chance, 25);
    }
}

static family choose_family(traffic *on)
{
    const knobs *const with = on->fleet->knobs;

    if (chance_percent(&on->chance, with->hairpin))
        return PUBLIC_ONES;
    return chance_percent(&on->chance, with->ipv6) ? OF_IPV6 : PRIVATE;
}

/* A source that is held, and a destination that may be. */
static bool choose_ends(traffic *on, flow *out)
{
    const fleet *const in = on->fleet;
    const knobs *const with = in->knobs;
    const int parity = (int)chance_below(&on->chance, 2);
    size_t vpc_index = chance_below(&on->chance, (uint32_t)in->n_vpcs);
    family like = choose_family(on);
    uint32_t left = NOTHING;

    out->dst.slot = NOTHING;
    if (chance_percent(&on->chance, with->unowned)) {
        if (chance_percent(&on->chance, 50) && (left = left_before(on, out->time)) != NOTHING) {
            vpc_index = in->slots[left].vpc;
            like = family_of(&in->slots[left]);
            out->dst = within(&on->chance, in, left);
        } else {
            out->dst = vacant(on, vpc_index, like);
        }
    } else if (like == PRIVATE && chance_percent(&on->chance, with->internet)) {
        out->internet = true;
        out->dst = vacant(on, vpc_index, PUBLIC_ONES);
    }
    out->src = held_place(on, &in->vpcs[vpc_index], like, out->time, parity);
    if (out->dst.slot == NOTHING) {
        if (chance_percent(&on->chance, with->cross))
            vpc_index = peer_of(on, vpc_index);
        out->dst = held_place(on, &in->vpcs[vpc_index], like, out->time, !parity);
    }
    return out->src.slot != NOTHING && out->dst.slot != NOTHING && out->src.slot != out->dst.slot;
}

bool traffic_draw(traffic *from, int32_t begin, int32_t end, flow *out)
{
    memset(out, 0, sizeof *out);
    out->time = chance_between(&from->chance, begin, end - 1);
    if (!choose_ends(from, out))
        return false;
    choose_service(from, out);
    choose_fate(from, out);
    return !out->stateless || pair_once(from, out);
}
