/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to a snapshot: sightings, ranges, and what all of publishing shares. */
#include "catalog/publish.h"

#include <string.h>

#include "catalog/order.h"

static uint32_t newest_of_two(fle_about about, fle_about fallback, fle_predicate predicate)
{
    const uint32_t id = fle_about_newest(about, predicate);

    return id ? id : fle_about_newest(fallback, predicate);
}

void fle_publish_location(const fle_publishing *p, fle_about about, fle_about fallback,
                          fle_identity *identity)
{
    const fle_facts *facts = p->facts;
    const uint32_t vpc = newest_of_two(about, fallback, FLE_FACT_VPC);
    flowenrich_text *single = identity->single;

    identity->space = p->spaces[vpc];
    single[FLE_ATTR_VPC_ID] = fle_facts_text(facts, vpc);
    single[FLE_ATTR_ACCOUNT_ID] = fle_facts_text(facts, fle_about_newest(about, FLE_FACT_ACCOUNT));
    single[FLE_ATTR_AVAILABILITY_ZONE] =
        fle_facts_text(facts, newest_of_two(about, fallback, FLE_FACT_ZONE));
    single[FLE_ATTR_AVAILABILITY_ZONE_ID] =
        fle_facts_text(facts, newest_of_two(about, fallback, FLE_FACT_ZONE_ID));
    single[FLE_ATTR_REGION] = fle_region_of_zone(single[FLE_ATTR_AVAILABILITY_ZONE]);
}

bool fle_publish_entries(const fle_publishing *p)
{
    p->snapshot->entries = fle_entry_writer_view(p->writer);
    return !p->writer->failed;
}

size_t fle_count_subjects(fle_about about)
{
    size_t n = 0;

    while (about.n > 0) {
        (void)fle_about_next(&about);
        n++;
    }
    return n;
}

typedef struct rolls {
    fle_roll *items; /* two for each interface: of private addresses, of public ones */
    flowenrich_time *times;
    size_t n_times;
} rolls;

/* A mark that isn't lost: all addresses were listed, or there were none before. */
static bool is_listing(const fle_fact *fact)
{
    return fle_fact_is_mark(fact) && fle_fact_change(fact) != FLE_LOST;
}

/* The times when all addresses were listed: those of the marks, which come newest first. */
static fle_roll call_roll(rolls *r, fle_about listed)
{
    fle_roll roll = { &r->times[r->n_times], 0 };

    for (size_t i = listed.n; i > 0; i--)
        if (is_listing(&listed.items[i - 1])) {
            r->times[r->n_times++] = listed.items[i - 1].time;
            roll.n++;
        }
    return roll;
}

typedef struct sightings {
    fle_sighting *items;
    size_t n;
} sightings;

/* Whose, where and by which roll sightings are. */
typedef struct seen_on {
    uint32_t space, interface, roll;
} seen_on;

/* IPv6 is the same address everywhere unless it is private: it is found from any space. */
static void add_sighting(sightings *s, const fle_cidr *cidr, flowenrich_time time,
                         fle_sighted sighted, seen_on on)
{
    fle_sighting seen = { time, on.space, on.interface, on.roll, *cidr, (uint8_t)sighted };

    s->items[s->n++] = seen;
    if (on.space == FLE_PUBLIC || fle_address_is_v4(&cidr->base) ||
        fle_address_is_private(&cidr->base))
        return;
    seen.space = FLE_PUBLIC;
    s->items[s->n++] = seen;
}

static bool is_ending(const fle_fact *fact)
{
    return fle_fact_is_mark(fact) && fle_fact_change(fact) == FLE_LOST;
}

static void add_sightings(sightings *s, fle_about listed, const fle_facts *facts, seen_on on)
{
    static const fle_sighted sighted[] = { [FLE_SEEN] = FLE_SIGHTED,
                                           [FLE_SET] = FLE_SIGHTED_COMING,
                                           [FLE_GAINED] = FLE_SIGHTED_COMING,
                                           [FLE_LOST] = FLE_SIGHTED_LEAVING };

    for (size_t i = 0; i < listed.n; i++) {
        const fle_fact *fact = &listed.items[i];
        const flowenrich_text text = fle_facts_text(facts, fact->value);
        fle_cidr cidr;

        if (!fle_cidr_parse(text.data, text.len, &cidr))
            continue; /* a mark: all others were parsed before they became facts */
        add_sighting(s, &cidr, fact->time, sighted[fle_fact_change(fact)], on);
        for (size_t k = 0; k < listed.n; k++)
            if (is_ending(&listed.items[k]))
                add_sighting(s, &cidr, listed.items[k].time, FLE_SIGHTED_ENDING, on);
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

static int compare_interfaces(uint32_t a, uint32_t b, const void *ctx)
{
    const flowenrich_snapshot *snapshot = ctx;
    const fle_entry *interfaces = snapshot->entries.items;

    return fle_text_compare(fle_snapshot_text(snapshot, &interfaces[a], FLE_ATTR_INTERFACE_ID),
                            fle_snapshot_text(snapshot, &interfaces[b], FLE_ATTR_INTERFACE_ID));
}

/* Most sightings make none, so what remains is copied. */
static bool keep_claims(fle_publishing *p, fle_claims *claims)
{
    fle_claim *items = fle_array(&p->snapshot->arena, claims->n, sizeof *items);

    if (!items)
        return false;
    memcpy(items, claims->items, claims->n * sizeof *items);
    claims->items = items;
    return true;
}

static void add_claim(fle_claims *claims, uint32_t space, const fle_cidr *cidr)
{
    const fle_claim claim = { .cidr = *cidr, .space = space };

    claims->items[claims->n++] = claim;
}

/* Blocks, and of what was sighted, now in order, that which lies outside of its VPC's. */
static bool publish_claims(fle_publishing *p, const sightings *s)
{
    const fle_spaces *spaces = &p->snapshot->spaces;
    fle_claims *claims = &p->snapshot->claims;
    const size_t most = spaces->n_subnets + s->n + spaces->n_cidrs;

    claims->items = fle_array(p->scratch, most, sizeof *claims->items);
    if (!claims->items)
        return false;
    for (uint32_t i = 0; i < spaces->n_vpcs; i++)
        for (size_t k = 0; k < spaces->vpcs[i].n_cidrs; k++)
            add_claim(claims, i + 1, &spaces->cidrs[spaces->vpcs[i].cidrs + k]);
    for (size_t i = 0; i < spaces->n_subnets; i++)
        add_claim(claims, spaces->subnets[i].space, &spaces->subnets[i].cidr);
    for (size_t i = 0; i < s->n; i++) {
        const fle_sighting *seen = &s->items[i];
        const bool again = i > 0 && seen[-1].space == seen->space &&
                           fle_cidr_compare(&seen[-1].cidr, &seen->cidr) == 0;

        if (!again && seen->space != 0 && seen->space != FLE_PUBLIC &&
            !fle_spaces_holds(spaces, seen->space, &seen->cidr.base))
            add_claim(claims, seen->space, &seen->cidr);
    }
    return fle_claims_sort(claims, p->scratch) && keep_claims(p, claims);
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

bool fle_publish_holders(fle_publishing *p)
{
    flowenrich_snapshot *snapshot = p->snapshot;
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_INTERFACE);
    rolls r = { fle_array(p->scratch, snapshot->n_interfaces, 2 * sizeof *r.items),
                fle_array(p->scratch, rest.n, sizeof *r.times), 0 };
    sightings s = { fle_array(p->scratch, count_all_sightings(rest), sizeof *s.items), 0 };
    fle_holders_input input = { s.items, 0, r.items, compare_interfaces, snapshot };

    if (!r.items || !r.times || !s.items)
        return false;
    for (uint32_t i = 0; rest.n > 0; i++) {
        const fle_about about = fle_about_next(&rest);
        const fle_about private = fle_about_predicate(about, FLE_FACT_ADDRESSES);
        const fle_about public = fle_about_predicate(about, FLE_FACT_PUBLIC);

        const uint32_t space = snapshot->entries.items[i].space;

        r.items[2 * i] = call_roll(&r, private);
        r.items[2 * i + 1] = call_roll(&r, public);
        add_sightings(&s, private, p->facts, (seen_on){ space, i, 2 * i });
        add_sightings(&s, public, p->facts, (seen_on){ FLE_PUBLIC, i, 2 * i + 1 });
    }
    input.n = s.n;
    return fle_holders_build(&snapshot->holders, &input, &snapshot->arena, p->scratch,
                             snapshot->seed) &&
           publish_claims(p, &s);
}

/* In lower case, as records write it. */
static bool lower(fle_arena *arena, flowenrich_text text, flowenrich_text *out)
{
    char *data;

    if (!fle_arena_text(arena, text.data, text.len, out))
        return false;
    data = (char *)(uintptr_t)out->data; /* nobody has seen the copy yet */
    for (size_t i = 0; i < text.len; i++)
        if (data[i] >= 'A' && data[i] <= 'Z')
            data[i] = (char)(data[i] - 'A' + 'a');
    return true;
}

static bool set_range(fle_publishing *p, const fle_fact *fact, fle_range *range)
{
    const flowenrich_text prefix = fle_facts_text(p->facts, fact->subject);
    const flowenrich_text region = fle_facts_text(p->facts, fact->key);
    fle_identity identity;

    memset(&identity, 0, sizeof identity);
    identity.single[FLE_ATTR_TYPE] = FLE_TEXT("aws:service");
    if (!fle_text_is(region, "GLOBAL"))
        range->region = identity.single[FLE_ATTR_REGION] = region;
    range->service = fle_facts_text(p->facts, fact->value);
    (void)fle_cidr_parse(prefix.data, prefix.len, &range->cidr); /* was, before it became a fact */
    if (!lower(p->room, range->service, &identity.single[FLE_ATTR_AWS_SERVICE]))
        return false;
    range->entry = fle_entry_writer_add(p->writer, &identity);
    fle_arena_clear(p->room);
    return true;
}

/* Each publication lists all ranges: the newest replaces those before it. */
bool fle_publish_ranges(fle_publishing *p)
{
    const fle_about all = fle_facts_of(p->facts, FLE_SUBJECT_RANGE);
    fle_range *ranges = fle_array(p->scratch, all.n, sizeof *ranges);
    flowenrich_time newest = FLOWENRICH_TIME_ABSENT;
    size_t n = 0;

    if (!ranges)
        return false;
    for (size_t i = 0; i < all.n; i++)
        newest = all.items[i].time > newest ? all.items[i].time : newest;
    for (size_t i = 0; i < all.n; i++) {
        if (all.items[i].time != newest)
            continue;
        memset(&ranges[n], 0, sizeof *ranges);
        if (!set_range(p, &all.items[i], &ranges[n]))
            return false;
        n++;
    }
    return fle_ranges_build(&p->snapshot->ranges, ranges, n, &p->snapshot->arena, p->scratch) &&
           fle_publish_entries(p);
}
