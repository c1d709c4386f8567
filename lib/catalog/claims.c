/* SPDX-License-Identifier: Apache-2.0 */
/* Which VPCs an address may lie in: their blocks, and addresses seen outside of them. */
#include "catalog/claims.h"

#include <string.h>

#include "base/hash.h"
#include "catalog/order.h"

static int compare_cidrs(const fle_cidr *a, const fle_cidr *b)
{
    return a->bits != b->bits ? (int)b->bits - (int)a->bits : fle_cidr_compare(a, b);
}

static int compare_claims(const void *left, const void *right, const void *ctx)
{
    const fle_claim *a = left, *b = right;
    const int order = compare_cidrs(&a->cidr, &b->cidr);

    (void)ctx;
    return order ? order : (a->space > b->space) - (a->space < b->space);
}

bool fle_claims_sort(fle_claims *claims, fle_arena *scratch)
{
    return fle_sort(claims->items, claims->n, sizeof *claims->items, compare_claims, NULL, scratch);
}

uint32_t fle_claims_hash(const fle_cidr *cidr, uint64_t seed)
{
    return (uint32_t)fle_hash_mix(fle_hash(&cidr->base, sizeof cidr->base, seed), cidr->bits);
}

/* The first claim from 'begin' on that isn't before a CIDR. */
static size_t lower_bound(const fle_claims *claims, size_t begin, const fle_cidr *cidr)
{
    size_t end = claims->n;

    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;

        if (compare_cidrs(&claims->items[middle].cidr, cidr) < 0)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

bool fle_claims_next(const fle_claims *claims, const fle_address *address, fle_claimed *at)
{
    while (at->next < claims->n) {
        fle_cidr cidr = { *address, claims->items[at->next].cidr.bits };

        fle_address_keep(&cidr.base, cidr.bits);
        at->begin = at->end = lower_bound(claims, at->next, &cidr);
        while (at->end < claims->n && compare_cidrs(&claims->items[at->end].cidr, &cidr) == 0)
            at->end++;
        at->next = claims->n;
        if (cidr.bits > 0) {
            const fle_cidr shorter = { { { 0 } }, (uint8_t)(cidr.bits - 1) };

            at->next = lower_bound(claims, at->end, &shorter);
        }
        if (at->begin < at->end && fle_cidr_holds(&cidr, address))
            return true;
    }
    return false;
}
