/* SPDX-License-Identifier: Apache-2.0 */
/* How what is touched is found: by the ledger, from one thing to those that have to do with it. */
#ifndef FLE_CATALOG_TOUCHING_H
#define FLE_CATALOG_TOUCHING_H

#include "catalog/touch.h"

static inline uint64_t fle_touch_pair(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

static inline bool fle_touch_goes_on(const fle_touched *t)
{
    return !t->is_wide && !t->failed;
}

/* The facts on a subject, which are part of what matters from now on. */
fle_about fle_touch_look(fle_touched *t, fle_subject kind, uint32_t subject);

/* What is done with each of some subjects. */
typedef void fle_follow(fle_touched *t, uint32_t subject);

/* Of the subjects of a kind that name a thing; of the things that facts name by a predicate. */
void fle_touch_naming(fle_touched *t, uint32_t thing, fle_subject kind, fle_follow *each);
void fle_touch_values(fle_touched *t, fle_about about, fle_predicate predicate, fle_follow *each);

/* Look at all of them. */
void fle_touch_see_naming(fle_touched *t, uint32_t thing, fle_subject kind);
void fle_touch_see_values(fle_touched *t, fle_about about, fle_predicate predicate,
                          fle_subject kind);

bool fle_touch_is_named_by(const fle_touched *t, uint32_t thing, fle_subject kind);

/* An interface may be something else now, or all that are attached to an instance. */
void fle_touch_change(fle_touched *t, uint32_t interface);
void fle_touch_attached(fle_touched *t, uint32_t instance);

/* An address may have other holders now, in whatever VPC. */
void fle_touch_ask(fle_touched *t, uint32_t address);
void fle_touch_ask_allocation(fle_touched *t, uint32_t allocation);
void fle_touch_ask_association(fle_touched *t, uint32_t association);

/* A VPC may have something else now: itself, or that of a table or a subnet. */
bool fle_touch_is_space(const fle_touched *t, uint32_t vpc);
void fle_touch_vpc(fle_touched *t, uint32_t vpc);
void fle_touch_vpc_of_table(fle_touched *t, uint32_t table);
void fle_touch_vpc_of_subnet(fle_touched *t, uint32_t subnet);
void fle_touch_link(fle_touched *t, uint32_t association);

/* All that follows for VPCs from what was noted, and for interfaces and who held addresses. */
void fle_reach_vpcs(fle_touched *t);
void fle_reach_interfaces(fle_touched *t);

#endif
