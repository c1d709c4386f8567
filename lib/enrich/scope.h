/* SPDX-License-Identifier: Apache-2.0 */
/* How far apart the ends are (docs/output.md). */
#ifndef FLE_ENRICH_SCOPE_H
#define FLE_ENRICH_SCOPE_H

#include "enrich/observer.h"

typedef enum fle_scope {
    FLE_SCOPE_AWS_SERVICE,
    FLE_SCOPE_CROSS_REGION,
    FLE_SCOPE_SAME_REGION_PUBLIC,
    FLE_SCOPE_INTERNET,
    FLE_SCOPE_CROSS_AZ,
    FLE_SCOPE_CROSS_VPC,
    FLE_SCOPE_SAME_AZ,
    FLE_SCOPE_SAME_VPC,
    FLE_SCOPE_PRIVATE,
    FLE_SCOPE_UNKNOWN,
    FLE_N_SCOPES
} fle_scope;

extern const flowenrich_text fle_scope_names[FLE_N_SCOPES];

fle_scope fle_scope_of(const fle_facts *facts);

/* Is a side a public address that nobody here owns? */
bool fle_is_internet(const fle_facts *facts, fle_side side);

/* Do both sides have this attribute, and is it the same, or not? */
bool fle_is_same(const fle_facts *facts, fle_attribute attribute);
bool fle_is_different(const fle_facts *facts, fle_attribute attribute);

#endif
