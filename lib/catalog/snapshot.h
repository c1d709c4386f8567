/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot from the inside: what publish makes and look-ups read. */
#ifndef FLE_CATALOG_SNAPSHOT_H
#define FLE_CATALOG_SNAPSHOT_H

#include <stdatomic.h>

#include "catalog/claims.h"
#include "catalog/flow_logs.h"
#include "catalog/holders.h"
#include "catalog/periods.h"
#include "catalog/ports.h"
#include "catalog/ranges.h"
#include "catalog/spaces.h"
#include "record/directory.h"

struct flowenrich_snapshot {
    fle_allocator allocator;
    atomic_size_t references;
    int64_t assume;
    bool assumes_all; /* else not of those that log: they would have shown */
    fle_arena arena;  /* of all that follows, but for the maps */
    fle_identity *interfaces;
    fle_periods *periods; /* of each interface */
    size_t n_interfaces;
    fle_map *by_interface; /* id to index */
    fle_spaces spaces;
    fle_claims claims;
    fle_holders holders;
    fle_ranges ranges;
    fle_flow_logs flow_logs;
    fle_ports ports;
    fle_mirrors *mirrors; /* a reference; NULL if nothing was learned */
};

/* What names the holder of an address in a space: the address, a prefix over it, a public one. */
fle_by fle_named_by(uint32_t space, const fle_address *address, bool prefix);

/*
 * As fle_snapshot_owner(), but a private address that is asked for without a space is
 * looked for in the only one that may have it.
 */
void fle_snapshot_only_owner(const flowenrich_snapshot *snapshot, const fle_question *question,
                             fle_finding *out);

#endif
