/* SPDX-License-Identifier: Apache-2.0 */
/* An enricher made of what the command line gives: inventory, configuration, bounds. */
#ifndef CLI_NAMING_H
#define CLI_NAMING_H

#include "flowenrich.h"
#include "inventory.h"
#include "options.h"
#include "outcome.h"

typedef struct naming {
    inventory inventory;
    flowenrich_enricher *enricher;
} naming;

outcome naming_init(naming *out, const options *opt, uint64_t seed);
void naming_free(naming *of);

#endif
