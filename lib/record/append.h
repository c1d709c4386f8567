/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of one batch, copied to the end of another. */
#ifndef FLE_RECORD_APPEND_H
#define FLE_RECORD_APPEND_H

#include "record/batch.h"

/*
 * Add 'n' rows from 'row' on to a batch that has room for them: what they were logged
 * with, not who their ends are. Columns come along as far as a row has a value, but no
 * list, or its shape names them. False if memory ran out: then none were added.
 */
bool fle_batch_append_rows(flowenrich_batch *to, const flowenrich_batch *from, size_t row,
                           size_t n);

/*
 * Keep each text once, in a batch without lists that gets no more rows. False if memory ran
 * out: then it is as it was.
 */
bool fle_batch_share_texts(flowenrich_batch *batch, uint64_t hash_seed);

/* About what a batch takes: its columns, and the texts in it. */
uint64_t fle_batch_bytes(const flowenrich_batch *batch);

#endif
