/* SPDX-License-Identifier: Apache-2.0 */
/* Which tenures documents and events tell of, and what they hide. */
#include "told.h"

#include "documents.h"

enum { MOST_TIMES = 100 };

/* Of a tenure. */
enum {
    TOLD_BEGIN = 1,
    TOLD_END = 2,
    TOLD_SHOWN = 4, /* a document describes it */
    TOLD_FREE = 8,  /* one was made after it, before the slot's next one */
    TOLD_GONE = 16  /* its owner is deleted */
};

static bool is_of_gone(const notice *what)
{
    return !what->refused &&
           (what->kind == DETACH_INTERFACE || what->kind == DELETE_INTERFACE ||
            what->kind == TERMINATE_INSTANCES || what->kind == INSTANCE_TERMINATED);
}

static void mark_notice(fleet *in, const notice *what)
{
    const uint32_t changes = notice_begins(what) ? TOLD_BEGIN : notice_ends(what) ? TOLD_END : 0;

    for (uint32_t t = in->enis[what->eni].held; t != NOTHING; t = in->tenures[t].next_held) {
        tenure *const at = &in->tenures[t];

        at->told |= changes != 0 && notice_concerns(what, in, t) ? changes : 0;
        at->told |= is_of_gone(what) ? TOLD_GONE : 0;
    }
}

static void mark_document(fleet *in, int32_t time)
{
    for (size_t i = 0; i < in->n_tenures; i++) {
        tenure *const at = &in->tenures[i];

        if (at->from > time || (at->next != NOTHING && in->tenures[at->next].from <= time))
            continue;
        at->told |= at->until > time ? TOLD_SHOWN : TOLD_FREE;
    }
}

void told_mark(fleet *in, const notices *of)
{
    int32_t times[MOST_TIMES];
    const size_t n = documents_times(in, times, MOST_TIMES);

    for (size_t i = 0; i < of->len; i++)
        mark_notice(in, &of->items[i]);
    for (size_t i = 0; i < n; i++)
        mark_document(in, times[i]);
}

/*
 * The second from which on it is told again where a slot is that left its owner, if nothing tells
 * of any change before, and that is with its owner or that he is gone: else when it left him.
 */
static int32_t hidden_until(const fleet *in, const tenure *at)
{
    const bool is_gone = (at->told & TOLD_GONE) != 0;
    const int32_t gone = in->enis[at->owner].until;

    for (const tenure *last = at;;) {
        const tenure *const next = last->next != NOTHING ? &in->tenures[last->next] : NULL;

        if (is_gone && last->until >= gone)
            return gone;
        if ((last->told & (TOLD_END | TOLD_FREE)) != 0)
            return at->until;
        if (is_gone && (!next || next->from >= gone))
            return gone;
        if (!next || (next->told & TOLD_BEGIN) != 0)
            return at->until;
        if ((next->told & (TOLD_SHOWN | TOLD_END)) != 0)
            return next->owner == at->owner ? next->from : at->until;
        last = next;
    }
}

bool told_hides(const fleet *in, uint32_t slot_index, int32_t from, int32_t until)
{
    for (uint32_t t = in->slots[slot_index].first; t != NOTHING; t = in->tenures[t].next) {
        const tenure *const at = &in->tenures[t];

        if ((at->told & (TOLD_BEGIN | TOLD_SHOWN)) != 0 && at->until <= until &&
            hidden_until(in, at) > (at->until > from ? at->until : from))
            return true;
    }
    return false;
}
