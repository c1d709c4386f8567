/* SPDX-License-Identifier: Apache-2.0 */
/* What rows add to groups: records, conversations, lines of what these are charged. */
#ifndef FLE_AGGREGATE_SUMS_H
#define FLE_AGGREGATE_SUMS_H

#include "record/batch.h"

/* In the order of their columns. */
typedef enum fle_sum {
    FLE_SUM_CONVERSATIONS,
    FLE_SUM_RECORDS,
    FLE_SUM_UPLOADED,
    FLE_SUM_DOWNLOADED,
    FLE_SUM_UPLOADED_PACKETS,
    FLE_SUM_DOWNLOADED_PACKETS,
    FLE_SUM_PACKETS,
    FLE_SUM_BYTES,
    FLE_SUM_REJECTS,
    FLE_SUM_AMOUNT,
    FLE_SUM_UNCOSTED,
    FLE_N_SUMS
} fle_sum;

/* Their paths in a batch of groups. */
extern const char *const fle_sum_paths[FLE_N_SUMS];

/* Parts of a nano-unit: a multiple of both units of rates, 10^9 and 2^30 bytes. */
#define FLE_PARTS UINT64_C(2097152000000000)

/* What one row adds, or takes out. */
typedef struct fle_sums {
    uint64_t values[FLE_N_SUMS];
    uint64_t fraction; /* of the amount, in parts: it is cut off once, at the end */
    flowenrich_time first, last;
    bool is_reversal;
} fle_sums;

/* What the rows that are added up are. */
typedef enum fle_sum_level {
    FLE_SUMS_UNKNOWN,
    FLE_SUMS_OF_RECORDS,
    FLE_SUMS_OF_CONVERSATIONS,
    FLE_SUMS_OF_LINES
} fle_sum_level;

/* The columns that are added up. NULL: the batch hasn't got it. */
typedef struct fle_sum_columns {
    const flowenrich_batch *batch;
    bool is_conversations;
    const fle_column *records, *packets, *bytes;
    const fle_column *uploaded, *downloaded, *uploaded_packets, *downloaded_packets;
    const fle_column *conversations, *rejects, *sequence; /* the first two: of groups */
    const fle_column *reversal, *amount, *uncosted;
    const fle_column *charged, *price, *unit; /* parallel lists: a line each */
    const fle_column *action, *verdict;
    const fle_column *start, *end;
} fle_sum_columns;

void fle_sums_open(fle_sum_columns *columns, const flowenrich_batch *batch);

/*
 * A part of a row's time, in seconds from its start. Counts belong to the part that begins with
 * the row. 'whole' 0: the row isn't divided.
 */
typedef struct fle_stretch {
    uint32_t from, until, whole;
} fle_stretch;

/*
 * What each of 'n' whole records adds, as far as the sums whose numbers are in 'wanted', a column
 * at a time: it takes a third of the time of fle_sums_of_row().
 */
void fle_sums_of_records(const fle_sum_columns *columns, const uint32_t *rows, size_t n,
                         const uint8_t *wanted, size_t n_wanted, fle_sums *out);

/* How many lines of charges a row has. */
size_t fle_sums_lines(const fle_sum_columns *columns, size_t row);

/* What a row adds; and what one line of its charges does: bytes and amount. */
void fle_sums_of_row(const fle_sum_columns *columns, size_t row, fle_stretch part, fle_sums *out);
void fle_sums_of_line(const fle_sum_columns *columns, size_t row, size_t line, fle_stretch part,
                      fle_sums *out);

#endif
