/* SPDX-License-Identifier: Apache-2.0 */
/* What documents and events tell of owners, in plain rows, for resolvers that read no JSON. */
#ifndef SIM_KNOWN_H
#define SIM_KNOWN_H

#include "notice.h"

/* known.tsv: in the order in which it came to be known. */
void known_write(const fleet *in, const notices *of);

#endif
