/* SPDX-License-Identifier: Apache-2.0 */
/* Who held an address when: sightings made into intervals. */
#include "catalog/holders.h"

#include <string.h>

#include "base/hash.h"
#include "catalog/facts.h"
#include "catalog/order.h"

/* What is hashed of a key: all before what tells of its runs. */
#define KEY_BYTES offsetof(fle_held_key, has_one)

static fle_held_key key_of(uint32_t space, const fle_cidr *cidr)
{
    return (fle_held_key){ .base = cidr->base, .space = space, .bits = cidr->bits };
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
    if (a->sighted != b->sighted)
        return (int)a->sighted - (int)b->sighted;
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
    size_t n, first;  /* of all runs; index of the first of this key */
    bool closed;      /* the last run can't go on: contradictory documents */
    bool is_doubtful; /* only what took away all that the interface had ended the last run… */
    flowenrich_time proof; /* …until when it is known to have had this address */
} builder;

static fle_run *last_run(const builder *b)
{
    return b->n > b->first ? &b->runs[b->n - 1] : NULL;
}

/* Runs stay in the order of time: one that an event made waits until that has settled. */
static fle_run *begin_run(builder *b, const fle_sighting *s, flowenrich_time time)
{
    const fle_roll *roll = &b->input->rolls[s->roll];
    const fle_run *last = last_run(b);
    fle_run *run = &b->runs[b->n++];

    time = last ? fle_time_later(time, fle_time_later(last->first, last->last)) : time;
    *run = (fle_run){ .first = time,
                      .last = time,
                      .absent_before = absent_before(roll, s->time),
                      .absent_after = absent_after(roll, time),
                      .interface = s->interface };
    if (last && last->interface == s->interface && last->ended)
        run->absent_before = fle_time_later(run->absent_before, last->absent_after);
    b->closed = false;
    return run;
}

/*
 * How the next one got the address wasn't told, so it may have been before the interface went
 * that had it last: with all that it had, but maybe no longer with this one.
 */
static void doubt(builder *b)
{
    if (b->is_doubtful)
        last_run(b)->last = b->proof;
    b->is_doubtful = false;
}

/* Whoever had it before an event may still be seen until that has settled. */
static bool is_last_look(const fle_run *run, const fle_sighting *s)
{
    return run && run->interface == s->interface && run->ended && s->time <= run->absent_after;
}

static void see(builder *b, const fle_sighting *s)
{
    fle_run *run = last_run(b);
    fle_run *before = run && run > &b->runs[b->first] ? run - 1 : NULL;

    if (!b->closed && is_last_look(run, s)) {
        b->is_doubtful = false;
        run->last = fle_time_later(run->last, s->time);
    } else if (run && s->time < run->first && before && before->interface == s->interface &&
               run->interface != s->interface) {
        before->last = fle_time_later(before->last, s->time);
    } else if (b->closed || !run || run->interface != s->interface || run->ended ||
               run->absent_after < s->time) {
        doubt(b);
        (void)begin_run(b, s, s->time);
    } else {
        if (s->time < run->first)
            run->first = before ? fle_time_later(s->time, before->last) : s->time;
        run->last = fle_time_later(run->last, s->time);
        run->absent_after = absent_after(&b->input->rolls[s->roll], run->last);
    }
}

/*
 * It is given what another event has just given it. What it gets back, be it a moment later,
 * nobody had meanwhile; and if it seems to have it all the time, somebody else may have had it.
 */
static bool goes_on(const builder *b, const fle_run *run, const fle_sighting *s)
{
    return !b->closed && run && run->interface == s->interface && run->began && !run->ended &&
           s->time <= run->first;
}

static void come(builder *b, const fle_sighting *s)
{
    fle_run *run = last_run(b);

    if (run && run->ended && run->interface == s->interface && run->last == s->time)
        return; /* taken and given within one second: which was last isn't told */
    if (!goes_on(b, run, s)) {
        b->is_doubtful = false;
        run = begin_run(b, s, fle_time_settled(s->time, b->input->event_slack));
        run->began = true;
        run->absent_before = s->time;
        return;
    }
    run->last = fle_time_later(run->last, fle_time_settled(s->time, b->input->event_slack));
    run->absent_after = absent_after(&b->input->rolls[s->roll], run->last);
}

static void end_run(const builder *b, fle_run *run, flowenrich_time time)
{
    run->first = run->first < time ? run->first : time;
    run->last = time;
    run->absent_after = fle_time_settled(time, b->input->event_slack);
    run->ended = true;
}

/* That it could be taken away proves that it was there. */
static void leave(builder *b, const fle_sighting *s)
{
    fle_run *run = last_run(b);
    fle_run *before = run && run > &b->runs[b->first] ? run - 1 : NULL;

    if (run && run->interface == s->interface) {
        if (!run->ended) {
            b->is_doubtful = s->sighted == FLE_SIGHTED_ENDING;
            b->proof = run->last < s->time ? run->last : s->time;
            end_run(b, run, s->time);
        }
    } else if (before && before->interface == s->interface && !before->ended &&
               s->time <= run->first) {
        before->last = fle_time_later(before->last, run->absent_before);
        before->absent_after = fle_time_settled(s->time, b->input->event_slack);
        before->ended = true;
    } else if (s->sighted == FLE_SIGHTED_LEAVING) {
        doubt(b);
        run = begin_run(b, s, s->time);
        run->absent_after = fle_time_settled(s->time, b->input->event_slack);
        run->ended = true;
    }
}

/* Where two interfaces were seen with it at one time no run passes: it isn't told which was first.
 */
static void see_all(builder *b, const fle_sighting *sightings, size_t n)
{
    const bool contested = sightings[0].interface != sightings[n - 1].interface;

    for (size_t i = 0; i < n; i++) {
        b->closed = b->closed || (contested && i == 0);
        see(b, &sightings[i]);
    }
    b->closed = contested;
}

/* Add the sightings of one key. */
static void add_runs(builder *b, const fle_sighting *sightings, size_t n)
{
    size_t end;

    b->closed = b->is_doubtful = false;
    b->first = b->n;
    for (size_t begin = 0; begin < n; begin = end) {
        const fle_sighting *s = &sightings[begin];

        end = begin + 1;
        if (s->sighted == FLE_SIGHTED_COMING) {
            come(b, s);
        } else if (s->sighted != FLE_SIGHTED) {
            leave(b, s);
        } else {
            while (end < n && sightings[end].time == s->time &&
                   sightings[end].sighted == FLE_SIGHTED)
                end++;
            see_all(b, s, end - begin);
        }
    }
}

void fle_holders_note_length(uint8_t *lengths, size_t *n, uint8_t bits)
{
    size_t at = 0;

    while (at < *n && lengths[at] > bits)
        at++;
    if (at < *n && lengths[at] == bits)
        return;
    memmove(&lengths[at + 1], &lengths[at], *n - at);
    lengths[at] = bits;
    ++*n;
}

void fle_holders_keep(fle_held_key *key, fle_runs runs, fle_run *array, size_t *n)
{
    memset(&key->only, 0, sizeof key->only);
    key->has_one = runs.n == 1;
    if (key->has_one) {
        key->only = *runs.items;
        return;
    }
    key->runs = (uint32_t)*n;
    key->n_runs = (uint32_t)runs.n;
    if (runs.n > 0)
        memmove(array + *n, runs.items, runs.n * sizeof *array);
    *n += runs.n;
}

static size_t count_keys(const fle_holders_input *input)
{
    size_t n = 0;

    for (size_t i = 0; i < input->n; i++)
        n += i == 0 || compare_keys(&input->sightings[i - 1], &input->sightings[i]) != 0;
    return n;
}

static unsigned place_of(const fle_held_key *key)
{
    return key->base.bytes[15] & ((1U << FLE_CLUSTER_BITS) - 1);
}

/* The same for all neighbours. */
static uint32_t hash_near(const fle_holders *holders, fle_held_key key)
{
    key.base.bytes[15] = (uint8_t)(key.base.bytes[15] - place_of(&key));
    return (uint32_t)fle_hash_inline(&key, KEY_BYTES, holders->seed);
}

fle_visit fle_holders_visit(const fle_holders *holders, const fle_held_key *key)
{
    return fle_visit_begin(&holders->clusters, hash_near(holders, *key), place_of(key));
}

/* Neighbours whose keys lie one behind another from one of them on: how many? */
static size_t count_near(const fle_holders *holders, size_t begin)
{
    const fle_held_key *first = &holders->keys[begin];
    size_t n = 1;

    for (; begin + n < holders->n_keys; n++)
        if (first[n].space != first->space || first[n].bits != first->bits ||
            memcmp(&first[n].base, &first->base, sizeof first->base - 1) != 0 ||
            (first[n].base.bytes[15] ^ first->base.bytes[15]) >> FLE_CLUSTER_BITS != 0)
            break;
    return n;
}

bool fle_holders_index(fle_holders *holders, fle_arena *arena)
{
    size_t n = 0;

    for (size_t i = 0; i < holders->n_keys; i += count_near(holders, i))
        n++;
    if (!fle_clusters_init(&holders->clusters, n, arena))
        return false;
    for (size_t i = 0; i < holders->n_keys; i += n) {
        fle_cluster cluster = { 0, hash_near(holders, holders->keys[i]), (uint32_t)i };

        n = count_near(holders, i);
        for (size_t k = 0; k < n; k++)
            cluster.taken |= UINT64_C(1) << place_of(&holders->keys[i + k]);
        fle_clusters_add(&holders->clusters, &cluster);
    }
    return true;
}

uint32_t fle_holders_hash(const fle_holders *holders, const fle_held_key *key)
{
    return (uint32_t)fle_hash_inline(key, KEY_BYTES, holders->seed);
}

/* The runs of each key; sightings are in order. */
static void build_runs(builder *b, fle_held_key *keys, fle_holders *holders, uint8_t *lengths)
{
    const fle_sighting *sightings = b->input->sightings;
    size_t end;

    for (size_t begin = 0; begin < b->input->n; begin = end) {
        fle_held_key *key = &keys[holders->n_keys];

        for (end = begin + 1; end < b->input->n; end++)
            if (compare_keys(&sightings[begin], &sightings[end]) != 0)
                break;
        add_runs(b, &sightings[begin], end - begin);
        *key = key_of(sightings[begin].space, &sightings[begin].cidr);
        holders->n_intervals += b->n - b->first;
        fle_holders_keep(key,
                         (fle_runs){ last_run(b) ? &b->runs[b->first] : NULL, b->n - b->first },
                         b->runs, &b->first);
        b->n = b->first;
        fle_holders_note_length(lengths, &holders->n_lengths, sightings[begin].cidr.bits);
        holders->n_keys++;
    }
}

bool fle_holders_build(fle_holders *holders, fle_holders_input *input, fle_arena *arena,
                       fle_arena *scratch, uint64_t hash_seed)
{
    builder b = { .input = input, .runs = fle_array(scratch, input->n, sizeof *b.runs) };
    uint8_t *lengths = fle_arena_alloc(arena, FLE_N_LENGTHS);
    fle_held_key *keys;
    fle_run *runs;
    size_t n_keys;

    memset(holders, 0, sizeof *holders);
    holders->seed = hash_seed;
    if (!b.runs || !lengths || input->n >= FLE_NOBODY ||
        !fle_sort(input->sightings, input->n, sizeof *input->sightings, compare_sightings, input,
                  scratch))
        return false;
    n_keys = count_keys(input);
    keys = fle_array_of_lines(arena, n_keys, sizeof *keys);
    if (!keys)
        return false;
    build_runs(&b, keys, holders, lengths);
    runs = fle_array(arena, b.n, sizeof *runs);
    if (!runs)
        return false;
    if (b.n > 0)
        memcpy(runs, b.runs, b.n * sizeof *runs);
    holders->keys = keys;
    holders->runs = runs;
    holders->n_runs = b.n;
    holders->lengths = lengths;
    return fle_holders_index(holders, arena);
}

static bool is_key(const fle_held_key *a, const fle_held_key *b)
{
    return memcmp(a, b, KEY_BYTES) == 0;
}

/* In what shadows the rest; NULL if it isn't there. */
static const fle_held_key *find_newer(const fle_holders *holders, const fle_held_key *wanted,
                                      uint32_t hash)
{
    fle_reading reading = fle_journal_begin(holders->journal, FLE_NOTED_KEY, hash);
    uint32_t index;

    while (fle_journal_next(&reading, &index))
        if (is_key(&holders->newer[index], wanted))
            return &holders->newer[index];
    return NULL;
}

/* In the arrays, whatever shadows them; NULL if it isn't there. */
static const fle_held_key *find_key(const fle_holders *holders, const fle_held_key *wanted)
{
    fle_visit visit = fle_holders_visit(holders, wanted);
    uint32_t index;

    while (fle_visit_next(&visit, &index))
        if (index < holders->n_keys && is_key(&holders->keys[index], wanted))
            return &holders->keys[index];
    return NULL;
}

static fle_runs runs_in(const fle_held_key *key, const fle_run *runs)
{
    return key->has_one ? (fle_runs){ &key->only, 1 } : (fle_runs){ runs + key->runs, key->n_runs };
}

/* None if they aren't all there. */
fle_runs fle_holders_runs(const fle_holders *holders, const fle_held_key *key)
{
    const bool are_there = key->has_one || (key->runs <= holders->n_runs &&
                                            key->n_runs <= holders->n_runs - key->runs);

    return are_there ? runs_in(key, holders->runs) : (fle_runs){ NULL, 0 };
}

fle_runs fle_holders_find(const fle_holders *holders, uint32_t space, const fle_address *address,
                          uint8_t bits)
{
    fle_held_key wanted = { .base = *address, .space = space, .bits = bits };
    const fle_held_key *key;

    if (bits < 128)
        fle_address_keep(&wanted.base, bits);
    key =
        holders->journal ? find_newer(holders, &wanted, fle_holders_hash(holders, &wanted)) : NULL;
    if (key)
        return runs_in(key, holders->newer_runs);
    key = find_key(holders, &wanted);
    return key ? fle_holders_runs(holders, key) : (fle_runs){ NULL, 0 };
}

void fle_holders_follow(const fle_holders *holders, uint32_t number, uint32_t space,
                        const fle_address *address, fle_trail *trail)
{
    const fle_held_key wanted = { .base = *address, .space = space, .bits = 128 };
    const fle_held_key *key = &holders->keys[number];
    const fle_runs found = fle_holders_runs(holders, key);

    if (is_key(key, &wanted))
        *trail = (fle_trail){ found.items, (uint32_t)found.n, true };
}

size_t fle_holders_keys(const fle_holders *holders)
{
    return holders->n_keys + (holders->journal ? holders->journal->n : 0);
}

/* Of several notes of a key the newest counts; those of the arrays have a number already. */
const fle_held_key *fle_holders_key(const fle_holders *holders, size_t number)
{
    const fle_held_key *key;
    const fle_note *note;

    if (number < holders->n_keys)
        return &holders->keys[number];
    note = &holders->journal->notes[number - holders->n_keys];
    if (note->noted != FLE_NOTED_KEY)
        return NULL;
    key = &holders->newer[note->item];
    return !find_key(holders, key) && find_newer(holders, key, note->hash) == key ? key : NULL;
}
