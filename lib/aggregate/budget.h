/* SPDX-License-Identifier: Apache-2.0 */
/* What gives way when memory is full: the smallest groups, and how that is told. */
#ifndef FLE_AGGREGATE_BUDGET_H
#define FLE_AGGREGATE_BUDGET_H

#include "aggregate/aggregator.h"

/*
 * After Misra and Gries, with exact sums. Each group keeps how many bytes of it may have gone
 * before it came (again): its error, the floor of its pane then. Its rank is bytes and error: it
 * has no more. When there is no room, the smaller half by rank goes, and the greatest rank that
 * goes is the pane's new floor: no group that isn't held has more bytes.
 *
 * Let m be half of the groups that fit, and T the greatest rank that ever went. Each group's rank
 * above T grows only by what is added. T rises by d only if m + 1 groups have a rank that is
 * at least as much above it, of which each then has d less. So T * (m + 1) is at most all that was
 * added: a group with more than an m-th of it is always there, and its error is less than that.
 */

/* Are so many groups too many, with the values that are counted? */
bool fle_budget_is_over(const flowenrich_aggregator *aggregator, uint64_t groups);

/* Let the smaller half of the groups go. False if memory ran out. */
bool fle_budget_evict(flowenrich_aggregator *aggregator);

/* Count again what values of keys take, after groups have gone. */
void fle_budget_recount(flowenrich_aggregator *aggregator);

/* Forget values that no group has any more, if they are many. False if memory ran out. */
bool fle_budget_sweep(flowenrich_aggregator *aggregator);

/* How many panes there may be at a time. */
uint32_t fle_budget_panes(uint64_t max_bytes);

#endif
