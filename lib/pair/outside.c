/* SPDX-License-Identifier: Apache-2.0 */
/* What NAT gateways say to servers under their own address: whose it is, where only one agrees. */
#include "pair/pairer.h"
#include "pair/tally.h"

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

/* A conversation on one side of a gateway, by the meter that tells so. */
typedef struct side {
    uint32_t number;
    fle_bank bank;
    fle_pole server;
    uint64_t step; /* of time: what belongs together is in one of them or the next */
    sight sight;
} side;

/*
 * On which side of a gateway a meter counted. Inside, a gateway writes its own address over the
 * server's. One of a region never does, nor do logs without the packets' addresses tell that: but
 * outside they have the internet.
 */
static fle_bank bank_of(const flowenrich_pairer *pairer, const fle_conversation *c,
                        const fle_meter *meter)
{
    const fle_pole other = fle_pole_other((fle_pole)meter->place);
    bool is_inside = meter->behind;

    if (meter->blind || pairer->observers.items[meter->observer].is_regional)
        is_inside = fle_homes_is_private(&pairer->homes, &c->key.address[other]);
    return is_inside ? FLE_INSIDE : FLE_OUTSIDE;
}

/*
 * Does a meter tell what a gateway did on one of its sides? Not if it counted twice, or on both
 * sides of what was joined; nor if it has the gateway's own address for the server's.
 */
static bool is_telling(const flowenrich_pairer *pairer, const fle_conversation *c,
                       const fle_tally *tally, const fle_meter *meter)
{
    if (!pairer->observers.badges[meter->observer].is_nat || meter->place == FLE_N_POLES)
        return false;
    for (size_t i = 0; i < tally->n; i++) {
        const fle_meter *other = tally->items[i].meter;

        if (other->observer == meter->observer &&
            (other->place != meter->place || other->alternative != 0))
            return false;
    }
    return !meter->blind || !fle_homes_is_private(&pairer->homes, &c->key.address[FLE_LOW]) ||
           !fle_homes_is_private(&pairer->homes, &c->key.address[FLE_HIGH]);
}

/* Look at what one meter came to. False if it isn't a gateway's, or doesn't tell. */
static bool look(const flowenrich_pairer *pairer, uint32_t number, const fle_tally *tally,
                 const fle_sum *sum, side *out)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);
    const fle_meter *meter = sum->meter;
    const fle_pole place = (fle_pole)meter->place;

    if (!is_telling(pairer, c, tally, meter))
        return false;
    memset(&out->sight, 0, sizeof out->sight);
    out->number = number;
    out->bank = bank_of(pairer, c, meter);
    out->server = out->bank == FLE_INSIDE ? place : fle_pole_other(place);
    out->step = sum->newest / (pairer->slack / FLE_METER_STEP + 1);
    out->sight.server = c->key.address[out->server];
    out->sight.port = c->key.port[out->server];
    out->sight.protocol = c->key.protocol;
    out->sight.gateway = meter->observer;
    out->sight.flow_log = meter->flow_log;
    for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++) {
        const size_t of = from == out->server;

        out->sight.amounts[of][0] = sum->all[from].bytes;
        out->sight.amounts[of][1] = sum->all[from].packets;
        out->sight.known |= (uint8_t)(sum->all[from].is_known << of);
    }
    return true;
}

/* What there is to look at: nothing of legs. */
static void read_tally(const flowenrich_pairer *pairer, uint32_t number, fle_tally *out)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);

    out->n = 0;
    if (c->key.has_ports && c->end > 0 && !(c->marks & FLE_MARK_LEG))
        fle_tally_read(out, &pairer->table.meters, &c->meters);
}

/* ---- Prints of what there is. ---- */

static uint64_t print_of(const flowenrich_pairer *pairer, const sight *s, uint64_t step)
{
    return fle_hash(s, sizeof *s, fle_hash_mix(pairer->hash_seed, step));
}

bool fle_pairer_print(flowenrich_pairer *pairer, uint32_t number)
{
    fle_tally tally;
    side s;

    read_tally(pairer, number, &tally);
    for (size_t i = 0; i < tally.n; i++)
        if (look(pairer, number, &tally, &tally.items[i], &s) &&
            !fle_prints_add(&pairer->prints, print_of(pairer, &s.sight, s.step), s.bank, number))
            return false;
    return true;
}

bool fle_pairer_unprint(flowenrich_pairer *pairer, uint32_t number)
{
    bool had = false;
    fle_tally tally;
    side s;

    read_tally(pairer, number, &tally);
    for (size_t i = 0; i < tally.n; i++)
        if (look(pairer, number, &tally, &tally.items[i], &s)) {
            fle_prints_drop(&pairer->prints, print_of(pairer, &s.sight, s.step), s.bank, number);
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

    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i)) {
        const fle_meter *meter = fle_meter_at(meters, i);

        if (pairer->observers.badges[meter->observer].is_nat && meter->place != FLE_N_POLES &&
            bank_of(pairer, c, meter) == FLE_OUTSIDE)
            return true;
    }
    return false;
}

/* ---- Making them one. ---- */

/* The only one on a side that agrees with a sight about then; FLE_NONE if there isn't one. */
static uint32_t only_one(const flowenrich_pairer *pairer, const side *s, fle_bank bank)
{
    uint32_t n = 0, sum = 0;

    for (uint64_t step = s->step - (s->step > 0); step <= s->step + 1; step++) {
        const fle_print *print =
            fle_prints_find(&pairer->prints, print_of(pairer, &s->sight, step));

        if (print) {
            n += print->n[bank];
            sum += print->sum[bank];
        }
    }
    return n == 1 ? sum : FLE_NONE;
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
           !fle_observer_may_have_skipped(gateway, begin > slack ? begin - slack : 0,
                                          c->end + slack);
}

/* The only one that agrees with a side, as that is the only one that agrees with it. */
static bool find_other(const flowenrich_pairer *pairer, const side *s, side *out)
{
    const fle_bank across = s->bank == FLE_INSIDE ? FLE_OUTSIDE : FLE_INSIDE;
    const uint32_t found = only_one(pairer, s, across);
    fle_tally tally;

    if (found == FLE_NONE)
        return false;
    read_tally(pairer, found, &tally);
    for (size_t i = 0; i < tally.n; i++)
        if (look(pairer, found, &tally, &tally.items[i], out) && out->bank == across &&
            memcmp(&out->sight, &s->sight, sizeof s->sight) == 0)
            return only_one(pairer, out, s->bank) == s->number;
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

static bool join(flowenrich_pairer *pairer, const side *inside, const side *outside)
{
    if (!fle_pairer_fold(pairer, outside->number, outside->server, inside->number, inside->server))
        return false;
    fle_table_at(&pairer->table, outside->number)->way[FLE_HIGH] |= FLE_LEG_IS_OUTSIDE;
    pairer->stats[FLE_PAIR_OUTSIDE]++;
    return true;
}

bool fle_pairer_join_outside(flowenrich_pairer *pairer, uint32_t number)
{
    fle_tally tally;
    side one, other;

    read_tally(pairer, number, &tally);
    for (size_t i = 0; i < tally.n; i++) {
        const side *inside = &one, *outside = &other;

        if (!look(pairer, number, &tally, &tally.items[i], &one) ||
            !find_other(pairer, &one, &other))
            continue;
        if (one.bank == FLE_OUTSIDE) {
            inside = &other;
            outside = &one;
        }
        if (may_join(pairer, inside, outside))
            return join(pairer, inside, outside);
    }
    return true;
}
