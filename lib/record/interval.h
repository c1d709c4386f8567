/* SPDX-License-Identifier: Apache-2.0 */
/* From when until when rows are wanted: the `since:` and `until:` of a configuration. */
#ifndef FLE_RECORD_INTERVAL_H
#define FLE_RECORD_INTERVAL_H

#include "base/yaml.h"
#include "record/batch.h"

/* FLOWENRICH_TIME_ABSENT is no bound. */
typedef struct fle_interval {
    flowenrich_time since, until;
} fle_interval;

/* Read both keys of a configuration. ERR_SYNTAX with the place of what is no time. */
flowenrich_status fle_interval_read(fle_interval *out, const fle_yaml *configuration,
                                    flowenrich_error *error);

bool fle_interval_is_bounded(const fle_interval *interval);

/*
 * Drop the rows that ended before the interval, or started behind it. What has no
 * times stays. 'keep' has room for a bit of each row.
 */
void fle_interval_apply(const fle_interval *interval, flowenrich_batch *batch, uint8_t *keep);

#endif
