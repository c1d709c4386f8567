/* SPDX-License-Identifier: Apache-2.0 */
/* The distinct questions of a batch, by what their answers depend on. */
#ifndef FLE_ENRICH_INQUIRIES_H
#define FLE_ENRICH_INQUIRIES_H

#include "enrich/inquiry.h"

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
} fle_inquiries;

void fle_inquiries_init(fle_inquiries *inquiries, const fle_allocator *allocator, uint64_t seed);
void fle_inquiries_free(fle_inquiries *inquiries);

/* Forget all there are, and make room for 'most'. False if memory ran out. */
bool fle_inquiries_begin(fle_inquiries *inquiries, size_t most);

/* Where the next one is to be formed and looked up, before it is added; NULL: no memory. */
fle_inquiry *fle_inquiries_next(fle_inquiries *inquiries);

/* The number of that one, or of the one that is there already and has the same answer. */
uint32_t fle_inquiries_add(fle_inquiries *inquiries, const fle_context *context);

#endif
