/* SPDX-License-Identifier: Apache-2.0 */
/* What 'flowenrich catalog' does with the documents that are loaded. */
#ifndef CLI_CATALOG_H
#define CLI_CATALOG_H

#include "flowenrich.h"
#include "options.h"
#include "outcome.h"

/* Tell who the addresses and interfaces were that are the arguments behind "lookup". */
outcome catalog_lookup(const options *opt, flowenrich_snapshot *snapshot);

/* Tell which addresses appeared, went, or changed hands from one inventory to another. */
outcome catalog_diff(const options *opt, flowenrich_snapshot *before, flowenrich_snapshot *after);

#endif
