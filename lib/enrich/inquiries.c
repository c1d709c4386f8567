/* SPDX-License-Identifier: Apache-2.0 */
/* The distinct questions of a batch, by what their answers depend on. */
#include "enrich/inquiries.h"

#include "base/hash.h"

void fle_inquiries_init(fle_inquiries *inquiries, const fle_allocator *allocator, uint64_t seed)
{
    memset(inquiries, 0, sizeof *inquiries);
    inquiries->allocator = allocator;
    inquiries->seed = seed;
    fle_kept_init(&inquiries->kept, allocator, seed);
}

void fle_inquiries_free(fle_inquiries *inquiries)
{
    fle_free(inquiries->allocator, inquiries->items);
    fle_free(inquiries->allocator, inquiries->slots);
    fle_kept_free(&inquiries->kept);
}

/* At most half of the slots are taken. What failed may have left answers that say nothing. */
bool fle_inquiries_begin(fle_inquiries *inquiries, const fle_context *context, size_t most)
{
    size_t n_slots = 2;
    uint32_t *slots;

    while (n_slots / 2 < most)
        n_slots *= 2;
    slots = fle_grow(inquiries->allocator, inquiries->slots, &inquiries->slots_capacity, n_slots,
                     sizeof *slots);
    if (!slots)
        return false;
    inquiries->slots = slots;
    inquiries->n_slots = n_slots;
    inquiries->has_slots = false;
    inquiries->n = 0;
    if (inquiries->is_open)
        fle_kept_clear(&inquiries->kept);
    inquiries->is_open = true;
    return fle_kept_begin(&inquiries->kept, context);
}

/* ---- The hash. ---- */

/* Resolvers may look at all of a question. */
static uint32_t hash_of(const fle_inquiry *inquiry, const fle_context *context, uint64_t seed)
{
    fle_metadata metadata;
    uint64_t hash = fle_inquiry_hash(inquiry, context, fle_inquiry_said(inquiry, &metadata), seed);

    if (inquiry->finding.owner || !context->has_resolvers)
        return (uint32_t)hash;
    hash = fle_hash_mix(hash, (uint64_t)inquiry->key.from);
    return (uint32_t)fle_hash(inquiry->key.address, sizeof inquiry->key.address, hash);
}

/* ---- What is the same. ---- */

static bool has_same_address(const fle_inquiry *a, const fle_inquiry *b)
{
    return memcmp(a->key.address, b->key.address, sizeof a->key.address) == 0;
}

static bool is_same_key(const fle_inquiry *a, const fle_inquiry *b)
{
    return a->key.from == b->key.from && a->key.until == b->key.until &&
           a->key.space == b->key.space && has_same_address(a, b) &&
           fle_text_equal(a->key.observer, b->key.observer) &&
           fle_text_equal(a->key.vpc, b->key.vpc);
}

static bool is_same_unnamed(const fle_inquiry *a, const fle_inquiry *b, bool has_resolvers)
{
    return a->place == b->place && a->range == b->range && fle_text_equal(a->network, b->network) &&
           (!has_resolvers || is_same_key(a, b));
}

/* Is the same said of both, as far as answers take it from there? */
static bool is_same_word(const fle_inquiry *a, const fle_inquiry *b, const fle_context *context)
{
    fle_metadata of_a, of_b;

    return !fle_inquiry_takes_words(a) ||
           fle_metadata_equal(context, fle_inquiry_said(a, &of_a), fle_inquiry_said(b, &of_b),
                              a->finding.owner);
}

/*
 * Everything an answer depends on, what the record says too: an answer that came
 * from another record must be the one this record would have got, however the
 * input was cut into batches.
 */
static bool is_same(const fle_inquiry *a, const fle_inquiry *b, const fle_context *context)
{
    if (a->ask != b->ask || a->is_private != b->is_private ||
        !fle_finding_equal(&a->finding, &b->finding) ||
        !fle_text_equal(a->via_public, b->via_public))
        return false;
    if (!a->finding.owner && !is_same_unnamed(a, b, context->has_resolvers))
        return false;
    if (a->finding.owner && a->finding.by == FLE_BY_PUBLIC_ADDRESS && !has_same_address(a, b))
        return false;
    return is_same_word(a, b, context);
}

/* The one of this batch that has the same answer, or the next one itself. */
static fle_inquiry *find_same(fle_inquiries *inquiries, const fle_context *context)
{
    const size_t mask = inquiries->n_slots - 1;
    fle_inquiry *next = &inquiries->items[inquiries->n];
    size_t at;

    if (!inquiries->has_slots)
        memset(inquiries->slots, 0, inquiries->n_slots * sizeof *inquiries->slots);
    inquiries->has_slots = true;
    next->hash = hash_of(next, context, inquiries->seed);
    for (at = next->hash & mask; inquiries->slots[at] != 0; at = (at + 1) & mask) {
        fle_inquiry *there = &inquiries->items[inquiries->slots[at] - 1];

        if (there->hash == next->hash && is_same(there, next, context))
            return there;
    }
    inquiries->slots[at] = (uint32_t)++inquiries->n;
    next->answer = fle_batch_new_answer(context->batch);
    return next;
}

/* Where the next one is to be formed; NULL if memory ran out. */
static fle_inquiry *next_of(fle_inquiries *inquiries)
{
    fle_inquiry *items = fle_grow(inquiries->allocator, inquiries->items, &inquiries->capacity,
                                  inquiries->n + 1, sizeof *items);

    if (!items)
        return NULL;
    inquiries->items = items;
    return &items[inquiries->n];
}

/* The kept answer to a question that isn't known by its address; NULL if memory ran out. */
static fle_kept_answer *keep(fle_inquiries *inquiries, fle_inquiry *next,
                             const fle_context *context, const fle_facts *facts, fle_side side)
{
    bool is_new;
    fle_kept_answer *answer = fle_kept_find(&inquiries->kept, next, context, &is_new);

    if (!answer)
        return NULL;
    fle_kept_remember(&inquiries->kept, next, facts, side, answer);
    if (is_new) {
        next->answer = fle_kept_give(&inquiries->kept, answer, context->batch);
        next->finding.rival = answer->finding.rival;
        inquiries->n++;
    }
    return answer;
}

bool fle_inquiries_ask(fle_inquiries *inquiries, const fle_context *context, fle_facts *facts,
                       fle_side side, size_t row, bool *is_open)
{
    const fle_kept *kept = &inquiries->kept;
    fle_kept_answer *answer = fle_kept_recall(kept, context, facts, side, row);
    fle_inquiry *next;

    if (!answer) {
        next = next_of(inquiries);
        if (!next)
            return false;
        fle_inquiry_form(next, context, facts, side, row);
        fle_inquiry_look_up(next, context, facts);
        if (!fle_kept_takes(next, context)) {
            *is_open = true;
            facts->number[side] = find_same(inquiries, context)->answer;
            return facts->number[side] != FLE_ABSENT;
        }
        answer = keep(inquiries, next, context, facts, side);
        if (!answer)
            return false;
    }
    *is_open |= fle_kept_is_open(kept, answer);
    facts->number[side] = fle_kept_give(kept, answer, context->batch);
    return facts->number[side] != FLE_ABSENT;
}
