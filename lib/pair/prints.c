/* SPDX-License-Identifier: Apache-2.0 */
/* What was counted on both sides of NAT gateways: by how many, and by whom if it is only one. */
#include "pair/prints.h"

#include <string.h>

#define FIRST_SLOTS 256 /* a power of two, as all their numbers */

void fle_prints_free(fle_prints *prints)
{
    fle_free(prints->allocator, prints->slots);
}

void fle_prints_clear(fle_prints *prints)
{
    if (prints->slots)
        memset(prints->slots, 0, fle_prints_bytes(prints));
    prints->n = 0;
}

static bool is_empty(const fle_print *print)
{
    return print->n[FLE_INSIDE] == 0 && print->n[FLE_OUTSIDE] == 0;
}

static size_t after(const fle_prints *prints, size_t at)
{
    return (at + 1) & (prints->n_slots - 1);
}

/* Where a print is, or would be. */
static size_t place_of(const fle_prints *prints, uint64_t of)
{
    size_t at = (size_t)of & (prints->n_slots - 1);

    while (!is_empty(&prints->slots[at]) && prints->slots[at].of != of)
        at = after(prints, at);
    return at;
}

static bool grow(fle_prints *prints)
{
    fle_prints larger = *prints;

    larger.n_slots = prints->n_slots ? 2 * prints->n_slots : FIRST_SLOTS;
    larger.slots = fle_alloc_zeroed(prints->allocator, fle_prints_bytes(&larger));
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < prints->n_slots; i++)
        if (!is_empty(&prints->slots[i]))
            larger.slots[place_of(&larger, prints->slots[i].of)] = prints->slots[i];
    fle_free(prints->allocator, prints->slots);
    *prints = larger;
    return true;
}

bool fle_prints_add(fle_prints *prints, uint64_t of, fle_bank bank, uint32_t number)
{
    fle_print *print;

    if (prints->n >= prints->n_slots / 4 * 3 && !grow(prints))
        return false;
    print = &prints->slots[place_of(prints, of)];
    if (is_empty(print)) {
        *print = (fle_print){ .of = of };
        prints->n++;
    }
    print->n[bank]++;
    print->sum[bank] += number;
    return true;
}

/* What comes behind a gap moves up, unless it would stand before its own place. */
static void close_gap(fle_prints *prints, size_t gap)
{
    const size_t mask = prints->n_slots - 1;

    for (size_t at = after(prints, gap); !is_empty(&prints->slots[at]); at = after(prints, at)) {
        const size_t home = (size_t)prints->slots[at].of & mask;

        if (((at - home) & mask) >= ((at - gap) & mask)) {
            prints->slots[gap] = prints->slots[at];
            gap = at;
        }
    }
    prints->slots[gap] = (fle_print){ 0 };
}

void fle_prints_drop(fle_prints *prints, uint64_t of, fle_bank bank, uint32_t number)
{
    const size_t at = place_of(prints, of);
    fle_print *print = &prints->slots[at];

    print->n[bank]--;
    print->sum[bank] -= number;
    if (!is_empty(print))
        return;
    prints->n--;
    close_gap(prints, at);
}

const fle_print *fle_prints_find(const fle_prints *prints, uint64_t of)
{
    const fle_print *print;

    if (prints->n == 0)
        return NULL;
    print = &prints->slots[place_of(prints, of)];
    return is_empty(print) ? NULL : print;
}
