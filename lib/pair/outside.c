/* SPDX-License-Identifier: Apache-2.0 */
/* What NAT gateways say to servers under their own address: whose it is, where only one agrees. */
#include "pair/pairer.h"

/*
 * What one flow log of a gateway counted, on one of its sides: alike on both, but for the client's
 * address and port. No padding: it is hashed and compared as bytes.
 */
typedef struct sight {
    fle_address server;
    uint64_t amounts[FLE_N_POLES][2]; /* of the client, of the server: bytes, packets */
    uint32_t gateway;
    uint16_t flow_log, port;
    uint8_t protocol, known; /* a bit for each direction that somebody counted */
    uint8_t zeros[6];
} sight;

/* Times that AWS says to be a slack late, so what belongs together is in one step or the next. */
static uint64_t step_of(const flowenrich_pairer *pairer, const fle_meter *meter)
{
    const uint32_t *newest = meter->newest;

    return (newest[FLE_LOW] > newest[FLE_HIGH] ? newest[FLE_LOW] : newest[FLE_HIGH]) /
           (pairer->slack / FLE_METER_STEP + 1);
}

/*
 * On which side of a gateway a meter counted, and which pole is the server then. Inside it writes
 * its own address over the server's. One in no zone never does, nor is it told what logs without
 * the packets' addresses have: but outside it talks to the internet.
 */
static fle_bank bank_of(const flowenrich_pairer *pairer, const fle_conversation *c,
                        const fle_meter *meter, fle_pole *server)
{
    const fle_pole place = (fle_pole)meter->place, other = fle_pole_other(place);
    bool is_inside = meter->behind;

    if (meter->blind || pairer->observers.items[meter->observer].is_regional)
        is_inside = fle_homes_is_private(&pairer->homes, &c->key.address[other]);
    *server = is_inside ? place : other;
    return is_inside ? FLE_INSIDE : FLE_OUTSIDE;
}

/*
 * A gateway's meter that tells one of its sides. What counted twice, or on both sides of what was
 * joined, doesn't; nor what has the gateway's own address for the server's.
 */
static bool is_telling(const flowenrich_pairer *pairer, const fle_conversation *c, uint32_t number)
{
    const fle_slab *meters = &pairer->table.meters;
    const fle_meter *meter = fle_meter_at(meters, number);

    if (!pairer->observers.badges[meter->observer].is_nat || meter->place == FLE_N_POLES ||
        !fle_meters_is_first(meters, &c->meters, number))
        return false;
    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i)) {
        const fle_meter *other = fle_meter_at(meters, i);

        if (other->observer == meter->observer &&
            (other->place != meter->place || other->alternative != 0))
            return false;
    }
    return !meter->blind || !fle_homes_is_private(&pairer->homes, &c->key.address[FLE_LOW]) ||
           !fle_homes_is_private(&pairer->homes, &c->key.address[FLE_HIGH]);
}

static fle_bank look(const flowenrich_pairer *pairer, const fle_conversation *c,
                     const fle_meter *meter, sight *out)
{
    const fle_slab *meters = &pairer->table.meters;
    fle_pole server;
    const fle_bank bank = bank_of(pairer, c, meter, &server);

    memset(out, 0, sizeof *out);
    out->server = c->key.address[server];
    out->port = c->key.port[server];
    out->protocol = c->key.protocol;
    out->gateway = meter->observer;
    out->flow_log = meter->flow_log;
    for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++) {
        const fle_total total = fle_meters_one(meters, &c->meters, meter, from, false);
        const size_t of = from == server;

        out->amounts[of][0] = total.bytes;
        out->amounts[of][1] = total.packets;
        out->known |= (uint8_t)(total.is_known << of);
    }
    return bank;
}

static uint64_t print_of(const flowenrich_pairer *pairer, const sight *s, uint64_t step)
{
    return fle_hash(s, sizeof *s, fle_hash_mix(pairer->hash_seed, step));
}

/* ---- Prints of what there is. ---- */

static bool may_have_prints(const fle_conversation *c)
{
    return c->key.has_ports && c->end > 0 && !(c->marks & FLE_MARK_LEG);
}

bool fle_pairer_print(flowenrich_pairer *pairer, uint32_t number)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);
    const fle_slab *meters = &pairer->table.meters;

    if (!may_have_prints(c))
        return true;
    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i)) {
        const fle_meter *meter = fle_meter_at(meters, i);
        fle_bank bank;
        sight s;

        if (!is_telling(pairer, c, i))
            continue;
        bank = look(pairer, c, meter, &s);
        if (!fle_prints_add(&pairer->prints, print_of(pairer, &s, step_of(pairer, meter)), bank,
                            number))
            return false;
    }
    return true;
}

bool fle_pairer_unprint(flowenrich_pairer *pairer, uint32_t number)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);
    const fle_slab *meters = &pairer->table.meters;
    bool had = false;

    if (!may_have_prints(c))
        return false;
    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i)) {
        const fle_meter *meter = fle_meter_at(meters, i);
        fle_bank bank;
        sight s;

        if (!is_telling(pairer, c, i))
            continue;
        bank = look(pairer, c, meter, &s);
        fle_prints_drop(&pairer->prints, print_of(pairer, &s, step_of(pairer, meter)), bank,
                        number);
        had = true;
    }
    return had;
}

bool fle_pairer_know_gateways(flowenrich_pairer *pairer)
{
    const fle_index *all = &pairer->table.by_key;

    if (!pairer->observers.has_new_gateway)
        return true;
    pairer->observers.has_new_gateway = false;
    fle_prints_clear(&pairer->prints);
    for (size_t i = 0; i < all->n_slots; i++)
        if (all->slots[i].number != FLE_NONE && !fle_pairer_print(pairer, all->slots[i].number))
            return false;
    return true;
}

bool fle_pairer_is_outside(const flowenrich_pairer *pairer, const fle_conversation *c)
{
    const fle_slab *meters = &pairer->table.meters;
    fle_pole server;

    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i))
        if (is_telling(pairer, c, i) &&
            bank_of(pairer, c, fle_meter_at(meters, i), &server) == FLE_OUTSIDE)
            return true;
    return false;
}

/* ---- Making them one. ---- */

/* The only one on the other side that counted that, about then; FLE_NONE if there isn't one. */
static uint32_t only_one(const flowenrich_pairer *pairer, const sight *s, uint64_t step,
                         fle_bank bank)
{
    uint32_t n = 0, sum = 0;

    for (uint64_t at = step - (step > 0); at <= step + 1; at++) {
        const fle_print *print = fle_prints_find(&pairer->prints, print_of(pairer, s, at));

        if (print) {
            n += print->n[bank];
            sum += print->sum[bank];
        }
    }
    return n == 1 ? sum : FLE_NONE;
}

/* A conversation on one side of a gateway, by the meter that tells so. */
typedef struct side {
    uint32_t number;
    const fle_meter *meter;
    fle_bank bank;
    fle_pole server;
    sight sight;
} side;

/* Look at one of its meters. False if that tells nothing. */
static bool look_at(const flowenrich_pairer *pairer, uint32_t number, uint32_t meter, side *out)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);

    if (!is_telling(pairer, c, meter))
        return false;
    out->number = number;
    out->meter = fle_meter_at(&pairer->table.meters, meter);
    out->bank = look(pairer, c, out->meter, &out->sight);
    bank_of(pairer, c, out->meter, &out->server);
    return true;
}

/*
 * Where records are missing, or were let go of, what is left may agree with what isn't its own; and
 * of the same tuple used again, nobody knows how often.
 */
static bool is_whole(const flowenrich_pairer *pairer, const side *s)
{
    const fle_conversation *c = fle_table_at(&pairer->table, s->number);
    const fle_observer *gateway = &pairer->observers.items[s->sight.gateway];
    const uint32_t begin = fle_conversation_begin(c), slack = pairer->slack;

    return !(c->marks & (FLE_MARK_REUSED | FLE_MARK_AMBIGUOUS)) &&
           begin > pairer->unprinted_until &&
           !fle_observer_skipped(gateway, begin > slack ? begin - slack : 0, c->end + slack);
}

/* The only one that agrees with a side, as that is the only one that agrees with it. */
static bool find_other(const flowenrich_pairer *pairer, const side *s, side *out)
{
    const fle_slab *meters = &pairer->table.meters;
    const fle_bank across = s->bank == FLE_INSIDE ? FLE_OUTSIDE : FLE_INSIDE;
    const uint32_t found = only_one(pairer, &s->sight, step_of(pairer, s->meter), across);
    const fle_conversation *c = fle_table_at(&pairer->table, found);

    if (found == FLE_NONE)
        return false;
    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i))
        if (look_at(pairer, found, i, out) && out->bank == across &&
            memcmp(&out->sight, &s->sight, sizeof s->sight) == 0)
            return only_one(pairer, &s->sight, step_of(pairer, out->meter), s->bank) == s->number;
    return false;
}

/* What is told already stays as it was. */
static bool may_join(const flowenrich_pairer *pairer, const side *inside, const side *outside)
{
    const fle_conversation *leg = fle_table_at(&pairer->table, outside->number);
    const fle_conversation *whole = fle_table_at(&pairer->table, inside->number);

    return leg->sequence == 0 && !(whole->marks & FLE_MARK_CLOSED) && is_whole(pairer, inside) &&
           is_whole(pairer, outside);
}

bool fle_pairer_join_outside(flowenrich_pairer *pairer, uint32_t number)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);
    const fle_slab *meters = &pairer->table.meters;

    if (!may_have_prints(c))
        return true;
    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i)) {
        side one, other;
        const side *inside = &one, *outside = &other;

        if (!look_at(pairer, number, i, &one) || !find_other(pairer, &one, &other))
            continue;
        if (one.bank == FLE_OUTSIDE) {
            inside = &other;
            outside = &one;
        }
        if (!may_join(pairer, inside, outside))
            continue;
        pairer->stats[FLE_PAIR_OUTSIDE]++;
        if (!fle_pairer_fold(pairer, outside->number, outside->server, inside->number,
                             inside->server))
            return false;
        fle_table_at(&pairer->table, outside->number)->way[FLE_HIGH] |= FLE_LEG_IS_OUTSIDE;
        return true;
    }
    return true;
}
