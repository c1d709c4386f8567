/* SPDX-License-Identifier: Apache-2.0 */
/* Which route table a subnet or VPC had, where calls and documents don't name it. */
#ifndef FLE_CATALOG_ASSOCIATIONS_H
#define FLE_CATALOG_ASSOCIATIONS_H

#include "catalog/derive.h"

/*
 * Calls that replace or undo an association don't say whose it was. And a subnet that a table
 * was seen without has the main one, if no other was seen with it. False if memory ran out.
 */
bool fle_derive_associations(fle_derived *out, const fle_facts *facts, fle_arena *scratch);

#endif
