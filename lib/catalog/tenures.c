/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface was attached to when: a secondary one can be moved. */
#include "catalog/tenures.h"

#include "catalog/order.h"

/* Sightings of one instance, or of none, with nothing else seen in between. */
typedef struct stay {
    flowenrich_time first, last;
    uint32_t instance; /* 0: it wasn't attached */
} stay;

/* The facts come newest first, those of one time in the order of how much they say. */
static size_t find_stays(fle_about attached, stay *stays)
{
    size_t n = 0;

    for (size_t i = attached.n; i > 0; i--) {
        const fle_fact *fact = &attached.items[i - 1];

        if (i > 1 && fact[-1].time == fact->time)
            continue;
        if (n == 0 || stays[n - 1].instance != fact->value)
            stays[n++] = (stay){ fact->time, fact->time, fact->value };
        stays[n - 1].last = fact->time;
    }
    return n;
}

/*
 * While it isn't attached nothing is logged. So what is logged between a sighting
 * without an instance and one with it is that instance's; but between those of
 * two instances nobody knows whose.
 */
static fle_tenure tenure_of(const stay *stays, size_t n, size_t i)
{
    const stay *s = &stays[i];
    fle_tenure tenure = { INT64_MIN, INT64_MAX, INT64_MIN, INT64_MAX, s->instance, NULL };

    if (i > 0 && s[-1].instance == 0) {
        tenure.from = s[-1].last;
        tenure.after = i > 1 ? s[-1].first : INT64_MIN;
    } else if (i > 0) {
        tenure.from = tenure.after = s->first;
    }
    if (i + 1 < n && s[1].instance == 0) {
        tenure.until = s[1].first;
        tenure.before = i + 2 < n ? s[1].last : INT64_MAX;
    } else if (i + 1 < n) {
        tenure.until = tenure.before = s->last;
    }
    return tenure;
}

bool fle_tenures_find(fle_tenures *out, fle_about attached, fle_arena *arena, fle_arena *scratch)
{
    stay *stays;
    size_t n;

    out->items = NULL;
    out->n = 0;
    if (attached.n < 2)
        return true;
    stays = fle_array(scratch, attached.n, sizeof *stays);
    if (!stays)
        return false;
    n = find_stays(attached, stays);
    if (n < 2)
        return true;
    out->items = fle_array(arena, n, sizeof *out->items);
    if (!out->items)
        return false;
    for (size_t i = 0; i < n; i++)
        if (stays[i].instance != 0)
            out->items[out->n++] = tenure_of(stays, n, i);
    return true;
}

const fle_identity *fle_tenures_ask(const fle_tenures *tenures, flowenrich_time from,
                                    flowenrich_time until)
{
    if (from == FLOWENRICH_TIME_ABSENT || until == FLOWENRICH_TIME_ABSENT)
        return NULL;
    for (size_t i = 0; i < tenures->n; i++) {
        const fle_tenure *tenure = &tenures->items[i];

        if (until >= tenure->from && from <= tenure->until && from >= tenure->after &&
            until <= tenure->before)
            return tenure->identity;
    }
    return NULL;
}
