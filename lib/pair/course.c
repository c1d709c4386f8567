/* SPDX-License-Identifier: Apache-2.0 */
/* The way a conversation took: who logged it, in the order of the way. */
#include "pair/course.h"

typedef struct subject {
    const fle_conversation *c;
    const fle_observers *observers;
} subject;

static bool is_own(const subject *s, const fle_observer *observer, fle_pole pole)
{
    return observer->interface && fle_snapshot_is_own(s->observers->snapshot, observer->interface,
                                                      &s->c->key.address[pole]);
}

static fle_stop *stop_of(fle_course *course, uint32_t observer)
{
    size_t i = 0;

    while (i < course->n && course->stops[i].observer != observer)
        i++;
    if (i == course->n) {
        memset(&course->stops[i], 0, sizeof course->stops[i]);
        course->stops[course->n++].observer = observer;
    }
    return &course->stops[i];
}

/* Where the log doesn't say from which side it looked, the inventory may know whose address. */
static fle_pole place_of(const subject *s, const fle_observer *observer, const fle_meter *meter)
{
    bool low, high;

    if (meter->place != FLE_N_POLES)
        return (fle_pole)meter->place;
    low = is_own(s, observer, FLE_LOW);
    high = is_own(s, observer, FLE_HIGH);
    return low == high ? FLE_N_POLES : low ? FLE_LOW : FLE_HIGH;
}

/*
 * An address that wasn't overwritten is the observer's own, but for what passes on
 * packets of others: IPv6 is never overwritten.
 */
static bool owns(const subject *s, const fle_observer *observer, const fle_meter *meter,
                 fle_pole place)
{
    if (is_own(s, observer, place))
        return true;
    return meter->own && !meter->behind &&
           !(observer->interface && fle_entry_forwards(observer->interface));
}

static void note(const subject *s, fle_course *course, const fle_meter *meter)
{
    const fle_observer *observer = &s->observers->items[meter->observer];
    fle_stop *stop = stop_of(course, meter->observer);
    const fle_pole place = place_of(s, observer, meter);

    for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++)
        stop->heard[from] = stop->heard[from] || fle_meter_heard(meter, from);
    stop->denied = stop->denied || meter->denied;
    if (place == FLE_N_POLES)
        return;
    stop->faces[place] = true;
    stop->owns[place] = stop->owns[place] || owns(s, observer, meter, place);
}

/* Who logs packets as they come in and as they go out is neither end. */
static void judge(fle_stop *stop, const fle_observer *observer)
{
    const bool both = stop->faces[FLE_LOW] && stop->faces[FLE_HIGH];

    if (both)
        stop->owns[FLE_LOW] = stop->owns[FLE_HIGH] = false;
    stop->is_hop = !observer->is_gateway && (stop->faces[FLE_LOW] || stop->faces[FLE_HIGH]) &&
                   !stop->owns[FLE_LOW] && !stop->owns[FLE_HIGH];
}

static void find_ends(fle_course *course)
{
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        for (size_t i = 0; i < course->n; i++) {
            if (!course->stops[i].owns[pole])
                continue;
            course->contested[pole] = course->end[pole] != 0;
            course->end[pole] = course->stops[i].observer;
        }
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (course->contested[pole])
            course->end[pole] = 0;
}

/*
 * From the low pole to the high one: the low end itself; those who take its packets in,
 * which log them from the other side; who does both; who hands them on; the high end.
 */
static unsigned rank(const fle_stop *stop)
{
    if (stop->owns[FLE_LOW])
        return 0;
    if (stop->owns[FLE_HIGH])
        return 4;
    if (stop->faces[FLE_LOW] == stop->faces[FLE_HIGH])
        return 2;
    return stop->faces[FLE_HIGH] ? 1 : 3;
}

static bool is_before(const fle_stop *a, const fle_stop *b, const fle_observers *observers)
{
    if (rank(a) != rank(b))
        return rank(a) < rank(b);
    return fle_text_compare(observers->items[a->observer].told.id,
                            observers->items[b->observer].told.id) < 0;
}

/* There are few. */
static void sort(fle_course *course, const fle_observers *observers)
{
    for (size_t i = 1; i < course->n; i++) {
        const fle_stop stop = course->stops[i];
        size_t at = i;

        for (; at > 0 && is_before(&stop, &course->stops[at - 1], observers); at--)
            course->stops[at] = course->stops[at - 1];
        course->stops[at] = stop;
    }
}

void fle_course_find(fle_course *course, const fle_conversation *c, const fle_slab *meters,
                     const fle_observers *observers)
{
    const subject s = { c, observers };

    course->n = 0;
    memset(course->end, 0, sizeof course->end);
    memset(course->contested, 0, sizeof course->contested);
    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i))
        note(&s, course, fle_meter_at(meters, i));
    for (size_t i = 0; i < course->n; i++)
        judge(&course->stops[i], &observers->items[course->stops[i].observer]);
    find_ends(course);
    sort(course, observers);
}
