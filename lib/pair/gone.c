/* SPDX-License-Identifier: Apache-2.0 */
/* What had to be let go of: tuples, and the time of which their bytes were told. */
#include "pair/gone.h"

#define WAYS 4
#define LEAST 1024

void fle_gone_init(fle_gone *gone, const fle_allocator *allocator, size_t max_bytes)
{
    *gone = (fle_gone){ .allocator = allocator, .most = LEAST };
    while (gone->most * 2 * sizeof *gone->items <= max_bytes)
        gone->most *= 2;
}

void fle_gone_free(fle_gone *gone)
{
    fle_free(gone->allocator, gone->items);
}

static uint64_t print_of(const fle_key *key)
{
    return fle_hash(key, sizeof *key, 0);
}

static fle_gone_one *set_of(const fle_gone *gone, uint64_t print)
{
    return &gone->items[print & (gone->n - 1) & ~(uint64_t)(WAYS - 1)];
}

/* The place of a tuple; if it has none, that of the one that ended first. */
static fle_gone_one *place_of(const fle_gone *gone, uint64_t print)
{
    fle_gone_one *set = set_of(gone, print), *oldest = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].end > 0 && set[i].print == print)
            return &set[i];
        if (set[i].end < oldest->end)
            oldest = &set[i];
    }
    return oldest;
}

bool fle_gone_note(fle_gone *gone, const fle_key *key, uint32_t begin, uint32_t end)
{
    const uint64_t print = print_of(key);
    fle_gone_one *one;

    if (gone->n == 0) {
        gone->items = fle_alloc_zeroed(gone->allocator, gone->most * sizeof *gone->items);
        if (!gone->items)
            return false;
        gone->n = gone->most;
    }
    one = place_of(gone, print);
    if (one->end > 0 && one->print == print) {
        one->begin = begin < one->begin ? begin : one->begin;
        one->end = end > one->end ? end : one->end;
    } else {
        *one = (fle_gone_one){ print, begin, end };
    }
    return true;
}

bool fle_gone_has(const fle_gone *gone, const fle_notice *notice)
{
    const uint64_t print = gone->n > 0 ? print_of(&notice->key) : 0;
    const fle_gone_one *one = gone->n > 0 ? place_of(gone, print) : NULL;

    if (!one || one->end == 0 || one->print != print)
        return false;
    return (notice->start < one->end || notice->end == one->end) &&
           (notice->end > one->begin || notice->start == one->begin);
}
