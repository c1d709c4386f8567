/* SPDX-License-Identifier: Apache-2.0 */
/* What was learned from records, as facts. */
#include "catalog/lessons.h"

#include "catalog/holders.h"
#include "catalog/order.h"

#define SLACK 60                   /* seconds that start and end of a record may be late */
#define SINGLE (FLE_N_LENGTHS - 1) /* bits of an address that isn't a prefix */
#define FACTS_OF_WITNESS 8
#define FACTS_OF_SIGHTING 5
#define LONGEST_NAME 128

#define HELD_PRIMARY UINT32_MAX         /* it is somebody's primary address */
#define HELD_OTHERWISE (UINT32_MAX - 1) /* documents have it, or several witnesses */

/* Who is at an address: a witness, or HELD_…; and in which subnet, 0 if in several or unknown. */
typedef struct holder {
    uint32_t by, subnet;
    uint32_t prefix; /* if it is one: the number of its text */
} holder;

/* What is known of a witness besides the records it logged. */
typedef struct student {
    uint32_t id, vpc; /* vpc is 0 if its space isn't known: then it teaches nothing */
    uint32_t subnet;  /* 0 if that isn't known */
    fle_about documents;
} student;

typedef struct lessons {
    const fle_learned *learned;
    fle_facts *documents;
    fle_fact *items;
    size_t n;
    student *students; /* by the number of the witness */
    fle_map *held;     /* by the address or prefix of a VPC, a holding, to an index of these */
    holder *holders;
    size_t n_holders, holders_capacity;
    bool has_bits[FLE_N_LENGTHS]; /* is anything of that length held? */
    fle_arena *scratch;
} lessons;

/* An address or prefix of a VPC, as the map is keyed. Without padding. */
typedef struct holding {
    uint32_t vpc, bits;
    fle_address base;
} holding;

static void add(lessons *l, uint32_t subject, fle_predicate predicate, uint32_t value,
                flowenrich_time time)
{
    const fle_fact fact = { .time = time,
                            .subject = subject,
                            .value = value,
                            .kind = FLE_SUBJECT_INTERFACE,
                            .predicate = (uint8_t)predicate };

    l->items[l->n++] = fact;
}

/* Between two moments it had an address or prefix, by the number of its text. */
static void add_held(lessons *l, uint32_t subject, uint32_t value, flowenrich_time from,
                     flowenrich_time until)
{
    add(l, subject, FLE_FACT_ADDRESSES, value, from);
    if (until > from)
        add(l, subject, FLE_FACT_ADDRESSES, value, until);
}

static bool intern_address(lessons *l, const fle_address *address, uint32_t *value)
{
    char text[FLE_ADDRESS_TEXT];

    return fle_facts_intern(l->documents, fle_text(text, fle_address_format(address, text)), value);
}

/* Between two moments it had the address, if they are in this order. */
static bool add_address(lessons *l, uint32_t subject, const fle_address *address,
                        flowenrich_time from, flowenrich_time until)
{
    uint32_t value;

    if (from > until)
        return true;
    if (!intern_address(l, address, &value))
        return false;
    add_held(l, subject, value, from, until);
    return true;
}

/* ---- Witnesses. ---- */

static bool is_account(flowenrich_text text)
{
    uint64_t number;

    return text.len == 12 && fle_text_u64(text, &number);
}

/* Of an interface in no document: what its records call it. */
static bool describe(lessons *l, const fle_witness *witness, const student *s)
{
    static const struct {
        fle_told told;
        fle_predicate predicate;
    } parts[] = {
        { FLE_TOLD_SUBNET, FLE_FACT_SUBNET },
        { FLE_TOLD_ACCOUNT, FLE_FACT_ACCOUNT },
        { FLE_TOLD_ZONE, FLE_FACT_ZONE_ID },
        { FLE_TOLD_INSTANCE, FLE_FACT_INSTANCE },
    };

    add(l, s->id, FLE_FACT_LEARNED, s->id, witness->life.from);
    add(l, s->id, FLE_FACT_VPC, s->vpc, witness->life.from);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const flowenrich_text text = witness->told[parts[i].told];
        uint32_t value;

        if (text.len == 0 || (parts[i].told == FLE_TOLD_ACCOUNT && !is_account(text)))
            continue;
        if (!fle_facts_intern(l->documents, text, &value))
            return false;
        add(l, s->id, parts[i].predicate, value, witness->life.from);
    }
    return true;
}

/* Its primary address is its own as long as it lives. */
static bool add_witness(lessons *l, const fle_witness *witness, student *s)
{
    const fle_constant *label = witness->ingress.is_known ? &witness->ingress : &witness->egress;

    if (!fle_facts_intern(l->documents, witness->id, &s->id))
        return false;
    s->documents = fle_facts_about(l->documents, FLE_SUBJECT_INTERFACE, s->id);
    s->vpc = fle_about_newest(s->documents, FLE_FACT_VPC);
    s->subnet = fle_about_newest(s->documents, FLE_FACT_SUBNET);
    if (s->documents.n == 0 &&
        (!fle_facts_intern(l->documents, witness->told[FLE_TOLD_VPC], &s->vpc) ||
         !fle_facts_intern(l->documents, witness->told[FLE_TOLD_SUBNET], &s->subnet)))
        return false;
    if (s->vpc == 0)
        return true;
    if (s->documents.n == 0 && !describe(l, witness, s))
        return false;
    return !label->is_known || label->is_disputed ||
           add_address(l, s->id, &label->address, witness->life.from, witness->life.until - SLACK);
}

static bool add_witnesses(lessons *l)
{
    const fle_witness *witness;

    for (size_t i = 0; (witness = fle_mirrors_witness_at(l->learned->mirrors, i)) != NULL; i++)
        if (!add_witness(l, witness, &l->students[i]))
            return false;
    return true;
}

/* ---- Other addresses that were seen on their witness's side. ---- */

/*
 * A source of egress that isn't the primary address is a secondary one. IPv6 may be
 * somebody else's, unless the witness sends IPv4 of its own and passes none on.
 */
static bool is_own(const lessons *l, const fle_seen *seen)
{
    const fle_witness *witness = fle_mirrors_witness_at(l->learned->mirrors, seen->witness);

    if (!fle_address_is_v4(&seen->address))
        return witness->has_own && !fle_mirrors_passes_on(l->learned->mirrors, witness);
    return !witness->ingress.is_disputed &&
           !(witness->ingress.is_known &&
             fle_address_compare(&witness->ingress.address, &seen->address) == 0);
}

/* Where there was no room for all that was seen, another may have had it for a moment. */
static bool may_lack_others(const lessons *l, const fle_seen *seen)
{
    const fle_sightings *all = &l->learned->sightings;

    return all->dropped > 0 && seen->last_end >= all->gap_from &&
           seen->first_start - SLACK <= all->gap_until;
}

/* Seen so often that it had the address between two moments. */
static bool is_lasting(const lessons *l, const fle_seen *seen)
{
    return !seen->is_behind && l->students[seen->witness].vpc != 0 && is_own(l, seen) &&
           seen->first_end <= seen->last_start - SLACK && !may_lack_others(l, seen);
}

static bool add_holder(lessons *l, const holding *address, const holder *new)
{
    holding *kept = fle_arena_alloc(l->scratch, sizeof *kept);
    holder *items = fle_grow(l->documents->allocator, l->holders, &l->holders_capacity,
                             l->n_holders + 1, sizeof *items);

    if (items)
        l->holders = items;
    if (!kept || !items)
        return false;
    *kept = *address;
    items[l->n_holders] = *new;
    return fle_map_add(l->held, kept, sizeof *kept, (uint32_t)l->n_holders++);
}

static bool hold(lessons *l, uint32_t vpc, const fle_cidr *cidr, holder new)
{
    const holding h = { vpc, cidr->bits, cidr->base };
    const uint32_t *index = fle_map_find(l->held, &h, sizeof h);
    holder *known;

    l->has_bits[cidr->bits] = true;
    if (!index)
        return add_holder(l, &h, &new);
    known = &l->holders[*index];
    if (known->by != new.by && known->by != HELD_PRIMARY)
        known->by = new.by == HELD_PRIMARY ? HELD_PRIMARY : HELD_OTHERWISE;
    if (known->subnet != new.subnet)
        known->subnet = 0;
    return true;
}

static bool add_own(lessons *l)
{
    const fle_sightings *sightings = &l->learned->sightings;

    for (size_t i = 0; i < sightings->n; i++) {
        const fle_seen *seen = &sightings->items[i];
        const student *s = &l->students[seen->witness];
        const fle_cidr cidr = { seen->address, SINGLE };

        if (is_lasting(l, seen) &&
            (!add_address(l, s->id, &seen->address, seen->first_end, seen->last_start - SLACK) ||
             !hold(l, s->vpc, &cidr, (holder){ seen->witness, s->subnet, 0 })))
            return false;
    }
    return true;
}

/* ---- What is seen with another contradicts that somebody had it all the time. ---- */

static bool hold_documented(lessons *l)
{
    fle_about rest = fle_facts_of(l->documents, FLE_SUBJECT_INTERFACE);

    while (rest.n > 0) {
        const fle_about about = fle_about_next(&rest);
        const fle_about all = fle_about_predicate(about, FLE_FACT_ADDRESSES);
        const uint32_t vpc = fle_about_newest(about, FLE_FACT_VPC);
        const uint32_t subnet = fle_about_newest(about, FLE_FACT_SUBNET);

        for (size_t i = 0; i < all.n; i++) {
            const flowenrich_text text = fle_facts_text(l->documents, all.items[i].value);
            fle_cidr cidr;

            if (fle_cidr_parse(text.data, text.len, &cidr) &&
                !hold(l, vpc, &cidr,
                      (holder){ HELD_OTHERWISE, subnet,
                                cidr.bits < SINGLE ? all.items[i].value : 0 }))
                return false;
        }
    }
    return true;
}

static bool hold_primary(lessons *l)
{
    const fle_witness *witness;

    for (size_t i = 0; (witness = fle_mirrors_witness_at(l->learned->mirrors, i)) != NULL; i++) {
        const fle_constant *label =
            witness->ingress.is_known ? &witness->ingress : &witness->egress;
        const fle_cidr cidr = { label->address, SINGLE };

        if (label->is_known && !label->is_disputed &&
            !hold(l, l->students[i].vpc, &cidr, (holder){ HELD_PRIMARY, l->students[i].subnet, 0 }))
            return false;
    }
    return true;
}

/* Do documents have the address, or a prefix over it, as the witness's own? */
static bool is_documented(const lessons *l, const student *s, const fle_address *address)
{
    const fle_about all = fle_about_predicate(s->documents, FLE_FACT_ADDRESSES);

    for (size_t i = 0; i < all.n; i++) {
        const flowenrich_text text = fle_facts_text(l->documents, all.items[i].value);
        fle_cidr cidr;

        if (fle_cidr_parse(text.data, text.len, &cidr) && fle_cidr_holds(&cidr, address))
            return true;
    }
    return false;
}

/* Who has the address, or the longest prefix over it. */
static const holder *find_holder(const lessons *l, uint32_t vpc, const fle_address *address)
{
    holding h = { vpc, SINGLE, *address };

    for (;; h.bits--) {
        const uint32_t *index = NULL;

        fle_address_keep(&h.base, h.bits);
        if (l->has_bits[h.bits])
            index = fle_map_find(l->held, &h, sizeof h);
        if (index)
            return &l->holders[*index];
        if (h.bits == 0)
            return NULL;
    }
}

/*
 * Only where another is known to hold it is there something to contradict: NULL if not. All
 * addresses of an interface are of its subnet: one of another it passes on.
 */
static const holder *contradicted(const lessons *l, const fle_seen *seen, const student *s)
{
    const holder *known = find_holder(l, s->vpc, &seen->address);

    if (!known || known->by == HELD_PRIMARY || known->by == seen->witness ||
        (known->subnet != 0 && s->subnet != 0 && known->subnet != s->subnet) ||
        is_documented(l, s, &seen->address))
        return NULL;
    return known;
}

/* Whoever it is: somebody of that VPC, who has no id. */
static bool find_unknown(lessons *l, uint32_t vpc, flowenrich_time time, uint32_t *id)
{
    const flowenrich_text name = fle_facts_text(l->documents, vpc);
    char text[LONGEST_NAME + 1] = "?";
    const size_t len = name.len < LONGEST_NAME ? name.len : LONGEST_NAME;

    memcpy(text + 1, name.data, len);
    if (!fle_facts_intern(l->documents, fle_text(text, len + 1), id))
        return false;
    add(l, *id, FLE_FACT_LEARNED, 0, time);
    add(l, *id, FLE_FACT_VPC, vpc, time);
    return true;
}

/*
 * Be it behind the witness, or its own for a moment too short to be known. A prefix comes and
 * goes as a whole.
 */
static bool add_contradiction(lessons *l, const fle_seen *seen, const holder *known)
{
    uint32_t id, value = known->prefix;

    if (!find_unknown(l, l->students[seen->witness].vpc, seen->first_start, &id) ||
        (value == 0 && !intern_address(l, &seen->address, &value)))
        return false;
    add_held(l, id, value, seen->first_start - SLACK, seen->last_end);
    return true;
}

static bool add_contradictions(lessons *l)
{
    const fle_sightings *sightings = &l->learned->sightings;

    for (size_t i = 0; i < sightings->n; i++) {
        const fle_seen *seen = &sightings->items[i];
        const student *s = &l->students[seen->witness];
        const holder *known = NULL;

        if (s->vpc != 0 && !is_lasting(l, seen))
            known = contradicted(l, seen, s);
        if (known && !add_contradiction(l, seen, known))
            return false;
    }
    return true;
}

/* Who had an address before not all was seen may have lost it to somebody then. */
static bool add_gap(lessons *l)
{
    const fle_sightings *sightings = &l->learned->sightings;

    for (size_t i = 0; sightings->dropped > 0 && i < sightings->n; i++) {
        const fle_seen *seen = &sightings->items[i];
        const uint32_t vpc = l->students[seen->witness].vpc;
        uint32_t id, value;

        if (!is_lasting(l, seen) || seen->last_end >= sightings->gap_from)
            continue;
        if (!find_unknown(l, vpc, sightings->gap_from, &id) ||
            !intern_address(l, &seen->address, &value))
            return false;
        add_held(l, id, value, sightings->gap_from, sightings->gap_from);
    }
    return true;
}

static bool hold_all(lessons *l)
{
    return hold_documented(l) && hold_primary(l) && add_contradictions(l) && add_gap(l);
}

bool fle_lessons_add(const fle_learned *learned, fle_facts *documents, fle_arena *scratch,
                     fle_facts *out)
{
    lessons l = { .learned = learned, .documents = documents, .scratch = scratch };
    size_t n_witnesses = 0;
    bool done;

    *out = *documents;
    if (!learned->mirrors)
        return true;
    while (fle_mirrors_witness_at(learned->mirrors, n_witnesses) != NULL)
        n_witnesses++;
    l.students = fle_array(scratch, n_witnesses, sizeof *l.students);
    l.items = fle_array(scratch,
                        documents->n + FACTS_OF_WITNESS * n_witnesses +
                            FACTS_OF_SIGHTING * learned->sightings.n,
                        sizeof *l.items);
    l.held = fle_map_new(documents->allocator, learned->hash_seed);
    l.n = documents->n;
    if (l.items && l.n > 0)
        memcpy(l.items, documents->items, l.n * sizeof *l.items);
    done = l.students && l.items && l.held && add_witnesses(&l) && add_own(&l) && hold_all(&l);
    fle_map_free(l.held);
    fle_free(documents->allocator, l.holders);
    *out = *documents;
    out->items = l.items;
    out->n = l.n;
    return done && fle_facts_sort(out, scratch);
}
