/* SPDX-License-Identifier: Apache-2.0 */
/* What groups add up: of records, of conversations, of what these are charged. */
#ifndef FLE_AGGREGATE_SUMS_H
#define FLE_AGGREGATE_SUMS_H

#include "record/batch.h"

typedef enum fle_sum {
    FLE_SUM_RECORDS,
    FLE_SUM_PACKETS,
    FLE_SUM_BYTES,
    FLE_SUM_UPLOADED, /* this and what follows: of conversations only */
    FLE_SUM_DOWNLOADED,
    FLE_SUM_AMOUNT,
    FLE_SUM_UNCOSTED,
    FLE_N_SUMS
} fle_sum;

/* Their paths in a batch of groups. */
extern const char *const fle_sum_paths[FLE_N_SUMS];

/* Also what of the amount is less than a nano-unit, so that it is cut off once, at the end. */
typedef struct fle_sums {
    uint64_t values[FLE_N_SUMS];
    uint64_t fraction;
} fle_sums;

/* The columns that are added up. NULL: the batch hasn't got it. */
typedef struct fle_sum_columns {
    bool is_conversations;
    const fle_column *records, *packets, *bytes;
    const fle_column *uploaded, *downloaded, *uploaded_packets, *downloaded_packets;
    const fle_column *reversal, *uncosted;
    const fle_column *charged, *price, *unit; /* parallel lists: a line each */
} fle_sum_columns;

void fle_sums_open(fle_sum_columns *columns, const flowenrich_batch *batch);

/* How many lines of charges a row has. */
size_t fle_sums_lines(const fle_sum_columns *columns, size_t row);

/* What a row adds; and what one line of its charges does: bytes and amount. */
void fle_sums_of_row(const fle_sum_columns *columns, size_t row, fle_sums *out);
void fle_sums_of_line(const fle_sum_columns *columns, size_t row, size_t line, fle_sums *out);

/* Does the row take back what rows before it added? */
bool fle_sums_is_reversal(const fle_sum_columns *columns, size_t row);

/* False if a sum would be beyond its most, or below 0, and is that now. */
bool fle_sums_add(fle_sums *to, const fle_sums *more);
bool fle_sums_take(fle_sums *from, const fle_sums *less);

#endif
