/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the rows of a batch for the pairer. */
#ifndef FLE_PAIR_NOTING_H
#define FLE_PAIR_NOTING_H

#include "pair/deliveries.h"
#include "pair/notice.h"
#include "pair/observers.h"
#include "pair/ways.h"
#include "record/batch.h"
#include "record/tuple.h"

/* What a row turns out to be. */
typedef enum fle_noting_kind {
    FLE_READ_TRAFFIC,
    FLE_READ_LIFE,       /* no traffic: a sign of life, or of records that are missing */
    FLE_READ_NO_ADDRESS, /* an end without an address: nothing to pair by */
    FLE_READ_NO_TIME,    /* before 1970 or after 2106 */
    FLE_READ_NOMEM
} fle_noting_kind;

#define FLE_NOTING_AHEAD 64 /* rows whose observers are looked for at once */

/* The columns of a batch; NULL where it has none. */
typedef struct fle_noting {
    const flowenrich_batch *batch;
    uint64_t hash_seed;
    const fle_column *wire[FLE_N_SIDES], *hop[FLE_N_SIDES], *port[FLE_N_SIDES];
    const fle_column *protocol, *flags, *action, *direction, *bytes, *packets, *start, *end;
    const fle_column *interface, *resource, *zone, *gateway, *attachment, *stream, *flow_log;
    const fle_column *gateway_vpc[FLE_N_SIDES];
    const fle_column *traffic_path, *way[FLE_WAY_N_FIELDS];
    bool has_way; /* any of these */
    const fle_column *bucket, *object;
    const char *last_object;       /* the text that all rows of one share */
    flowenrich_text last_flow_log; /* and its number: a file has one */
    uint16_t last_flow_log_number;
    size_t ahead, n_ahead; /* the rows that were looked at, their interfaces' hashes, */
    uint32_t hashes[FLE_NOTING_AHEAD];
    uint32_t likely[FLE_NOTING_AHEAD]; /* and whose they most likely are */
} fle_noting;

void fle_noting_open(fle_noting *noting, const flowenrich_batch *batch, uint64_t hash_seed);

/* Read a row. Of a life sign only observer, start and end are set. */
fle_noting_kind fle_noting_row(fle_noting *noting, fle_observers *observers, fle_objects *objects,
                               size_t row, fle_notice *out);

/* What the row says of its observer, and of the way its packets take. */
void fle_noting_observed(const fle_noting *noting, size_t row, fle_observed *out);
void fle_noting_way(const fle_noting *noting, size_t row, fle_way *out);

#endif
