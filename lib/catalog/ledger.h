/* SPDX-License-Identifier: Apache-2.0 */
/* How the few facts that matter to a change are found among all. */
#ifndef FLE_CATALOG_LEDGER_H
#define FLE_CATALOG_LEDGER_H

#include "catalog/chains.h"
#include "catalog/facts.h"

typedef struct fle_ledger {
    fle_facts *facts;
    uint64_t seed;
    size_t n_sorted;   /* so many are in order; those behind them were added since */
    size_t n_known;    /* so many are in the ledger */
    fle_chains naming; /* by what is named: subjects that name it */
    fle_chains recent; /* by subject: facts behind those in order, by their place there */
    fle_chains owning; /* by a hash of an ARN: interfaces that have had it, maybe */
} fle_ledger;

void fle_ledger_init(fle_ledger *ledger, fle_facts *facts, uint64_t seed);
void fle_ledger_free(fle_ledger *ledger);

/*
 * Take in facts, of which first so many are in order. Of those behind them, what was said
 * before is dropped. False if memory ran out.
 */
bool fle_ledger_update(fle_ledger *ledger, size_t n_sorted);

/* Note that an interface, by the number of its id, has an ARN. False if memory ran out. */
bool fle_ledger_own(fle_ledger *ledger, flowenrich_text arn, uint32_t interface);
const fle_chained *fle_ledger_owners(const fle_ledger *ledger, flowenrich_text arn);

/* Append the facts on a subject to others; they may be out of order. False if memory ran out. */
bool fle_ledger_gather(const fle_ledger *ledger, fle_subject kind, uint32_t subject, fle_facts *to);

/* The facts on a subject, in order, in 'arena' if they have to. False if memory ran out. */
bool fle_ledger_about(const fle_ledger *ledger, fle_subject kind, uint32_t subject,
                      fle_arena *arena, fle_about *out);

#endif
