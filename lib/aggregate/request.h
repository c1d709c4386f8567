/* SPDX-License-Identifier: Apache-2.0 */
/* What an aggregator is asked for: the options, read once. */
#ifndef FLE_AGGREGATE_REQUEST_H
#define FLE_AGGREGATE_REQUEST_H

#include "aggregate/sums.h"
#include "record/filter.h"

#define FLE_NO_NETWORK 255

/* A path to group by. */
typedef struct fle_by_path {
    flowenrich_text name; /* as it was asked for, and its column's: "client.addr/24" */
    flowenrich_text path; /* "client.addr" */
    uint8_t network;      /* 24; FLE_NO_NETWORK: the value itself */
    bool is_of_lines;     /* of charges: each line of a row is counted by itself */
} fle_by_path;

typedef enum fle_measure_kind {
    FLE_MEASURE_SUM,
    FLE_MEASURE_FIRST,
    FLE_MEASURE_LAST,
    FLE_MEASURE_DISTINCT,
    FLE_MEASURE_QUANTILE,
    FLE_MEASURE_TOP
} fle_measure_kind;

typedef struct fle_measure {
    fle_measure_kind kind;
    fle_sum sum;
    flowenrich_text path;    /* in the brackets */
    flowenrich_text column;  /* "p99.bytes" of "p99(bytes)" */
    flowenrich_text weights; /* of top(): the column of what its values weigh */
    uint32_t number;         /* p99.9: 999; top10: 10 */
    size_t sketch;           /* the number of what it is read off */
} fle_measure;

typedef struct fle_request {
    flowenrich_aggregator_options opt; /* what it points to is in 'arena' */
    fle_arena arena;
    fle_by_path *by;
    fle_measure *measures;  /* none: the core ones of what is added */
    fle_filter where;       /* which rows count */
    bool is_of_lines;       /* a path of 'by' is */
    uint32_t window, slide; /* 0: all of time is one window; else slide <= window */
} fle_request;

/* ERR_ARG with the remedy, ERR_SYNTAX or ERR_NOMEM: 'request' may be freed in any case. */
flowenrich_status fle_request_init(fle_request *request, const flowenrich_aggregator_options *opt,
                                   const fle_allocator *allocator, flowenrich_error *error);
void fle_request_free(fle_request *request);

/* The measures that are told of rows of a level if none are asked for. Returns how many. */
#define FLE_MOST_CORE 16
size_t fle_request_core(fle_sum_level level, fle_measure core[FLE_MOST_CORE]);

/* Does it look at this path of rows? */
bool fle_request_reads(const fle_request *request, flowenrich_text path);

/* What two requests must have in common for their answers to add up, as bytes. */
void fle_request_sign(const fle_request *request, fle_buffer *out);

#endif
