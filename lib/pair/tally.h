/* SPDX-License-Identifier: Apache-2.0 */
/* What all meters of a conversation came to, each and the largest. */
#ifndef FLE_PAIR_TALLY_H
#define FLE_PAIR_TALLY_H

#include "pair/meters.h"

/* What somebody counted of a direction. */
typedef struct fle_total {
    uint64_t bytes, packets;
    bool is_known; /* somebody did */
} fle_total;

/* One meter, told and not, with what it rejected: all, and what was in rows. */
typedef struct fle_sum {
    const fle_meter *meter; /* the first of those that are told as one */
    fle_total all[FLE_N_POLES], told[FLE_N_POLES];
    uint32_t newest; /* the last step that was counted, and 1 */
} fle_sum;

typedef struct fle_tally {
    fle_sum items[FLE_METERS_MOST];
    size_t n;
    fle_total all[FLE_N_POLES], told[FLE_N_POLES]; /* the largest of any */
} fle_tally;

void fle_tally_read(fle_tally *tally, const fle_slab *slab, const fle_meters *meters);

#endif
