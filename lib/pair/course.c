/* SPDX-License-Identifier: Apache-2.0 */
/* The way a conversation took: who logged it, in the order of the way. */
#include "pair/course.h"

typedef struct subject {
    const fle_conversation *c;
    const fle_slab *meters;
    const fle_observers *observers;
    uint32_t home[FLE_N_POLES]; /* the observers that stand for the poles; 0 if they don't */
} subject;

static bool is_own(const subject *s, const fle_observer *observer, fle_pole pole)
{
    if (s->home[pole] != 0)
        return observer == &s->observers->items[s->home[pole]];
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
 * packets of others: IPv6 is never overwritten, nor is what a regional NAT gateway logs.
 * That has an address of its own where it talks to the internet.
 */
static bool owns(const subject *s, const fle_observer *observer, const fle_meter *meter,
                 fle_pole place)
{
    if (is_own(s, observer, place))
        return true;
    if (observer->is_regional)
        return !fle_address_is_private(&s->c->key.address[fle_pole_other(place)]);
    return meter->own && !meter->behind &&
           !(observer->interface && fle_entry_forwards(observer->interface));
}

static void note(const subject *s, fle_course *course, const fle_meter *meter)
{
    const fle_observer *observer = &s->observers->items[meter->observer];
    fle_stop *stop = stop_of(course, meter->observer);
    const fle_pole place = place_of(s, observer, meter);

    for (fle_pole from = FLE_LOW; from < FLE_N_POLES; from++) {
        stop->heard[from] = stop->heard[from] || fle_meter_heard(meter, from);
        stop->denied = stop->denied || fle_meters_deny(s->meters, &s->c->meters, meter, from);
    }
    course->is_denied = course->is_denied || stop->denied;
    course->is_blind = course->is_blind && meter->blind;
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
    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++) {
        for (size_t i = 0; i < course->n; i++) {
            if (!course->stops[i].owns[pole])
                continue;
            course->contested[pole] = course->end[pole] != 0;
            course->end[pole] = course->stops[i].observer;
        }
        if (course->contested[pole])
            course->end[pole] = 0;
    }
}

static void find_leg(const subject *s, fle_course *course)
{
    const fle_observers *observers = s->observers;

    for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
        if (s->home[pole] != 0 && observers->badges[s->home[pole]].is_nat)
            course->leg = FLE_LEG_OUTSIDE;
    for (size_t i = 0; i < course->n; i++) {
        const fle_stop *stop = &course->stops[i];

        if (!observers->badges[stop->observer].is_nat)
            continue;
        if (stop->is_hop && course->leg == FLE_LEG_NONE)
            course->leg = FLE_LEG_INSIDE;
        for (fle_pole pole = FLE_LOW; pole < FLE_N_POLES; pole++)
            if (stop->owns[pole]) {
                course->leg = FLE_LEG_OUTSIDE;
                course->is_dropped = !stop->heard[pole] && !course->is_blind;
            }
    }
}

/* The VPCs on the way: the low end's, the high end's, and what lies between. */
static unsigned stretch(const subject *s, const fle_stop *stop)
{
    const uint16_t vpc = s->observers->items[stop->observer].vpc;

    if (vpc == 0 || vpc == s->c->space[FLE_LOW])
        return vpc == 0;
    return vpc == s->c->space[FLE_HIGH] ? 2 : 1;
}

/*
 * From the low pole to the high one. In the low end's VPC somebody takes its packets in,
 * and logs them from the other side; into any other VPC somebody hands them on first, and
 * then they are taken in again.
 */
static unsigned rank(const subject *s, const fle_stop *stop)
{
    const unsigned at = stretch(s, stop), last = 9;

    if (stop->owns[FLE_LOW])
        return 0;
    if (stop->owns[FLE_HIGH])
        return 1 + last;
    if (stop->faces[FLE_LOW] == stop->faces[FLE_HIGH])
        return 1 + 3 * at + 1;
    return 1 + 3 * at + (stop->faces[FLE_LOW] == (at == 0) ? 2 : 0);
}

static bool is_before(const subject *s, const fle_stop *a, const fle_stop *b)
{
    if (rank(s, a) != rank(s, b))
        return rank(s, a) < rank(s, b);
    return fle_text_compare(s->observers->items[a->observer].told.id,
                            s->observers->items[b->observer].told.id) < 0;
}

/* There are few. */
static void sort(const subject *s, fle_course *course)
{
    for (size_t i = 1; i < course->n; i++) {
        const fle_stop stop = course->stops[i];
        size_t at = i;

        for (; at > 0 && is_before(s, &stop, &course->stops[at - 1]); at--)
            course->stops[at] = course->stops[at - 1];
        course->stops[at] = stop;
    }
}

void fle_course_find(fle_course *course, const fle_conversation *c, const fle_slab *meters,
                     const fle_observers *observers, const fle_homes *homes)
{
    const subject s = { c,
                        meters,
                        observers,
                        { fle_homes_find(homes, &c->key.address[FLE_LOW]),
                          fle_homes_find(homes, &c->key.address[FLE_HIGH]) } };

    course->n = 0;
    memset(course->end, 0, sizeof course->end);
    memset(course->contested, 0, sizeof course->contested);
    course->leg = FLE_LEG_NONE;
    course->is_denied = course->is_dropped = false;
    course->is_blind = c->meters.first != FLE_NONE;
    for (uint32_t i = c->meters.first; i != FLE_NONE; i = fle_meter_after(meters, &c->meters, i))
        note(&s, course, fle_meter_at(meters, i));
    for (size_t i = 0; i < course->n; i++)
        judge(&course->stops[i], &observers->items[course->stops[i].observer]);
    find_ends(course);
    find_leg(&s, course);
    if ((c->marks & FLE_MARK_OUTSIDE) || course->is_blind)
        course->leg = FLE_LEG_OUTSIDE;
    sort(&s, course);
}
