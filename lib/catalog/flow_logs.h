/* SPDX-License-Identifier: Apache-2.0 */
/* Flow logs: how their lines are written, and whose traffic they record. */
#ifndef FLE_CATALOG_FLOW_LOGS_H
#define FLE_CATALOG_FLOW_LOGS_H

#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"

/* As it lies in an image: its texts by their places. */
typedef struct fle_flow_log {
    flowenrich_time last; /* when a document listed it */
    uint32_t id;
    uint32_t group;      /* of CloudWatch Logs; empty if it writes elsewhere */
    uint32_t format;     /* as AWS spells it; empty if no document tells */
    uint32_t interface;  /* whose traffic it records; empty if it is all of the subnet's */
    uint32_t subnet;     /* the same of the VPC's */
    uint32_t vpc;        /* empty if it isn't known */
    uint32_t window;     /* seconds that a record covers at most; 0 if it isn't known */
    uint32_t is_partial; /* it records only what was accepted, or refused */
} fle_flow_log;

/* By id. */
typedef struct fle_flow_logs {
    const fle_flow_log *items;
    size_t n;
    size_t n_partial;
    uint32_t window; /* the longest */
} fle_flow_logs;

/* Count what follows from the items. */
void fle_flow_logs_count(fle_flow_logs *logs);

#endif
