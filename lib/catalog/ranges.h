/* SPDX-License-Identifier: Apache-2.0 */
/* Amazon's published ranges: which of the nested ones answers for an address. */
#ifndef FLE_CATALOG_RANGES_H
#define FLE_CATALOG_RANGES_H

#include "base/address.h"
#include "catalog/entries.h"

typedef struct fle_range {
    fle_cidr cidr;
    flowenrich_text service, region; /* as published: "S3", "AMAZON" */
    uint32_t entry;
} fle_range;

/* From 'base' up to the next one the entry answers, or FLE_NOBODY. As it lies in an image. */
typedef struct fle_boundary {
    fle_address base;
    uint32_t entry;
} fle_boundary;

typedef struct fle_ranges {
    const fle_boundary *items;
    size_t n;
} fle_ranges;

/* Flatten. 'ranges' are put in order; what is made lives in 'arena'. False if memory ran out. */
bool fle_ranges_build(fle_ranges *out, fle_range *ranges, size_t n, fle_arena *arena,
                      fle_arena *scratch);

/* The entry that answers for an address, or FLE_NOBODY. */
uint32_t fle_ranges_find(const fle_ranges *ranges, const fle_address *address);

#endif
