/* SPDX-License-Identifier: Apache-2.0 */
/* Mirrors: a table's records added to another's, all of them or the later ones. */
#include "record/mirrors_table.h"

/* What one was seen to be, and the other, is disputed if it differs. */
static void merge_label(fle_witness *to, bool is_ingress, const fle_constant *from)
{
    fle_constant *label = is_ingress ? &to->ingress : &to->egress;

    if (from->is_known)
        fle_witness_label(to, is_ingress, &from->address);
    label->is_disputed = label->is_disputed || from->is_disputed;
}

static bool merge_told(fle_mirrors *mirrors, fle_witness *to, const fle_witness *from)
{
    for (size_t i = 0; i < FLE_N_TOLD; i++)
        if (!fle_mirrors_tell(mirrors, to, (fle_told)i, from->told[i]))
            return false;
    to->disputed |= from->disputed;
    for (size_t i = 0; i < FLE_N_TOLD; i++)
        if (to->disputed >> i & 1)
            to->told[i] = fle_text("", 0);
    return true;
}

static bool merge_witness(fle_mirrors *mirrors, fle_witness *to, const fle_witness *from)
{
    fle_witness_merge_life(to, from);
    fle_witness_skips(to, from->skipped_from, from->skipped_until);
    merge_label(to, true, &from->ingress);
    merge_label(to, false, &from->egress);
    to->has_own = to->has_own || from->has_own;
    if (from->passed.is_known) {
        fle_reach_extend(&to->passed, &from->passed.low);
        fle_reach_extend(&to->passed, &from->passed.high);
    }
    if (!merge_told(mirrors, to, from))
        return false;
    fle_mirrors_place(mirrors, to);
    return true;
}

/* Did one of its records, or a line without data, end since? Known is when the last began. */
static bool is_alive(const fle_witness *witness, flowenrich_time since)
{
    return since < INT64_MIN + FLE_MIRROR_PERIOD ||
           witness->life.until >= since - FLE_MIRROR_PERIOD;
}

static bool merge_witnesses(fle_mirrors *to, const fle_mirrors *from, flowenrich_time since,
                            uint32_t *numbers)
{
    for (size_t i = 0; i < from->n_witnesses; i++) {
        const fle_witness *witness = from->witnesses[i];
        const uint32_t *known = fle_map_find(to->by_id, witness->id.data, witness->id.len);
        fle_witness *here = known ? to->witnesses[*known] : NULL;

        numbers[i] = FLE_ABSENT;
        if (!is_alive(witness, since) || (!here && to->n_witnesses >= FLE_MOST_WITNESSES))
            continue;
        here = here ? here : fle_mirrors_new_witness(to, witness->id);
        if (!here || !merge_witness(to, here, witness))
            return false;
        numbers[i] = here->number;
    }
    return true;
}

/* Addresses have other numbers there. */
static bool renumber(fle_mirrors *to, const fle_mirrors *from, uint32_t key[FLE_MIRROR_WORDS])
{
    return !(key[FLE_MIRROR_PROTOCOL] & FLE_MIRROR_V6) ||
           (fle_mirrors_number_v6(to, from->v6[key[FLE_MIRROR_SRC]], &key[FLE_MIRROR_SRC]) &&
            fle_mirrors_number_v6(to, from->v6[key[FLE_MIRROR_DST]], &key[FLE_MIRROR_DST]));
}

/* A copy has room for what there was room for; of what comes to another's, some may not. */
static bool merge_entries(fle_mirrors *to, const fle_mirrors *from, flowenrich_time since,
                          const uint32_t *numbers)
{
    const uint32_t said = (1U << FLE_MIRROR_WITNESS_SHIFT) - 1;
    const bool is_copy = to->n == 0;

    for (size_t i = 0; i < from->n; i++) {
        fle_mirror e = from->entries[i];
        const uint32_t number = numbers[e.says >> FLE_MIRROR_WITNESS_SHIFT];

        if (fle_mirror_end(&e) < since || number == FLE_ABSENT)
            continue;
        if (!is_copy && !fle_mirrors_has_room(to)) {
            fle_mirrors_drop(to, fle_mirror_start(&e), fle_mirror_end(&e));
            continue;
        }
        e.says = number << FLE_MIRROR_WITNESS_SHIFT | (e.says & said);
        if (!renumber(to, from, e.key) || !fle_mirrors_append(to, &e))
            return false;
    }
    return true;
}

/* What there was no room for is missing in both, as far as it is asked for. */
static void merge_gap(fle_mirrors *to, const fle_mirrors *from, flowenrich_time since)
{
    const flowenrich_time begin = from->gap_from > since ? from->gap_from : since;

    to->since = from->since > to->since ? from->since : to->since;
    to->since = since > to->since ? since : to->since;
    if (from->gap_until < since || from->gap_until < from->gap_from)
        return;
    to->gap_from = begin < to->gap_from ? begin : to->gap_from;
    to->gap_until = from->gap_until > to->gap_until ? from->gap_until : to->gap_until;
}

bool fle_mirrors_merge(fle_mirrors *to, const fle_mirrors *from, flowenrich_time since,
                       uint32_t *numbers)
{
    to->kept += from->kept;
    to->dropped += from->dropped;
    to->until = from->until < to->until ? from->until : to->until;
    merge_gap(to, from, since);
    return merge_witnesses(to, from, since, numbers) && merge_entries(to, from, since, numbers);
}

fle_mirrors *fle_mirrors_since(const fle_mirrors *mirrors, flowenrich_time since)
{
    fle_mirrors *to = fle_mirrors_new(&mirrors->allocator, mirrors->hash_seed, mirrors->max_bytes);
    uint32_t *numbers =
        fle_alloc(&mirrors->allocator, (mirrors->n_witnesses + 1) * sizeof *numbers);
    const bool done = to && numbers && fle_mirrors_merge(to, mirrors, since, numbers);

    fle_free(&mirrors->allocator, numbers);
    if (done)
        return to;
    fle_mirrors_free(to);
    return NULL;
}

fle_mirrors *fle_mirrors_copy(const fle_mirrors *mirrors)
{
    return fle_mirrors_since(mirrors, INT64_MIN);
}
