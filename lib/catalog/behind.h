/* SPDX-License-Identifier: Apache-2.0 */
/* Which interface is behind a name, and which functions are behind an interface. */
#ifndef FLE_CATALOG_BEHIND_H
#define FLE_CATALOG_BEHIND_H

#include "catalog/derive.h"

/*
 * RDS's interfaces don't say of which database they are, but somebody may have
 * resolved its name: then it is the one interface that had that address.
 */
bool fle_derive_names(fle_derived *out, const fle_facts *facts, fle_arena *scratch);

/* An interface of Lambda's is of all functions that have its subnet and just its groups. */
void fle_derive_functions(fle_derived *out, const fle_facts *facts);

#endif
