/* SPDX-License-Identifier: Apache-2.0 */
/* Which interface is behind a name, and which functions are behind an interface. */
#include "catalog/behind.h"

#include <string.h>

#include "catalog/order.h"

static void make_arn(fle_derived *out, uint32_t interface, uint32_t type, uint32_t arn,
                     flowenrich_time time)
{
    const fle_fact fact = { time,          interface, type, arn, FLE_SUBJECT_INTERFACE,
                            FLE_FACT_ARNS, FLE_SEEN };

    fle_derived_add(out, &fact);
}

/* ---- Names. ---- */

/* An interface that was seen with an address that some name has. */
typedef struct holder {
    flowenrich_time first, last;
    uint32_t interface, vpc, address;
} holder;

typedef struct holders {
    const fle_facts *facts;
    bool *is_wanted; /* by the number of an address */
    holder *items;
    size_t n;
} holders;

static size_t want(holders *h)
{
    const fle_about names = fle_facts_of(h->facts, FLE_SUBJECT_NAME);
    size_t n = 0;

    for (size_t i = 0; i < names.n; i++)
        if (names.items[i].predicate == FLE_FACT_ADDRESSES) {
            h->is_wanted[names.items[i].value] = true;
            n++;
        }
    return n;
}

static bool is_held(const holders *h, const fle_fact *fact)
{
    return fact->predicate == FLE_FACT_ADDRESSES && fact->value != 0 &&
           fle_fact_change(fact) != FLE_LOST && h->is_wanted[fact->value];
}

/* Facts come newest first. */
static void note_holder(holders *h, fle_about self)
{
    const size_t begin = h->n;

    for (size_t i = 0; i < self.n; i++) {
        const fle_fact *fact = &self.items[i];
        size_t k = begin;

        if (!is_held(h, fact))
            continue;
        while (k < h->n && h->items[k].address != fact->value)
            k++;
        if (k == h->n)
            h->items[h->n++] = (holder){ fact->time, fact->time, fact->subject,
                                         fle_about_newest(self, FLE_FACT_VPC), fact->value };
        h->items[k].first = fact->time;
    }
}

/* The interface that was seen with it around a time; or at other times, but no other was. */
static uint32_t find_holder(const holders *h, uint32_t vpc, const fle_fact *resolved)
{
    uint32_t found = 0, around = 0;
    size_t n = 0, n_around = 0;

    for (size_t i = 0; i < h->n; i++) {
        const holder *one = &h->items[i];

        if (one->address != resolved->value || (vpc != 0 && one->vpc != 0 && one->vpc != vpc))
            continue;
        found = one->interface;
        n++;
        if (one->first <= resolved->time && resolved->time <= one->last) {
            around = one->interface;
            n_around++;
        }
    }
    if (n_around == 1)
        return around;
    return n == 1 ? found : 0;
}

static void derive_name(fle_derived *out, const holders *h, fle_about self)
{
    const fle_about arns = fle_about_newest_set(self, FLE_FACT_ARNS);
    const fle_about resolved = fle_about_predicate(self, FLE_FACT_ADDRESSES);
    const uint32_t vpc = fle_about_newest(self, FLE_FACT_VPC);

    for (size_t i = 0; arns.n > 0 && i < resolved.n; i++) {
        const uint32_t interface = find_holder(h, vpc, &resolved.items[i]);

        for (size_t k = 0; interface != 0 && k < arns.n; k++)
            make_arn(out, interface, arns.items[k].key, arns.items[k].value,
                     resolved.items[i].time);
    }
}

bool fle_derive_names(fle_derived *out, const fle_facts *facts, fle_arena *scratch)
{
    fle_about names = fle_facts_of(facts, FLE_SUBJECT_NAME);
    fle_about rest = fle_facts_of(facts, FLE_SUBJECT_INTERFACE);
    holders h = { .facts = facts };
    size_t n = 0;

    if (names.n == 0)
        return true;
    h.is_wanted = fle_array(scratch, facts->n_texts, sizeof *h.is_wanted);
    if (!h.is_wanted)
        return false;
    memset(h.is_wanted, 0, facts->n_texts * sizeof *h.is_wanted);
    if (want(&h) == 0)
        return true;
    for (size_t i = 0; i < rest.n; i++)
        n += is_held(&h, &rest.items[i]);
    h.items = fle_array(scratch, n, sizeof *h.items);
    if (!h.items)
        return false;
    while (rest.n > 0)
        note_holder(&h, fle_about_next(&rest));
    while (names.n > 0)
        derive_name(out, &h, fle_about_next(&names));
    return true;
}

/* ---- Functions. ---- */

static bool has_value(fle_about set, uint32_t value)
{
    for (size_t i = 0; i < set.n; i++)
        if (set.items[i].value == value)
            return true;
    return false;
}

static bool holds_all(fle_about set, fle_about of)
{
    for (size_t i = 0; i < of.n; i++)
        if (!has_value(set, of.items[i].value))
            return false;
    return true;
}

/* Of a set of several times, what is of the one that it begins with; that is split off. */
static fle_about split_time(fle_about *set)
{
    fle_about now = { set->items, 0 };

    while (now.n < set->n && now.items[now.n].time == set->items->time)
        now.n++;
    set->items = now.n < set->n ? set->items + now.n : NULL;
    set->n -= now.n;
    return now;
}

static fle_about at_time(fle_about set, flowenrich_time time)
{
    while (set.n > 0 && set.items->time != time)
        (void)split_time(&set);
    return split_time(&set);
}

/* A document lists a function with its subnets and its groups, so they are of one time. */
static void derive_function(fle_derived *out, fle_about interface, fle_about function,
                            uint32_t type)
{
    const uint32_t subnet = fle_about_newest(interface, FLE_FACT_SUBNET);
    const fle_about groups = fle_about_newest_set(interface, FLE_FACT_GROUPS);
    const fle_about all_groups = fle_about_predicate(function, FLE_FACT_GROUPS);
    fle_about rest = fle_about_predicate(function, FLE_FACT_SUBNETS);

    while (subnet != 0 && groups.n > 0 && rest.n > 0) {
        const fle_about subnets = split_time(&rest);
        const fle_about of = at_time(all_groups, subnets.items->time);

        if (has_value(subnets, subnet) && holds_all(groups, of) && holds_all(of, groups))
            make_arn(out, interface.items->subject, type, function.items->subject,
                     subnets.items->time);
    }
}

void fle_derive_functions(fle_derived *out, const fle_facts *facts)
{
    const uint32_t lambda = fle_facts_find(facts, FLE_TEXT("lambda"));
    const uint32_t type = fle_facts_find(facts, FLE_TEXT("lambda:function"));
    fle_about rest = fle_facts_of(facts, FLE_SUBJECT_INTERFACE);

    while (type != 0 && lambda != 0 && rest.n > 0) {
        const fle_about interface = fle_about_next(&rest);
        fle_about resources = fle_facts_of(facts, FLE_SUBJECT_RESOURCE);

        if (fle_about_newest(interface, FLE_FACT_INTERFACE_TYPE) != lambda)
            continue;
        while (resources.n > 0)
            derive_function(out, interface, fle_about_next(&resources), type);
    }
}
