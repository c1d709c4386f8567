/* SPDX-License-Identifier: Apache-2.0 */
/* Facts as bytes: most say the same of time and subject as the one before. */
#include "catalog/facts_pack.h"

#include "base/pack.h"

/* Below the predicate in the number that each fact begins with. */
#define OF_THE_SAME 1U /* subject */
#define AT_THE_SAME 2U /* time */
#define HAS_KEY 4U
#define SAYS_SHIFT 3

#define LATEST (INT64_MAX / 4) /* differences don't overflow */

/* ---- To bytes. ---- */

static void pack_fact(const fle_fact *fact, const fle_fact *last, fle_buffer *out)
{
    const bool same = fact->kind == last->kind && fact->subject == last->subject;
    const uint64_t says = (uint64_t)fact->predicate << SAYS_SHIFT | (same ? OF_THE_SAME : 0) |
                          (fact->time == last->time ? AT_THE_SAME : 0) |
                          (fact->key != 0 ? HAS_KEY : 0);

    fle_pack_number(out, says);
    if (!same) {
        fle_pack_number(out, fact->kind);
        fle_pack_number(out, fact->subject);
    }
    if (fact->time != last->time)
        fle_pack_signed(out, fact->time - last->time);
    fle_pack_number(out, fact->how);
    if (fact->key != 0)
        fle_pack_number(out, fact->key);
    fle_pack_number(out, fact->value);
}

/* What no look-up can reckon with isn't kept. */
static bool is_kept(const fle_fact *fact)
{
    return !(fact->how & FLE_DERIVED) && fact->time >= -LATEST && fact->time <= LATEST;
}

void fle_facts_pack(const fle_facts *facts, fle_buffer *out)
{
    fle_fact last = { .kind = FLE_SUBJECT_EVENT };
    uint64_t n = 0;

    for (size_t i = 0; i < facts->n; i++)
        n += is_kept(&facts->items[i]);
    fle_pack_number(out, facts->n_texts);
    for (size_t i = 0; i < facts->n_texts; i++)
        fle_pack_text(out, facts->texts[i].text);
    fle_pack_number(out, n);
    for (size_t i = 0; i < facts->n; i++) {
        if (!is_kept(&facts->items[i]))
            continue;
        pack_fact(&facts->items[i], &last, out);
        last = facts->items[i];
    }
}

/* ---- From bytes, which may be anything. ---- */

typedef struct reading {
    fle_facts *facts;
    flowenrich_text *rest;
    uint32_t *texts; /* the numbers they have here */
    uint64_t n_texts;
    bool *corrupt;
} reading;

static bool refuse(const reading *r)
{
    *r->corrupt = true;
    return false;
}

static bool read_texts(reading *r)
{
    flowenrich_text text;

    for (size_t i = 0; i < r->n_texts; i++) {
        if (!fle_unpack_text(r->rest, &text))
            return refuse(r);
        if (!fle_facts_intern(r->facts, text, &r->texts[i]))
            return false;
    }
    return true;
}

static bool read_number(reading *r, uint64_t most, uint64_t *out)
{
    return fle_unpack_number(r->rest, out) && *out <= most;
}

/* The number that a text has here. */
static bool read_text(reading *r, uint32_t *out)
{
    uint64_t number;

    if (r->n_texts == 0 || !read_number(r, r->n_texts - 1, &number))
        return false;
    *out = r->texts[number];
    return true;
}

static bool read_subject(reading *r, fle_fact *out)
{
    uint64_t kind;

    if (!read_number(r, FLE_SUBJECT_EVENT, &kind))
        return false;
    out->kind = (uint8_t)kind;
    return read_text(r, &out->subject);
}

static bool read_time(reading *r, fle_fact *out)
{
    int64_t past;

    if (!fle_unpack_signed(r->rest, &past) || past < -2 * LATEST || past > 2 * LATEST)
        return false;
    out->time += past;
    return out->time >= -LATEST && out->time <= LATEST;
}

/* '*fact' is the one before. */
static bool read_fact(reading *r, fle_fact *fact)
{
    uint64_t says, how;

    if (!read_number(r, ((uint64_t)FLE_FACT_LEARNED << SAYS_SHIFT) - 1, &says) ||
        (!(says & OF_THE_SAME) && !read_subject(r, fact)) ||
        (!(says & AT_THE_SAME) && !read_time(r, fact)) || !read_number(r, FLE_DERIVED - 1, &how))
        return false;
    fact->predicate = (uint8_t)(says >> SAYS_SHIFT);
    fact->how = (uint16_t)how;
    fact->key = 0;
    return (!(says & HAS_KEY) || read_text(r, &fact->key)) && read_text(r, &fact->value);
}

static bool read_facts(reading *r)
{
    fle_fact fact = { .kind = FLE_SUBJECT_EVENT };
    uint64_t n;

    if (!fle_unpack_number(r->rest, &n))
        return refuse(r);
    for (uint64_t i = 0; i < n; i++) {
        if (!read_fact(r, &fact))
            return refuse(r);
        if (!fle_facts_add(r->facts, &fact))
            return false;
        if (fact.kind == FLE_SUBJECT_EVENT)
            (void)fle_facts_note_event(r->facts, fact.subject);
    }
    return true;
}

bool fle_facts_unpack(fle_facts *facts, flowenrich_text *from, bool *corrupt)
{
    reading r = { facts, from, NULL, 0, corrupt };
    bool done;

    *corrupt = false;
    if (!fle_unpack_number(from, &r.n_texts) || r.n_texts > from->len)
        return refuse(&r);
    r.texts = fle_alloc(facts->allocator, ((size_t)r.n_texts + 1) * sizeof *r.texts);
    done = r.texts && read_texts(&r) && read_facts(&r);
    fle_free(facts->allocator, r.texts);
    return done;
}
