/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are kept from batch to batch, by what they depend on. */
#include "enrich/kept.h"

#include "base/hash.h"

#define N_SLOTS ((size_t)1 << 13)
#define N_KNOWN ((size_t)1 << 14) /* addresses, two to a place */

void fle_kept_init(fle_kept *kept, const fle_allocator *allocator, uint64_t seed)
{
    memset(kept, 0, sizeof *kept);
    kept->allocator = allocator;
    kept->seed = seed;
    kept->age = 1; /* what is zeroed is older */
}

void fle_kept_free(fle_kept *kept)
{
    fle_shared_free(kept->memory);
    fle_free(kept->allocator, kept->slots);
    fle_free(kept->allocator, kept->known);
}

void fle_kept_clear(fle_kept *kept)
{
    if (kept->memory && fle_shared_is_own(kept->memory)) {
        fle_arena_clear(&kept->memory->arena);
    } else {
        fle_shared_free(kept->memory);
        kept->memory = NULL;
    }
    kept->last = NULL;
    if (kept->slots)
        memset(kept->slots, 0, N_SLOTS * sizeof *kept->slots);
    if (++kept->age == 0 && kept->known)
        memset(kept->known, 0, N_KNOWN * sizeof *kept->known);
    kept->age += kept->age == 0;
}

bool fle_kept_begin(fle_kept *kept, const fle_context *context)
{
    if (kept->snapshot != context->snapshot ||
        (kept->memory && kept->memory->arena.bytes > FLE_KEPT_BYTES))
        fle_kept_clear(kept);
    kept->snapshot = context->snapshot;
    kept->batch++;
    if (!kept->memory)
        kept->memory = fle_shared_new(kept->allocator);
    if (!kept->slots)
        kept->slots = fle_alloc_zeroed(kept->allocator, N_SLOTS * sizeof *kept->slots);
    if (!kept->known)
        kept->known = fle_alloc_zeroed(kept->allocator, N_KNOWN * sizeof *kept->known);
    if (!kept->memory || !kept->slots || !kept->known)
        return false;
    context->batch->kept = fle_shared_ref(kept->memory);
    return true;
}

/* The public address by which it was reached is one of many that a batch's row has. */
bool fle_kept_takes(const fle_inquiry *inquiry, const fle_context *context)
{
    return inquiry->via_public.len == 0 && (inquiry->finding.owner || !context->has_resolvers);
}

/* ---- What an answer depends on. ---- */

static bool is_same(const fle_kept_answer *answer, const fle_inquiry *inquiry,
                    const fle_context *context, fle_saying said)
{
    const fle_finding *finding = &inquiry->finding;

    if (answer->ask != inquiry->ask || answer->is_private != inquiry->is_private ||
        !fle_finding_equal(&answer->finding, finding))
        return false;
    if (!finding->owner && (answer->place != inquiry->place || answer->range != inquiry->range ||
                            !fle_text_equal(answer->network, inquiry->network)))
        return false;
    if (finding->by == FLE_BY_PUBLIC_ADDRESS &&
        memcmp(answer->address.bytes, inquiry->key.address, sizeof answer->address.bytes) != 0)
        return false;
    return !fle_inquiry_takes_words(inquiry) || fle_words_equal(&answer->words, context, said);
}

/* ---- The answers. ---- */

/* A rival may be a witness, who lives no longer than the batch. */
static bool keep_rival(fle_finding *finding, fle_arena *arena)
{
    const flowenrich_text rival = finding->rival;

    return rival.len == 0 || fle_arena_text(arena, rival.data, rival.len, &finding->rival);
}

static fle_kept_answer *make(const fle_kept *kept, const fle_inquiry *inquiry,
                             const fle_context *context, fle_saying said)
{
    fle_arena *arena = &kept->memory->arena;
    fle_kept_answer *answer = fle_arena_alloc(arena, sizeof *answer);

    if (!answer)
        return NULL;
    *answer = (fle_kept_answer){ .ask = inquiry->ask,
                                 .is_private = inquiry->is_private,
                                 .finding = inquiry->finding,
                                 .place = inquiry->place,
                                 .range = inquiry->range,
                                 .network = inquiry->network };
    fle_answer_init(&answer->answer, arena);
    fle_inquiry_address(inquiry, &answer->address);
    if (!keep_rival(&answer->finding, arena) ||
        (fle_inquiry_takes_words(inquiry) &&
         !fle_words_keep(&answer->words, context, said, inquiry->finding.owner, arena)))
        return NULL;
    return answer;
}

fle_kept_answer *fle_kept_find(fle_kept *kept, const fle_inquiry *inquiry,
                               const fle_context *context, bool *is_new)
{
    fle_metadata metadata;
    const fle_saying said = fle_inquiry_said(inquiry, &metadata);
    fle_kept_answer **slot, *answer;
    uint32_t hash;

    *is_new = false;
    if (kept->last && is_same(kept->last, inquiry, context, said))
        return kept->last;
    hash = (uint32_t)fle_inquiry_hash(inquiry, context, said, kept->seed);
    slot = &kept->slots[hash & (N_SLOTS - 1)];
    answer = *slot;
    while (answer && (answer->hash != hash || !is_same(answer, inquiry, context, said)))
        answer = answer->next;
    *is_new = !answer;
    if (!answer) {
        answer = make(kept, inquiry, context, said);
        if (!answer)
            return NULL;
        answer->hash = hash;
        answer->next = *slot;
        *slot = answer;
    }
    if (!inquiry->finding.owner)
        kept->last = answer;
    return answer;
}

/* ---- What is known of addresses. ---- */

static bool is_own(const fle_facts *facts, fle_side side)
{
    return facts->own == side && !facts->is_hop;
}

/* Whom a side is known by: the interface that logged it as its own; NULL: by its address. */
static const fle_entry *known_by(const fle_facts *facts, fle_side side)
{
    return is_own(facts, side) ? facts->interface : NULL;
}

/* The two places that may have it. */
static fle_known *place_of(const fle_kept *kept, uint32_t space, const fle_address *address,
                           const fle_entry *interface)
{
    uint64_t hash =
        fle_hash_mix(kept->seed ^ fle_hash_word(address->bytes), fle_hash_word(address->bytes + 8));

    hash = fle_hash_mix(hash ^ space, (uint64_t)(uintptr_t)interface);
    return &kept->known[hash & (N_KNOWN - 2)];
}

static bool is_of(const fle_kept *kept, const fle_known *known, uint32_t space,
                  const fle_address *address, const fle_entry *interface)
{
    return known->age == kept->age && known->space == space && known->interface == interface &&
           memcmp(known->address.bytes, address->bytes, sizeof address->bytes) == 0;
}

static bool is_then(const fle_known *known, flowenrich_time from, flowenrich_time until)
{
    const fle_finding *finding = &known->answer->finding;

    return from != FLOWENRICH_TIME_ABSENT && from >= known->lasting.from &&
           until <= known->lasting.until &&
           (finding->sure != FLOWENRICH_SURE_ASSUMED || from < finding->first ||
            until > finding->last);
}

/*
 * May what is known of an address be all that counts? Not if the record names the next hop, if
 * others' records may name the end, or if an address alone doesn't tell it from the observer's.
 */
static bool is_by_address(const fle_context *context, const fle_facts *facts, fle_side side,
                          size_t row)
{
    return !context->mirrors && !is_own(facts, side) &&
           !fle_column_valid(context->fields[FLE_FIELD_NEXT_HOP_INTERFACE_ID], row) &&
           (facts->own != FLE_N_SIDES || fle_address_is_v4(facts->wire[side]));
}

fle_kept_answer *fle_kept_recall(const fle_kept *kept, const fle_context *context,
                                 const fle_facts *facts, fle_side side, size_t row)
{
    const fle_address *wire = facts->wire[side];
    const fle_entry *interface = known_by(facts, side);
    const fle_saying said = { FLE_SOURCE_OBSERVER, row, NULL };
    const fle_known *known;

    if (!wire || context->batch->level != FLE_LEVEL_RECORD ||
        (!interface && !is_by_address(context, facts, side, row)))
        return NULL;
    known = place_of(kept, facts->space[side], wire, interface);
    if (!is_of(kept, known, facts->space[side], wire, interface))
        known++;
    if (!is_of(kept, known, facts->space[side], wire, interface) ||
        !is_then(known, facts->from, facts->until) ||
        (interface && !fle_words_equal(&known->answer->words, context, said)))
        return NULL;
    return known->answer;
}

/* The older of two gives way. */
void fle_kept_remember(const fle_kept *kept, const fle_inquiry *inquiry, const fle_facts *facts,
                       fle_side side, fle_kept_answer *answer)
{
    const fle_lasting lasting = inquiry->finding.lasting;
    const fle_entry *interface = known_by(facts, side);
    fle_known *known;

    if (!inquiry->finding.owner || lasting.from > lasting.until ||
        (interface ? inquiry->ask != FLE_ASK_OWN : inquiry->ask != FLE_ASK_ADDRESS))
        return;
    known = place_of(kept, facts->space[side], facts->wire[side], interface);
    if (!is_of(kept, known, facts->space[side], facts->wire[side], interface))
        known[1] = known[0];
    *known = (fle_known){ *facts->wire[side], interface, facts->space[side],
                          kept->age,          lasting,   answer };
}
