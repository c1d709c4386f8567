/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that look-ups will need, asked for in time. */
#ifndef FLE_CATALOG_AHEAD_H
#define FLE_CATALOG_AHEAD_H

#include "catalog/snapshot.h"

#define FLE_AHEAD 16 /* look-ups at a time */

/*
 * Ask for what lies on the way from each of at most FLE_AHEAD questions to its answer. A look-up
 * goes through seven places in memory, each of which tells the next; so all questions go one
 * step before any goes the next one, and what each needs comes while the others go.
 */
void fle_snapshot_look_ahead(const flowenrich_snapshot *snapshot, const fle_question *questions,
                             size_t n);

#endif
