/* SPDX-License-Identifier: Apache-2.0 */
/* The enricher, from the inside. */
#ifndef FLE_ENRICH_ENRICHER_H
#define FLE_ENRICH_ENRICHER_H

#include "enrich/config.h"
#include "enrich/ends.h"
#include "enrich/hold.h"
#include "enrich/stats.h"

typedef struct fle_waiting {
    fle_facts facts;
    size_t row;
} fle_waiting;

struct flowenrich_enricher {
    fle_allocator allocator;
    int64_t slack;
    bool strict;
    fle_arena arena; /* the configuration, names of resolvers */
    fle_config config;
    flowenrich_snapshot *snapshot;
    fle_resolvers resolvers;
    fle_inquiries inquiries; /* of the batch under way */
    fle_waiting *waiting;    /* its rows about whose ends something is open */
    size_t n_waiting, waiting_capacity;
    fle_hold hold;
    fle_stats stats;
    uint32_t read; /* of fle_output, by a bit: the columns that somebody reads */
};

/*
 * Let an enricher work out only what is read, by its path, beside who the ends are, and what tells
 * a row with traffic and explains it: direction.by, and the address and port of the client.
 */
void fle_enricher_choose(flowenrich_enricher *enricher,
                         bool (*is_read)(const void *reader, flowenrich_text path),
                         const void *reader);

#endif
