/* SPDX-License-Identifier: Apache-2.0 */
/* What the logs were like: material for the diagnosis. */
#ifndef CLI_SIGHTINGS_H
#define CLI_SIGHTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowenrich.h"
#include "outcome.h"

/* A few different texts, the first that came. */
typedef struct sample {
    char texts[4][64];
    size_t n;
} sample;

typedef struct sightings {
    uint64_t rows;               /* that were looked at */
    flowenrich_time first, last; /* of the records; FLOWENRICH_TIME_ABSENT if they have no times */
    sample vpcs;                 /* of the interfaces that logged */
    sample observers;            /* that no document has */
    sample addresses;            /* that aren't in the inventory and aren't of the internet */
} sightings;

void sightings_init(sightings *seen);

/* Add what others saw. */
void sightings_add(sightings *to, const sightings *more);

/* Look at a batch; 'named' if its ends are. */
outcome sightings_note(sightings *seen, flowenrich_batch *batch, bool named);

#endif
