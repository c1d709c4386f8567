/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms as rows: what is wrong, and the group that it is about. */
#ifndef FLE_WATCH_ALARM_H
#define FLE_WATCH_ALARM_H

#include "record/batch.h"

typedef enum fle_alarm_kind { FLE_ALARM_SPIKE, FLE_ALARM_UNEXPECTED } fle_alarm_kind;

typedef struct fle_alarm {
    fle_alarm_kind kind;
    flowenrich_text rule, measure; /* of a spike, as what follows */
    uint64_t value, usual, limit;
} fle_alarm;

/* Let 'alarms' be without rows, and with columns for alarms about 'groups'. */
bool fle_alarm_begin(flowenrich_batch *alarms, const flowenrich_batch *groups);

/* Add a row, with all that the group has. False if memory ran out. */
bool fle_alarm_add(flowenrich_batch *alarms, const fle_alarm *alarm, const flowenrich_batch *groups,
                   size_t row);

#endif
