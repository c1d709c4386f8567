/* SPDX-License-Identifier: Apache-2.0 */
/* Amazon's published ranges: which of the nested ones answers for an address. */
#include "catalog/ranges.h"

#include <string.h>

#include "catalog/order.h"

#define DEEPEST 129 /* prefixes nest, and there are so many lengths */

/*
 * How much a service says. AMAZON is the sum of all others, and EC2 lists blocks
 * that S3 and others are carved from under the very same prefix.
 */
static int rank(const fle_range *range)
{
    if (fle_text_is(range->service, "AMAZON"))
        return 0;
    return fle_text_is(range->service, "EC2") ? 1 : 2;
}

/* The outer before the inner; of equal ones the one that says most comes first. */
static int compare_ranges(const void *left, const void *right, const void *ctx)
{
    const fle_range *a = left, *b = right;
    int order = fle_cidr_compare(&a->cidr, &b->cidr);

    (void)ctx;
    if (order == 0)
        order = rank(b) - rank(a);
    if (order == 0)
        order = fle_text_compare(a->service, b->service);
    return order != 0 ? order : fle_text_compare(a->region, b->region);
}

/* The first address behind a CIDR; false if there is none. */
static bool behind(const fle_cidr *cidr, fle_address *out)
{
    size_t byte = 16;

    *out = cidr->base;
    for (size_t bit = cidr->bits; bit < 128; bit++)
        out->bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    while (byte > 0 && ++out->bytes[byte - 1] == 0)
        byte--;
    return byte > 0;
}

typedef struct sweep {
    fle_boundary *items;
    size_t n;
    const fle_range *open[DEEPEST]; /* which hold the address that has been reached */
    const fle_range *answer[DEEPEST];
    size_t depth;
} sweep;

/* From 'base' on the innermost open range answers. */
static void mark(sweep *s, const fle_address *base)
{
    const uint32_t entry = s->depth > 0 ? s->answer[s->depth - 1]->entry : FLE_NOBODY;

    if (s->n > 0 && fle_address_compare(&s->items[s->n - 1].base, base) == 0)
        s->n--;
    s->items[s->n].base = *base;
    s->items[s->n].entry = entry;
    s->n++;
}

/* Close what ends at 'base' or before, or all. */
static void close_ranges(sweep *s, const fle_address *base)
{
    while (s->depth > 0) {
        fle_address end;
        const bool more = behind(&s->open[s->depth - 1]->cidr, &end);

        if (base && (!more || fle_address_compare(base, &end) < 0))
            return;
        s->depth--;
        if (more)
            mark(s, &end);
    }
}

/* AMAZON inside of a named service tells less than that one. */
static void open_range(sweep *s, const fle_range *range)
{
    const bool hidden = s->depth > 0 && rank(range) == 0 && rank(s->answer[s->depth - 1]) > 0;

    s->open[s->depth] = range;
    s->answer[s->depth] = hidden ? s->answer[s->depth - 1] : range;
    s->depth++;
    mark(s, &range->cidr.base);
}

bool fle_ranges_build(fle_ranges *out, fle_range *ranges, size_t n, fle_arena *arena,
                      fle_arena *scratch)
{
    /* Each range begins and ends once. */
    sweep s = { fle_array(scratch, n, 2 * sizeof *s.items), 0, { NULL }, { NULL }, 0 };
    fle_boundary *items;

    if (!s.items || !fle_sort(ranges, n, sizeof *ranges, compare_ranges, NULL, scratch))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && fle_cidr_compare(&ranges[i - 1].cidr, &ranges[i].cidr) == 0)
            continue;
        close_ranges(&s, &ranges[i].cidr.base);
        open_range(&s, &ranges[i]);
    }
    close_ranges(&s, NULL);
    items = fle_array(arena, s.n, sizeof *items);
    if (!items)
        return false;
    memcpy(items, s.items, s.n * sizeof *items);
    out->items = items;
    out->n = s.n;
    return true;
}

uint32_t fle_ranges_find(const fle_ranges *ranges, const fle_address *address)
{
    size_t begin = 0, end = ranges->n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (fle_address_compare(&ranges->items[middle].base, address) <= 0)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin > 0 ? ranges->items[begin - 1].entry : FLE_NOBODY;
}
