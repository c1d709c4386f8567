/* SPDX-License-Identifier: Apache-2.0 */
/* Facts to a snapshot: sightings, ranges, and what all of publishing shares. */
#include "catalog/publish.h"

#include <string.h>

#include "catalog/order.h"
#include "catalog/roster.h"

static uint32_t newest_of_two(fle_about about, fle_about fallback, fle_predicate predicate)
{
    const uint32_t id = fle_about_newest(about, predicate);

    return id ? id : fle_about_newest(fallback, predicate);
}

uint32_t fle_publish_space(const fle_publishing *p, uint32_t vpc)
{
    return p->spaces ? p->spaces[vpc]
                     : fle_spaces_find(&p->snapshot->spaces, fle_facts_text(p->facts, vpc));
}

void fle_publish_location(const fle_publishing *p, fle_about about, fle_about fallback,
                          fle_identity *identity)
{
    const fle_facts *facts = p->facts;
    const uint32_t vpc = newest_of_two(about, fallback, FLE_FACT_VPC);
    flowenrich_text *single = identity->single;

    identity->space = fle_publish_space(p, vpc);
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
static bool publish_claims(fle_publishing *p, const fle_roster *r)
{
    const fle_spaces *spaces = &p->snapshot->spaces;
    fle_claims *claims = &p->snapshot->claims;
    const size_t most = spaces->n_subnets + r->n_sightings + spaces->parts.n_cidrs;

    claims->items = fle_array(p->scratch, most, sizeof *claims->items);
    if (!claims->items)
        return false;
    for (uint32_t i = 0; i < spaces->n_vpcs; i++)
        for (size_t k = 0; k < spaces->vpcs[i].cidrs.n; k++)
            add_claim(claims, i + 1, &spaces->parts.cidrs[spaces->vpcs[i].cidrs.first + k].cidr);
    for (size_t i = 0; i < spaces->n_subnets; i++)
        add_claim(claims, spaces->subnets[i].space, &spaces->subnets[i].cidr);
    for (size_t i = 0; i < r->n_sightings; i++) {
        const fle_sighting *seen = &r->sightings[i];
        const bool again = i > 0 && seen[-1].space == seen->space &&
                           fle_cidr_compare(&seen[-1].cidr, &seen->cidr) == 0;

        if (!again && seen->space != 0 && seen->space != FLE_PUBLIC &&
            !fle_spaces_holds(spaces, seen->space, &seen->cidr.base, FLE_ANY_TIME))
            add_claim(claims, seen->space, &seen->cidr);
    }
    return fle_claims_sort(claims, p->scratch) && keep_claims(p, claims);
}

bool fle_publish_holders(fle_publishing *p)
{
    flowenrich_snapshot *snapshot = p->snapshot;
    fle_about rest = fle_facts_of(p->facts, FLE_SUBJECT_INTERFACE);
    fle_roster roster;

    if (!fle_roster_init(&roster, p->facts, snapshot->n_interfaces, rest, p->scratch))
        return false;
    for (uint32_t i = 0; rest.n > 0; i++)
        fle_roster_add(&roster, fle_about_next(&rest), i, snapshot->entries.items[i].space);
    if (!fle_roster_holders(&roster, &snapshot->entries, &snapshot->holders, snapshot->seed,
                            &snapshot->arena, p->scratch))
        return false;
    snapshot->n_addresses = snapshot->holders.n_keys;
    return publish_claims(p, &roster);
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
