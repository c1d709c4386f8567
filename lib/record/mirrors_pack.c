/* SPDX-License-Identifier: Apache-2.0 */
/* Mirrors as bytes. */
#include "base/pack.h"
#include "record/mirrors_table.h"

#define HAS_OWN 1U
#define PASSES_ON 2U
#define N_FLAGS_OF_LABEL 2 /* of each label, behind these two */

/* ---- To bytes. ---- */

static unsigned flags_of(const fle_constant *label, unsigned shift)
{
    return ((label->is_known ? 1U : 0) | (label->is_disputed ? 2U : 0)) << shift;
}

static void pack_address(const fle_address *address, fle_buffer *out)
{
    fle_buffer_append(out, (const char *)address->bytes, sizeof address->bytes);
}

static void pack_label(const fle_constant *label, fle_buffer *out)
{
    if (label->is_known)
        pack_address(&label->address, out);
}

static void pack_reach(const fle_reach *reach, fle_buffer *out)
{
    if (!reach->is_known)
        return;
    pack_address(&reach->low, out);
    pack_address(&reach->high, out);
}

static void pack_life(const fle_life *life, fle_buffer *out)
{
    fle_pack_signed(out, life->from);
    fle_pack_signed(out, life->until);
    fle_pack_signed(out, life->first);
    fle_pack_signed(out, life->last);
}

static void pack_witness(const fle_witness *witness, fle_buffer *out)
{
    fle_pack_text(out, witness->id);
    for (size_t i = 0; i < FLE_N_TOLD; i++)
        fle_pack_text(out, witness->told[i]);
    fle_pack_number(out, witness->disputed);
    fle_pack_number(out, (witness->has_own ? HAS_OWN : 0) |
                             (witness->passed.is_known ? PASSES_ON : 0) |
                             flags_of(&witness->ingress, N_FLAGS_OF_LABEL) |
                             flags_of(&witness->egress, 2 * N_FLAGS_OF_LABEL));
    pack_label(&witness->ingress, out);
    pack_label(&witness->egress, out);
    pack_reach(&witness->passed, out);
    pack_life(&witness->life, out);
    fle_pack_number(out, witness->n_strays);
    for (uint32_t i = 0; i < witness->n_strays; i++)
        pack_life(&witness->strays[i], out);
    fle_pack_signed(out, witness->skipped_from);
    fle_pack_signed(out, witness->skipped_until);
}

void fle_mirrors_pack(const fle_mirrors *mirrors, fle_buffer *out)
{
    const size_t n_v6 = fle_map_count(mirrors->by_v6);

    fle_pack_number(out, mirrors->kept);
    fle_pack_number(out, mirrors->dropped);
    fle_pack_signed(out, mirrors->since);
    fle_pack_signed(out, mirrors->gap_from);
    fle_pack_signed(out, mirrors->gap_until);
    fle_pack_number(out, mirrors->n_witnesses);
    for (size_t i = 0; i < mirrors->n_witnesses; i++)
        pack_witness(mirrors->witnesses[i], out);
    fle_pack_number(out, n_v6);
    for (size_t i = 0; i < n_v6; i++)
        fle_buffer_append(out, (const char *)mirrors->v6[i]->bytes, sizeof mirrors->v6[i]->bytes);
    fle_pack_number(out, mirrors->n);
    if (mirrors->n > 0)
        fle_buffer_append(out, (const char *)mirrors->entries,
                          mirrors->n * sizeof *mirrors->entries);
}

/* ---- From bytes, which may be anything. ---- */

/* What is read: '*corrupt' is set as soon as it can't be what was written. */
typedef struct reading {
    fle_mirrors *mirrors;
    flowenrich_text rest;
    bool *corrupt;
} reading;

static bool refuse(const reading *r)
{
    *r->corrupt = true;
    return false;
}

/* How many elements follow; each takes at least one byte. */
static bool read_count(reading *r, size_t *out)
{
    uint64_t n;

    if (!fle_unpack_number(&r->rest, &n) || n > r->rest.len)
        return refuse(r);
    *out = (size_t)n;
    return true;
}

static bool read_address(reading *r, fle_address *out)
{
    return fle_unpack_bytes(&r->rest, out->bytes, sizeof out->bytes) || refuse(r);
}

static bool read_label(reading *r, unsigned flags, fle_constant *out)
{
    out->is_known = (flags & 1) != 0;
    out->is_disputed = (flags & 2) != 0;
    return !out->is_known || read_address(r, &out->address);
}

static bool read_reach(reading *r, fle_reach *out)
{
    return !out->is_known || (read_address(r, &out->low) && read_address(r, &out->high));
}

/* One that may be reckoned with. */
static bool read_time(reading *r, flowenrich_time *out)
{
    return fle_unpack_signed(&r->rest, out) && *out >= -FLE_LATEST_LIFE && *out <= FLE_LATEST_LIFE;
}

/* Whoever is known has logged something. */
static bool read_life(reading *r, fle_life *out)
{
    return read_time(r, &out->from) && read_time(r, &out->until) && read_time(r, &out->first) &&
           read_time(r, &out->last) && out->first <= out->last;
}

static bool read_strays(reading *r, fle_witness *out)
{
    uint64_t n;

    if (!fle_unpack_number(&r->rest, &n) || n > FLE_MOST_STRAYS)
        return false;
    for (out->n_strays = 0; out->n_strays < n; out->n_strays++)
        if (!read_life(r, &out->strays[out->n_strays]))
            return false;
    return true;
}

/* All of one but its texts. */
static bool read_rest(reading *r, fle_witness *out)
{
    uint64_t disputed, flags;

    if (!fle_unpack_number(&r->rest, &disputed) || disputed >> FLE_N_TOLD != 0 ||
        !fle_unpack_number(&r->rest, &flags) || flags >> 3 * N_FLAGS_OF_LABEL != 0)
        return refuse(r);
    out->disputed = (uint32_t)disputed;
    out->has_own = (flags & HAS_OWN) != 0;
    out->passed.is_known = (flags & PASSES_ON) != 0;
    return read_label(r, (unsigned)flags >> N_FLAGS_OF_LABEL, &out->ingress) &&
           read_label(r, (unsigned)flags >> 2 * N_FLAGS_OF_LABEL, &out->egress) &&
           read_reach(r, &out->passed) &&
           ((read_life(r, &out->life) && read_strays(r, out) &&
             fle_unpack_signed(&r->rest, &out->skipped_from) &&
             fle_unpack_signed(&r->rest, &out->skipped_until)) ||
            refuse(r));
}

static bool read_witness(reading *r)
{
    flowenrich_text id, told[FLE_N_TOLD];
    fle_witness *witness;

    if (!fle_unpack_text(&r->rest, &id) || fle_mirrors_find(r->mirrors, id))
        return refuse(r);
    for (size_t i = 0; i < FLE_N_TOLD; i++)
        if (!fle_unpack_text(&r->rest, &told[i]))
            return refuse(r);
    witness = fle_mirrors_new_witness(r->mirrors, id);
    if (!witness)
        return false;
    for (size_t i = 0; i < FLE_N_TOLD; i++)
        if (!fle_mirrors_tell(r->mirrors, witness, (fle_told)i, told[i]))
            return false;
    if (!read_rest(r, witness))
        return false;
    fle_mirrors_place(r->mirrors, witness);
    return true;
}

static bool read_witnesses(reading *r)
{
    size_t n;

    if (!read_count(r, &n) || n > FLE_MOST_WITNESSES)
        return refuse(r);
    for (size_t i = 0; i < n; i++)
        if (!read_witness(r))
            return false;
    return true;
}

/* In the order of their numbers. */
static bool read_v6(reading *r)
{
    fle_address address;
    uint32_t number;
    size_t n;

    if (!read_count(r, &n))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!fle_unpack_bytes(&r->rest, address.bytes, sizeof address.bytes))
            return refuse(r);
        if (!fle_mirrors_number_v6(r->mirrors, &address, &number))
            return false;
        if (number != i)
            return refuse(r);
    }
    return true;
}

/* Does all that an entry refers to exist? */
static bool is_sound(const fle_mirrors *mirrors, const fle_mirror *e)
{
    const size_t n_v6 = fle_map_count(mirrors->by_v6);

    return e->says >> FLE_MIRROR_WITNESS_SHIFT < mirrors->n_witnesses &&
           (e->says & FLE_MIRROR_OWN_MASK) <= FLE_N_SIDES && e->start < FLE_MIRROR_PERIOD &&
           e->end < FLE_MIRROR_PERIOD &&
           (!(e->says & FLE_MIRROR_REST) ||
            (e->end < e->start && e->key[FLE_MIRROR_PERIOD_OF] > 0)) &&
           (!(e->key[FLE_MIRROR_PROTOCOL] & FLE_MIRROR_V6) ||
            (e->key[FLE_MIRROR_SRC] < n_v6 && e->key[FLE_MIRROR_DST] < n_v6));
}

static bool read_entries(reading *r)
{
    fle_mirror e;
    size_t n;

    if (!read_count(r, &n) || n >= UINT32_MAX - 3)
        return refuse(r);
    for (size_t i = 0; i < n; i++) {
        if (!fle_unpack_bytes(&r->rest, &e, sizeof e) || !is_sound(r->mirrors, &e))
            return refuse(r);
        if (!fle_mirrors_append(r->mirrors, &e))
            return false;
    }
    return r->rest.len == 0 || refuse(r);
}

static bool read_all(reading *r)
{
    fle_mirrors *mirrors = r->mirrors;

    if (!fle_unpack_number(&r->rest, &mirrors->kept) ||
        !fle_unpack_number(&r->rest, &mirrors->dropped) ||
        !fle_unpack_signed(&r->rest, &mirrors->since) ||
        !fle_unpack_signed(&r->rest, &mirrors->gap_from) ||
        !fle_unpack_signed(&r->rest, &mirrors->gap_until))
        return refuse(r);
    return read_witnesses(r) && read_v6(r) && read_entries(r);
}

fle_mirrors *fle_mirrors_unpack(const fle_allocator *allocator, uint64_t hash_seed,
                                uint64_t max_bytes, flowenrich_text bytes, bool *corrupt)
{
    reading r = { fle_mirrors_new(allocator, hash_seed, max_bytes), bytes, corrupt };

    *corrupt = false;
    if (r.mirrors && read_all(&r))
        return r.mirrors;
    fle_mirrors_free(r.mirrors);
    return NULL;
}
