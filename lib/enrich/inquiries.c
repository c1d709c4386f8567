/* SPDX-License-Identifier: Apache-2.0 */
/* The distinct questions of a batch, by what their answers depend on. */
#include "enrich/inquiries.h"

#include "base/hash.h"

void fle_inquiries_init(fle_inquiries *inquiries, const fle_allocator *allocator, uint64_t seed)
{
    memset(inquiries, 0, sizeof *inquiries);
    inquiries->allocator = allocator;
    inquiries->seed = seed;
}

void fle_inquiries_free(fle_inquiries *inquiries)
{
    fle_free(inquiries->allocator, inquiries->items);
    fle_free(inquiries->allocator, inquiries->slots);
}

/* At most half of the slots are taken. */
bool fle_inquiries_begin(fle_inquiries *inquiries, size_t most)
{
    size_t n_slots = 2;
    uint32_t *slots;

    while (n_slots / 2 < most)
        n_slots *= 2;
    slots = fle_grow(inquiries->allocator, inquiries->slots, &inquiries->slots_capacity, n_slots,
                     sizeof *slots);
    if (!slots)
        return false;
    memset(slots, 0, n_slots * sizeof *slots);
    inquiries->slots = slots;
    inquiries->n_slots = n_slots;
    inquiries->n = 0;
    return true;
}

fle_inquiry *fle_inquiries_next(fle_inquiries *inquiries)
{
    fle_inquiry *items = fle_grow(inquiries->allocator, inquiries->items, &inquiries->capacity,
                                  inquiries->n + 1, sizeof *items);

    if (!items)
        return NULL;
    inquiries->items = items;
    return &items[inquiries->n];
}

/* What else than the owner an answer depends on is what his record says of him. */
static bool takes_metadata(const fle_inquiry *inquiry)
{
    return !inquiry->finding.owner || inquiry->ask != FLE_ASK_ADDRESS;
}

static bool has_witness(const fle_inquiry *inquiry)
{
    return inquiry->witness && inquiry->ask == FLE_ASK_MIRROR;
}

static fle_saying said_of(const fle_inquiry *inquiry)
{
    const fle_saying said = { inquiry->source, inquiry->row };

    return said;
}

/* ---- The hash. ---- */

static uint64_t mix_text(uint64_t hash, flowenrich_text text)
{
    return fle_hash(text.len > 0 ? text.data : "", text.len, hash);
}

static uint64_t mix_place(uint64_t hash, const void *thing)
{
    return fle_hash_mix(hash, (uint64_t)(uintptr_t)thing);
}

static uint64_t mix_unnamed(uint64_t hash, const fle_inquiry *inquiry, bool has_resolvers)
{
    hash = mix_place(hash, inquiry->place);
    hash = mix_place(hash, inquiry->range);
    if (!has_resolvers)
        return hash;
    hash = fle_hash_mix(hash, (uint64_t)inquiry->key.from);
    return fle_hash(inquiry->key.address, sizeof inquiry->key.address, hash);
}

static uint32_t hash_of(const fle_inquiry *inquiry, const fle_context *context, uint64_t seed)
{
    const fle_finding *finding = &inquiry->finding;
    uint64_t hash = mix_place(seed, finding->owner);

    hash = fle_hash_mix(hash, (uint64_t)finding->last);
    hash = fle_hash_mix(hash, (uint64_t)inquiry->ask << 8 | (uint64_t)finding->reason);
    if (!finding->owner)
        hash = mix_unnamed(hash, inquiry, context->has_resolvers);
    if (inquiry->observed)
        return (uint32_t)mix_text(hash, inquiry->observed->id);
    if (has_witness(inquiry))
        return (uint32_t)mix_place(hash, inquiry->witness);
    if (takes_metadata(inquiry))
        hash = fle_metadata_hash(hash, context, said_of(inquiry), finding->owner);
    return (uint32_t)hash;
}

/* ---- What is the same. ---- */

/* Texts of the snapshot's: the same place, the same thing. */
static bool is_same_text(flowenrich_text a, flowenrich_text b)
{
    return a.len == b.len && (a.len == 0 || a.data == b.data);
}

static bool is_same_finding(const fle_finding *a, const fle_finding *b)
{
    return a->owner == b->owner && a->first == b->first && a->last == b->last && a->by == b->by &&
           a->sure == b->sure && a->reason == b->reason;
}

static bool has_same_address(const fle_inquiry *a, const fle_inquiry *b)
{
    return memcmp(a->key.address, b->key.address, sizeof a->key.address) == 0;
}

/* Resolvers may look at all of a question. */
static bool is_same_key(const fle_inquiry *a, const fle_inquiry *b)
{
    return a->key.from == b->key.from && a->key.until == b->key.until &&
           a->key.space == b->key.space && has_same_address(a, b) &&
           fle_text_equal(a->key.observer, b->key.observer) &&
           fle_text_equal(a->key.vpc, b->key.vpc);
}

static bool is_same_unnamed(const fle_inquiry *a, const fle_inquiry *b, bool has_resolvers)
{
    return a->place == b->place && a->range == b->range && is_same_text(a->network, b->network) &&
           is_same_text(a->finding.rival, b->finding.rival) &&
           (!has_resolvers || is_same_key(a, b));
}

/* Does a record say the same of both, as far as answers take it from there? */
static bool is_same_word(const fle_inquiry *a, const fle_inquiry *b, const fle_context *context)
{
    if (a->observed || b->observed)
        return a->observed && b->observed && fle_metadata_observed_equal(a->observed, b->observed);
    if (has_witness(a) || has_witness(b))
        return has_witness(a) && has_witness(b) && a->witness == b->witness;
    return !takes_metadata(a) ||
           fle_metadata_equal(context, said_of(a), said_of(b), a->finding.owner);
}

/*
 * Everything an answer depends on, what the record says too: an answer that came
 * from another record must be the one this record would have got, however the
 * input was cut into batches.
 */
static bool is_same(const fle_inquiry *a, const fle_inquiry *b, const fle_context *context)
{
    if (a->ask != b->ask || a->is_private != b->is_private ||
        !is_same_finding(&a->finding, &b->finding) || !fle_text_equal(a->via_public, b->via_public))
        return false;
    if (!a->finding.owner && !is_same_unnamed(a, b, context->has_resolvers))
        return false;
    if (a->finding.owner && a->finding.by == FLE_BY_PUBLIC_ADDRESS && !has_same_address(a, b))
        return false;
    return is_same_word(a, b, context);
}

uint32_t fle_inquiries_add(fle_inquiries *inquiries, const fle_context *context)
{
    const size_t mask = inquiries->n_slots - 1;
    fle_inquiry *next = &inquiries->items[inquiries->n];
    size_t at;

    next->hash = hash_of(next, context, inquiries->seed);
    for (at = next->hash & mask; inquiries->slots[at] != 0; at = (at + 1) & mask) {
        const uint32_t number = inquiries->slots[at] - 1;
        const fle_inquiry *there = &inquiries->items[number];

        if (there->hash == next->hash && is_same(there, next, context))
            return number;
    }
    inquiries->slots[at] = (uint32_t)++inquiries->n;
    return (uint32_t)inquiries->n - 1;
}
