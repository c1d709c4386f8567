/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that no later time can depend on, left out. */
#ifndef FLE_CATALOG_FORGET_H
#define FLE_CATALOG_FORGET_H

#include "catalog/facts.h"

/*
 * Make '*out' of the facts that what was so at 'before' or later depends on. Of each
 * thing that changes stays what it was then; an interface goes that is known to be
 * gone, or whose addresses were all seen elsewhere since. 'facts' are put in
 * order. False if memory ran out: free '*out' in any case.
 */
bool fle_facts_forget(fle_facts *out, fle_facts *facts, flowenrich_time before, uint64_t hash_seed);

#endif
