/* SPDX-License-Identifier: Apache-2.0 */
/* Which tenures documents and events tell of, and what they hide. */
#ifndef SIM_TOLD_H
#define SIM_TOLD_H

#include "notice.h"

/* Mark each tenure with what is told of it. */
void told_mark(fleet *in, const notices *of);

/*
 * Had a slot, at any second from `from` to `until`, left an owner of whom it is told that he had
 * it before, and that he had it later or was deleted later, and of nothing in between?
 */
bool told_hides(const fleet *in, uint32_t slot_index, int32_t from, int32_t until);

#endif
