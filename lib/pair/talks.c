/* SPDX-License-Identifier: Apache-2.0 */
/* The table of conversations: open addressing, in which those of one key lie close. */
#include "pair/talks.h"

#define FIRST_SLOTS 1024
#define MOST_SLOTS ((size_t)1 << 31)

bool fle_table_init(fle_table *table, const fle_allocator *allocator, uint64_t hash_seed)
{
    memset(table, 0, sizeof *table);
    table->allocator = allocator;
    table->hash_seed = hash_seed;
    fle_slab_init(&table->conversations, allocator, sizeof(fle_conversation));
    fle_slab_init(&table->meters, allocator, sizeof(fle_meter));
    table->slots = fle_alloc_zeroed(allocator, FIRST_SLOTS * sizeof *table->slots);
    table->n_slots = FIRST_SLOTS;
    return table->slots != NULL;
}

void fle_table_free(fle_table *table)
{
    fle_slab_free(&table->conversations);
    fle_slab_free(&table->meters);
    fle_free(table->allocator, table->slots);
}

size_t fle_table_bytes(const fle_table *table)
{
    return fle_slab_bytes(&table->conversations) + fle_slab_bytes(&table->meters) +
           table->n_slots * sizeof *table->slots;
}

void fle_matches_begin(fle_matches *matches, const fle_table *table, const fle_key *key,
                       uint32_t hash)
{
    matches->table = table;
    matches->key = key;
    matches->hash = hash;
    matches->at = hash & (table->n_slots - 1);
}

uint32_t fle_matches_next(fle_matches *matches)
{
    const fle_table *table = matches->table;

    for (;;) {
        const fle_slot slot = table->slots[matches->at];

        if (slot.number == FLE_NONE)
            return FLE_NONE;
        matches->at = (matches->at + 1) & (table->n_slots - 1);
        if (slot.hash == matches->hash &&
            fle_key_equal(&fle_table_at(table, slot.number)->key, matches->key))
            return slot.number;
    }
}

uint32_t fle_table_guess(const fle_table *table, uint32_t hash)
{
    size_t at = hash & (table->n_slots - 1);

    while (table->slots[at].number != FLE_NONE && table->slots[at].hash != hash)
        at = (at + 1) & (table->n_slots - 1);
    return table->slots[at].number;
}

static void occupy(fle_slot *slots, size_t n_slots, fle_slot slot)
{
    size_t at = slot.hash & (n_slots - 1);

    while (slots[at].number != FLE_NONE)
        at = (at + 1) & (n_slots - 1);
    slots[at] = slot;
}

/* Those of one key stay in the order in which they came, whatever lies between them. */
static size_t first_used_after_gap(const fle_table *table)
{
    size_t at = 0;

    while (table->slots[at].number != FLE_NONE)
        at++;
    return at;
}

static bool double_slots(fle_table *table)
{
    const size_t n_slots = table->n_slots * 2, begin = first_used_after_gap(table);
    fle_slot *slots;

    if (n_slots > MOST_SLOTS)
        return false;
    slots = fle_alloc_zeroed(table->allocator, n_slots * sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < table->n_slots; i++) {
        const fle_slot slot = table->slots[(begin + i) & (table->n_slots - 1)];

        if (slot.number != FLE_NONE)
            occupy(slots, n_slots, slot);
    }
    fle_free(table->allocator, table->slots);
    table->slots = slots;
    table->n_slots = n_slots;
    return true;
}

uint32_t fle_table_open(fle_table *table, const fle_notice *notice)
{
    fle_conversation *conversation;
    uint32_t number;

    if (table->n >= table->n_slots / 4 * 3 && !double_slots(table))
        return FLE_NONE;
    number = fle_slab_take(&table->conversations);
    if (number == FLE_NONE)
        return FLE_NONE;
    conversation = fle_table_at(table, number);
    memset(conversation, 0, sizeof *conversation);
    conversation->key = notice->key;
    conversation->first = conversation->start = notice->start;
    conversation->end = notice->end;
    occupy(table->slots, table->n_slots, (fle_slot){ notice->hash, number });
    table->n++;
    return number;
}

/* Close the gap: what comes behind moves up, unless it would stand before its own place. */
static void close_gap(fle_table *table, size_t gap)
{
    const size_t mask = table->n_slots - 1;
    size_t at = gap;

    for (;;) {
        at = (at + 1) & mask;
        if (table->slots[at].number == FLE_NONE)
            break;
        if (((at - table->slots[at].hash) & mask) >= ((at - gap) & mask)) {
            table->slots[gap] = table->slots[at];
            gap = at;
        }
    }
    table->slots[gap].number = FLE_NONE;
}

void fle_table_detach(fle_table *table, uint32_t number)
{
    const uint32_t hash = fle_key_hash(&fle_table_at(table, number)->key, table->hash_seed);
    size_t at = hash & (table->n_slots - 1);

    while (table->slots[at].number != number)
        at = (at + 1) & (table->n_slots - 1);
    close_gap(table, at);
    table->n--;
}

void fle_table_give(fle_table *table, uint32_t number)
{
    fle_meters_give(&table->meters, &fle_table_at(table, number)->meters);
    fle_slab_give(&table->conversations, number);
}
