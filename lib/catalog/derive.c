/* SPDX-License-Identifier: Apache-2.0 */
/* What events say of an interface without naming it. */
#include "catalog/derive.h"

#include <string.h>

#include "catalog/associations.h"
#include "catalog/behind.h"
#include "catalog/order.h"

/* The interface that an instance was started with. */
typedef struct started {
    uint32_t instance, interface;
} started;

typedef struct derivation {
    const fle_facts *facts;
    fle_derived made;
    started *started; /* by instance, once those of all interfaces are known */
    size_t n_started, capacity;
} derivation;

void fle_derived_add(fle_derived *derived, const fle_fact *fact)
{
    fle_fact *items = fle_grow(derived->allocator, derived->items, &derived->capacity,
                               derived->n + 1, sizeof *items);

    if (!items) {
        derived->failed = true;
        return;
    }
    derived->items = items;
    items[derived->n] = *fact;
    items[derived->n++].how |= FLE_DERIVED;
}

static void make(derivation *d, uint32_t interface, fle_predicate predicate, uint32_t value,
                 flowenrich_time time, fle_change change)
{
    const fle_fact fact = {
        time, interface, 0, value, FLE_SUBJECT_INTERFACE, (uint8_t)predicate, (uint16_t)change
    };

    fle_derived_add(&d->made, &fact);
}

/* All its addresses were taken; or it was seen without any. */
static void make_bare(derivation *d, uint32_t interface, flowenrich_time time, fle_change change)
{
    make(d, interface, FLE_FACT_ADDRESSES, 0, time, change);
    make(d, interface, FLE_FACT_PUBLIC, 0, time, change);
}

static bool is_value(const derivation *d, const fle_fact *fact, const char *text)
{
    return fle_text_is(fle_facts_text(d->facts, fact->value), text);
}

static fle_about states_of(const derivation *d, fle_subject kind, uint32_t subject)
{
    return fle_about_predicate(fle_facts_about(d->facts, kind, subject), FLE_FACT_STATE);
}

/* Is the value of a fact on a subject told by no newer fact on it? Facts come newest first. */
static bool is_newest_of_its_value(fle_about about, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (about.items[k].value == about.items[i].value)
            return false;
    return true;
}

/* Detaching names only the attachment. */
static void derive_detached(derivation *d, fle_about self)
{
    const fle_about attachments = fle_about_predicate(self, FLE_FACT_ATTACHMENT);

    for (size_t i = 0; i < attachments.n; i++) {
        const fle_about ends = states_of(d, FLE_SUBJECT_ENI_ATTACHMENT, attachments.items[i].value);

        for (size_t k = 0; is_newest_of_its_value(attachments, i) && k < ends.n; k++)
            make(d, self.items->subject, FLE_FACT_INSTANCE, 0, ends.items[k].time, FLE_SET);
    }
}

/* The newest time at or before another that the interface was detached; INT64_MIN if none. */
static flowenrich_time detached_before(const derivation *d, size_t begin, flowenrich_time time)
{
    flowenrich_time found = INT64_MIN;

    for (size_t i = begin; i < d->made.n; i++)
        if (d->made.items[i].predicate == FLE_FACT_INSTANCE && d->made.items[i].time <= time &&
            d->made.items[i].time > found)
            found = d->made.items[i].time;
    return found;
}

/* Was it attached to that instance then? 'begin' is where what was derived of it begins. */
static bool was_attached(const derivation *d, fle_about attached, uint32_t instance,
                         flowenrich_time time, size_t begin)
{
    size_t i = 0;

    while (i + 1 < attached.n && attached.items[i].time > time)
        i++;
    return attached.items[i].value == instance &&
           (attached.items[i].time > time ||
            detached_before(d, begin, time) < attached.items[i].time);
}

/* What isn't an elastic address is given back when the instance stops. */
static void derive_stopped(derivation *d, fle_about self, flowenrich_time time)
{
    const fle_about public = fle_about_predicate(self, FLE_FACT_PUBLIC);

    for (size_t i = 0; i < public.n; i++)
        if (fle_text_is(fle_facts_text(d->facts, public.items[i].key), FLE_AMAZON) &&
            is_newest_of_its_value(public, i))
            make(d, self.items->subject, FLE_FACT_PUBLIC, public.items[i].value, time, FLE_LOST);
}

/* Most interfaces end with the instance; then no event names them. */
static void derive_state(derivation *d, fle_about self, const fle_fact *state)
{
    const uint32_t id = self.items->subject;
    const uint32_t stays = fle_about_newest(self, FLE_FACT_DELETE_ON_TERMINATION);
    const bool ends = is_value(d, state, "shutting-down");

    if (is_value(d, state, "stopping") || is_value(d, state, "stopped"))
        derive_stopped(d, self, state->time);
    else if (!ends && !is_value(d, state, "terminated"))
        return;
    else if (fle_text_is(fle_facts_text(d->facts, stays), "false"))
        make(d, id, FLE_FACT_INSTANCE, 0, state->time, FLE_SET);
    else
        make_bare(d, id, state->time, ends ? FLE_LOST : FLE_SEEN);
}

/* Groups and the check of an instance are those of its first interface. */
static void derive_attributes(derivation *d, fle_about instance, uint32_t interface)
{
    static const fle_predicate predicates[] = { FLE_FACT_GROUPS, FLE_FACT_SOURCE_DEST_CHECK };

    for (size_t i = 0; i < sizeof predicates / sizeof *predicates; i++) {
        const fle_about about = fle_about_predicate(instance, predicates[i]);

        for (size_t k = 0; k < about.n; k++)
            make(d, interface, predicates[i], about.items[k].value, about.items[k].time,
                 fle_fact_change(&about.items[k]));
    }
}

static void note_started(derivation *d, uint32_t instance, uint32_t interface)
{
    started *items =
        fle_grow(d->made.allocator, d->started, &d->capacity, d->n_started + 1, sizeof *items);

    if (!items) {
        d->made.failed = true;
        return;
    }
    d->started = items;
    items[d->n_started++] = (started){ instance, interface };
}

static int compare_started(const void *left, const void *right, const void *ctx)
{
    const started *a = left, *b = right;

    (void)ctx;
    return (a->instance > b->instance) - (a->instance < b->instance);
}

/* The first interface of an instance, of several the last; 0 if none is known. */
static uint32_t first_interface(const derivation *d, uint32_t instance)
{
    const started *items = d->started;
    const size_t behind = fle_first_of(items, d->n_started, sizeof *items, instance + 1);

    return behind > 0 && items[behind - 1].instance == instance ? items[behind - 1].interface : 0;
}

/* 'begin' is where what was derived of the interface begins. */
static void derive_instance(derivation *d, fle_about self, uint32_t id, size_t begin)
{
    const fle_about instance = fle_facts_about(d->facts, FLE_SUBJECT_INSTANCE, id);
    const fle_about attached = fle_about_predicate(self, FLE_FACT_INSTANCE);
    const fle_about states = fle_about_predicate(instance, FLE_FACT_STATE);

    if (fle_about_predicate(self, FLE_FACT_DEVICE_INDEX).n > 0) {
        note_started(d, id, self.items->subject);
        derive_attributes(d, instance, self.items->subject);
    }
    for (size_t i = 0; i < states.n; i++)
        if (was_attached(d, attached, id, states.items[i].time, begin))
            derive_state(d, self, &states.items[i]);
}

/* Only an event dates the end of a gateway or endpoint, which documents may list long after. */
static void derive_deleted(derivation *d, fle_about self, fle_subject kind, uint32_t id)
{
    const fle_about states = states_of(d, kind, id);

    for (size_t i = 0; id != 0 && i < states.n; i++)
        if (fle_fact_change(&states.items[i]) == FLE_SET)
            make_bare(d, self.items->subject, states.items[i].time, FLE_LOST);
}

static void derive_interface(derivation *d, fle_about self)
{
    const fle_about attached = fle_about_predicate(self, FLE_FACT_INSTANCE);
    const size_t begin = d->made.n;

    derive_detached(d, self);
    for (size_t i = 0; i < attached.n; i++)
        if (attached.items[i].value != 0 && is_newest_of_its_value(attached, i))
            derive_instance(d, self, attached.items[i].value, begin);
    derive_deleted(d, self, FLE_SUBJECT_NAT_GATEWAY, fle_about_newest(self, FLE_FACT_NAT_GATEWAY));
    derive_deleted(d, self, FLE_SUBJECT_ENDPOINT, fle_about_newest(self, FLE_FACT_ENDPOINT));
}

/* The elastic address, which may only be known by its allocation. */
static uint32_t address_of(const derivation *d, fle_about about)
{
    const uint32_t address = fle_about_newest(about, FLE_FACT_ADDRESS);

    if (address != 0)
        return address;
    about = fle_facts_about(d->facts, FLE_SUBJECT_ALLOCATION,
                            fle_about_newest(about, FLE_FACT_ALLOCATION));
    return fle_about_newest(about, FLE_FACT_ADDRESS);
}

static void derive_association(derivation *d, fle_about self)
{
    const uint32_t instance = fle_about_newest(self, FLE_FACT_INSTANCE);
    const uint32_t named = fle_about_newest(self, FLE_FACT_INTERFACE);
    const uint32_t interface = named ? named : first_interface(d, instance);
    const uint32_t address = address_of(d, self);

    for (size_t i = 0; interface != 0 && address != 0 && i < self.n; i++) {
        const fle_fact *fact = &self.items[i];

        if (fact->predicate == FLE_FACT_STATE)
            make(d, interface, FLE_FACT_PUBLIC, address, fact->time, FLE_LOST);
        else if (fact->predicate == (named ? FLE_FACT_INTERFACE : FLE_FACT_INSTANCE) &&
                 fle_fact_change(fact) == FLE_SET)
            make(d, interface, FLE_FACT_PUBLIC, address, fact->time, FLE_GAINED);
    }
}

/* One that is released is nobody's, whom the interface without an id stands for. */
static void derive_released(derivation *d, fle_about self)
{
    const fle_about states = fle_about_predicate(self, FLE_FACT_STATE);
    const uint32_t address = address_of(d, self);

    for (size_t i = 0; address != 0 && i < states.n; i++)
        make(d, 0, FLE_FACT_PUBLIC, address, states.items[i].time, FLE_GAINED);
}

static void derive_each(derivation *d, fle_subject kind, void (*each)(derivation *, fle_about))
{
    fle_about rest = fle_facts_of(d->facts, kind);

    while (rest.n > 0)
        each(d, fle_about_next(&rest));
}

static bool append(fle_facts *facts, const fle_derived *made, fle_arena *scratch)
{
    for (size_t i = 0; i < made->n; i++)
        if (!fle_facts_add(facts, &made->items[i]))
            return false;
    return made->n == 0 || fle_facts_sort(facts, scratch);
}

bool fle_derive(fle_facts *facts, fle_arena *scratch)
{
    derivation d = { .facts = facts, .made = { .allocator = facts->allocator } };
    bool done;

    derive_each(&d, FLE_SUBJECT_INTERFACE, derive_interface);
    done = fle_sort(d.started, d.n_started, sizeof *d.started, compare_started, NULL, scratch);
    derive_each(&d, FLE_SUBJECT_ASSOCIATION, derive_association);
    derive_each(&d, FLE_SUBJECT_ALLOCATION, derive_released);
    fle_derive_functions(&d.made, facts);
    done = done && fle_derive_names(&d.made, facts, scratch) &&
           fle_derive_associations(&d.made, facts, scratch) && !d.made.failed &&
           append(facts, &d.made, scratch);
    fle_free(facts->allocator, d.started);
    fle_free(facts->allocator, d.made.items);
    return done;
}

void fle_underive(fle_facts *facts)
{
    size_t n = 0;

    for (size_t i = 0; i < facts->n; i++)
        if (!(facts->items[i].how & FLE_DERIVED))
            facts->items[n++] = facts->items[i];
    facts->n = n;
}
