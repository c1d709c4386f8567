/* SPDX-License-Identifier: Apache-2.0 */
/* A wheel: which conversations are to be looked at when. */
#ifndef FLE_PAIR_WHEEL_H
#define FLE_PAIR_WHEEL_H

#include "pair/talks.h"

#define FLE_WHEEL_SPOKES 4096 /* seconds once round */

/*
 * A conversation hangs on the spoke of a moment at which it may be due; if it turns
 * out then that it is due later, it is hung up anew. So records needn't touch the wheel.
 */
typedef struct fle_wheel {
    uint32_t spokes[FLE_WHEEL_SPOKES]; /* the first of each chain */
    size_t n;
    int64_t hand; /* no conversation hangs before this moment */
} fle_wheel;

void fle_wheel_hang(fle_wheel *wheel, const fle_table *table, uint32_t number, int64_t due);

/* The conversations of a moment's spoke, which is empty then: one is taken after the other. */
uint32_t fle_wheel_chain(fle_wheel *wheel, int64_t due);
uint32_t fle_wheel_take(fle_wheel *wheel, const fle_table *table, uint32_t *chain);

#endif
