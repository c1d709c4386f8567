/* SPDX-License-Identifier: Apache-2.0 */
/* The distinct questions of a batch that are new, by what their answers depend on. */
#ifndef FLE_ENRICH_INQUIRIES_H
#define FLE_ENRICH_INQUIRIES_H

#include "enrich/kept.h"

/*
 * Times differ from record to record, and what is found seldom does: hence the inventory is
 * asked first.
 */
typedef struct fle_inquiries {
    const fle_allocator *allocator;
    uint64_t seed;
    fle_inquiry *items;
    size_t n, capacity;
    uint32_t *slots; /* of open addressing: numbers of items from 1; 0 is empty */
    size_t n_slots, slots_capacity;
    bool has_slots; /* of this batch: before the first is taken they are another's */
    fle_kept kept;
    bool is_open; /* they aren't answered yet */
} fle_inquiries;

void fle_inquiries_init(fle_inquiries *inquiries, const fle_allocator *allocator, uint64_t seed);
void fle_inquiries_free(fle_inquiries *inquiries);

/* Forget all there are, and make room for 'most' of a batch. False if memory ran out. */
bool fle_inquiries_begin(fle_inquiries *inquiries, const fle_context *context, size_t most);

/*
 * Ask about a side of a record, should it not be known already: its facts get the number of the
 * answer in the batch. '*is_open' is set if fle_ends_answer() is still to compose that; else it
 * stays. False if memory ran out.
 */
bool fle_inquiries_ask(fle_inquiries *inquiries, const fle_context *context, fle_facts *facts,
                       fle_side side, size_t row, bool *is_open);

#endif
