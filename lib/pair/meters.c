/* SPDX-License-Identifier: Apache-2.0 */
/* Meters: what one observer counted of a conversation, in one flow log. */
#include "pair/meters.h"

#define MOST_ALTERNATIVES 4
#define MOST_PACKETS (((uint64_t)1 << 48) - 1)
#define MOST_MARGIN 30u

bool fle_meters_have(const fle_slab *slab, const fle_meters *meters, uint32_t observer)
{
    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i))
        if (fle_meter_at(slab, i)->observer == observer)
            return true;
    return false;
}

bool fle_meters_have_other(const fle_slab *slab, const fle_meters *meters, const fle_notice *notice)
{
    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i)) {
        const fle_meter *meter = fle_meter_at(slab, i);

        if (meter->observer == notice->observer && meter->flow_log != notice->flow_log)
            return true;
    }
    return false;
}

bool fle_meters_deny(const fle_slab *slab, const fle_meters *meters, const fle_meter *meter,
                     fle_pole from)
{
    if (!fle_meter_heard(meter, from) || meter->denied || !meter->unsure)
        return fle_meter_heard(meter, from) && meter->denied;
    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i)) {
        const fle_meter *other = fle_meter_at(slab, i);

        if (other->observer == meter->observer && !other->rejected && fle_meter_heard(other, from))
            return false;
    }
    return true;
}

#define SYN_OPTIONS 20u /* bytes, as nearly all have */

/* Did what a pole sent have at most so many bytes a packet, at each meter that has any? */
static bool are_within(const fle_slab *slab, const fle_meters *meters, fle_pole from, uint32_t most)
{
    bool any = false;

    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i)) {
        const fle_meter *meter = fle_meter_at(slab, i);
        const uint64_t packets = fle_meter_packets(meter, from);

        if (meter->bytes[from] > packets * most)
            return false;
        any = any || packets > 0;
    }
    return any;
}

bool fle_meters_are_refusal(const fle_slab *slab, const fle_meters *meters, uint32_t least)
{
    for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++)
        if (are_within(slab, meters, from, least) &&
            are_within(slab, meters, fle_pole_other(from), least + SYN_OPTIONS))
            return true;
    return false;
}

/* ---- The time that was counted. ---- */

bool fle_meters_are_before(const fle_slab *slab, const fle_meters *meters, const fle_notice *notice)
{
    uint32_t newest = 0;

    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i)) {
        const fle_meter *meter = fle_meter_at(slab, i);

        if (meter->observer == notice->observer && meter->place == notice->place &&
            meter->newest[notice->from] > newest)
            newest = meter->newest[notice->from];
    }
    return newest != 0 && (uint64_t)newest * FLE_METER_STEP <= notice->start;
}

/* The steps from one to another, both included, as bits that end at the newest. */
static uint64_t steps_between(uint32_t newest, uint32_t from, uint32_t until)
{
    const uint32_t n = until - from + 1, age = newest - until;
    const uint64_t bits = n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;

    return age < 64 ? bits << age : 0;
}

static void let_pass(fle_meter *meter, fle_pole d, uint32_t newest)
{
    const uint32_t steps = newest - meter->newest[d];

    meter->steps[d] = steps < 64 ? meter->steps[d] << steps : 0;
    meter->newest[d] = newest;
}

/*
 * Take a record's time for counted. False if it was before, or is too long ago to tell.
 *
 * Start and end may be late, each by itself, so the records of one flow log may overlap;
 * and they come in any order. So a quarter on each side doesn't count, up to half a minute:
 * what comes twice, or from two logs with equal windows, still shares the rest. Where the
 * flow log is known nothing is asked: it counts no packet twice. Without times nothing can
 * be said, and all is added up.
 */
static bool cover(fle_meter *meter, fle_pole d, const fle_notice *notice)
{
    const uint32_t length = notice->end - notice->start;
    const uint32_t margin = length / 4 < MOST_MARGIN ? length / 4 : MOST_MARGIN;
    uint32_t from = (notice->start + margin + FLE_METER_STEP - 1) / FLE_METER_STEP + 1;
    uint32_t until = (notice->end - margin) / FLE_METER_STEP + 1;
    uint64_t steps;

    if (until < from)
        from = until = (notice->start + length / 2) / FLE_METER_STEP + 1;
    if (meter->newest[d] < until)
        let_pass(meter, d, until);
    steps = steps_between(meter->newest[d], from, until);
    if (!notice->is_trusted && notice->end > 0 && (steps == 0 || (meter->steps[d] & steps)))
        return false;
    meter->steps[d] |= steps;
    return true;
}

/* ---- Finding and making. ---- */

/* The meter of a record, with that alternative and that state; FLE_NONE if there is none. */
static uint32_t find(const fle_slab *slab, const fle_meters *meters, const fle_notice *notice,
                     unsigned alternative, bool told)
{
    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i)) {
        const fle_meter *meter = fle_meter_at(slab, i);

        if (meter->observer == notice->observer && meter->flow_log == notice->flow_log &&
            meter->place == notice->place && meter->alternative == alternative &&
            meter->rejected == notice->rejected && meter->told == told)
            return i;
    }
    return FLE_NONE;
}

static size_t count(const fle_slab *slab, const fle_meters *meters)
{
    size_t n = 0;

    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i))
        n++;
    return n;
}

/* In the order they came, so that nothing depends on the numbers that slabs give. */
static void link_last(const fle_slab *slab, fle_meters *meters, uint32_t number)
{
    uint32_t *at = &meters->first;

    fle_meter_at(slab, number)->next = FLE_NONE;
    if (*at != FLE_NONE)
        at = &meters->second;
    while (*at != FLE_NONE)
        at = &fle_meter_at(slab, *at)->next;
    *at = number;
}

/* A meter that goes on where one stands that was told, or that is new if 'told' is NULL. */
static fle_meter *add(fle_slab *slab, fle_meters *meters, const fle_notice *notice,
                      unsigned alternative, const fle_meter *told)
{
    const uint32_t number = fle_slab_take(slab);
    fle_meter *meter;

    if (number == FLE_NONE)
        return NULL;
    meter = fle_meter_at(slab, number);
    memset(meter, 0, sizeof *meter);
    if (told) {
        *meter = *told;
        meter->told = 0;
        memset(meter->bytes, 0, sizeof meter->bytes);
        memset(meter->packets, 0, sizeof meter->packets);
        memset(meter->packets_high, 0, sizeof meter->packets_high);
    } else {
        meter->observer = notice->observer;
        meter->flow_log = notice->flow_log;
        meter->place = notice->place & 3u;
        meter->alternative = alternative & 3;
        meter->rejected = notice->rejected;
        meter->blind = notice->is_blind;
        meter->hop_only = notice->is_hop_only;
    }
    link_last(slab, meters, number);
    return meter;
}

static uint64_t sum_to(uint64_t a, uint64_t b, uint64_t most)
{
    return b > most - a ? most : a + b;
}

static void add_packets(fle_meter *meter, fle_pole d, uint64_t packets)
{
    const uint64_t sum = sum_to(fle_meter_packets(meter, d), packets, MOST_PACKETS);

    meter->packets[d] = (uint32_t)sum;
    meter->packets_high[d] = (uint16_t)(sum >> 32);
}

static void note(fle_meter *meter, const fle_notice *notice)
{
    if (notice->from == FLE_LOW)
        meter->heard_low = 1;
    else
        meter->heard_high = 1;
    meter->denied |= notice->denied;
    meter->unsure |= notice->is_unsure;
    meter->blind &= notice->is_blind;
    meter->hop_only &= notice->is_hop_only;
    meter->own |= notice->place != FLE_N_POLES && !notice->behind;
    meter->behind |= notice->behind;
    if (notice->has_bytes) {
        meter->bytes[notice->from] = sum_to(meter->bytes[notice->from], notice->bytes, UINT64_MAX);
        add_packets(meter, (fle_pole)notice->from,
                    notice->packets < MOST_PACKETS ? notice->packets : MOST_PACKETS);
    }
}

fle_counted fle_meters_count(fle_slab *slab, fle_meters *meters, const fle_notice *notice)
{
    const fle_pole d = (fle_pole)notice->from;

    for (unsigned n = 0; n < MOST_ALTERNATIVES; n++) {
        const uint32_t open = find(slab, meters, notice, n, false);
        fle_meter *meter = open != FLE_NONE ? fle_meter_at(slab, open) : NULL;

        if (!meter) {
            const uint32_t told = find(slab, meters, notice, n, true);

            if (count(slab, meters) >= FLE_METERS_MOST)
                return FLE_NOT_COUNTED;
            meter =
                add(slab, meters, notice, n, told != FLE_NONE ? fle_meter_at(slab, told) : NULL);
            if (!meter)
                return FLE_COUNT_NOMEM;
        }
        if (notice->has_bytes && !cover(meter, d, notice))
            continue;
        note(meter, notice);
        return n == 0 ? FLE_COUNTED : FLE_COUNTED_APART;
    }
    return FLE_NOT_COUNTED;
}

/* ---- From row to row. ---- */

static fle_meter *find_told(const fle_slab *slab, const fle_meters *meters, const fle_meter *open)
{
    for (uint32_t i = meters->first; i != FLE_NONE; i = fle_meter_after(slab, meters, i)) {
        fle_meter *meter = fle_meter_at(slab, i);

        if (meter->told && fle_meter_is_same(meter, open) && meter->rejected == open->rejected)
            return meter;
    }
    return NULL;
}

static void merge(fle_meter *told, const fle_meter *open)
{
    for (fle_pole d = FLE_LOW; d < FLE_N_POLES; d++) {
        told->bytes[d] = sum_to(told->bytes[d], open->bytes[d], UINT64_MAX);
        add_packets(told, d, fle_meter_packets(open, d));
        told->newest[d] = open->newest[d];
        told->steps[d] = open->steps[d];
    }
    told->denied |= open->denied;
    told->unsure |= open->unsure;
    told->own |= open->own;
    told->behind |= open->behind;
    told->blind &= open->blind;
    told->hop_only &= open->hop_only;
    told->heard_low |= open->heard_low;
    told->heard_high |= open->heard_high;
}

void fle_meters_tell(fle_slab *slab, fle_meters *meters)
{
    fle_meters all = *meters;
    uint32_t i = all.first;

    meters->first = meters->second = FLE_NONE;
    while (i != FLE_NONE) {
        const uint32_t next = fle_meter_after(slab, &all, i);
        fle_meter *meter = fle_meter_at(slab, i);
        fle_meter *told = meter->told ? NULL : find_told(slab, meters, meter);

        if (told) {
            merge(told, meter);
            fle_slab_give(slab, i);
        } else {
            meter->told = 1;
            link_last(slab, meters, i);
        }
        i = next;
    }
}

/* ---- From a leg to its conversation. ---- */

static void swap_poles(fle_meter *meter)
{
    const fle_meter m = *meter;

    for (fle_pole d = FLE_LOW; d < FLE_N_POLES; d++) {
        const fle_pole other = fle_pole_other(d);

        meter->bytes[d] = m.bytes[other];
        meter->steps[d] = m.steps[other];
        meter->packets[d] = m.packets[other];
        meter->packets_high[d] = m.packets_high[other];
        meter->newest[d] = m.newest[other];
    }
    if (m.place != FLE_N_POLES)
        meter->place = fle_pole_other((fle_pole)m.place) & 3u;
    meter->heard_low = m.heard_high;
    meter->heard_high = m.heard_low;
}

/* Another alternative, if there is one like it already. False if there are too many. */
static bool set_apart(const fle_slab *slab, const fle_meters *meters, fle_meter *meter)
{
    uint32_t i = meters->first;

    while (i != FLE_NONE) {
        if (!fle_meter_is_same(fle_meter_at(slab, i), meter) ||
            fle_meter_at(slab, i)->rejected != meter->rejected) {
            i = fle_meter_after(slab, meters, i);
            continue;
        }
        if (meter->alternative == MOST_ALTERNATIVES - 1)
            return false;
        meter->alternative++;
        i = meters->first;
    }
    return count(slab, meters) < FLE_METERS_MOST;
}

void fle_meters_move(fle_slab *slab, fle_meters *from, fle_meters *to, fle_pole shared, bool turns)
{
    uint32_t i = from->first;

    while (i != FLE_NONE) {
        const uint32_t next = fle_meter_after(slab, from, i);
        fle_meter *meter = fle_meter_at(slab, i);

        if (turns)
            swap_poles(meter);
        if (meter->place == fle_pole_other(shared)) {
            meter->own = 0;
            meter->behind = 1;
        }
        if (set_apart(slab, to, meter))
            link_last(slab, to, i);
        else
            fle_slab_give(slab, i);
        i = next;
    }
    from->first = from->second = FLE_NONE;
}

void fle_meters_give(fle_slab *slab, fle_meters *meters)
{
    uint32_t i = meters->first;

    while (i != FLE_NONE) {
        const uint32_t next = fle_meter_after(slab, meters, i);

        fle_slab_give(slab, i);
        i = next;
    }
    meters->first = meters->second = FLE_NONE;
}
