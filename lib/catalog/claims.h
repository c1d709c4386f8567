/* SPDX-License-Identifier: Apache-2.0 */
/* Which VPCs an address may lie in: their blocks, and addresses seen outside of them. */
#ifndef FLE_CATALOG_CLAIMS_H
#define FLE_CATALOG_CLAIMS_H

#include "base/address.h"
#include "base/alloc.h"

/* As it lies in an image. */
typedef struct fle_claim {
    fle_cidr cidr;
    uint8_t reserved[3];
    uint32_t space;
} fle_claim;

/* The most specific first, of one length by base, of one CIDR by space. */
typedef struct fle_claims {
    fle_claim *items;
    size_t n;
} fle_claims;

/* Put claims in order. False if memory ran out. */
bool fle_claims_sort(fle_claims *claims, fle_arena *scratch);

/* A hash of what is claimed. */
uint32_t fle_claims_hash(const fle_cidr *cidr, uint64_t seed);

/*
 * Go through the claims to an address, of which a space may have several: those of
 * one CIDR at a time. Start from zeros; false when there are no more.
 */
typedef struct fle_claimed {
    size_t begin, end, next;
} fle_claimed;
bool fle_claims_next(const fle_claims *claims, const fle_address *address, fle_claimed *at);

#endif
