/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot and what shadows it, made one. */
#ifndef FLE_CATALOG_FOLD_H
#define FLE_CATALOG_FOLD_H

#include "catalog/snapshot.h"

/* The same as a later version of a whole one, without a layer. NULL if memory ran out. */
flowenrich_snapshot *fle_snapshot_fold(const flowenrich_snapshot *snapshot);

#endif
