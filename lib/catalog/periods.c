/* SPDX-License-Identifier: Apache-2.0 */
/* The times for which a thing was one way, and those between, when nobody knows. */
#include "catalog/periods.h"

#include <string.h>

#include "catalog/order.h"

#define PAIR (2 * sizeof(flowenrich_time))

bool fle_changes_add(fle_changes *changes, const fle_states *states, fle_arena *arena)
{
    flowenrich_time *times;

    if (states->n < 2)
        return true;
    times = fle_array(arena, changes->n + states->n - 1, PAIR);
    if (!times)
        return false;
    if (changes->n > 0)
        memcpy(times, changes->times, changes->n * PAIR);
    changes->times = times;
    for (size_t i = 1; i < states->n; i++, changes->n++) {
        times[2 * changes->n] = states->items[i - 1].last;
        times[2 * changes->n + 1] = states->items[i].first;
    }
    return true;
}

static int compare_changes(const void *left, const void *right, const void *ctx)
{
    const flowenrich_time *a = left, *b = right;

    (void)ctx;
    if (a[0] != b[0])
        return a[0] > b[0] ? 1 : -1;
    return (a[1] > b[1]) - (a[1] < b[1]);
}

/*
 * Add the period between two states, and the state behind it. Changes that
 * overlap make one period: what lies within may be any of what they were.
 */
static void add_periods(fle_period *periods, size_t *n_periods, fle_when *when,
                        const flowenrich_time *times, size_t n)
{
    fle_period *before = &periods[*n_periods - 1];
    fle_period *between = before + 1, *after = before + 2;
    const flowenrich_time *last = &times[1];

    for (size_t i = 1; i < n; i++)
        last = times[2 * i + 1] > *last ? &times[2 * i + 1] : last;
    *between = (fle_period){ .from = times[0] + 1, .until = *last - 1 };
    *after = (fle_period){ .from = *last, .until = INT64_MAX };
    before->until = times[0];
    when[*n_periods] = (fle_when){ times, 2 * n };
    when[*n_periods + 1] = (fle_when){ last, 1 };
    *n_periods += 2;
}

bool fle_periods_build(fle_period **out, size_t *n, fle_when **when, fle_changes *changes,
                       fle_arena *arena, fle_arena *scratch)
{
    const size_t most = 2 * changes->n + 1;
    const flowenrich_time *times = changes->times;
    size_t end;

    *n = 0;
    *out = fle_array(arena, most, sizeof **out);
    *when = fle_array(scratch, most, sizeof **when);
    if (!*out || !*when ||
        !fle_sort(changes->times, changes->n, PAIR, compare_changes, NULL, scratch))
        return false;
    (*out)[(*n)++] = (fle_period){ .from = INT64_MIN, .until = INT64_MAX };
    (*when)[0] = (fle_when){ times, 1 };
    for (size_t begin = 0; begin < changes->n; begin = end) {
        flowenrich_time last = times[2 * begin + 1];

        for (end = begin + 1; end < changes->n && times[2 * end] < last; end++)
            last = times[2 * end + 1] > last ? times[2 * end + 1] : last;
        add_periods(*out, n, *when, &times[2 * begin], end - begin);
    }
    return true;
}

/* The first period that ends at or after a time. */
static size_t find(const fle_periods *periods, flowenrich_time time)
{
    size_t begin = 0, end = periods->n - 1;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (periods->items[middle].until < time)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

/* Was nothing logged in it? */
static bool is_idle(const fle_period *period)
{
    return period->is_silent != 0 || period->from > period->until;
}

/* What holds between two states holds in both of them. */
const fle_period *fle_periods_ask(const fle_periods *periods, flowenrich_time from,
                                  flowenrich_time until)
{
    const fle_period *items = periods->items;
    size_t first, last;

    if (from == FLOWENRICH_TIME_ABSENT || until == FLOWENRICH_TIME_ABSENT)
        return NULL;
    first = find(periods, from < until ? from : until);
    last = find(periods, from < until ? until : from);
    while (first < last && is_idle(&items[first]))
        first++;
    while (first < last && is_idle(&items[last]))
        last--;
    if (first == last)
        return &items[first];
    if (last - first > 2 || (last - first == 2 && first % 2 == 1))
        return NULL;
    return &items[first % 2 == 1 ? first : first + 1];
}
