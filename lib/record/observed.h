/* SPDX-License-Identifier: Apache-2.0 */
/* What the records of a batch's observers said of them: a conversation has several observers. */
#ifndef FLE_RECORD_OBSERVED_H
#define FLE_RECORD_OBSERVED_H

#include "record/batch.h"

/* Of one observer, the newest that its records said; what they didn't say is empty. */
typedef struct fle_observed {
    flowenrich_text id;
    flowenrich_text vpc_id, subnet_id, account_id, instance_id, task_arn, az_id, region;
    flowenrich_text resource_id, interface_type;
} fle_observed;

/*
 * Copy what is known of an observer into the batch, unless the batch has it already.
 * Its number; FLE_ABSENT if memory ran out. Kept until the rows are cleared.
 */
uint32_t fle_batch_add_observed(flowenrich_batch *batch, const fle_observed *observed);

/* NULL if the batch knows nothing of that observer. */
const fle_observed *fle_batch_observed(const flowenrich_batch *batch, flowenrich_text id);

#endif
