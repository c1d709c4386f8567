/* SPDX-License-Identifier: Apache-2.0 */
/* Who held an address throughout a time, by the intervals of who was seen to hold it. */
#include "catalog/holders.h"

#include <string.h>

#include "base/number.h"
#include "catalog/facts.h"

/* The first run that ends at or after a time. */
static size_t first_until(fle_runs r, flowenrich_time time)
{
    size_t begin = 0, end = r.n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (r.items[middle].last < time)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

/* The first run that begins after a time. */
static size_t first_beyond(fle_runs r, flowenrich_time time)
{
    size_t begin = 0, end = r.n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (r.items[middle].first <= time)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

/* At most 'bound' seconds from one time to a later one; no claim of a document's overflows. */
static bool is_near(flowenrich_time earlier, flowenrich_time later, int64_t bound)
{
    return later <= earlier || (uint64_t)later - (uint64_t)earlier <= (uint64_t)bound;
}

/* Nothing is assumed past an event that gave or took the address. */
static bool is_assumed(const fle_run *run, flowenrich_time from, flowenrich_time until,
                       int64_t assume)
{
    return (run->first <= from ||
            (!run->began && is_near(from, run->first, assume) && run->absent_before < from)) &&
           (until <= run->last ||
            (!run->ended && is_near(run->last, until, assume) && until < run->absent_after));
}

static uint32_t how_sure(const fle_run *run, flowenrich_time from, flowenrich_time until,
                         int64_t assume)
{
    if (run->first <= from && until <= run->last)
        return run->began && run->ended ? FLOWENRICH_SURE_EXACT : FLOWENRICH_SURE_SIGHTED;
    return is_assumed(run, from, until, assume) ? FLOWENRICH_SURE_ASSUMED : 0;
}

static fle_held name(const fle_run *run, uint32_t sure)
{
    const fle_held held = { run->interface, sure,       FLE_REASON_NONE, run->first,
                            run->last,      FLE_NOBODY, false,           FLE_LASTS_NEVER };

    return held;
}

static fle_held refuse(const fle_run *rival, fle_reason reason)
{
    const fle_held held = { FLE_NOBODY,       0,     reason,         rival->first, rival->last,
                            rival->interface, false, FLE_LASTS_NEVER };

    return held;
}

static flowenrich_time earlier(flowenrich_time a, flowenrich_time b)
{
    return a < b ? a : b;
}

/* The first and last second at which is_assumed() has nothing against it; documents claim any. */
static flowenrich_time assumed_from(const fle_run *run, int64_t assume)
{
    return run->began || run->absent_before == INT64_MAX
               ? run->first
               : fle_time_later(fle_signed_plus(run->first, -assume),
                                fle_signed_plus(run->absent_before, 1));
}

static flowenrich_time assumed_until(const fle_run *run, int64_t assume)
{
    return run->ended || run->absent_after == INT64_MIN
               ? run->last
               : earlier(fle_signed_plus(run->last, assume),
                         fle_signed_plus(run->absent_after, -1));
}

/* The times for which nobody but run 'i' is asked, and it is as sure as it was found to be. */
static fle_lasting lasting_of(fle_runs r, size_t i, uint32_t sure, int64_t assume)
{
    const fle_run *run = &r.items[i];
    fle_lasting lasting = { run->first, run->last };

    if (sure == FLOWENRICH_SURE_ASSUMED && i == 0)
        lasting.from = assumed_from(run, assume);
    if (sure == FLOWENRICH_SURE_ASSUMED && i + 1 == r.n)
        lasting.until = assumed_until(run, assume);
    if (i > 0 && run[-1].last >= lasting.from)
        lasting.from = fle_signed_plus(run[-1].last, 1);
    if (i + 1 < r.n && run[1].first <= lasting.until)
        lasting.until = fle_signed_plus(run[1].first, -1);
    return lasting;
}

static bool is_one_interface(fle_runs r, size_t begin, size_t last)
{
    for (size_t i = begin; i < last; i++)
        if (r.items[i].interface != r.items[last].interface)
            return false;
    return true;
}

/* Asked for any time: there must never have been another. */
static fle_held ask_ever(fle_runs r)
{
    fle_held held = name(&r.items[r.n - 1], FLOWENRICH_SURE_ASSUMED);

    if (!is_one_interface(r, 0, r.n - 1))
        return refuse(&r.items[r.n - 1], FLE_REASON_OWNER_CHANGED);
    held.first = r.items[0].first;
    return held;
}

/* Does a time touch that in which an event gave or took the address, at a moment nobody knows? */
static bool touches_change(const fle_run *run, flowenrich_time from, flowenrich_time until)
{
    return (run->began && from < run->first && until > run->absent_before) ||
           (run->ended && until > run->last && from < run->absent_after);
}

static fle_held refuse_one(fle_runs r, size_t begin, size_t last, flowenrich_time from,
                           flowenrich_time until)
{
    const bool changed =
        touches_change(&r.items[begin], from, until) || touches_change(&r.items[last], from, until);

    return refuse(&r.items[last],
                  changed ? FLE_REASON_OWNER_CHANGED : FLE_REASON_NOT_OBSERVED_THEN);
}

static fle_held ask_run(const fle_run *run, flowenrich_time from, flowenrich_time until,
                        int64_t assume)
{
    const uint32_t sure = how_sure(run, from, until, assume);
    fle_held held;

    if (sure) {
        held = name(run, sure);
        held.lasting = lasting_of((fle_runs){ run, 1 }, 0, sure, assume);
        return held;
    }
    return refuse(run, touches_change(run, from, until) ? FLE_REASON_OWNER_CHANGED
                                                        : FLE_REASON_NOT_OBSERVED_THEN);
}

static fle_held name_one(fle_runs r, size_t begin, size_t last, uint32_t sure, int64_t assume)
{
    fle_held held = name(&r.items[begin], sure);

    if (begin == last)
        held.lasting = lasting_of(r, begin, sure, assume);
    return held;
}

/*
 * Whoever may have held it during the time is in a run that the time touches, or
 * next to a gap that it touches, unless an event says that he no longer held it,
 * or not yet. They must be one, which must cover it all.
 */
static fle_held ask_runs(fle_runs r, flowenrich_time from, flowenrich_time until, int64_t assume)
{
    size_t begin = first_until(r, from), last = first_beyond(r, until);
    uint32_t sure;

    if (begin > 0 && (begin == r.n || r.items[begin].first > from))
        begin--;
    if (last > 0 && (last == r.n || r.items[last - 1].last >= until))
        last--;
    if (begin < last && r.items[begin].ended && r.items[begin].absent_after <= from)
        begin++;
    if (begin < last && r.items[last].began && r.items[last].absent_before >= until)
        last--;
    if (!is_one_interface(r, begin, last))
        return refuse(&r.items[last], FLE_REASON_OWNER_CHANGED);
    sure = how_sure(&r.items[begin], from, until, assume);
    if (sure)
        return name_one(r, begin, last, sure, assume);
    sure = how_sure(&r.items[last], from, until, assume);
    return sure ? name(&r.items[last], sure) : refuse_one(r, begin, last, from, until);
}

static uint32_t who(const fle_held *held)
{
    return held->interface != FLE_NOBODY ? held->interface : held->rival;
}

/* Both may be right, one after the other; not if one was seen while the other held it. */
static bool are_at_odds(const fle_held *a, const fle_held *b)
{
    if ((a->sure == 0 && b->sure == 0) || who(a) == who(b))
        return false;
    return a->sure == b->sure || (a->first <= b->last && b->first <= a->last);
}

/* What an address says, and what a prefix says that it is in. */
static fle_held combine(fle_held a, fle_held b)
{
    if (are_at_odds(&a, &b)) {
        a.rival = who(a.interface != FLE_NOBODY ? &b : &a);
        a.interface = FLE_NOBODY;
        a.sure = 0;
        a.reason = FLE_REASON_OWNER_CHANGED;
        return a;
    }
    return b.sure > a.sure ? b : a;
}

/* What is known of an address, or of the prefix of some length that it is in. */
static fle_runs find(const fle_holders *holders, const fle_sought *sought, uint8_t bits)
{
    const fle_runs found = { sought->trail.runs, sought->trail.n };

    return bits == 128 && sought->trail.is_found
               ? found
               : fle_holders_find(holders, sought->space, sought->address, bits);
}

void fle_holders_ask(const fle_holders *holders, const fle_sought *sought, flowenrich_time from,
                     flowenrich_time until, int64_t assume, fle_held *out)
{
    const bool ever = from == FLOWENRICH_TIME_ABSENT || until == FLOWENRICH_TIME_ABSENT;

    if (from > until) { /* a record may claim anything */
        const flowenrich_time last = from;

        from = until;
        until = last;
    }
    memset(out, 0, sizeof *out);
    out->interface = out->rival = FLE_NOBODY;
    out->reason = FLE_REASON_NOT_IN_INVENTORY;
    out->first = out->last = FLOWENRICH_TIME_ABSENT;
    out->lasting = FLE_LASTS_NEVER;
    for (size_t i = 0; i < holders->n_lengths; i++) {
        const fle_runs r = find(holders, sought, holders->lengths[i]);
        fle_held held;

        if (r.n == 0)
            continue;
        held = ever       ? ask_ever(r)
               : r.n == 1 ? ask_run(r.items, from, until, assume)
                          : ask_runs(r, from, until, assume);
        held.prefix = holders->lengths[i] < 128;
        if (out->reason == FLE_REASON_NOT_IN_INVENTORY) {
            *out = held;
        } else {
            *out = combine(*out, held);
            out->lasting = FLE_LASTS_NEVER;
        }
    }
}

bool fle_holders_has(const fle_holders *holders, const fle_sought *sought, uint32_t interface)
{
    for (size_t i = 0; i < holders->n_lengths; i++) {
        const fle_runs r = find(holders, sought, holders->lengths[i]);

        for (size_t k = 0; k < r.n; k++)
            if (interface == FLE_NOBODY || r.items[k].interface == interface)
                return true;
    }
    return false;
}

/* Since when, before a run, and until when, after it, nobody knows that it wasn't held. */
static fle_lasting around(fle_runs r, size_t i)
{
    const fle_run *run = &r.items[i];

    return (fle_lasting){ run->began || i == 0 ? run->absent_before : run[-1].last,
                          run->ended || i + 1 == r.n ? run->absent_after : run[1].first };
}

bool fle_holders_may_have(const fle_holders *holders, const fle_sought *sought, uint32_t interface,
                          flowenrich_time from, flowenrich_time until, fle_lasting *had)
{
    for (size_t i = 0; i < holders->n_lengths; i++) {
        const fle_runs r = find(holders, sought, holders->lengths[i]);

        for (size_t k = 0; k < r.n; k++) {
            if (r.items[k].interface != interface)
                continue;
            *had = around(r, k);
            if (fle_lasting_touches(had, from, until))
                return true;
        }
    }
    return false;
}

bool fle_holders_get_back(const fle_holders *holders, uint32_t space, const fle_address *address,
                          uint32_t interface, flowenrich_time from, flowenrich_time until)
{
    for (size_t i = 0; i < holders->n_lengths; i++) {
        const fle_runs r = fle_holders_find(holders, space, address, holders->lengths[i]);
        const fle_run *before = NULL;

        for (size_t k = 0; k < r.n; k++) {
            if (r.items[k].interface != interface)
                continue;
            if (before && before->last <= until && r.items[k].first >= from)
                return true;
            before = &r.items[k];
        }
    }
    return false;
}
