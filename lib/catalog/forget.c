/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that no later time can depend on, left out. */
#include "catalog/forget.h"

#include <string.h>

#include "catalog/derive.h"
#include "catalog/order.h"

/* Where an address was seen last before the time. Public ones are the same in every VPC. */
typedef struct place {
    uint32_t vpc, address;
} place;

typedef struct seen {
    flowenrich_time time;
    flowenrich_time others; /* when it was last seen on another interface before that */
    uint32_t interface;
} seen;

/* What becomes of a fact. What an event set that is over is then as good as seen. */
typedef enum fate { FATE_GO, FATE_STAY, FATE_STAY_AS_SEEN } fate;

typedef struct forgetting {
    const fle_facts *facts;
    flowenrich_time before;
    uint8_t *fates; /* by the index of a fact */
    fle_map *places;
    place *keys; /* of 'places'; a map borrows them */
    seen *newest;
    size_t n_places;
    bool *is_gone; /* by the number of an interface's id, or of one of its attachments' */
} forgetting;

static size_t index_of(const forgetting *f, const fle_fact *fact)
{
    return (size_t)(fact - f->facts->items);
}

static void keep(forgetting *f, const fle_fact *fact, fate becomes)
{
    f->fates[index_of(f, fact)] = (uint8_t)becomes;
}

static void drop_all(forgetting *f, fle_about about)
{
    if (about.n > 0)
        memset(&f->fates[index_of(f, about.items)], FATE_GO, about.n);
}

/* Has what happened at one time settled by a later one? No claim of a document's overflows. */
static bool is_settled(const forgetting *f, flowenrich_time time, flowenrich_time by)
{
    return time < by && (uint64_t)by - (uint64_t)time > (uint64_t)f->facts->event_slack;
}

static bool is_over(const forgetting *f, const fle_fact *fact)
{
    return is_settled(f, fact->time, f->before);
}

static bool is_one_observation(const fle_fact *a, const fle_fact *b)
{
    return a->time == b->time && a->how == b->how;
}

/* Does an observation say the whole of what it is about? */
static bool is_whole(const fle_fact *fact)
{
    return fle_fact_change(fact) == FLE_SEEN || fle_fact_change(fact) == FLE_SET;
}

/*
 * All up to the newest of the whole before the time, which is what it was then:
 * unless an event right before that had yet to settle.
 */
static void keep_newest(forgetting *f, fle_about about)
{
    const fle_fact *whole = NULL;

    for (size_t i = 0; i < about.n; i++) {
        const fle_fact *fact = &about.items[i];
        const bool is_of_whole = whole && is_one_observation(whole, fact);

        if (whole && !is_of_whole && is_settled(f, fact->time, whole->time))
            return;
        if (whole && !is_of_whole && fle_fact_change(fact) != FLE_SEEN)
            whole = NULL;
        if (!whole && is_over(f, fact) && is_whole(fact))
            whole = fact;
        keep(f, fact, whole ? FATE_STAY_AS_SEEN : FATE_STAY);
    }
}

/* The version that tells a late event from a later one may be an older one's. */
static void keep_version(forgetting *f, fle_about about)
{
    const fle_fact *newest = NULL;

    for (size_t i = 0; i < about.n; i++)
        if (fle_fact_version(&about.items[i]) > (newest ? fle_fact_version(newest) : 0))
            newest = &about.items[i];
    for (size_t i = 0; newest && i < about.n; i++)
        if (is_one_observation(newest, &about.items[i]) && f->fates[index_of(f, newest)] == FATE_GO)
            keep(f, &about.items[i], FATE_STAY_AS_SEEN);
}

/* Is there a newer fact before the time that says the same of the same? */
static bool is_repeated(const forgetting *f, fle_about about, size_t i)
{
    const fle_fact *fact = &about.items[i];

    for (size_t k = i; k > 0 && about.items[k - 1].time < f->before; k--)
        if (about.items[k - 1].value == fact->value && about.items[k - 1].key == fact->key &&
            fle_fact_change(&about.items[k - 1]) == fle_fact_change(fact))
            return true;
    return false;
}

/* Of each value how it came and went last, and of each listing the last: none of it is a state. */
static void keep_last(forgetting *f, fle_about about)
{
    for (size_t i = 0; i < about.n; i++)
        if (about.items[i].time >= f->before || !is_repeated(f, about, i))
            keep(f, &about.items[i], FATE_STAY);
}

/* Was it seen elsewhere since, wherever it is now? Nobody asks for what was before. */
static bool is_elsewhere(const forgetting *f, place at, flowenrich_time time)
{
    const uint32_t *index = fle_map_find(f->places, &at, sizeof at);

    return index && time <= f->newest[*index].others;
}

static place place_of(uint32_t vpc, const fle_fact *fact)
{
    const place at = { fact->predicate == FLE_FACT_PUBLIC ? 0 : vpc, fact->value };

    return at;
}

static bool is_seen_elsewhere(const forgetting *f, uint32_t vpc, const fle_fact *fact)
{
    return is_elsewhere(f, place_of(vpc, fact), fact->time);
}

static void note_again(seen *newest, seen now)
{
    const seen before = *newest;

    if (now.interface == before.interface) {
        newest->time = now.time > before.time ? now.time : before.time;
    } else if (now.time > before.time) {
        *newest = now;
        newest->others = before.time;
    } else if (now.time < before.time && now.time > before.others) {
        newest->others = now.time;
    }
}

static bool note_address(forgetting *f, uint32_t vpc, const fle_fact *fact)
{
    const place at = place_of(vpc, fact);
    const uint32_t *index = fle_map_find(f->places, &at, sizeof at);
    const seen now = { fact->time, INT64_MIN, fact->subject };

    if (fact->value == 0 || fact->time >= f->before || fle_fact_change(fact) == FLE_LOST)
        return true;
    if (index) {
        note_again(&f->newest[*index], now);
        return true;
    }
    f->keys[f->n_places] = at;
    f->newest[f->n_places] = now;
    f->n_places++;
    return fle_map_add(f->places, &f->keys[f->n_places - 1], sizeof at, (uint32_t)f->n_places - 1);
}

static bool note_addresses(forgetting *f, fle_arena *scratch)
{
    fle_about rest = fle_facts_of(f->facts, FLE_SUBJECT_INTERFACE);
    const size_t most = rest.n;

    f->keys = fle_array(scratch, most, sizeof *f->keys);
    f->newest = fle_array(scratch, most, sizeof *f->newest);
    if (!f->keys || !f->newest)
        return false;
    while (rest.n > 0) {
        const fle_about self = fle_about_next(&rest);
        const uint32_t vpc = fle_about_newest(self, FLE_FACT_VPC);

        for (size_t i = 0; i < self.n; i++)
            if ((self.items[i].predicate == FLE_FACT_ADDRESSES ||
                 self.items[i].predicate == FLE_FACT_PUBLIC) &&
                !note_address(f, vpc, &self.items[i]))
                return false;
    }
    return true;
}

/* Did an event take all addresses, and none came since? */
static bool is_bare(fle_about addresses)
{
    for (size_t i = 0; i < addresses.n && fle_fact_is_mark(&addresses.items[i]); i++)
        if (fle_fact_change(&addresses.items[i]) == FLE_LOST)
            return true;
    return false;
}

/* Are all addresses seen elsewhere since? The first one stays with an interface for its life. */
static bool is_replaced(const forgetting *f, fle_about self, fle_about addresses)
{
    const uint32_t vpc = fle_about_newest(self, FLE_FACT_VPC);
    bool any = false;

    for (size_t i = 0; i < addresses.n; i++) {
        if (addresses.items[i].value != 0 && !is_seen_elsewhere(f, vpc, &addresses.items[i]))
            return false;
        any = any || addresses.items[i].value != 0;
    }
    return any;
}

static bool is_gone(const forgetting *f, fle_about self)
{
    const fle_about addresses = fle_about_predicate(self, FLE_FACT_ADDRESSES);

    return self.items->subject != 0 && addresses.n > 0 && is_over(f, addresses.items) &&
           (is_bare(addresses) || is_replaced(f, self, addresses));
}

static void drop_elsewhere(forgetting *f, fle_about self, fle_predicate predicate)
{
    const fle_about addresses = fle_about_predicate(self, predicate);
    const uint32_t vpc = fle_about_newest(self, FLE_FACT_VPC);

    for (size_t i = 0; i < addresses.n; i++)
        if (addresses.items[i].value != 0 && addresses.items[i].time < f->before &&
            is_seen_elsewhere(f, vpc, &addresses.items[i]))
            f->fates[index_of(f, &addresses.items[i])] = FATE_GO;
}

static void judge_interface(forgetting *f, fle_about self)
{
    if (is_gone(f, self)) {
        const fle_about attachments = fle_about_predicate(self, FLE_FACT_ATTACHMENT);

        for (size_t i = 0; i < attachments.n; i++)
            f->is_gone[attachments.items[i].value] = true;
        f->is_gone[self.items->subject] = true;
        drop_all(f, self);
        return;
    }
    drop_elsewhere(f, self, FLE_FACT_ADDRESSES);
    drop_elsewhere(f, self, FLE_FACT_PUBLIC);
}

/* An instance that ended is asked for by nobody. */
static void judge_instance(forgetting *f, fle_about self)
{
    const fle_about states = fle_about_predicate(self, FLE_FACT_STATE);

    for (size_t i = 0; i < states.n; i++) {
        const flowenrich_text state = fle_facts_text(f->facts, states.items[i].value);

        if (is_over(f, &states.items[i]) &&
            (fle_text_is(state, "terminated") || fle_text_is(state, "shutting-down")))
            drop_all(f, self);
    }
}

/* What was of an interface that is gone. */
static void judge_attachment(forgetting *f, fle_about self)
{
    if (f->is_gone[self.items->subject])
        drop_all(f, self);
}

/* Nor does it tell anything any more once the address was given to another. */
static void judge_association(forgetting *f, fle_about self)
{
    const fle_about given = fle_about_predicate(self, FLE_FACT_INTERFACE);
    const fle_about allocation = fle_facts_about(f->facts, FLE_SUBJECT_ALLOCATION,
                                                 fle_about_newest(self, FLE_FACT_ALLOCATION));
    const uint32_t known = fle_about_newest(self, FLE_FACT_ADDRESS);
    const uint32_t address = known ? known : fle_about_newest(allocation, FLE_FACT_ADDRESS);

    if (given.n == 0)
        return;
    if (f->is_gone[given.items->value] || is_elsewhere(f, (place){ 0, address }, given.items->time))
        drop_all(f, self);
}

/* Only the events of late may come again. */
static void judge_event(forgetting *f, fle_about self)
{
    if (self.items->time < f->before)
        drop_all(f, self);
}

/* Of what nothing else is asked than which the newest is, that is kept; see vpcs.c. */
static void keep_predicate(forgetting *f, fle_about about)
{
    if (about.items->kind == FLE_SUBJECT_ASSOCIATION ||
        about.items->kind == FLE_SUBJECT_ROUTE_ASSOCIATION) { /* from whose events others derive */
        keep_last(f, about);
        return;
    }
    switch ((fle_predicate)about.items->predicate) {
    case FLE_FACT_ADDRESSES:
    case FLE_FACT_PUBLIC:
        keep_newest(f, about);
        keep_last(f, about); /* and that events gave them stays true */
        break;
    case FLE_FACT_STATE:
    case FLE_FACT_LISTENERS:
    case FLE_FACT_TARGETS:
        keep_last(f, about);
        break;
    default:
        keep_newest(f, about);
        keep_version(f, about);
        break;
    }
}

static void keep_all(forgetting *f)
{
    const fle_facts *facts = f->facts;
    size_t end;

    for (size_t begin = 0; begin < facts->n; begin = end) {
        const fle_fact *first = &facts->items[begin];
        fle_about about = { first, 0 };

        for (end = begin; end < facts->n && facts->items[end].kind == first->kind &&
                          facts->items[end].subject == first->subject &&
                          facts->items[end].predicate == first->predicate;
             end++)
            ;
        about.n = end - begin;
        keep_predicate(f, about);
    }
}

static void judge_each(forgetting *f, fle_subject kind, void (*judge)(forgetting *, fle_about))
{
    fle_about rest = fle_facts_of(f->facts, kind);

    while (rest.n > 0)
        judge(f, fle_about_next(&rest));
}

static bool copy_text(fle_facts *out, const fle_facts *facts, uint32_t id, uint32_t *copy)
{
    const fle_interned *text = &facts->texts[id];

    if (!fle_facts_intern(out, text->text, copy))
        return false;
    out->texts[*copy].is_interface = text->is_interface;
    out->texts[*copy].is_address = text->is_address;
    out->texts[*copy].is_event = text->is_event;
    return true;
}

static bool copy_kept(fle_facts *out, const forgetting *f)
{
    const fle_facts *facts = f->facts;

    for (size_t i = 0; i < facts->n; i++) {
        fle_fact fact = facts->items[i];

        if (f->fates[i] == FATE_GO || (fact.how & FLE_DERIVED))
            continue;
        if (f->fates[i] == FATE_STAY_AS_SEEN)
            fact.how = (uint16_t)(fle_fact_version(&fact) << FLE_CHANGE_BITS | FLE_SEEN);
        if (!copy_text(out, facts, fact.subject, &fact.subject) ||
            !copy_text(out, facts, fact.key, &fact.key) ||
            !copy_text(out, facts, fact.value, &fact.value) || !fle_facts_add(out, &fact))
            return false;
    }
    return true;
}

static bool forget(fle_facts *out, forgetting *f, fle_arena *scratch)
{
    f->fates = fle_array(scratch, f->facts->n, sizeof *f->fates);
    f->is_gone = fle_array(scratch, f->facts->n_texts, sizeof *f->is_gone);
    if (!f->fates || !f->is_gone || !note_addresses(f, scratch))
        return false;
    memset(f->fates, FATE_GO, f->facts->n);
    memset(f->is_gone, 0, f->facts->n_texts * sizeof *f->is_gone);
    keep_all(f);
    judge_each(f, FLE_SUBJECT_INTERFACE, judge_interface);
    judge_each(f, FLE_SUBJECT_INSTANCE, judge_instance);
    judge_each(f, FLE_SUBJECT_ENI_ATTACHMENT, judge_attachment);
    judge_each(f, FLE_SUBJECT_ASSOCIATION, judge_association);
    judge_each(f, FLE_SUBJECT_EVENT, judge_event);
    return copy_kept(out, f);
}

bool fle_facts_forget(fle_facts *out, fle_facts *facts, flowenrich_time before, uint64_t hash_seed)
{
    forgetting f = { .facts = facts, .before = before };
    fle_arena scratch;
    bool done;

    fle_arena_init(&scratch, facts->allocator);
    f.places = fle_map_new(facts->allocator, hash_seed);
    done = fle_facts_init(out, facts->allocator, hash_seed) && f.places &&
           fle_facts_sort(facts, &scratch) && fle_derive(facts, &scratch) &&
           forget(out, &f, &scratch);
    out->event_slack = facts->event_slack;
    fle_underive(facts);
    fle_map_free(f.places);
    fle_arena_free(&scratch);
    return done;
}
