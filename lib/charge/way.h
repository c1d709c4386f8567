/* SPDX-License-Identifier: Apache-2.0 */
/* The way of a conversation, as its row tells it. */
#ifndef FLE_CHARGE_WAY_H
#define FLE_CHARGE_WAY_H

#include "charge/legs.h"
#include "record/batch.h"

/* The columns that tell a way. NULL: the batch hasn't got it. */
typedef struct fle_way_columns {
    const fle_column *uploaded, *downloaded, *start, *path, *nat, *verdict, *tgw;
    const fle_column *address[FLE_SERVER + 1];
    const fle_column *hop_type, *hop_zone, *hop_vpc, *hop_account;
} fle_way_columns;

/* Until the batch gets other columns. */
void fle_way_open(fle_way_columns *columns, const flowenrich_batch *batch);

/*
 * Read a row's way. False if nothing is charged for its bytes: they were refused,
 * or are a NAT gateway's outer half, which another conversation has as a hop. What
 * was answered wasn't refused as a whole: in formats without flags a packet behind
 * the close looks like it.
 */
bool fle_way_read(fle_way *out, const fle_way_columns *columns, const flowenrich_batch *batch,
                  size_t row);

#endif
