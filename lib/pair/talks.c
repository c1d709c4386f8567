/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations, and the table in which they are found. */
#include "pair/talks.h"

bool fle_table_init(fle_table *table, const fle_allocator *allocator, uint64_t hash_seed)
{
    memset(table, 0, sizeof *table);
    table->hash_seed = hash_seed;
    fle_slab_init(&table->conversations, allocator, sizeof(fle_conversation));
    fle_slab_init(&table->meters, allocator, sizeof(fle_meter));
    return fle_index_init(&table->by_key, allocator);
}

void fle_table_free(fle_table *table)
{
    fle_slab_free(&table->conversations);
    fle_slab_free(&table->meters);
    fle_index_free(&table->by_key);
}

size_t fle_table_bytes(const fle_table *table)
{
    return fle_slab_bytes(&table->conversations) + fle_slab_bytes(&table->meters) +
           fle_index_bytes(&table->by_key);
}

uint32_t fle_table_open(fle_table *table, const fle_notice *notice)
{
    fle_conversation *conversation;
    uint32_t number;

    if (!fle_index_reserve(&table->by_key))
        return FLE_NONE;
    number = fle_slab_take(&table->conversations);
    if (number == FLE_NONE)
        return FLE_NONE;
    conversation = fle_table_at(table, number);
    memset(conversation, 0, sizeof *conversation);
    conversation->key = notice->key;
    conversation->first = conversation->start = notice->start;
    conversation->end = notice->end;
    fle_index_add(&table->by_key, notice->hash, number);
    return number;
}

void fle_table_detach(fle_table *table, uint32_t number)
{
    fle_index_drop(&table->by_key,
                   fle_key_hash(&fle_table_at(table, number)->key, table->hash_seed), number);
}

void fle_table_give(fle_table *table, uint32_t number)
{
    fle_meters_give(&table->meters, &fle_table_at(table, number)->meters);
    fle_slab_give(&table->conversations, number);
}
