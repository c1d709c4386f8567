/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot from the one before and what is new, rather than from all facts. */
#ifndef FLE_CATALOG_UPDATE_H
#define FLE_CATALOG_UPDATE_H

#include "catalog/kinds.h"
#include "catalog/ledger.h"
#include "catalog/snapshot.h"

/* What came of it. */
typedef enum fle_updated {
    FLE_UPDATED,
    FLE_UPDATE_TOO_WIDE, /* the snapshot is to be made as a whole */
    FLE_UPDATE_NO_MEMORY
} fle_updated;

/* What it is made from. */
typedef struct fle_update {
    fle_ledger *ledger; /* of all facts: those from 'begin' on are new */
    size_t begin;
    const fle_kinds *kinds;
    flowenrich_snapshot *last; /* of the facts before, and nothing learned from records */
} fle_update;

/*
 * The snapshot that all facts make, in '*out', but for what it assumes. If it isn't made,
 * 'last' stays as it is, but no other can be made from it.
 */
fle_updated fle_update_snapshot(const fle_update *update, flowenrich_snapshot **out);

#endif
