/* SPDX-License-Identifier: Apache-2.0 */
/* Load balancers that keep their clients' addresses: both sides of one are one conversation. */
#include "pair/pairer.h"

static uint16_t mark_of(fle_pole pole)
{
    return pole == FLE_LOW ? FLE_MARK_LISTED_LOW : FLE_MARK_LISTED_HIGH;
}

/* ---- The list, by the end that both sides have. ---- */

static uint32_t hash_of(const flowenrich_pairer *pairer, const fle_conversation *c, fle_pole pole)
{
    const uint64_t seed = pairer->hash_seed ^ ((uint64_t)c->key.protocol << 16 | c->key.port[pole]);

    return (uint32_t)fle_hash(&c->key.address[pole], sizeof c->key.address[pole], seed);
}

static bool list(flowenrich_pairer *pairer, uint32_t number, fle_pole pole)
{
    fle_conversation *c = fle_table_at(&pairer->table, number);

    if (c->marks & mark_of(pole))
        return true;
    if (!fle_index_reserve(&pairer->legs))
        return false;
    fle_index_add(&pairer->legs, hash_of(pairer, c, pole), number);
    c->marks |= mark_of(pole);
    return true;
}

bool fle_pairer_list(flowenrich_pairer *pairer, uint32_t number, fle_pole pole)
{
    const fle_table *table = &pairer->table;

    for (uint32_t i = fle_table_at(table, number)->leg; i != FLE_NONE;
         i = fle_leg_next(fle_table_at(table, i))) {
        const fle_conversation *leg = fle_table_at(table, i);

        if (fle_conversation_is_name(leg) &&
            !list(pairer, i, fle_leg_turns(leg) ? fle_pole_other(pole) : pole))
            return false;
    }
    return list(pairer, number, pole);
}

void fle_pairer_unlist(flowenrich_pairer *pairer, uint32_t number)
{
    fle_conversation *c = fle_table_at(&pairer->table, number);

    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (c->marks & mark_of(pole))
            fle_index_drop(&pairer->legs, hash_of(pairer, c, pole), number);
    c->marks &= (uint16_t) ~(FLE_MARK_LISTED_LOW | FLE_MARK_LISTED_HIGH);
}

/* ---- Who balances. ---- */

static bool is_balancer(const flowenrich_pairer *pairer, const fle_entry *interface)
{
    return interface && fle_text_is(fle_snapshot_text(pairer->snapshot, interface, FLE_ATTR_TYPE),
                                    "elb:network");
}

const fle_entry *fle_pairer_holder(const flowenrich_pairer *pairer, const fle_conversation *c,
                                   fle_pole pole)
{
    const fle_observers *observers = &pairer->observers;
    const uint16_t vpc = c->space[pole] ? c->space[pole] : c->space[fle_pole_other(pole)];
    const fle_question question = {
        .space = fle_snapshot_space(pairer->snapshot, observers->vpcs[vpc]),
        .address = c->key.address[pole],
        .from = (int64_t)c->first - pairer->slack,
        .until = (int64_t)c->end + pairer->slack,
        .is_for_key = true,
    };
    fle_finding found;

    fle_snapshot_owner(pairer->snapshot, &question, &found);
    return found.owner;
}

/* The load balancer whose address a pole is, if it is one's. */
static const fle_entry *balancer_at(const flowenrich_pairer *pairer, const fle_conversation *c,
                                    fle_pole pole)
{
    const uint32_t home = fle_homes_find(&pairer->homes, &c->key.address[pole]);
    const fle_entry *holder =
        home ? pairer->observers.items[home].interface : fle_pairer_holder(pairer, c, pole);

    return is_balancer(pairer, holder) ? holder : NULL;
}

/*
 * By documents, it sends to that port, and who is at that pole is one it may send to. False if
 * memory ran out.
 */
static bool sends(const flowenrich_pairer *pairer, const fle_entry *balancer,
                  const fle_conversation *back, fle_pole target, bool *out)
{
    const flowenrich_snapshot *snapshot = pairer->snapshot;
    const fle_entry *holder = fle_pairer_holder(pairer, back, target);
    const uint32_t protocol = back->key.protocol, port = back->key.port[target];
    fle_identity sender, receiver = { 0 };
    fle_arena arena;
    bool told;

    fle_arena_init(&arena, &pairer->allocator);
    told = fle_snapshot_tell(snapshot, balancer, &arena, &sender) &&
           (!holder || fle_snapshot_tell(snapshot, holder, &arena, &receiver));
    *out =
        told &&
        fle_snapshot_listens(snapshot, NULL, NULL, &sender, protocol, port) == FLE_LISTENS_HERE &&
        fle_snapshot_listens(snapshot, holder ? &receiver : NULL, &back->key.address[target], NULL,
                             protocol, port) == FLE_LISTENS_HERE;
    fle_arena_free(&arena);
    return told;
}

/* The surest is what it logged itself: packets to the target, from the client. */
static bool logged(const flowenrich_pairer *pairer, const fle_entry *balancer,
                   const fle_conversation *back)
{
    const fle_slab *meters = &pairer->table.meters;

    for (uint32_t i = back->meters.first; i != FLE_NONE;
         i = fle_meter_after(meters, &back->meters, i))
        if (pairer->observers.items[fle_meter_at(meters, i)->observer].interface == balancer)
            return true;
    return false;
}

/* ---- Looking for the other side. ---- */

/*
 * The pole of another conversation that is an end of this one; FLE_N_POLES if none is. Of a name
 * '*number' becomes that of what it names.
 */
static fle_pole shared_pole(const flowenrich_pairer *pairer, const fle_conversation *c,
                            fle_pole pole, uint32_t *number)
{
    const fle_conversation *other = fle_table_at(&pairer->table, *number);

    if (fle_conversation_is_name(other))
        *number = other->leg;
    if (c->key.protocol == other->key.protocol)
        for (fle_pole p = FLE_LOW; p < FLE_N_POLES; p++)
            if (c->key.port[pole] == other->key.port[p] &&
                memcmp(&c->key.address[pole], &other->key.address[p], sizeof(fle_address)) == 0)
                return fle_conversation_is_name(other) && fle_leg_turns(other) ? fle_pole_other(p)
                                                                               : p;
    return FLE_N_POLES;
}

/* Seconds between the two; 0 or less if they overlap. */
static int64_t gap_between(const fle_conversation *a, const fle_conversation *b)
{
    const uint32_t x = fle_conversation_begin(a), y = fle_conversation_begin(b);

    return x > y ? (int64_t)x - b->end : (int64_t)y - a->end;
}

/* What was found of a side's other ones. */
typedef struct others {
    uint32_t first; /* FLE_NONE if there is none */
    fle_pole pole;  /* of it, that both have */
    size_t n;
    bool logged;
} others;

static void note(others *found, uint32_t number, fle_pole pole, bool is_logged)
{
    if (is_logged && !found->logged)
        *found = (others){ .first = FLE_NONE, .logged = true };
    if (is_logged < found->logged)
        return;
    if (found->n++ == 0) {
        found->first = number;
        found->pole = pole;
    }
}

/* A conversation and a pole of it that would be the client, and who else may be its other side. */
typedef struct search {
    const flowenrich_pairer *pairer;
    uint32_t number;
    fle_pole pole;
    const fle_entry *balancer; /* at the other pole; NULL if none is there */
    int64_t most_gap;
    bool free_only; /* those that were told, or have their other side, aren't looked at */
} search;

static bool has_front(const flowenrich_pairer *pairer, const fle_conversation *c)
{
    uint32_t i = c->leg;

    while (i != FLE_NONE && fle_conversation_is_name(fle_table_at(&pairer->table, i)))
        i = fle_leg_next(fle_table_at(&pairer->table, i));
    return i != FLE_NONE;
}

static bool is_candidate(const search *s, const fle_conversation *c, const fle_conversation *other)
{
    const fle_conversation *front = s->balancer ? c : other, *back = s->balancer ? other : c;

    return c != other && !(other->marks & FLE_MARK_LEG) && gap_between(c, other) <= s->most_gap &&
           (!s->free_only || (front->sequence == 0 && !has_front(s->pairer, back) &&
                              !(other->marks & FLE_MARK_GONE)));
}

static bool consider(const search *s, uint32_t number, others *found)
{
    const flowenrich_pairer *pairer = s->pairer;
    const fle_conversation *c = fle_table_at(&pairer->table, s->number);
    const fle_pole shared = shared_pole(pairer, c, s->pole, &number);
    const fle_conversation *other = fle_table_at(&pairer->table, number);
    const fle_conversation *back = s->balancer ? other : c;
    const fle_entry *balancer = s->balancer;
    fle_pole target;
    bool is_sent;

    if (shared == FLE_N_POLES || !is_candidate(s, c, other))
        return true;
    if (!balancer)
        balancer = balancer_at(pairer, other, fle_pole_other(shared));
    target = fle_pole_other(s->balancer ? shared : s->pole);
    if (!balancer || balancer_at(pairer, back, target))
        return true;
    if (logged(pairer, balancer, back)) {
        note(found, number, shared, true);
        return true;
    }
    if (!sends(pairer, balancer, back, target, &is_sent))
        return false;
    if (is_sent)
        note(found, number, shared, false);
    return true;
}

/*
 * The other sides of a conversation: of that before the load balancer those behind it, and the
 * other way round. False if memory ran out.
 */
static bool find_others(const search *s, others *found)
{
    const flowenrich_pairer *pairer = s->pairer;
    const uint32_t hash = hash_of(pairer, fle_table_at(&pairer->table, s->number), s->pole);
    size_t at = fle_index_begin(&pairer->legs, hash);

    *found = (others){ .first = FLE_NONE };
    for (uint32_t i; (i = fle_index_next(&pairer->legs, hash, &at)) != FLE_NONE;)
        if (!consider(s, i, found))
            return false;
    return true;
}

/* Go on with the next name of what others are looked for. False after the last. */
static bool next_name(const flowenrich_pairer *pairer, fle_sides *sides)
{
    const fle_conversation *c = fle_table_at(&pairer->table, sides->by);

    sides->by = sides->by == sides->number ? c->leg : fle_leg_next(c);
    while (sides->by != FLE_NONE &&
           !fle_conversation_is_name(fle_table_at(&pairer->table, sides->by)))
        sides->by = fle_leg_next(fle_table_at(&pairer->table, sides->by));
    sides->has_begun = false;
    return sides->by != FLE_NONE;
}

uint32_t fle_pairer_next_side(const flowenrich_pairer *pairer, fle_sides *sides, fle_pole *shared)
{
    do {
        const fle_conversation *c = fle_table_at(&pairer->table, sides->by);
        const fle_pole pole = fle_conversation_is_name(c) && fle_leg_turns(c)
                                  ? fle_pole_other(sides->pole)
                                  : sides->pole;
        const uint32_t hash = hash_of(pairer, c, pole);

        if (!sides->has_begun)
            sides->at = fle_index_begin(&pairer->legs, hash);
        sides->has_begun = true;
        for (uint32_t i; (i = fle_index_next(&pairer->legs, hash, &sides->at)) != FLE_NONE;) {
            *shared = shared_pole(pairer, c, pole, &i);
            if (*shared != FLE_N_POLES && i != sides->number)
                return i;
        }
    } while (next_name(pairer, sides));
    return FLE_NONE;
}

/* ---- Making them one. ---- */

/* What was seen, with the poles the other way round: each bit has its pair beside it. */
static uint8_t turn_seen(uint8_t seen)
{
    return (uint8_t)((seen & 0x55) << 1 | (seen >> 1 & 0x55));
}

/* The legs of what becomes one itself are those of the whole. */
static void move_legs(flowenrich_pairer *pairer, fle_conversation *leg, uint32_t number,
                      bool turned)
{
    fle_conversation *whole = fle_table_at(&pairer->table, number);

    for (uint32_t i = leg->leg, next; i != FLE_NONE; i = next) {
        fle_conversation *moved = fle_table_at(&pairer->table, i);

        next = fle_leg_next(moved);
        fle_conversation_add_leg(whole, number, moved, i,
                                 moved->way[FLE_HIGH] ^ (turned ? FLE_LEG_TURNS : 0));
    }
}

bool fle_pairer_fold(flowenrich_pairer *pairer, uint32_t leg_number, fle_pole ours, uint32_t number,
                     fle_pole theirs)
{
    fle_conversation *leg = fle_table_at(&pairer->table, leg_number);
    fle_conversation *whole = fle_table_at(&pairer->table, number);
    const bool turned = ours != theirs;

    fle_pairer_unprint(pairer, leg_number);
    fle_pairer_unprint(pairer, number);
    fle_meters_move(&pairer->table.meters, &leg->meters, &whole->meters, theirs, turned);
    whole->seen |= turned ? turn_seen(leg->seen) : leg->seen;
    whole->sent[theirs] |= leg->sent[ours];
    whole->sent[fle_pole_other(theirs)] |= leg->sent[fle_pole_other(ours)];
    if (!(whole->marks & FLE_MARK_OPEN_ROW) || leg->start < whole->start)
        whole->start = leg->start;
    if (leg->end > whole->end)
        whole->end = leg->end;
    whole->records += leg->records;
    whole->marks |= FLE_MARK_OPEN_ROW | (leg->marks & FLE_MARK_REUSED);
    move_legs(pairer, leg, number, turned);
    leg->marks |= FLE_MARK_LEG;
    fle_conversation_add_leg(whole, number, leg, leg_number,
                             (turned ? FLE_LEG_TURNS : 0) |
                                 (ours == FLE_HIGH ? FLE_LEG_SHARES_HIGH : 0));
    pairer->stats[FLE_PAIR_CONVERSATIONS]--;
    pairer->stats[FLE_PAIR_LEGS]++;
    return fle_pairer_print(pairer, number);
}

uint32_t fle_pairer_turn(const flowenrich_pairer *pairer, uint32_t number, fle_notice *notice)
{
    const fle_conversation *leg = fle_table_at(&pairer->table, number);

    if (!fle_conversation_is_name(leg) && notice->place == fle_leg_own_pole(leg))
        notice->behind = true;
    if (fle_leg_turns(leg)) {
        notice->from = (uint8_t)fle_pole_other((fle_pole)notice->from);
        if (notice->place != FLE_N_POLES)
            notice->place = (uint8_t)fle_pole_other((fle_pole)notice->place);
    }
    return leg->leg;
}

/* Could the pole be the client of one side of a load balancer? */
static bool may_be_client(const flowenrich_pairer *pairer, const fle_conversation *c, fle_pole pole,
                          const fle_notice *notice)
{
    const fle_entry *observer = pairer->observers.items[notice->observer].interface;
    const fle_pole other = fle_pole_other(pole);

    if (fle_homes_is_balanced(&pairer->homes, c->key.port[other]))
        return true;
    return notice->place == (notice->behind ? pole : other) && is_balancer(pairer, observer);
}

bool fle_pairer_meet(flowenrich_pairer *pairer, uint32_t number, const fle_notice *notice)
{
    fle_conversation *c = fle_table_at(&pairer->table, number);

    if (!pairer->snapshot || !c->key.has_ports || (c->marks & FLE_MARK_LEG))
        return true;
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++) {
        others found;
        search s = { pairer, number, pole, NULL, pairer->slack, true };

        if (!(c->marks & mark_of(pole)) && !may_be_client(pairer, c, pole, notice))
            continue;
        s.balancer = balancer_at(pairer, c, fle_pole_other(pole));
        if (!fle_pairer_list(pairer, number, pole) || !find_others(&s, &found))
            return false;
        if (s.balancer)
            c->marks |= FLE_MARK_FRONT;
        if (found.n != 1)
            continue;
        return s.balancer ? fle_pairer_fold(pairer, number, pole, found.first, found.pole)
                          : fle_pairer_fold(pairer, found.first, found.pole, number, pole);
    }
    return true;
}

bool fle_pairer_repeats(const flowenrich_pairer *pairer, uint32_t number, bool *out)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);

    *out = false;
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES && !*out; pole++) {
        others found = { .first = FLE_NONE };
        search s = { pairer, number, pole, NULL, pairer->slack, false };

        if (!(c->marks & mark_of(pole)))
            continue;
        s.balancer = balancer_at(pairer, c, fle_pole_other(pole));
        if (s.balancer && !find_others(&s, &found))
            return false;
        *out = found.n > 0;
    }
    return true;
}
