/* SPDX-License-Identifier: Apache-2.0 */
/* When rows of conversations are due, and who goes first when memory is short. */
#include "pair/pairer.h"

#include <stdlib.h>

#define DISORDER 600 /* seconds of records in one file, which come in any order */
#define DELIVERY 900 /* seconds that AWS takes to deliver, over a window */

/* Of max_bytes, quarters that conversations may take; the rest is for what they refer to. */
#define SHARE_QUARTERS 3

uint32_t fle_pairer_silence(const flowenrich_pairer *pairer)
{
    return 2 * pairer->window + pairer->slack + DISORDER;
}

uint32_t fle_pairer_idle(const flowenrich_pairer *pairer)
{
    return pairer->idle ? pairer->idle : fle_pairer_silence(pairer);
}

uint32_t fle_pairer_lateness(const flowenrich_pairer *pairer)
{
    return pairer->lateness ? pairer->lateness : pairer->window + DELIVERY;
}

static int64_t idle_due(const flowenrich_pairer *pairer, const fle_conversation *c)
{
    return (int64_t)c->end + fle_pairer_idle(pairer);
}

/*
 * What a gateway said outside is told when it is over, and a little later than others are: by then
 * it is known to whose packets it belongs.
 */
static int64_t due_of(const flowenrich_pairer *pairer, const fle_conversation *c)
{
    const int64_t idle = idle_due(pairer, c);
    const int64_t active = (int64_t)c->start + pairer->active;

    if (c->marks & FLE_MARK_CLOSED)
        return idle + fle_pairer_lateness(pairer);
    if (fle_pairer_is_outside(pairer, c))
        return idle + pairer->slack;
    return (c->marks & FLE_MARK_OPEN_ROW) && active < idle ? active : idle;
}

/* What is due already is due at the next opportunity. */
void fle_pairer_hang(flowenrich_pairer *pairer, uint32_t number)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);
    fle_wheel *wheel = c->marks & FLE_MARK_CLOSED ? &pairer->closed : &pairer->open;
    int64_t due = due_of(pairer, c);

    if (due <= pairer->watermark)
        due = pairer->watermark + 1;
    fle_wheel_hang(wheel, &pairer->table, number, due);
}

/* ---- The list. ---- */

static uint64_t id_of(const fle_conversation *c)
{
    const uint64_t hash = fle_hash(&c->key, sizeof c->key, 0);

    return fle_hash_mix(hash, (uint64_t)c->first << 32 | c->salt);
}

static fle_jury jury_of(const flowenrich_pairer *pairer, const fle_conversation *c)
{
    fle_jury jury = { .listening = &pairer->listening, .configured = &pairer->listeners };

    for (uint32_t i = c->meters.first; i != FLE_NONE;
         i = fle_meter_after(&pairer->table.meters, &c->meters, i)) {
        const fle_meter *meter = fle_meter_at(&pairer->table.meters, i);
        const fle_entry *interface = pairer->observers.items[meter->observer].interface;

        if (interface && meter->place != FLE_N_POLES && !fle_entry_forwards(interface) &&
            !meter->behind)
            jury.type[meter->place] = fle_snapshot_text(pairer->snapshot, interface, FLE_ATTR_TYPE);
        for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++)
            jury.denied[from] = jury.denied[from] ||
                                fle_meters_deny(&pairer->table.meters, &c->meters, meter, from);
    }
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++) {
        const fle_entry *there = NULL;

        if (!pairer->snapshot || jury.type[pole].len)
            continue;
        there = fle_address_is_private(&c->key.address[pole])
                    ? fle_pairer_holder(pairer, c, pole)
                    : fle_snapshot_range(pairer->snapshot, &c->key.address[pole]);
        if (there)
            jury.type[pole] = fle_snapshot_text(pairer->snapshot, there, FLE_ATTR_TYPE);
    }
    return jury;
}

static bool add_due(flowenrich_pairer *pairer, uint32_t number, bool final, bool gone)
{
    fle_dues *dues = &pairer->dues;
    fle_due *items =
        fle_grow(&pairer->allocator, dues->items, &dues->capacity, dues->n + 1, sizeof *items);

    if (!items)
        return false;
    dues->items = items;
    items[dues->n++] = (fle_due){ .number = number, .final = final, .gone = gone };
    return true;
}

/*
 * Did it only come from logs that don't tell whose packets they are, of somebody who has another
 * log by now that does? Whatever that says of them is told by others.
 */
static bool is_outdone(const flowenrich_pairer *pairer, const fle_conversation *c)
{
    const fle_slab *meters = &pairer->table.meters;

    if (!(c->marks & FLE_MARK_SHOWN) ||
        !fle_homes_are_outdone(&pairer->homes, &pairer->observers, &c->key))
        return false;
    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i))
        if (!fle_meter_at(meters, i)->hop_only)
            return false;
    return true;
}

/* All has been joined to it that will be: what its row says. */
static bool settle(flowenrich_pairer *pairer, fle_due *due)
{
    fle_conversation *c = fle_table_at(&pairer->table, due->number);
    const fle_jury jury = jury_of(pairer, c);
    bool repeats;

    if (!fle_pairer_repeats(pairer, due->number, &repeats))
        return false;
    if (c->sequence == 0 && (repeats || is_outdone(pairer, c)))
        c->marks |= FLE_MARK_OUTSIDE;
    due->due = idle_due(pairer, c);
    due->id = id_of(c);
    due->verdict = fle_verdict_next(c, &jury);
    due->late = (c->marks & (FLE_MARK_CLOSED | FLE_MARK_LATE)) != 0;
    return true;
}

static int compare(const void *a, const void *b)
{
    const fle_due *x = a, *y = b;

    if (x->due != y->due)
        return x->due < y->due ? -1 : 1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* A leg that hangs no more is given back, unless its whole's row is still to be taken. */
static void loosen(flowenrich_pairer *pairer, uint32_t number)
{
    fle_conversation *leg = fle_table_at(&pairer->table, number);

    if (leg->marks & FLE_MARK_GONE)
        fle_table_give(&pairer->table, number);
    else
        leg->marks |= FLE_MARK_LOOSE;
}

/* Legs go with what they are legs of. */
static void detach_legs(flowenrich_pairer *pairer, uint32_t number)
{
    for (; number != FLE_NONE; number = fle_leg_next(fle_table_at(&pairer->table, number))) {
        fle_pairer_unlist(pairer, number);
        fle_table_detach(&pairer->table, number);
    }
}

static void give_legs(flowenrich_pairer *pairer, uint32_t number)
{
    while (number != FLE_NONE) {
        fle_conversation *leg = fle_table_at(&pairer->table, number);
        const uint32_t next = fle_leg_next(leg);

        if (leg->marks & FLE_MARK_LOOSE)
            fle_table_give(&pairer->table, number);
        else
            leg->marks |= FLE_MARK_GONE;
        number = next;
    }
}

/*
 * Out of the table, and its meters out of what is counted against max_bytes. False if it had no
 * prints.
 */
static bool detach(flowenrich_pairer *pairer, uint32_t number)
{
    fle_conversation *c = fle_table_at(&pairer->table, number);
    const bool had_prints = fle_pairer_unprint(pairer, number);

    for (uint32_t i = c->meters.first; i != FLE_NONE;
         i = fle_meter_after(&pairer->table.meters, &c->meters, i))
        pairer->detached_meters++;
    c->marks |= FLE_MARK_GONE;
    detach_legs(pairer, c->leg);
    fle_table_detach(&pairer->table, number);
    return had_prints;
}

void fle_pairer_give(flowenrich_pairer *pairer, uint32_t number)
{
    const size_t before = pairer->table.meters.taken;

    give_legs(pairer, fle_table_at(&pairer->table, number)->leg);
    fle_pairer_unlist(pairer, number);
    fle_table_give(&pairer->table, number);
    pairer->detached_meters -= before - pairer->table.meters.taken;
}

/* ---- Memory that comes in time. ---- */

#define AHEAD 8 /* places between what is asked for and what that says to ask for next */

void fle_pairer_expect(const flowenrich_pairer *pairer, size_t at, size_t n)
{
    const fle_due *items = pairer->dues.items;
    const fle_slab *meters = &pairer->table.meters;

    if (at + 3 * AHEAD < n)
        fle_prefetch(fle_table_at(&pairer->table, items[at + 3 * AHEAD].number),
                     sizeof(fle_conversation));
    if (at + 2 * AHEAD < n) {
        const fle_meters *of = &fle_table_at(&pairer->table, items[at + 2 * AHEAD].number)->meters;

        if (of->first != FLE_NONE)
            fle_prefetch(fle_meter_at(meters, of->first), sizeof(fle_meter));
        if (of->second != FLE_NONE)
            fle_prefetch(fle_meter_at(meters, of->second), sizeof(fle_meter));
    }
    if (at + AHEAD < n) {
        const fle_meters *of = &fle_table_at(&pairer->table, items[at + AHEAD].number)->meters;

        for (uint32_t i = of->first; i != FLE_NONE; i = fle_meter_after(meters, of, i))
            fle_prefetch(&pairer->observers.items[fle_meter_at(meters, i)->observer],
                         sizeof(fle_observer));
    }
}

/* ---- Time goes on. ---- */

static bool is_last(int64_t watermark)
{
    return watermark == FLOWENRICH_TIME_END;
}

static bool collect_open(flowenrich_pairer *pairer, uint32_t number)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);
    const int64_t now = pairer->watermark;

    if (c->marks & FLE_MARK_LEG) {
        loosen(pairer, number);
        return true;
    }
    if (due_of(pairer, c) > now) {
        fle_pairer_hang(pairer, number);
        return true;
    }
    if ((is_last(now) || idle_due(pairer, c) <= now) && !fle_pairer_join_inside(pairer, number))
        return false;
    return add_due(pairer, number, idle_due(pairer, c) <= now, is_last(now));
}

/* What late records came to is on the list already. */
static void collect_closed(flowenrich_pairer *pairer, uint32_t number)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);
    const bool is_listed = c->marks & FLE_MARK_QUEUED;

    if (!is_last(pairer->watermark) && (is_listed || due_of(pairer, c) > pairer->watermark)) {
        fle_pairer_hang(pairer, number);
        return;
    }
    detach(pairer, number);
    if (!is_listed)
        fle_pairer_give(pairer, number);
}

static bool collect_late(flowenrich_pairer *pairer)
{
    for (size_t i = 0; i < pairer->late.n; i++)
        if (!add_due(pairer, pairer->late.items[i], true, is_last(pairer->watermark)))
            return false;
    pairer->late.n = 0;
    return true;
}

static bool turn_open(flowenrich_pairer *pairer, int64_t spoke)
{
    uint32_t chain = fle_wheel_chain(&pairer->open, spoke), number;

    while ((number = fle_wheel_take(&pairer->open, &pairer->table, &chain)) != FLE_NONE)
        if (!collect_open(pairer, number))
            return false;
    return true;
}

static void turn_closed(flowenrich_pairer *pairer, int64_t spoke)
{
    uint32_t chain = fle_wheel_chain(&pairer->closed, spoke), number;

    while ((number = fle_wheel_take(&pairer->closed, &pairer->table, &chain)) != FLE_NONE)
        collect_closed(pairer, number);
}

/* Who is told before all records of its time have come may agree with the wrong one. */
static bool join_outsides(flowenrich_pairer *pairer, size_t begin)
{
    if (!is_last(pairer->watermark) && fle_pairer_idle(pairer) < fle_pairer_silence(pairer))
        return true;
    for (size_t i = begin; i < pairer->dues.n; i++)
        if (pairer->dues.items[i].final &&
            !fle_pairer_join_outside(pairer, pairer->dues.items[i].number))
            return false;
    return true;
}

/* What became a leg has no row; what is closed already leaves the table with its wheel. */
static bool settle_all(flowenrich_pairer *pairer, size_t begin)
{
    fle_dues *dues = &pairer->dues;
    const size_t n = dues->n;

    dues->n = begin;
    for (size_t i = begin; i < n; i++) {
        fle_due *due = &dues->items[i];
        const uint16_t marks = fle_table_at(&pairer->table, due->number)->marks;

        fle_pairer_expect(pairer, i, n);
        if (marks & FLE_MARK_LEG) {
            loosen(pairer, due->number);
            continue;
        }
        if (!settle(pairer, due))
            return false;
        if (due->gone && !(marks & FLE_MARK_CLOSED))
            detach(pairer, due->number);
        dues->items[dues->n++] = *due;
    }
    return true;
}

/* Nothing hangs any more where it would have been due by now. */
static void advance(fle_wheel *wheel, int64_t watermark)
{
    if (wheel->hand <= watermark)
        wheel->hand = watermark + 1;
}

bool fle_pairer_collect(flowenrich_pairer *pairer, int64_t watermark)
{
    const size_t begin = pairer->dues.n;
    int64_t from = pairer->watermark + 1, until = watermark;

    if (watermark <= pairer->watermark)
        return true;
    if (from == 0 || until - from >= FLE_WHEEL_SPOKES) {
        from = 0;
        until = FLE_WHEEL_SPOKES - 1;
    }
    pairer->watermark = watermark;
    if (!collect_late(pairer))
        return false;
    for (int64_t spoke = from; spoke <= until; spoke++)
        if (!turn_open(pairer, spoke))
            return false;
    if (!join_outsides(pairer, begin) || !settle_all(pairer, begin))
        return false;
    for (int64_t spoke = from; spoke <= until; spoke++)
        turn_closed(pairer, spoke);
    if (pairer->dues.n > begin)
        qsort(pairer->dues.items + begin, pairer->dues.n - begin, sizeof *pairer->dues.items,
              compare);
    if (is_last(watermark)) {
        pairer->watermark = -1;
        return true;
    }
    advance(&pairer->open, watermark);
    advance(&pairer->closed, watermark);
    return true;
}

/* ---- Memory is short. ---- */

/* A conversation with its slots, and the slots of a print: there are up to two for each. */
#define CONVERSATION_BYTES (sizeof(fle_conversation) + 2 * sizeof(fle_indexed))
#define PRINT_BYTES (2 * sizeof(fle_print))

static uint64_t live_bytes(const flowenrich_pairer *pairer)
{
    return pairer->table.by_key.n * CONVERSATION_BYTES + pairer->prints.n * PRINT_BYTES +
           (pairer->table.meters.taken - pairer->detached_meters) * sizeof(fle_meter);
}

static bool evict(flowenrich_pairer *pairer, uint32_t number)
{
    const fle_conversation *c = fle_table_at(&pairer->table, number);
    const uint32_t begin = fle_conversation_begin(c);
    const int64_t until = (int64_t)c->end + 3 * (pairer->slack + FLE_METER_STEP);
    const bool is_told = !(c->marks & FLE_MARK_OPEN_ROW) && (c->marks & FLE_MARK_CLOSED);

    if (!fle_gone_note(&pairer->gone, &c->key, begin, c->end))
        return false;
    for (uint32_t i = c->leg; i != FLE_NONE; i = fle_leg_next(fle_table_at(&pairer->table, i)))
        if (!fle_gone_note(&pairer->gone, &fle_table_at(&pairer->table, i)->key, begin, c->end))
            return false;
    if (detach(pairer, number) && until > pairer->unprinted_until)
        pairer->unprinted_until = until;
    if (is_told) {
        fle_pairer_give(pairer, number);
        return true;
    }
    pairer->stats[FLE_PAIR_EVICTED]++;
    return add_due(pairer, number, true, true) &&
           settle(pairer, &pairer->dues.items[pairer->dues.n - 1]);
}

/*
 * Go through a wheel from its oldest end until there is room enough. Whoever hangs on a
 * spoke but isn't due then was heard of since, and is hung up anew; if a whole turn finds
 * nobody, times are so far apart that anybody will do. What is listed for late records
 * stays.
 */
static bool evict_from(flowenrich_pairer *pairer, fle_wheel *wheel, uint64_t enough)
{
    size_t spokes = 0;

    while (wheel->n > 0 && live_bytes(pairer) > enough && spokes < 2 * FLE_WHEEL_SPOKES) {
        const int64_t now = wheel->hand;
        uint32_t chain = fle_wheel_chain(wheel, now), number;
        const bool anybody = spokes++ > FLE_WHEEL_SPOKES;

        while ((number = fle_wheel_take(wheel, &pairer->table, &chain)) != FLE_NONE) {
            const fle_conversation *c = fle_table_at(&pairer->table, number);
            const int64_t due = due_of(pairer, c);

            if (c->marks & FLE_MARK_LEG)
                loosen(pairer, number);
            else if ((due > now && !anybody) || (c->marks & FLE_MARK_QUEUED))
                fle_wheel_hang(wheel, &pairer->table, number, due);
            else if (live_bytes(pairer) <= enough)
                fle_wheel_hang(wheel, &pairer->table, number, now);
            else if (!evict(pairer, number))
                return false;
        }
        if (live_bytes(pairer) > enough)
            wheel->hand = now + 1;
    }
    return true;
}

bool fle_pairer_evict(flowenrich_pairer *pairer)
{
    const uint64_t most = pairer->max_bytes / 4 * SHARE_QUARTERS;

    if (live_bytes(pairer) <= most)
        return true;
    return evict_from(pairer, &pairer->closed, most / 16 * 15) &&
           evict_from(pairer, &pairer->open, most / 16 * 15);
}
