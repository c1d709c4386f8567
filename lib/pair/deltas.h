/* SPDX-License-Identifier: Apache-2.0 */
/* The rows that conversations become, and their columns. */
#ifndef FLE_PAIR_DELTAS_H
#define FLE_PAIR_DELTAS_H

#include "pair/course.h"
#include "pair/verdict.h"
#include "pair/ways.h"

typedef enum fle_delta {
    FLE_DELTA_ID,
    FLE_DELTA_SEQUENCE,
    FLE_DELTA_FINAL,
    FLE_DELTA_LATE,
    FLE_DELTA_REVERSAL,
    FLE_DELTA_START,
    FLE_DELTA_END,
    FLE_DELTA_PROTOCOL,
    FLE_DELTA_CLIENT_ADDR,
    FLE_DELTA_CLIENT_PORT,
    FLE_DELTA_CLIENT_RFC1918,
    FLE_DELTA_CLIENT_PUBLIC,
    FLE_DELTA_SERVER_ADDR,
    FLE_DELTA_SERVER_PORT,
    FLE_DELTA_SERVER_RFC1918,
    FLE_DELTA_SERVER_PUBLIC,
    FLE_DELTA_RULE,
    FLE_DELTA_CONFIDENCE,
    FLE_DELTA_UPLOADED,
    FLE_DELTA_DOWNLOADED,
    FLE_DELTA_UPLOADED_PACKETS,
    FLE_DELTA_DOWNLOADED_PACKETS,
    FLE_DELTA_RECORDS,
    FLE_DELTA_VERDICT,
    FLE_DELTA_REFUSED_BY,
    FLE_DELTA_NAT,
    FLE_DELTA_OUTSIDE_ADDR,
    FLE_DELTA_OUTSIDE_PORT,
    FLE_DELTA_MARKS,
    FLE_DELTA_OBSERVER,
    FLE_DELTA_CLIENT_OBSERVER,
    FLE_DELTA_CLIENT_CONTESTED,
    FLE_DELTA_SERVER_OBSERVER,
    FLE_DELTA_SERVER_CONTESTED,
    FLE_DELTA_OBSERVERS,
    FLE_DELTA_HOP_OBSERVERS,
    FLE_DELTA_HOP_DIRECTIONS,
    FLE_DELTA_METER_OBSERVERS,
    FLE_DELTA_METER_DIRECTIONS,
    FLE_DELTA_METER_FLOW_LOGS,
    FLE_DELTA_METER_BYTES,
    FLE_DELTA_METER_PACKETS,
    FLE_DELTA_TGW,
    FLE_DELTA_TRAFFIC_PATH,
    FLE_DELTA_NEXT_HOP, /* the first of as many as there are fle_way_field */
    FLE_N_DELTAS = FLE_DELTA_NEXT_HOP + FLE_WAY_N_FIELDS
} fle_delta;

/* Of an observer, or of a flow log: a copy that lives as long as the batch's rows. */
typedef struct fle_kept_text {
    uint32_t number; /* 0 is that of nobody, who has none */
    flowenrich_text text;
} fle_kept_text;

#define FLE_KEPT_TEXTS 256 /* each at the place of its number */

/* What rows are made of, besides a conversation. */
typedef struct fle_deltas {
    flowenrich_batch *batch;
    const fle_table *table;
    const fle_observers *observers;
    const fle_ways *ways;
    const fle_homes *homes;
    uint32_t mismatch_percent;
    fle_column *columns[FLE_N_DELTAS];
    fle_kept_text names[FLE_KEPT_TEXTS], flow_logs[FLE_KEPT_TEXTS];
} fle_deltas;

/* Add the columns to a batch that was cleared, and look them up. False if memory ran out. */
bool fle_deltas_open(fle_deltas *deltas);

/* What a row says besides. */
typedef struct fle_telling {
    uint64_t id;
    fle_verdict verdict;
    bool final, late, reversal;
    bool whole; /* all, not only what isn't in rows yet: after a reversal */
} fle_telling;

/* Append a row. False if memory ran out. */
bool fle_deltas_write(fle_deltas *deltas, const fle_conversation *c, const fle_telling *telling);

#endif
