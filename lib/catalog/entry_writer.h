/* SPDX-License-Identifier: Apache-2.0 */
/* Makes entries: each text and each list is there once. */
#ifndef FLE_CATALOG_ENTRY_WRITER_H
#define FLE_CATALOG_ENTRY_WRITER_H

#include "catalog/entries.h"
#include "catalog/slots.h"

/* Where each of some texts or lists lies. Grows: so it isn't of an arena. */
typedef struct fle_places {
    fle_slots slots;
    size_t n;
} fle_places;

/*
 * Once memory ran out, or there are 4 GiB of texts, 'failed' stays set.
 *
 * One that goes on from other entries makes what can be read while it writes: what has been
 * written never moves, so arrays that grow stay in the arena as they were.
 */
typedef struct fle_entry_writer {
    const fle_allocator *allocator;
    fle_arena *arena;  /* of the arrays; NULL: each is memory of its own */
    fle_entries first; /* the entries that places go on from */
    uint64_t seed;
    char *texts;
    uint32_t *lists;
    fle_entry *items;
    fle_period *periods;
    size_t n_texts, n_lists, n_items, n_periods;
    size_t texts_capacity, lists_capacity, items_capacity, periods_capacity;
    fle_places of_texts, of_lists;
    bool failed;
} fle_entry_writer;

void fle_entry_writer_init(fle_entry_writer *writer, const fle_allocator *allocator, uint64_t seed);

/* Let it go on from other entries, in an arena. */
void fle_entry_writer_go_on(fle_entry_writer *writer, const fle_entries *first, fle_arena *arena);
void fle_entry_writer_free(fle_entry_writer *writer);

/* What has been written so far, until more is. */
fle_entries fle_entry_writer_view(const fle_entry_writer *writer);

/* Hand over what was written, to be freed with fle_entries_free(). Only if it hasn't failed. */
fle_entries fle_entry_writer_end(fle_entry_writer *writer);
void fle_entries_free(fle_entries *entries, const fle_allocator *allocator);

/* An entry that was made, to be changed. */
fle_entry *fle_entry_writer_at(fle_entry_writer *writer, uint32_t index);

uint32_t fle_entry_writer_text(fle_entry_writer *writer, flowenrich_text text);

/* Make so many empty entries; the index of the first. */
uint32_t fle_entry_writer_reserve(fle_entry_writer *writer, size_t n);

/* Write an entry that has been made. */
void fle_entry_writer_put(fle_entry_writer *writer, uint32_t index, const fle_identity *identity);

/* Make an entry; its index. */
uint32_t fle_entry_writer_add(fle_entry_writer *writer, const fle_identity *identity);

/* Say what an entry was over time. */
void fle_entry_writer_periods(fle_entry_writer *writer, uint32_t index, const fle_periods *periods);

#endif
