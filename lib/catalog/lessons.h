/* SPDX-License-Identifier: Apache-2.0 */
/* What was learned from records, as facts. */
#ifndef FLE_CATALOG_LESSONS_H
#define FLE_CATALOG_LESSONS_H

#include "catalog/facts.h"
#include "catalog/learn.h"

/*
 * All facts of documents, which are sorted, and those that were learned, in '*out', sorted
 * too: a view for one snapshot, whose facts live in 'scratch' if there are any of the latter.
 * Texts are interned in 'documents'. False if memory ran out.
 */
bool fle_lessons_add(const fle_learned *learned, fle_facts *documents, fle_arena *scratch,
                     fle_facts *out);

#endif
