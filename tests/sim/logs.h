/* SPDX-License-Identifier: Apache-2.0 */
/* The files of flow logs, and beside them what is true of each line. */
#ifndef SIM_LOGS_H
#define SIM_LOGS_H

#include "format.h"
#include "meter.h"

enum { INTERVAL = 300 }; /* seconds that one file of a flow log covers */

typedef struct records {
    record *items;
    size_t len, capacity;
} records;

typedef struct logs {
    const fleet *fleet;
    records *pending; /* of each interval and flow log */
    size_t n_intervals, n_logs;
    format *formats;       /* of each flow log */
    uint64_t *seen[LOGS];  /* of each interface: its windows of the interval that have traffic */
    uint64_t *lossy[LOGS]; /* …and those that lost some */
    text *truth, *files;
    uint32_t n_files;
    uint64_t kept, written;
} logs;

void logs_begin(logs *out, const fleet *in);
/* Keep the records that a flow's meters make until their file is written. */
void logs_keep(logs *to, const meters *of, const record *common);
/* Write the files of an interval, to which nothing more can come. */
void logs_write(logs *from, size_t interval);
void logs_end(logs *what);

#endif
