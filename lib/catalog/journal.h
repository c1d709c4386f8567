/* SPDX-License-Identifier: Apache-2.0 */
/* What changed since a snapshot was made: a hash table that keeps all it ever said. */
#ifndef FLE_CATALOG_JOURNAL_H
#define FLE_CATALOG_JOURNAL_H

#include <stdatomic.h>

#include "base/alloc.h"

/* What a note is of. */
typedef enum fle_noted {
    FLE_NOTED_INTERFACE, /* one that is new, by the hash of its id: its number */
    FLE_NOTED_ENTRY,     /* what an interface is now, by its number for a hash */
    FLE_NOTED_KEY,       /* who held an address, by the hash of the key: the index of the key */
    FLE_NOTED_CLAIM,     /* a VPC that an address lies in, by the hash of that: of the claim */
    FLE_NOTED_VPC        /* what a VPC has now, by the number of its space: its index */
} fle_noted;

typedef struct fle_note {
    uint32_t hash;
    uint32_t next; /* an older one of the same slot: its index and 1 */
    uint32_t item;
    uint32_t noted; /* fle_noted */
} fle_note;

typedef _Atomic uint32_t fle_head;

/*
 * The notes up to a time, the newest of a hash first. The writer goes on adding notes
 * meanwhile, and a reader passes over those beyond its own: so nobody waits.
 */
typedef struct fle_journal {
    fle_head *heads; /* the newest note of each slot: its index and 1 */
    size_t n_heads;  /* a power of two; 0 if there is no note */
    const fle_note *notes;
    uint32_t n;
} fle_journal;

/* Adds notes. What readers may see lives in 'arena', and never moves. */
typedef struct fle_journal_writer {
    fle_arena *arena;
    fle_journal now;
    fle_note *notes; /* those of 'now' */
} fle_journal_writer;

/* False if memory ran out. */
bool fle_journal_add(fle_journal_writer *writer, fle_noted noted, uint32_t hash, uint32_t item);

/* Goes through what was noted of a hash. Start from fle_journal_begin(). */
typedef struct fle_reading {
    const fle_journal *journal;
    uint32_t noted, hash;
    uint32_t next;
} fle_reading;

static inline fle_reading fle_journal_begin(const fle_journal *journal, fle_noted noted,
                                            uint32_t hash)
{
    fle_reading reading = { journal, (uint32_t)noted, hash, 0 };

    if (journal->n > 0)
        reading.next = atomic_load_explicit(&journal->heads[hash & (journal->n_heads - 1)],
                                            memory_order_acquire);
    return reading;
}

/* The item of the next older note; false if there is none. */
static inline bool fle_journal_next(fle_reading *reading, uint32_t *item)
{
    while (reading->next > 0) {
        const uint32_t index = reading->next - 1;
        const fle_note *note = &reading->journal->notes[index];

        reading->next = note->next;
        if (index < reading->journal->n && note->hash == reading->hash &&
            note->noted == reading->noted) {
            *item = note->item;
            return true;
        }
    }
    return false;
}

#endif
