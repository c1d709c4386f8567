/* SPDX-License-Identifier: Apache-2.0 */
/* Mirrors: who else logged the same packets. A bounded table that many may read. */
#include "record/mirrors_table.h"

#define LATEST ((flowenrich_time)UINT32_MAX << FLE_MIRROR_PERIOD_BITS)
#define MOST_PERIODS 64 /* that one look goes through */

#define LONGEST_ID 64
#define LONGEST_TOLD 256
#define FIRST_SLOTS 1024
#define NONE UINT32_MAX

/* ---- Life. ---- */

fle_mirrors *fle_mirrors_new(const fle_allocator *allocator, uint64_t hash_seed, uint64_t max_bytes)
{
    fle_mirrors *mirrors = fle_alloc_zeroed(allocator, sizeof *mirrors);

    if (!mirrors)
        return NULL;
    mirrors->allocator = *allocator;
    mirrors->hash_seed = hash_seed;
    mirrors->max_bytes = max_bytes;
    mirrors->since = INT64_MIN;
    mirrors->until = FLOWENRICH_TIME_END;
    mirrors->gap_from = INT64_MAX;
    mirrors->gap_until = INT64_MIN;
    atomic_init(&mirrors->references, 1);
    fle_arena_init(&mirrors->arena, &mirrors->allocator);
    mirrors->by_id = fle_map_new(&mirrors->allocator, hash_seed);
    mirrors->by_v6 = fle_map_new(&mirrors->allocator, hash_seed);
    mirrors->subnets = fle_map_new(&mirrors->allocator, hash_seed);
    mirrors->slots = fle_alloc_zeroed(&mirrors->allocator, FIRST_SLOTS * sizeof *mirrors->slots);
    mirrors->n_slots = FIRST_SLOTS;
    if (mirrors->by_id && mirrors->by_v6 && mirrors->subnets && mirrors->slots)
        return mirrors;
    fle_mirrors_free(mirrors);
    return NULL;
}

fle_mirrors *fle_mirrors_ref(fle_mirrors *mirrors)
{
    if (mirrors)
        atomic_fetch_add_explicit(&mirrors->references, 1, memory_order_relaxed);
    return mirrors;
}

void fle_mirrors_free(fle_mirrors *mirrors)
{
    fle_allocator allocator;

    /* Whoever drops the last one sees all that the others did before. */
    if (!mirrors || atomic_fetch_sub_explicit(&mirrors->references, 1, memory_order_acq_rel) > 1)
        return;
    allocator = mirrors->allocator;
    fle_map_free(mirrors->by_id);
    fle_map_free(mirrors->by_v6);
    fle_map_free(mirrors->subnets);
    fle_arena_free(&mirrors->arena);
    fle_free(&allocator, mirrors->witnesses);
    fle_free(&allocator, mirrors->v6);
    fle_free(&allocator, mirrors->placed);
    fle_free(&allocator, mirrors->slots);
    fle_free(&allocator, mirrors->entries);
    fle_free(&allocator, mirrors);
}

bool fle_mirrors_is_shared(const fle_mirrors *mirrors)
{
    return atomic_load_explicit(&mirrors->references, memory_order_acquire) > 1;
}

uint64_t fle_mirrors_kept(const fle_mirrors *mirrors)
{
    return mirrors->kept;
}

uint64_t fle_mirrors_dropped(const fle_mirrors *mirrors)
{
    return mirrors->dropped;
}

/* Can a record be of anybody's interest? No other is kept, nor missed. */
static bool has_times(flowenrich_time start, flowenrich_time end)
{
    return start >= 0 && end >= start && end < LATEST && end - start < FLE_MIRROR_PERIOD;
}

void fle_mirrors_drop(fle_mirrors *mirrors, flowenrich_time start, flowenrich_time end)
{
    mirrors->dropped++;
    if (!has_times(start, end))
        return;
    mirrors->gap_from = start < mirrors->gap_from ? start : mirrors->gap_from;
    mirrors->gap_until = end > mirrors->gap_until ? end : mirrors->gap_until;
}

void fle_mirrors_expect(fle_mirrors *mirrors, flowenrich_time until)
{
    mirrors->until = until;
}

bool fle_mirrors_expects(const fle_mirrors *mirrors, flowenrich_time until)
{
    return until > mirrors->until;
}

bool fle_mirrors_has_all(const fle_mirrors *mirrors, flowenrich_time from, flowenrich_time until)
{
    return from >= mirrors->since && (from > mirrors->gap_until || until < mirrors->gap_from);
}

/* Slots and arrays double, so an entry is taken for what it needs with half of them empty. */
static uint64_t bytes_of(const fle_mirrors *mirrors, uint64_t n_entries)
{
    const uint64_t per_entry = sizeof(fle_mirror) + 4 * sizeof *mirrors->slots, per_key = 64;

    return n_entries * per_entry + mirrors->arena.bytes +
           per_key * (fle_map_count(mirrors->by_id) + fle_map_count(mirrors->by_v6));
}

bool fle_mirrors_has_room(const fle_mirrors *mirrors)
{
    return mirrors->n < NONE - 3 && bytes_of(mirrors, mirrors->n + 2) <= mirrors->max_bytes;
}

bool fle_mirrors_is_crowded(const fle_mirrors *mirrors)
{
    return bytes_of(mirrors, mirrors->n) > mirrors->max_bytes / 4 * 3;
}

/* ---- Witnesses. ---- */

fle_witness *fle_mirrors_new_witness(fle_mirrors *mirrors, flowenrich_text id)
{
    fle_witness **items =
        fle_grow(&mirrors->allocator, mirrors->witnesses, &mirrors->witnesses_capacity,
                 mirrors->n_witnesses + 1, sizeof *mirrors->witnesses);
    fle_witness *witness;

    if (!items)
        return NULL;
    mirrors->witnesses = items;
    witness = fle_arena_alloc(&mirrors->arena, sizeof *witness);
    if (!witness)
        return NULL;
    memset(witness, 0, sizeof *witness);
    witness->number = (uint32_t)mirrors->n_witnesses;
    witness->life = (fle_life){ INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN };
    witness->skipped_from = INT64_MAX;
    witness->skipped_until = INT64_MIN;
    if (!fle_arena_text(&mirrors->arena, id.data, id.len, &witness->id) ||
        !fle_map_add(mirrors->by_id, witness->id.data, id.len, witness->number))
        return NULL;
    items[mirrors->n_witnesses++] = witness;
    return witness;
}

bool fle_mirrors_witness(fle_mirrors *mirrors, flowenrich_text id, fle_witness **out)
{
    const uint32_t *number = fle_map_find(mirrors->by_id, id.data, id.len);

    *out = NULL;
    if (number) {
        *out = mirrors->witnesses[*number];
        return true;
    }
    if (id.len > LONGEST_ID || mirrors->n_witnesses >= FLE_MOST_WITNESSES ||
        !fle_mirrors_has_room(mirrors))
        return true;
    *out = fle_mirrors_new_witness(mirrors, id);
    return *out != NULL;
}

size_t fle_mirrors_witnesses(const fle_mirrors *mirrors)
{
    return mirrors->n_witnesses;
}

const fle_witness *fle_mirrors_witness_at(const fle_mirrors *mirrors, size_t number)
{
    return number < mirrors->n_witnesses ? mirrors->witnesses[number] : NULL;
}

const fle_witness *fle_mirrors_find(const fle_mirrors *mirrors, flowenrich_text id)
{
    const uint32_t *number = fle_map_find(mirrors->by_id, id.data, id.len);

    return number ? mirrors->witnesses[*number] : NULL;
}

static bool note_subnet(fle_mirrors *mirrors, flowenrich_text text)
{
    const size_t n = fle_map_count(mirrors->subnets);
    fle_subnet *placed;

    if (fle_map_find(mirrors->subnets, text.data, text.len))
        return true;
    placed = fle_grow(&mirrors->allocator, mirrors->placed, &mirrors->placed_capacity, n + 1,
                      sizeof *placed);
    if (!placed)
        return false;
    mirrors->placed = placed;
    memset(&placed[n], 0, sizeof *placed);
    return fle_map_add(mirrors->subnets, text.data, text.len, (uint32_t)n);
}

bool fle_mirrors_has_all_of(const fle_mirrors *mirrors, const fle_witness *witness,
                            flowenrich_time from, flowenrich_time until)
{
    return fle_mirrors_has_all(mirrors, from, until) && !fle_mirrors_expects(mirrors, until) &&
           !fle_witness_skipped(witness, from, until);
}

bool fle_mirrors_logs(const fle_mirrors *mirrors, flowenrich_text subnet)
{
    return fle_map_find(mirrors->subnets, subnet.data, subnet.len) != NULL;
}

static fle_subnet *find_subnet(const fle_mirrors *mirrors, flowenrich_text id)
{
    const uint32_t *number = fle_map_find(mirrors->subnets, id.data, id.len);

    return number ? &mirrors->placed[*number] : NULL;
}

void fle_mirrors_place(fle_mirrors *mirrors, fle_witness *witness)
{
    const fle_constant *label = &witness->ingress;
    fle_subnet *subnet;

    if (!label->is_known || (witness->is_placed && !label->is_disputed))
        return;
    subnet = find_subnet(mirrors, witness->told[FLE_TOLD_SUBNET]);
    if (!subnet)
        return;
    witness->is_placed = true;
    subnet->is_disputed = subnet->is_disputed || label->is_disputed;
    fle_reach_extend(&subnet->primary, &label->address);
}

/* A block that holds two addresses holds all that begin with what both have in common. */
static bool is_around(const fle_reach *reach, const fle_address *address)
{
    size_t byte = 0;
    uint8_t differs;

    while (byte < sizeof address->bytes && reach->low.bytes[byte] == reach->high.bytes[byte])
        if (address->bytes[byte] != reach->low.bytes[byte])
            return false;
        else
            byte++;
    if (byte == sizeof address->bytes)
        return true;
    differs = reach->low.bytes[byte] ^ reach->high.bytes[byte];
    while ((differs & (differs + 1)) != 0)
        differs |= (uint8_t)(differs >> 1);
    return (address->bytes[byte] & ~differs) == (reach->low.bytes[byte] & ~differs);
}

bool fle_mirrors_is_of_subnet(const fle_mirrors *mirrors, const fle_witness *witness,
                              const fle_address *address)
{
    const fle_subnet *subnet = find_subnet(mirrors, witness->told[FLE_TOLD_SUBNET]);

    return subnet && subnet->primary.is_known && !subnet->is_disputed &&
           is_around(&subnet->primary, address);
}

bool fle_mirrors_passes_on(const fle_mirrors *mirrors, const fle_witness *witness)
{
    return witness->passed.is_known &&
           !(fle_mirrors_is_of_subnet(mirrors, witness, &witness->passed.low) &&
             fle_mirrors_is_of_subnet(mirrors, witness, &witness->passed.high));
}

bool fle_mirrors_tell(fle_mirrors *mirrors, fle_witness *witness, fle_told what,
                      flowenrich_text text)
{
    flowenrich_text *told = &witness->told[what];
    fle_subnet *subnet;

    if (text.len == 0 || (witness->disputed >> what & 1) || fle_text_equal(*told, text))
        return true;
    if (told->len == 0 && text.len <= LONGEST_TOLD)
        return fle_arena_text(&mirrors->arena, text.data, text.len, told) &&
               (what != FLE_TOLD_SUBNET || note_subnet(mirrors, *told));
    subnet = what == FLE_TOLD_SUBNET ? find_subnet(mirrors, *told) : NULL;
    if (subnet)
        subnet->is_disputed = true;
    witness->disputed |= 1u << what;
    *told = fle_text("", 0);
    return true;
}

/* ---- Keys. ---- */

static uint32_t v4_of(const fle_address *address)
{
    const uint8_t *bytes = &address->bytes[12];

    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool is_whole(const fle_tuple *tuple)
{
    const fle_address *src = tuple->address[FLE_SRC], *dst = tuple->address[FLE_DST];

    return src && dst && fle_address_is_v4(src) == fle_address_is_v4(dst) &&
           tuple->protocol <= UINT8_MAX &&
           (tuple->port[FLE_SRC] == FLE_ABSENT) == (tuple->port[FLE_DST] == FLE_ABSENT);
}

/* All but the addresses and the period, of a whole tuple. */
static void begin_key(const fle_tuple *tuple, uint32_t key[FLE_MIRROR_WORDS])
{
    const bool has_ports = tuple->port[FLE_SRC] != FLE_ABSENT;

    key[FLE_MIRROR_SRC] = v4_of(tuple->address[FLE_SRC]);
    key[FLE_MIRROR_DST] = v4_of(tuple->address[FLE_DST]);
    key[FLE_MIRROR_PORTS_OF] =
        has_ports ? tuple->port[FLE_SRC] << 16 | (tuple->port[FLE_DST] & UINT16_MAX) : 0;
    key[FLE_MIRROR_PERIOD_OF] = 0;
    key[FLE_MIRROR_PROTOCOL] = tuple->protocol | (has_ports ? FLE_MIRROR_PORTS : 0) |
                               (fle_address_is_v4(tuple->address[FLE_SRC]) ? 0 : FLE_MIRROR_V6);
}

static bool add_v6(fle_mirrors *mirrors, const fle_address *address)
{
    const size_t n = fle_map_count(mirrors->by_v6);
    const fle_address **items =
        fle_grow(&mirrors->allocator, mirrors->v6, &mirrors->v6_capacity, n + 1, sizeof *items);
    fle_address *kept;

    if (!items)
        return false;
    mirrors->v6 = items;
    kept = fle_arena_alloc(&mirrors->arena, sizeof *kept);
    if (!kept)
        return false;
    *kept = *address;
    items[n] = kept;
    return fle_map_add(mirrors->by_v6, kept->bytes, sizeof kept->bytes, (uint32_t)n);
}

bool fle_mirrors_number_v6(fle_mirrors *mirrors, const fle_address *address, uint32_t *out)
{
    const uint32_t *found = fle_map_find(mirrors->by_v6, address->bytes, sizeof address->bytes);

    *out = found ? *found : (uint32_t)fle_map_count(mirrors->by_v6);
    return found || add_v6(mirrors, address);
}

static bool make_key(fle_mirrors *mirrors, const fle_tuple *tuple, uint32_t key[FLE_MIRROR_WORDS])
{
    begin_key(tuple, key);
    return !(key[FLE_MIRROR_PROTOCOL] & FLE_MIRROR_V6) ||
           (fle_mirrors_number_v6(mirrors, tuple->address[FLE_SRC], &key[FLE_MIRROR_SRC]) &&
            fle_mirrors_number_v6(mirrors, tuple->address[FLE_DST], &key[FLE_MIRROR_DST]));
}

/* False if nobody logged it, since an address was never seen. */
static bool find_key(const fle_mirrors *mirrors, const fle_tuple *tuple,
                     uint32_t key[FLE_MIRROR_WORDS])
{
    begin_key(tuple, key);
    for (fle_side side = FLE_SRC; (key[FLE_MIRROR_PROTOCOL] & FLE_MIRROR_V6) && side < FLE_N_SIDES;
         side++) {
        const uint32_t *number =
            fle_map_find(mirrors->by_v6, tuple->address[side]->bytes, sizeof(fle_address));

        if (!number)
            return false;
        key[side == FLE_SRC ? FLE_MIRROR_SRC : FLE_MIRROR_DST] = *number;
    }
    return true;
}

static size_t slot_of(const fle_mirrors *mirrors, const uint32_t key[FLE_MIRROR_WORDS])
{
    return (size_t)fle_hash(key, FLE_MIRROR_WORDS * sizeof *key, mirrors->hash_seed) &
           (mirrors->n_slots - 1);
}

/* The slot that has this key, or the empty one where it belongs. */
static uint32_t *find_slot(const fle_mirrors *mirrors, const uint32_t key[FLE_MIRROR_WORDS])
{
    size_t slot = slot_of(mirrors, key);

    while (mirrors->slots[slot] != 0 && memcmp(mirrors->entries[mirrors->slots[slot] - 1].key, key,
                                               sizeof mirrors->entries->key) != 0)
        slot = (slot + 1) & (mirrors->n_slots - 1);
    return &mirrors->slots[slot];
}

/* ---- Entries. ---- */

/* At most two thirds of the slots are taken. */
static bool grow_slots(fle_mirrors *mirrors)
{
    uint32_t *old = mirrors->slots, *slots;
    const size_t n_old = mirrors->n_slots;

    if (mirrors->n_keys < n_old / 3 * 2)
        return true;
    slots = fle_alloc_zeroed(&mirrors->allocator, 2 * n_old * sizeof *slots);
    if (!slots)
        return false;
    mirrors->slots = slots;
    mirrors->n_slots = 2 * n_old;
    for (size_t i = 0; i < n_old; i++)
        if (old[i] != 0)
            *find_slot(mirrors, mirrors->entries[old[i] - 1].key) = old[i];
    fle_free(&mirrors->allocator, old);
    return true;
}

bool fle_mirrors_append(fle_mirrors *mirrors, const fle_mirror *new)
{
    fle_mirror *entries = fle_grow(&mirrors->allocator, mirrors->entries, &mirrors->capacity,
                                   mirrors->n + 1, sizeof *entries);
    uint32_t *slot;
    fle_mirror *e;

    if (!entries)
        return false;
    mirrors->entries = entries;
    if (!grow_slots(mirrors))
        return false;
    slot = find_slot(mirrors, new->key);
    mirrors->n_keys += *slot == 0;
    e = &entries[mirrors->n++];
    *e = *new;
    e->next = *slot == 0 ? NONE : *slot - 1;
    *slot = (uint32_t)mirrors->n;
    return true;
}

bool fle_mirrors_add(fle_mirrors *mirrors, const fle_witness *witness, const fle_testimony *t)
{
    fle_mirror e;

    if (!is_whole(&t->tuple) || !has_times(t->start, t->end))
        return true;
    if (!fle_mirrors_has_room(mirrors)) {
        fle_mirrors_drop(mirrors, t->start, t->end);
        return true;
    }
    if (!make_key(mirrors, &t->tuple, e.key))
        return false;
    e.key[FLE_MIRROR_PERIOD_OF] = (uint32_t)(t->start >> FLE_MIRROR_PERIOD_BITS);
    e.says = witness->number << FLE_MIRROR_WITNESS_SHIFT | (t->rejected ? FLE_MIRROR_REJECTED : 0) |
             (t->overwritten ? FLE_MIRROR_OVERWRITTEN : 0) | (uint32_t)t->own;
    e.start = (uint16_t)(t->start & (FLE_MIRROR_PERIOD - 1));
    e.end = (uint16_t)(t->end & (FLE_MIRROR_PERIOD - 1));
    e.packets = t->packets < UINT32_MAX ? (uint32_t)t->packets : UINT32_MAX;
    mirrors->kept++;
    if (!fle_mirrors_append(mirrors, &e))
        return false;
    if (e.start <= e.end)
        return true;
    e.key[FLE_MIRROR_PERIOD_OF]++;
    e.says |= FLE_MIRROR_REST;
    return fle_mirrors_append(mirrors, &e);
}

/* ---- Looking. ---- */

void fle_look_begin(fle_look *look, const fle_mirrors *mirrors, const fle_tuple *tuple,
                    flowenrich_time from, flowenrich_time until)
{
    memset(look, 0, sizeof *look);
    look->mirrors = mirrors;
    look->from = from < 0 ? 0 : from;
    look->until = until >= LATEST ? LATEST - 1 : until;
    look->entry = NONE;
    look->period = 1; /* after the last: there is nothing */
    if (from == FLOWENRICH_TIME_ABSENT || look->until < look->from || !is_whole(tuple) ||
        (look->until >> FLE_MIRROR_PERIOD_BITS) - (look->from >> FLE_MIRROR_PERIOD_BITS) >=
            MOST_PERIODS ||
        !find_key(mirrors, tuple, look->key))
        return;
    look->period = (uint32_t)(look->from >> FLE_MIRROR_PERIOD_BITS);
    look->last = (uint32_t)(look->until >> FLE_MIRROR_PERIOD_BITS);
}

/* Go on to the first entry of the next period that has any. */
static bool next_period(fle_look *look)
{
    while (look->entry == NONE && look->period <= look->last) {
        look->key[FLE_MIRROR_PERIOD_OF] = look->period++;
        look->entry = *find_slot(look->mirrors, look->key) - 1; /* 0 becomes NONE */
    }
    return look->entry != NONE;
}

/* Has a record been told where it began? */
static bool is_told(const fle_look *look, const fle_mirror *e)
{
    return (e->says & FLE_MIRROR_REST) != 0 &&
           e->key[FLE_MIRROR_PERIOD_OF] > look->from >> FLE_MIRROR_PERIOD_BITS;
}

bool fle_look_next(fle_look *look, fle_sight *out)
{
    while (next_period(look)) {
        const fle_mirror *e = &look->mirrors->entries[look->entry];

        look->entry = e->next;
        out->start = fle_mirror_start(e);
        out->end = fle_mirror_end(e);
        if (is_told(look, e) || out->start > look->until || out->end < look->from)
            continue;
        out->witness = look->mirrors->witnesses[e->says >> FLE_MIRROR_WITNESS_SHIFT];
        out->own = (fle_side)(e->says & FLE_MIRROR_OWN_MASK);
        out->overwritten = (e->says & FLE_MIRROR_OVERWRITTEN) != 0;
        out->rejected = (e->says & FLE_MIRROR_REJECTED) != 0;
        out->packets = e->packets;
        return true;
    }
    return false;
}
