/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are kept from batch to batch, by what they depend on. */
#include "enrich/kept.h"

#include "base/hash.h"
#include "base/prefetch.h"

#define N_SLOTS ((size_t)1 << 13)
#define LEAST_KNOWN ((size_t)1 << 12) /* addresses */
#define MOST_KNOWN ((size_t)1 << 15)
#define N_WAYS 4 /* places that each may have */

void fle_kept_init(fle_kept *kept, const fle_allocator *allocator, uint64_t seed)
{
    memset(kept, 0, sizeof *kept);
    kept->allocator = allocator;
    kept->seed = seed;
    kept->age = 1; /* what is zeroed is older */
    fle_regulars_init(&kept->regulars, allocator, seed);
}

void fle_kept_free(fle_kept *kept)
{
    fle_shared_free(kept->memory);
    fle_free(kept->allocator, kept->slots);
    fle_lines_free(&kept->known, kept->allocator);
    fle_regulars_free(&kept->regulars);
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
    if (++kept->age == 0 && kept->known.n > 0)
        memset(kept->known.items, 0, kept->known.n * sizeof(fle_known));
    kept->age += kept->age == 0;
}

void fle_kept_forget(fle_kept *kept)
{
    fle_kept_clear(kept);
    fle_regulars_clear(&kept->regulars);
}

bool fle_kept_begin(fle_kept *kept, const fle_context *context)
{
    if (kept->snapshot != context->snapshot)
        fle_kept_forget(kept);
    else if (kept->memory && kept->memory->arena.bytes > FLE_KEPT_BYTES)
        fle_kept_clear(kept);
    kept->snapshot = context->snapshot;
    kept->batch++;
    kept->rows += context->batch->rows;
    if (!kept->memory)
        kept->memory = fle_shared_new(kept->allocator);
    if (!kept->slots)
        kept->slots = fle_alloc_zeroed(kept->allocator, N_SLOTS * sizeof *kept->slots);
    if (!kept->memory || !kept->slots || !fle_regulars_open(&kept->regulars, kept->rows) ||
        !fle_lines_open(&kept->known, kept->allocator,
                        fle_lines_for(kept->rows, LEAST_KNOWN, MOST_KNOWN), sizeof(fle_known)))
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
    *answer = (fle_kept_answer){ .made_in = kept->batch,
                                 .ask = inquiry->ask,
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

/* The first of the places that may have it. */
static fle_known *places_of(const fle_kept *kept, uint32_t space, const fle_address *address)
{
    const uint64_t hash = fle_hash_mix(kept->seed ^ fle_hash_word(address->bytes) ^ space,
                                       fle_hash_word(address->bytes + 8));

    return (fle_known *)kept->known.items + (hash & (kept->known.n - N_WAYS));
}

static bool is_of(const fle_kept *kept, const fle_known *known, uint32_t space,
                  const fle_address *address)
{
    return known->age == kept->age && known->space == space &&
           memcmp(known->address.bytes, address->bytes, sizeof address->bytes) == 0;
}

static bool is_within(const fle_lasting *lasting, flowenrich_time from, flowenrich_time until)
{
    return from >= lasting->from && until <= lasting->until;
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

/* What the record itself says of it is as it was, as far as the answer takes anything from that. */
static bool has_its_words(const fle_kept_answer *answer, const fle_context *context,
                          fle_source source, size_t row)
{
    const fle_saying said = { source, row, NULL };

    return fle_words_equal(&answer->words, context, said);
}

static fle_kept_answer *recall_regular(const fle_kept *kept, const fle_context *context,
                                       const fle_facts *facts, size_t row)
{
    const fle_regular *regular = facts->regular;

    return regular && regular->answered == kept->age &&
                   is_within(&regular->lasting, facts->from, facts->until) &&
                   has_its_words(regular->answer, context, FLE_SOURCE_OBSERVER, row)
               ? regular->answer
               : NULL;
}

static fle_kept_answer *recall_address(const fle_kept *kept, const fle_context *context,
                                       const fle_facts *facts, fle_side side, size_t row)
{
    const fle_known *known = facts->known[side];

    return known && is_of(kept, known, facts->space[side], facts->wire[side]) &&
                   is_within(&known->lasting, facts->from, facts->until) &&
                   !is_within(&known->except, facts->from, facts->until) &&
                   (known->answer->finding.owner ||
                    has_its_words(known->answer, context,
                                  side == FLE_SRC ? FLE_SOURCE_SRC : FLE_SOURCE_DST, row))
               ? known->answer
               : NULL;
}

/* Its own side is known by the regular. */
bool fle_kept_look_ahead(const fle_kept *kept, fle_facts *facts, fle_side side)
{
    const fle_address *address = facts->wire[side];
    bool is_own;

    if (!address || (fle_regular_knows(facts->regular, address, &is_own) && is_own))
        return false;
    facts->known[side] = places_of(kept, facts->space[side], address);
    fle_prefetch(facts->known[side], N_WAYS * sizeof(fle_known));
    return true;
}

bool fle_kept_knows(const fle_kept *kept, fle_facts *facts, fle_side side)
{
    fle_known *const places = facts->known[side];

    facts->known[side] = NULL;
    for (fle_known *at = places; at < places + N_WAYS; at++)
        if (is_of(kept, at, facts->space[side], facts->wire[side])) {
            facts->known[side] = at;
            return true;
        }
    return false;
}

fle_kept_answer *fle_kept_recall(const fle_kept *kept, const fle_context *context,
                                 const fle_facts *facts, fle_side side, size_t row)
{
    if (!facts->wire[side] || facts->from == FLOWENRICH_TIME_ABSENT ||
        context->batch->level != FLE_LEVEL_RECORD)
        return NULL;
    if (is_own(facts, side))
        return recall_regular(kept, context, facts, row);
    return is_by_address(context, facts, side, row)
               ? recall_address(kept, context, facts, side, row)
               : NULL;
}

/* The oldest gives way. */
static void remember_address(const fle_kept *kept, const fle_facts *facts, fle_side side,
                             fle_lasting lasting, fle_kept_answer *answer)
{
    const fle_finding *finding = &answer->finding;
    fle_known *known = places_of(kept, facts->space[side], facts->wire[side]);
    fle_lasting except = FLE_LASTS_NEVER;

    if (finding->sure == FLOWENRICH_SURE_ASSUMED)
        except = (fle_lasting){ finding->first, finding->last };
    if (!is_of(kept, known, facts->space[side], facts->wire[side]))
        memmove(known + 1, known, (N_WAYS - 1) * sizeof *known);
    *known =
        (fle_known){ *facts->wire[side], facts->space[side], kept->age, lasting, except, answer };
}

void fle_kept_remember(const fle_kept *kept, const fle_inquiry *inquiry, const fle_facts *facts,
                       fle_side side, fle_kept_answer *answer)
{
    const fle_lasting lasting = inquiry->finding.lasting;

    if (lasting.from > lasting.until ||
        (!inquiry->finding.owner && inquiry->finding.reason != FLE_REASON_NOT_IN_INVENTORY))
        return;
    if (inquiry->ask == FLE_ASK_ADDRESS) {
        remember_address(kept, facts, side, lasting, answer);
    } else if (inquiry->ask == FLE_ASK_OWN && facts->regular) {
        facts->regular->answer = answer;
        facts->regular->answered = kept->age;
        facts->regular->lasting = lasting;
    }
}
