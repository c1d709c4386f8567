/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses were seen on which interfaces, by facts. */
#include "catalog/roster.h"

#include "catalog/order.h"

/* A mark that isn't lost: all addresses were listed, or there were none before. */
static bool is_listing(const fle_fact *fact)
{
    return fle_fact_is_mark(fact) && fle_fact_change(fact) != FLE_LOST;
}

/* The times when all addresses were listed: those of the marks, which come newest first. */
static uint32_t call_roll(fle_roster *r, fle_about listed)
{
    fle_roll roll = { &r->times[r->n_times], 0 };

    for (size_t i = listed.n; i > 0; i--)
        if (is_listing(&listed.items[i - 1])) {
            r->times[r->n_times++] = listed.items[i - 1].time;
            roll.n++;
        }
    r->rolls[r->n_rolls] = roll;
    return (uint32_t)r->n_rolls++;
}

/* Whose, where and by which roll sightings are. */
typedef struct seen_on {
    uint32_t space, interface, roll;
} seen_on;

/* IPv6 is the same address everywhere unless it is private: it is found from any space. */
static void add_sighting(fle_roster *r, const fle_cidr *cidr, flowenrich_time time,
                         fle_sighted sighted, seen_on on)
{
    fle_sighting seen = { time, on.space, on.interface, on.roll, *cidr, (uint8_t)sighted };

    r->sightings[r->n_sightings++] = seen;
    if (on.space == FLE_PUBLIC || fle_address_is_v4(&cidr->base) ||
        fle_address_is_private(&cidr->base))
        return;
    seen.space = FLE_PUBLIC;
    r->sightings[r->n_sightings++] = seen;
}

static bool is_ending(const fle_fact *fact)
{
    return fle_fact_is_mark(fact) && fle_fact_change(fact) == FLE_LOST;
}

static bool is_wanted(const fle_roster *r, uint32_t address, uint32_t space)
{
    return !r->wanted.is || r->wanted.is(r->wanted.ctx, address, space);
}

static void add_sightings(fle_roster *r, fle_about listed, seen_on on)
{
    static const fle_sighted sighted[] = { [FLE_SEEN] = FLE_SIGHTED,
                                           [FLE_SET] = FLE_SIGHTED_COMING,
                                           [FLE_GAINED] = FLE_SIGHTED_COMING,
                                           [FLE_LOST] = FLE_SIGHTED_LEAVING };

    for (size_t i = 0; i < listed.n; i++) {
        const fle_fact *fact = &listed.items[i];
        const flowenrich_text text = fle_facts_text(r->facts, fact->value);
        fle_cidr cidr;

        if (!is_wanted(r, fact->value, on.space) || !fle_cidr_parse(text.data, text.len, &cidr))
            continue; /* or a mark: all others were parsed before they became facts */
        add_sighting(r, &cidr, fact->time, sighted[fle_fact_change(fact)], on);
        for (size_t k = 0; k < listed.n; k++)
            if (is_ending(&listed.items[k]))
                add_sighting(r, &cidr, listed.items[k].time, FLE_SIGHTED_ENDING, on);
    }
}

/* How many sightings a list makes at most. */
static size_t count_sightings(fle_about listed)
{
    size_t n_endings = 0;

    for (size_t i = 0; i < listed.n; i++)
        n_endings += is_ending(&listed.items[i]);
    return 2 * listed.n * (1 + n_endings);
}

static size_t count_all_sightings(fle_about rest)
{
    size_t n = 0;

    while (rest.n > 0) {
        const fle_about about = fle_about_next(&rest);

        n += count_sightings(fle_about_predicate(about, FLE_FACT_ADDRESSES)) +
             count_sightings(fle_about_predicate(about, FLE_FACT_PUBLIC));
    }
    return n;
}

bool fle_roster_init(fle_roster *roster, const fle_facts *facts, size_t n_interfaces, fle_about all,
                     fle_arena *scratch)
{
    *roster = (fle_roster){ .facts = facts };
    roster->rolls = fle_array(scratch, n_interfaces, 2 * sizeof *roster->rolls);
    roster->times = fle_array(scratch, all.n, sizeof *roster->times);
    roster->sightings = fle_array(scratch, count_all_sightings(all), sizeof *roster->sightings);
    return roster->rolls && roster->times && roster->sightings;
}

void fle_roster_add(fle_roster *roster, fle_about self, uint32_t number, uint32_t space)
{
    const fle_about private = fle_about_predicate(self, FLE_FACT_ADDRESSES);
    const fle_about public = fle_about_predicate(self, FLE_FACT_PUBLIC);
    const uint32_t privately = call_roll(roster, private), publicly = call_roll(roster, public);

    add_sightings(roster, private, (seen_on){ space, number, privately });
    add_sightings(roster, public, (seen_on){ FLE_PUBLIC, number, publicly });
}

static int compare_interfaces(uint32_t a, uint32_t b, const void *ctx)
{
    const fle_entry *left = fle_entries_at(ctx, a), *right = fle_entries_at(ctx, b);

    return fle_text_compare(fle_entries_text(ctx, left->single[FLE_ATTR_INTERFACE_ID]),
                            fle_entries_text(ctx, right->single[FLE_ATTR_INTERFACE_ID]));
}

bool fle_roster_holders(fle_roster *roster, const fle_entries *entries, fle_holders *out,
                        uint64_t seed, fle_arena *arena, fle_arena *scratch)
{
    fle_holders_input input = { roster->sightings, roster->n_sightings,
                                roster->rolls,     compare_interfaces,
                                entries,           roster->facts->event_slack };

    return fle_holders_build(out, &input, arena, scratch, seed);
}
