/* SPDX-License-Identifier: Apache-2.0 */
/* Facts as bytes. */
#ifndef FLE_CATALOG_FACTS_PACK_H
#define FLE_CATALOG_FACTS_PACK_H

#include "catalog/facts.h"

/* All facts but those that were derived, and the texts. */
void fle_facts_pack(const fle_facts *facts, fle_buffer *out);

/*
 * Add what was packed, off the front of some bytes. False if they are no facts, as '*corrupt'
 * tells, or memory ran out: some may have been added.
 */
bool fle_facts_unpack(fle_facts *facts, flowenrich_text *from, bool *corrupt);

#endif
