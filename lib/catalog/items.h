/* SPDX-License-Identifier: Apache-2.0 */
/* The items of AWS's documents to facts. */
#ifndef FLE_CATALOG_ITEMS_H
#define FLE_CATALOG_ITEMS_H

#include "catalog/document.h"
#include "catalog/facts.h"

typedef struct fle_loader {
    fle_facts *facts;
    flowenrich_time time; /* when the page at hand was observed */
    uint64_t skipped;     /* items without an id, unreadable addresses */
    bool failed;          /* memory ran out: nothing is added from there on */
} fle_loader;

/* The key of a kind of listing, "NetworkInterfaces"; NULL past the last. */
const char *fle_listing_key(size_t index);

/* Add the facts of all items under that key. */
void fle_listing_load(fle_loader *l, size_t index, const fle_json *list);

#endif
