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
    uint32_t group;     /* of CloudWatch Logs; empty if it writes elsewhere */
    uint32_t format;    /* as AWS spells it; empty if no document tells */
    uint32_t interface; /* whose traffic it records; empty if it is all of the subnet's */
    uint32_t subnet;    /* the same of the VPC's */
    uint32_t vpc;       /* empty if it isn't known */
} fle_flow_log;

/* By id. */
typedef struct fle_flow_logs {
    const fle_flow_log *items;
    size_t n;
} fle_flow_logs;

#endif
