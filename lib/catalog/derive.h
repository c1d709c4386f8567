/* SPDX-License-Identifier: Apache-2.0 */
/* What events say of an interface without naming it. */
#ifndef FLE_CATALOG_DERIVE_H
#define FLE_CATALOG_DERIVE_H

#include "catalog/facts.h"

/*
 * Append to facts, which are in order, what follows from several of them: whom an
 * attachment that is undone was of, what goes with an instance, a NAT gateway or
 * an endpoint that is gone, who was given an elastic address. They depend on facts
 * that may come later, so they are made anew for each snapshot and marked;
 * fle_underive() takes them off again. False if memory ran out.
 */
bool fle_derive(fle_facts *facts, fle_arena *scratch);
void fle_underive(fle_facts *facts);

/* What is derived, until it is appended. Once memory ran out 'failed' stays set. */
typedef struct fle_derived {
    const fle_allocator *allocator;
    fle_fact *items;
    size_t n, capacity;
    bool failed;
} fle_derived;

/* Add one, marked. */
void fle_derived_add(fle_derived *derived, const fle_fact *fact);

#endif
