/* SPDX-License-Identifier: Apache-2.0 */
/* Amazon's published ranges: which of the nested ones answers for an address. */
#ifndef FLE_CATALOG_RANGES_H
#define FLE_CATALOG_RANGES_H

#include "base/address.h"
#include "record/identity.h"

typedef struct fle_range {
    fle_cidr cidr;
    flowenrich_text service; /* as published: "S3", "AMAZON" */
    const fle_identity *identity;
} fle_range;

/* From 'base' up to the next one the identity answers; NULL: none does. */
typedef struct fle_boundary {
    fle_address base;
    const fle_identity *identity;
} fle_boundary;

typedef struct fle_ranges {
    const fle_boundary *items;
    size_t n;
} fle_ranges;

/* Flatten. 'ranges' are put in order; what is made lives in 'arena'. False if memory ran out. */
bool fle_ranges_build(fle_ranges *out, fle_range *ranges, size_t n, fle_arena *arena,
                      fle_arena *scratch);

const fle_identity *fle_ranges_find(const fle_ranges *ranges, const fle_address *address);

#endif
