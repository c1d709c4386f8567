/* SPDX-License-Identifier: Apache-2.0 */
/* AWS's documents to facts. */
#ifndef FLE_CATALOG_LOAD_H
#define FLE_CATALOG_LOAD_H

#include "catalog/loader.h"

typedef struct fle_loaded {
    flowenrich_time dated; /* the newest time its facts were given */
    uint64_t skipped;      /* items without an id, unreadable addresses */
    fle_event_counts counts;
    bool has_events;
} fle_loaded;

/*
 * Append the facts of a document, as flowenrich_catalog_load() says. After a
 * failure some may have been appended: take them off again.
 */
flowenrich_status fle_load(fle_facts *facts, const char *data, size_t len,
                           const flowenrich_document *document, fle_loaded *out,
                           flowenrich_error *error);

#endif
