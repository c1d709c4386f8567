/* SPDX-License-Identifier: Apache-2.0 */
/* Flow logs: how their lines are written, and whose traffic they record. */
#ifndef FLE_CATALOG_FLOW_LOGS_H
#define FLE_CATALOG_FLOW_LOGS_H

#include "base/text.h"

typedef struct fle_flow_log {
    flowenrich_text id;
    flowenrich_text group;     /* of CloudWatch Logs; empty if it writes elsewhere */
    flowenrich_text format;    /* as AWS spells it; empty if no document tells */
    flowenrich_text interface; /* whose traffic it records; empty if it is all of the subnet's */
    flowenrich_text subnet;    /* the same of the VPC's */
    flowenrich_text vpc;       /* empty if it isn't known */
    flowenrich_time last;      /* when a document listed it */
} fle_flow_log;

/* By id. */
typedef struct fle_flow_logs {
    fle_flow_log *items;
    size_t n;
} fle_flow_logs;

#endif
