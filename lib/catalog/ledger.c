/* SPDX-License-Identifier: Apache-2.0 */
/* How the few facts that matter to a change are found among all. */
#include "catalog/ledger.h"

#include <string.h>

#include "base/hash.h"
#include "catalog/order.h"

#define OWNING_BITS 20

void fle_ledger_init(fle_ledger *ledger, fle_facts *facts, uint64_t seed)
{
    memset(ledger, 0, sizeof *ledger);
    ledger->facts = facts;
    ledger->seed = seed;
    fle_chains_init(&ledger->naming, facts->allocator);
    fle_chains_init(&ledger->recent, facts->allocator);
    fle_chains_init(&ledger->owning, facts->allocator);
}

void fle_ledger_free(fle_ledger *ledger)
{
    if (!ledger->facts)
        return;
    fle_chains_free(&ledger->naming);
    fle_chains_free(&ledger->recent);
    fle_chains_free(&ledger->owning);
}

/* Does it make a difference to what a fact names, or that makes one to its subject? */
static bool names(const fle_fact *fact)
{
    switch ((fle_subject)fact->kind) {
    case FLE_SUBJECT_INTERFACE:
        return fact->predicate == FLE_FACT_INSTANCE || fact->predicate == FLE_FACT_ATTACHMENT ||
               fact->predicate == FLE_FACT_NAT_GATEWAY || fact->predicate == FLE_FACT_ENDPOINT ||
               fact->predicate == FLE_FACT_ADDRESSES || fact->predicate == FLE_FACT_PUBLIC;
    case FLE_SUBJECT_ASSOCIATION:
        return fact->predicate == FLE_FACT_INTERFACE || fact->predicate == FLE_FACT_INSTANCE ||
               fact->predicate == FLE_FACT_ALLOCATION || fact->predicate == FLE_FACT_ADDRESS;
    case FLE_SUBJECT_ALLOCATION:
        return fact->predicate == FLE_FACT_ADDRESS;
    case FLE_SUBJECT_NAME:
        return fact->predicate == FLE_FACT_ADDRESSES;
    case FLE_SUBJECT_RESOURCE:
        return fact->predicate == FLE_FACT_SUBNETS;
    case FLE_SUBJECT_FLOW_LOG:
    case FLE_SUBJECT_ATTACHMENT:
        return fact->predicate == FLE_FACT_RESOURCE;
    case FLE_SUBJECT_SUBNET:
        return fact->predicate == FLE_FACT_VPC || fact->predicate == FLE_FACT_ROUTE_TABLE;
    case FLE_SUBJECT_ENDPOINT:
        return fact->predicate == FLE_FACT_VPC;
    case FLE_SUBJECT_PEERING:
        return fact->predicate == FLE_FACT_REQUESTER_VPC ||
               fact->predicate == FLE_FACT_ACCEPTER_VPC;
    case FLE_SUBJECT_ROUTE_TABLE:
        return fact->predicate == FLE_FACT_VPC || fact->predicate == FLE_FACT_SUBNETS;
    case FLE_SUBJECT_ROUTE_ASSOCIATION:
        return fact->predicate == FLE_FACT_VPC || fact->predicate == FLE_FACT_SUBNET ||
               fact->predicate == FLE_FACT_REPLACED;
    default:
        return false;
    }
}

static uint32_t list_of(const fle_ledger *ledger, flowenrich_text arn)
{
    return (uint32_t)fle_hash(arn.data, arn.len, ledger->seed) & ((1U << OWNING_BITS) - 1);
}

bool fle_ledger_own(fle_ledger *ledger, flowenrich_text arn, uint32_t interface)
{
    return fle_chains_add(&ledger->owning, list_of(ledger, arn), FLE_SUBJECT_INTERFACE, interface);
}

const fle_chained *fle_ledger_owners(const fle_ledger *ledger, flowenrich_text arn)
{
    return fle_chains_first(&ledger->owning, list_of(ledger, arn));
}

static fle_about find_sorted(const fle_ledger *ledger, fle_subject kind, uint32_t subject)
{
    fle_facts sorted = *ledger->facts;

    sorted.n = ledger->n_sorted;
    return fle_facts_about(&sorted, kind, subject);
}

static bool add_names(fle_ledger *ledger, const fle_fact *fact)
{
    return fact->value == 0 || !names(fact) ||
           fle_chains_add(&ledger->naming, fact->value, fact->kind, fact->subject);
}

static bool is_known(const fle_ledger *ledger, const fle_fact *fact)
{
    const fle_about about = find_sorted(ledger, (fle_subject)fact->kind, fact->subject);
    const fle_chained *at = fle_chains_first(&ledger->recent, fact->subject);

    for (size_t i = 0; i < about.n; i++)
        if (memcmp(&about.items[i], fact, sizeof *fact) == 0)
            return true;
    while (at &&
           memcmp(&ledger->facts->items[ledger->n_sorted + at->item], fact, sizeof *fact) != 0)
        at = fle_chains_next(&ledger->recent, at);
    return at != NULL;
}

static bool add_recent(fle_ledger *ledger, size_t n)
{
    const fle_fact *fact = &ledger->facts->items[n];

    return fle_chains_add(&ledger->recent, fact->subject, fact->kind,
                          (uint32_t)(n - ledger->n_sorted)) &&
           add_names(ledger, fact);
}

bool fle_ledger_update(fle_ledger *ledger, size_t n_sorted)
{
    fle_facts *facts = ledger->facts;
    size_t n;

    if (ledger->n_known == 0)
        for (ledger->n_sorted = n_sorted; ledger->n_known < n_sorted; ledger->n_known++)
            if (!add_names(ledger, &facts->items[ledger->n_known]))
                return false;
    n = ledger->n_known;
    for (size_t i = n; i < facts->n; i++) {
        if (is_known(ledger, &facts->items[i]))
            continue;
        facts->items[n] = facts->items[i];
        if (!add_recent(ledger, n++))
            return false;
    }
    facts->n = ledger->n_known = n;
    return true;
}

bool fle_ledger_gather(const fle_ledger *ledger, fle_subject kind, uint32_t subject, fle_facts *to)
{
    const fle_about about = find_sorted(ledger, kind, subject);
    const fle_chained *at = fle_chains_first(&ledger->recent, subject);

    for (size_t i = 0; i < about.n; i++)
        if (!fle_facts_add(to, &about.items[i]))
            return false;
    for (; at; at = fle_chains_next(&ledger->recent, at))
        if (at->kind == (uint32_t)kind &&
            !fle_facts_add(to, &ledger->facts->items[ledger->n_sorted + at->item]))
            return false;
    return true;
}

bool fle_ledger_about(const fle_ledger *ledger, fle_subject kind, uint32_t subject,
                      fle_arena *arena, fle_about *out)
{
    fle_facts gathered = *ledger->facts;
    fle_fact *kept = NULL;
    bool done;

    *out = find_sorted(ledger, kind, subject);
    if (!fle_chains_first(&ledger->recent, subject))
        return true;
    gathered.items = NULL;
    gathered.n = gathered.capacity = 0;
    done = fle_ledger_gather(ledger, kind, subject, &gathered) && fle_facts_sort(&gathered, arena);
    if (done)
        kept = fle_array(arena, gathered.n, sizeof *kept);
    if (kept && gathered.n > 0)
        memcpy(kept, gathered.items, gathered.n * sizeof *kept);
    *out = (fle_about){ gathered.n > 0 ? kept : NULL, gathered.n };
    fle_free(gathered.allocator, gathered.items);
    return kept != NULL;
}
