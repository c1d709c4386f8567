/* SPDX-License-Identifier: Apache-2.0 */
/* The enricher, from the inside. */
#ifndef FLE_ENRICH_ENRICHER_H
#define FLE_ENRICH_ENRICHER_H

#include "enrich/config.h"
#include "enrich/ends.h"
#include "enrich/hold.h"
#include "enrich/stats.h"

struct flowenrich_enricher {
    fle_allocator allocator;
    int64_t slack;
    bool strict;
    fle_arena arena; /* the configuration, names of resolvers */
    fle_config config;
    flowenrich_snapshot *snapshot;
    fle_resolvers resolvers;
    fle_inquiries inquiries; /* of the batch under way */
    fle_facts *facts;        /* of its rows */
    size_t facts_capacity;
    fle_hold hold;
    fle_stats stats;
};

#endif
