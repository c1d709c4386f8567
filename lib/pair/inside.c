/* SPDX-License-Identifier: Apache-2.0 */
/* What goes through a gateway, in logs without the packets' addresses: legs to it have its own. */
#include "pair/pairer.h"
#include "pair/tally.h"

/* Did only gateways log it, that wrote their own address over a packet's? */
static bool is_blind(const flowenrich_pairer *pairer, const fle_conversation *c)
{
    const fle_slab *meters = &pairer->table.meters;

    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i))
        if (!fle_meter_at(meters, i)->blind)
            return false;
    return c->meters.first != FLE_NONE;
}

/* Is it known by a public address? Of ours, that isn't shown by another one then. */
static bool is_public(const flowenrich_pairer *pairer, const fle_address *address, uint32_t shown)
{
    return !fle_homes_is_private(&pairer->homes, address) ||
           (fle_homes_find(&pairer->homes, address) != 0 && shown == 0);
}

/* Who goes out through a gateway has no public address of its own; pods may have none. */
static bool goes_out(const flowenrich_pairer *pairer, const fle_notice *notice, fle_pole pole)
{
    const fle_entry *observer = pairer->observers.items[notice->observer].interface;

    const fle_pole other = fle_pole_other(pole);

    return notice->is_hop_only && observer &&
           (!fle_entry_has_public(observer) || fle_entry_has_several(observer)) &&
           !is_public(pairer, &notice->key.address[pole], notice->shown[pole]) &&
           is_public(pairer, &notice->key.address[other], notice->shown[other]);
}

bool fle_pairer_list_inside(flowenrich_pairer *pairer, uint32_t number, const fle_notice *notice)
{
    if (!pairer->snapshot || (fle_table_at(&pairer->table, number)->marks & FLE_MARK_LEG))
        return true;
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if ((notice->is_blind ? notice->place == fle_pole_other(pole)
                              : goes_out(pairer, notice, pole)) &&
            !fle_pairer_list(pairer, number, pole))
            return false;
    return true;
}

static bool are_alike(const fle_total *x, const fle_total *y)
{
    return x->is_known == y->is_known && x->bytes == y->bytes && x->packets == y->packets;
}

/* Are all amounts the same, if a pole of one is that pole of the other? */
static bool counted_alike(const flowenrich_pairer *pairer, const fle_conversation *a, fle_pole pole,
                          const fle_conversation *b, fle_pole b_pole)
{
    fle_tally x, y;

    fle_tally_read(&x, &pairer->table.meters, &a->meters);
    fle_tally_read(&y, &pairer->table.meters, &b->meters);
    return are_alike(&x.all[pole], &y.all[b_pole]) &&
           are_alike(&x.all[fle_pole_other(pole)], &y.all[fle_pole_other(b_pole)]);
}

/*
 * Might one be the leg to a gateway of another, by ports, time and all that was counted? Windows
 * begin anywhere, so the two may be a window and its lateness apart.
 */
static bool fits(const flowenrich_pairer *pairer, const fle_conversation *leg, fle_pole ours,
                 const fle_conversation *whole, fle_pole theirs)
{
    const fle_pole gateway = fle_pole_other(ours), far = fle_pole_other(theirs);
    const uint32_t begin = fle_conversation_begin(whole), leg_begin = fle_conversation_begin(leg);
    const int64_t apart = (int64_t)pairer->slack + pairer->window;
    const uint32_t shown = whole->marks & FLE_MARK_SHOWN ? whole->way[far] : 0;

    return leg->key.port[gateway] == whole->key.port[far] && leg->space[ours] &&
           (!whole->space[theirs] || leg->space[ours] == whole->space[theirs]) &&
           is_public(pairer, &whole->key.address[far], shown) && begin <= leg->end + apart &&
           leg_begin <= whole->end + apart && counted_alike(pairer, leg, ours, whole, theirs);
}

/* The only one that goes through the gateway by this leg; FLE_NONE if there are several. */
static uint32_t find_whole(const flowenrich_pairer *pairer, uint32_t number, fle_pole ours,
                           fle_pole *theirs)
{
    const fle_conversation *leg = fle_table_at(&pairer->table, number);
    fle_sides sides = fle_pairer_sides(number, ours);
    uint32_t found = FLE_NONE, other;
    fle_pole shared;

    while ((other = fle_pairer_next_side(pairer, &sides, &shared)) != FLE_NONE) {
        const fle_conversation *c = fle_table_at(&pairer->table, other);

        if ((c->marks & FLE_MARK_LEG) || is_blind(pairer, c) ||
            !fits(pairer, leg, ours, c, shared) || other == found)
            continue;
        if (found != FLE_NONE)
            return FLE_NONE;
        found = other;
        *theirs = shared;
    }
    return found;
}

/* Gateways see the address of a pod, of which its node's log has the node's own. */
static void show_talker(const fle_conversation *leg, fle_pole ours, fle_conversation *whole,
                        fle_pole theirs)
{
    const fle_address *seen = &leg->key.address[ours];

    if (!(whole->marks & FLE_MARK_SHOWN))
        return;
    if (leg->marks & FLE_MARK_SHOWN)
        whole->way[theirs] = leg->way[ours];
    else if (fle_address_is_v4(seen))
        memcpy(&whole->way[theirs], seen->bytes + 12, sizeof whole->way[theirs]);
}

/* What is told already stays as it was. */
static bool join(flowenrich_pairer *pairer, uint32_t number, fle_pole ours)
{
    fle_pole theirs = FLE_LOW;
    const uint32_t found = find_whole(pairer, number, ours, &theirs);
    fle_conversation *whole = fle_table_at(&pairer->table, found);

    if (found == FLE_NONE || (whole->marks & FLE_MARK_GONE))
        return true;
    show_talker(fle_table_at(&pairer->table, number), ours, whole, theirs);
    return fle_pairer_fold(pairer, number, ours, found, theirs);
}

static bool may_join(const flowenrich_pairer *pairer, uint32_t number)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);

    return !(c->marks & (FLE_MARK_LEG | FLE_MARK_GONE)) && c->sequence == 0 && is_blind(pairer, c);
}

static bool is_listed(const fle_conversation *c, fle_pole pole)
{
    return c->marks & (pole == FLE_LOW ? FLE_MARK_LISTED_LOW : FLE_MARK_LISTED_HIGH);
}

static bool join_legs_of(flowenrich_pairer *pairer, uint32_t number, fle_pole pole)
{
    fle_sides sides = fle_pairer_sides(number, pole);
    uint32_t other;
    fle_pole ours;

    while ((other = fle_pairer_next_side(pairer, &sides, &ours)) != FLE_NONE)
        if (may_join(pairer, other) && !join(pairer, other, ours))
            return false;
    return true;
}

bool fle_pairer_join_inside(flowenrich_pairer *pairer, uint32_t number)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);
    bool done = true;

    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES && done; pole++) {
        if (!is_listed(c, pole))
            continue;
        if (may_join(pairer, number))
            done = join(pairer, number, pole);
        else if (!(c->marks & FLE_MARK_LEG) && !is_blind(pairer, c))
            done = join_legs_of(pairer, number, pole);
    }
    return done;
}
