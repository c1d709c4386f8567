/* SPDX-License-Identifier: Apache-2.0 */
/* What an enricher counts. */
#ifndef FLE_ENRICH_STATS_H
#define FLE_ENRICH_STATS_H

#include "enrich/ends.h"

/* An end counts once: as named, as unnamed, or as the internet. */
typedef struct fle_stats {
    uint64_t records, ends, internet;
    uint64_t named[FLE_BY_COUNT]; /* without those that resolvers named */
    uint64_t sure[FLOWENRICH_SURE_EXACT + 1];
    uint64_t unnamed[FLE_REASON_COUNT];
    uint64_t waited, held, hurried, ahead; /* rows, as in fle_hold */
} fle_stats;

/* Count an end that has this answer. */
void fle_stats_end(fle_stats *stats, fle_resolvers *resolvers, const flowenrich_answer *answer);

/* All of them with their names; as flowenrich_enricher_stats(). */
size_t fle_stats_write(const fle_stats *stats, const fle_resolvers *resolvers, flowenrich_stat *out,
                       size_t n);

#endif
