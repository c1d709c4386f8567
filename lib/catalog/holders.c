/* SPDX-License-Identifier: Apache-2.0 */
/* Who held an address when: sightings made into intervals. */
#include "catalog/holders.h"

#include <string.h>

#include "catalog/order.h"

/* What the map is keyed by. Without padding: all its bytes count. */
typedef struct key {
    uint8_t base[16];
    uint32_t space, bits;
} key;

static key key_of(uint32_t space, const fle_cidr *cidr)
{
    key k = { { 0 }, space, cidr->bits };

    memcpy(k.base, cidr->base.bytes, sizeof k.base);
    return k;
}

static int compare_keys(const fle_sighting *a, const fle_sighting *b)
{
    return a->space != b->space ? (a->space > b->space ? 1 : -1)
                                : fle_cidr_compare(&a->cidr, &b->cidr);
}

static int compare_sightings(const void *left, const void *right, const void *ctx)
{
    const fle_sighting *a = left, *b = right;
    const fle_holders_input *input = ctx;
    const int order = compare_keys(a, b);

    if (order != 0)
        return order;
    if (a->time != b->time)
        return a->time > b->time ? 1 : -1;
    return a->interface == b->interface ? 0
                                        : input->compare(a->interface, b->interface, input->ctx);
}

/* How many times of a roll are before 'time', or at it. */
static size_t count_until(const fle_roll *roll, flowenrich_time time, bool inclusive)
{
    size_t begin = 0, end = roll->n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (roll->times[middle] < time || (inclusive && roll->times[middle] == time))
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

static flowenrich_time absent_after(const fle_roll *roll, flowenrich_time time)
{
    const size_t n = count_until(roll, time, true);

    return n < roll->n ? roll->times[n] : INT64_MAX;
}

static flowenrich_time absent_before(const fle_roll *roll, flowenrich_time time)
{
    const size_t n = count_until(roll, time, false);

    return n > 0 ? roll->times[n - 1] : INT64_MIN;
}

typedef struct builder {
    const fle_holders_input *input;
    fle_run *runs;
    size_t n;
    bool closed; /* the last run can't go on: another key, or contradictory documents */
} builder;

static void add_sighting(builder *b, const fle_sighting *s)
{
    const fle_roll *roll = &b->input->rolls[s->roll];
    fle_run *run = b->n > 0 ? &b->runs[b->n - 1] : NULL;

    if (b->closed || run->interface != s->interface || run->absent_after < s->time) {
        run = &b->runs[b->n++];
        run->first = s->time;
        run->absent_before = absent_before(roll, s->time);
        run->interface = s->interface;
        b->closed = false;
    }
    run->last = s->time;
    run->absent_after = absent_after(roll, s->time);
}

/*
 * Add the sightings of one key. Where two interfaces were seen with it at one
 * time no run passes: it isn't told which of them was first.
 */
static void add_runs(builder *b, const fle_sighting *sightings, size_t n)
{
    size_t end;

    b->closed = true;
    for (size_t begin = 0; begin < n; begin = end) {
        bool contested;

        for (end = begin + 1; end < n && sightings[end].time == sightings[begin].time; end++)
            ;
        contested = sightings[begin].interface != sightings[end - 1].interface;
        for (size_t i = begin; i < end; i++) {
            b->closed = b->closed || (contested && i == begin);
            add_sighting(b, &sightings[i]);
        }
        b->closed = contested;
    }
}

static void note_length(fle_holders *holders, uint8_t bits)
{
    size_t at = 0;

    while (at < holders->n_lengths && holders->lengths[at] > bits)
        at++;
    if (at < holders->n_lengths && holders->lengths[at] == bits)
        return;
    memmove(&holders->lengths[at + 1], &holders->lengths[at], holders->n_lengths - at);
    holders->lengths[at] = bits;
    holders->n_lengths++;
}

static size_t count_keys(const fle_holders_input *input)
{
    size_t n = 0;

    for (size_t i = 0; i < input->n; i++)
        n += i == 0 || compare_keys(&input->sightings[i - 1], &input->sightings[i]) != 0;
    return n;
}

bool fle_holders_build(fle_holders *holders, fle_holders_input *input, fle_arena *arena,
                       fle_arena *scratch, uint64_t hash_seed)
{
    const fle_sighting *sightings = input->sightings;
    builder b = { input, fle_array(scratch, input->n, sizeof *b.runs), 0, true };
    uint32_t n = 0, *starts;
    size_t n_keys, end;
    fle_run *runs;
    key *keys;

    holders->by_key = fle_map_new(arena->allocator, hash_seed);
    if (!holders->by_key || !b.runs || input->n >= FLE_NOBODY ||
        !fle_sort(input->sightings, input->n, sizeof *sightings, compare_sightings, input, scratch))
        return false;
    n_keys = count_keys(input);
    keys = fle_array(arena, n_keys, sizeof *keys);
    starts = fle_array(arena, n_keys + 1, sizeof *starts);
    if (!keys || !starts)
        return false;
    for (size_t begin = 0; begin < input->n; begin = end) {
        for (end = begin + 1; end < input->n; end++)
            if (compare_keys(&sightings[begin], &sightings[end]) != 0)
                break;
        keys[n] = key_of(sightings[begin].space, &sightings[begin].cidr);
        starts[n] = (uint32_t)b.n;
        note_length(holders, sightings[begin].cidr.bits);
        add_runs(&b, &sightings[begin], end - begin);
        if (!fle_map_add(holders->by_key, &keys[n], sizeof *keys, n))
            return false;
        n++;
    }
    starts[n] = (uint32_t)b.n;
    runs = fle_array(arena, b.n, sizeof *runs);
    if (!runs)
        return false;
    memcpy(runs, b.runs, b.n * sizeof *runs);
    holders->runs = runs;
    holders->starts = starts;
    return true;
}

typedef struct runs {
    const fle_run *items;
    size_t n;
} runs;

/* The runs of the prefix of some length that an address is in. */
static runs find_runs(const fle_holders *holders, uint32_t space, const fle_address *address,
                      uint8_t bits)
{
    fle_cidr cidr = { *address, bits };
    runs found = { NULL, 0 };
    const uint32_t *index;
    key k;

    fle_address_keep(&cidr.base, bits);
    k = key_of(space, &cidr);
    index = fle_map_find(holders->by_key, &k, sizeof k);
    if (index) {
        found.items = &holders->runs[holders->starts[*index]];
        found.n = holders->starts[*index + 1] - holders->starts[*index];
    }
    return found;
}

/* The first run that ends at or after a time. */
static size_t first_until(runs r, flowenrich_time time)
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
static size_t first_beyond(runs r, flowenrich_time time)
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

static uint32_t how_sure(const fle_run *run, flowenrich_time from, flowenrich_time until,
                         int64_t assume)
{
    if (run->first <= from && until <= run->last)
        return FLOWENRICH_SURE_SIGHTED;
    if (is_near(from, run->first, assume) && is_near(run->last, until, assume) &&
        run->absent_before < from && until < run->absent_after)
        return FLOWENRICH_SURE_ASSUMED;
    return 0;
}

static fle_held name(const fle_run *run, uint32_t sure)
{
    const fle_held held = { run->interface, sure, FLE_REASON_NONE, run->first, run->last,
                            FLE_NOBODY,     false };

    return held;
}

static fle_held refuse(const fle_run *rival, fle_reason reason)
{
    const fle_held held = { FLE_NOBODY,       0,    reason, rival->first, rival->last,
                            rival->interface, false };

    return held;
}

static bool is_one_interface(runs r, size_t begin, size_t last)
{
    for (size_t i = begin; i < last; i++)
        if (r.items[i].interface != r.items[last].interface)
            return false;
    return true;
}

/* Asked for any time: there must never have been another. */
static fle_held ask_ever(runs r)
{
    fle_held held = name(&r.items[r.n - 1], FLOWENRICH_SURE_ASSUMED);

    if (!is_one_interface(r, 0, r.n - 1))
        return refuse(&r.items[r.n - 1], FLE_REASON_OWNER_CHANGED);
    held.first = r.items[0].first;
    return held;
}

/*
 * Whoever may have held it during the time is in a run that the time touches, or
 * next to a gap that it touches. They must be one, which must cover it all.
 */
static fle_held ask_runs(runs r, flowenrich_time from, flowenrich_time until, int64_t assume)
{
    const size_t inner = first_until(r, from), beyond = first_beyond(r, until);
    size_t begin = inner, last = beyond;
    uint32_t sure;

    if (begin > 0 && (begin == r.n || r.items[begin].first > from))
        begin--;
    if (last > 0 && (last == r.n || r.items[last - 1].last >= until))
        last--;
    if (!is_one_interface(r, begin, last))
        return refuse(&r.items[last], FLE_REASON_OWNER_CHANGED);
    sure = how_sure(&r.items[begin], from, until, assume);
    if (sure)
        return name(&r.items[begin], sure);
    sure = how_sure(&r.items[last], from, until, assume);
    return sure ? name(&r.items[last], sure) : refuse(&r.items[last], FLE_REASON_NOT_OBSERVED_THEN);
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
    if (a.reason == FLE_REASON_NOT_IN_INVENTORY)
        return b;
    if (are_at_odds(&a, &b)) {
        a.rival = who(a.interface != FLE_NOBODY ? &b : &a);
        a.interface = FLE_NOBODY;
        a.sure = 0;
        a.reason = FLE_REASON_OWNER_CHANGED;
        return a;
    }
    return b.sure > a.sure ? b : a;
}

void fle_holders_ask(const fle_holders *holders, uint32_t space, const fle_address *address,
                     flowenrich_time from, flowenrich_time until, int64_t assume, fle_held *out)
{
    const bool ever = from == FLOWENRICH_TIME_ABSENT || until == FLOWENRICH_TIME_ABSENT;

    if (from > until) { /* a record may claim anything */
        const flowenrich_time later = from;

        from = until;
        until = later;
    }
    memset(out, 0, sizeof *out);
    out->interface = out->rival = FLE_NOBODY;
    out->reason = FLE_REASON_NOT_IN_INVENTORY;
    out->first = out->last = FLOWENRICH_TIME_ABSENT;
    for (size_t i = 0; i < holders->n_lengths; i++) {
        const runs r = find_runs(holders, space, address, holders->lengths[i]);
        fle_held held;

        if (r.n == 0)
            continue;
        held = ever ? ask_ever(r) : ask_runs(r, from, until, assume);
        held.prefix = holders->lengths[i] < 128;
        *out = combine(*out, held);
    }
}

bool fle_holders_has(const fle_holders *holders, uint32_t space, const fle_address *address,
                     uint32_t interface)
{
    for (size_t i = 0; i < holders->n_lengths; i++) {
        const runs r = find_runs(holders, space, address, holders->lengths[i]);

        for (size_t k = 0; k < r.n; k++)
            if (interface == FLE_NOBODY || r.items[k].interface == interface)
                return true;
    }
    return false;
}
