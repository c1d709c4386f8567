/* SPDX-License-Identifier: Apache-2.0 */
/* What changed since a snapshot was made: a hash table that keeps all it ever said. */
#include "catalog/journal.h"

#include <string.h>

#include "catalog/order.h"

#define FIRST_HEADS 64

/* Readers of now may be at any note before: it must be whole when they come upon it. */
static void link_note(fle_journal_writer *writer, uint32_t index)
{
    fle_note *note = &writer->notes[index];
    fle_head *head = &writer->now.heads[note->hash & (writer->now.n_heads - 1)];

    note->next = atomic_load_explicit(head, memory_order_relaxed);
    atomic_store_explicit(head, index + 1, memory_order_release);
}

/* Notes and heads anew: those there were stay as they are for who reads them. */
static bool grow(fle_journal_writer *writer)
{
    const size_t n_heads = writer->now.n_heads > 0 ? 2 * writer->now.n_heads : FIRST_HEADS;
    fle_head *heads = fle_array(writer->arena, n_heads, sizeof *heads);
    fle_note *notes = fle_array(writer->arena, n_heads, sizeof *notes);

    if (!heads || !notes)
        return false;
    for (size_t i = 0; i < n_heads; i++)
        atomic_init(&heads[i], 0);
    if (writer->now.n > 0)
        memcpy(notes, writer->notes, writer->now.n * sizeof *notes);
    writer->notes = notes;
    writer->now = (fle_journal){ heads, n_heads, notes, writer->now.n };
    for (uint32_t i = 0; i < writer->now.n; i++)
        link_note(writer, i);
    return true;
}

bool fle_journal_add(fle_journal_writer *writer, fle_noted noted, uint32_t hash, uint32_t item)
{
    if (writer->now.n == UINT32_MAX - 1 || (writer->now.n == writer->now.n_heads && !grow(writer)))
        return false;
    writer->notes[writer->now.n] = (fle_note){ hash, 0, item, (uint32_t)noted };
    link_note(writer, writer->now.n++);
    return true;
}
