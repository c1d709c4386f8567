/* SPDX-License-Identifier: Apache-2.0 */
/* What groups had in their last windows, in bounded memory. */
#include "watch/past.h"

#include "base/error.h"

#define SLOT_BYTES 16 /* of the map, about */

void fle_pasts_init(fle_pasts *pasts, const fle_allocator *allocator, uint64_t seed, size_t windows,
                    uint64_t max_bytes)
{
    memset(pasts, 0, sizeof *pasts);
    pasts->allocator = allocator;
    pasts->seed = seed;
    pasts->windows = windows;
    pasts->max_bytes = max_bytes;
    pasts->since = pasts->cleaned = FLOWENRICH_TIME_ABSENT;
    fle_arena_init(&pasts->keys, allocator);
}

void fle_pasts_free(fle_pasts *pasts)
{
    fle_arena_free(&pasts->keys);
    fle_map_free(pasts->by_key);
    fle_free(pasts->allocator, pasts->groups);
    fle_free(pasts->allocator, pasts->values);
}

uint64_t fle_pasts_bytes(const fle_pasts *pasts)
{
    const uint64_t one = sizeof *pasts->groups + SLOT_BYTES;

    return pasts->keys.bytes + pasts->n * (one + pasts->windows * sizeof *pasts->values);
}

static uint64_t *values_of(const fle_pasts *pasts, size_t number)
{
    return pasts->values + number * pasts->windows;
}

/* ---- Room ---- */

/* Nothing of it counts any more: all windows that are looked at had 0. */
static bool is_over(const fle_pasts *pasts, const fle_past *past, flowenrich_time window)
{
    return past->quiet <= window && past->newest < window &&
           (uint64_t)(window - past->newest) / pasts->step >= pasts->windows;
}

/* Keep the groups that aren't over, with their keys, in their order. */
static bool clean(fle_pasts *pasts, flowenrich_time window)
{
    fle_map *by_key = fle_map_new(pasts->allocator, pasts->seed);
    bool done = by_key != NULL;
    fle_arena keys;
    size_t n = 0;

    fle_arena_init(&keys, pasts->allocator);
    for (size_t i = 0; done && i < pasts->n; i++) {
        fle_past *past = &pasts->groups[n];

        if (is_over(pasts, &pasts->groups[i], window))
            continue;
        *past = pasts->groups[i];
        memmove(values_of(pasts, n), values_of(pasts, i), pasts->windows * sizeof *pasts->values);
        done = fle_arena_text(&keys, past->key.data, past->key.len, &past->key) &&
               fle_map_add(by_key, past->key.data, past->key.len, (uint32_t)n);
        n++;
    }
    fle_map_free(pasts->by_key);
    fle_arena_free(&pasts->keys);
    pasts->by_key = by_key;
    pasts->keys = keys;
    pasts->n = n;
    pasts->cleaned = window;
    return done;
}

static bool has_room(const fle_pasts *pasts)
{
    return fle_pasts_bytes(pasts) < pasts->max_bytes && pasts->n < UINT32_MAX;
}

static fle_past *add(fle_pasts *pasts, flowenrich_text key)
{
    const size_t n = pasts->n;
    fle_past *groups =
        fle_grow(pasts->allocator, pasts->groups, &pasts->groups_capacity, n + 1, sizeof *groups);
    uint64_t *values;

    if (!groups)
        return NULL;
    pasts->groups = groups;
    values = fle_grow(pasts->allocator, pasts->values, &pasts->values_capacity,
                      (n + 1) * pasts->windows, sizeof *values);
    if (!values)
        return NULL;
    pasts->values = values;
    memset(values_of(pasts, n), 0, pasts->windows * sizeof *values);
    if (!fle_arena_text(&pasts->keys, key.data, key.len, &groups[n].key) ||
        !fle_map_add(pasts->by_key, groups[n].key.data, key.len, (uint32_t)n))
        return NULL;
    pasts->n++;
    return &groups[n];
}

/* A group that there is no room for isn't known to have had nothing then. */
static flowenrich_status add_if_room(fle_pasts *pasts, flowenrich_text key, flowenrich_time window,
                                     fle_past **out, flowenrich_error *error)
{
    if (!has_room(pasts) && pasts->cleaned != window && !clean(pasts, window))
        return fle_error_nomem(error);
    if (!has_room(pasts)) {
        pasts->since = window + pasts->step;
        return FLOWENRICH_OK;
    }
    *out = add(pasts, key);
    if (!*out)
        return fle_error_nomem(error);
    (*out)->newest = window;
    (*out)->since = pasts->since;
    (*out)->quiet = FLOWENRICH_TIME_ABSENT;
    return FLOWENRICH_OK;
}

/* ---- Time ---- */

static void go_on(const fle_pasts *pasts, fle_past *past, flowenrich_time window)
{
    uint64_t *values = values_of(pasts, (size_t)(past - pasts->groups));
    const uint64_t steps = (uint64_t)(window - past->newest) / pasts->step;
    const size_t n = steps < pasts->windows ? (size_t)steps : pasts->windows;

    memmove(values, values + n, (pasts->windows - n) * sizeof *values);
    memset(values + pasts->windows - n, 0, n * sizeof *values);
    past->newest = window;
}

flowenrich_status fle_pasts_at(fle_pasts *pasts, flowenrich_text key, flowenrich_time window,
                               fle_past **out, flowenrich_error *error)
{
    const uint32_t *number;

    *out = NULL;
    if (!pasts->by_key) {
        pasts->by_key = fle_map_new(pasts->allocator, pasts->seed);
        if (!pasts->by_key)
            return fle_error_nomem(error);
        pasts->since = window;
    }
    number = fle_map_find(pasts->by_key, key.data, key.len);
    if (!number)
        return add_if_room(pasts, key, window, out, error);
    *out = &pasts->groups[*number];
    if (window > (*out)->newest)
        go_on(pasts, *out, window);
    return FLOWENRICH_OK;
}

uint64_t *fle_pasts_value(const fle_pasts *pasts, const fle_past *past, flowenrich_time window,
                          size_t *known)
{
    const uint64_t back = (uint64_t)(past->newest - window) / pasts->step;
    uint64_t since;

    if (back >= pasts->windows)
        return NULL;
    since = window > past->since ? (uint64_t)(window - past->since) / pasts->step : 0;
    *known = pasts->windows - 1 - (size_t)back;
    if (since < *known)
        *known = (size_t)since;
    return values_of(pasts, (size_t)(past - pasts->groups)) + pasts->windows - 1 - back;
}

/* ---- What is usual ---- */

size_t fle_lookback_windows(const fle_lookback *back)
{
    return back->n * (back->season > 0 ? back->season : 1) + back->around;
}

/* A peak that comes every day comes a little earlier or later: so the most counts. */
static uint64_t most_of(const uint64_t *values, size_t n)
{
    uint64_t most = 0;

    for (size_t i = 0; i < n; i++)
        most = values[i] > most ? values[i] : most;
    return most;
}

size_t fle_lookback_values(const fle_lookback *back, const uint64_t *value, size_t known,
                           uint64_t *out)
{
    const size_t step = back->season > 0 ? back->season : 1;
    size_t n = 0;

    for (; n < back->n && (n + 1) * step + back->around <= known; n++)
        out[n] = most_of(value - (n + 1) * step - back->around, 2 * back->around + 1);
    return n < back->least ? 0 : n;
}

/* By insertion: they are few, and mostly in order, being small numbers. */
static void sort(uint64_t *values, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const uint64_t value = values[i];
        size_t at = i;

        for (; at > 0 && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

uint64_t fle_median(uint64_t *values, size_t n)
{
    const size_t middle = n / 2;

    sort(values, n);
    if (n % 2 == 1)
        return values[middle];
    return values[middle - 1] + (values[middle] - values[middle - 1]) / 2;
}

/* The largest number whose square isn't more. */
static uint64_t root(uint64_t n)
{
    uint64_t found = 0;

    for (uint64_t bit = UINT64_C(1) << 31; bit > 0; bit >>= 1)
        if ((found + bit) * (found + bit) <= n)
            found += bit;
    return found;
}

uint64_t fle_deviation(uint64_t *values, size_t n, uint64_t median)
{
    const uint64_t chance = median > 1 ? root(median) : 1;
    uint64_t deviation;

    for (size_t i = 0; i < n; i++)
        values[i] = values[i] > median ? values[i] - median : median - values[i];
    deviation = fle_median(values, n);
    return deviation > chance ? deviation : chance;
}
