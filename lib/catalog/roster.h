/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses were seen on which interfaces, by facts. */
#ifndef FLE_CATALOG_ROSTER_H
#define FLE_CATALOG_ROSTER_H

#include "catalog/facts.h"
#include "catalog/holders.h"

/* Is an address, by the number of its text, wanted in a space, or FLE_PUBLIC? */
typedef struct fle_wanted {
    bool (*is)(const void *ctx, uint32_t address, uint32_t space);
    const void *ctx;
} fle_wanted;

typedef struct fle_roster {
    const fle_facts *facts;
    fle_wanted wanted; /* all, if there is no function */
    fle_roll *rolls;   /* two of each interface: of private addresses, of public ones */
    flowenrich_time *times;
    fle_sighting *sightings;
    size_t n_rolls, n_times, n_sightings;
} fle_roster;

/* Room for some interfaces, and the facts on them, in 'scratch'. False if memory ran out. */
bool fle_roster_init(fle_roster *roster, const fle_facts *facts, size_t n_interfaces, fle_about all,
                     fle_arena *scratch);

/* Add all facts on an interface, which has that number and lies in that space. */
void fle_roster_add(fle_roster *roster, fle_about self, uint32_t number, uint32_t space);

/*
 * Who held them, by interfaces' entries. What is made lives in 'arena', and the sightings are in
 * order then. False if memory ran out.
 */
bool fle_roster_holders(fle_roster *roster, const fle_entries *entries, fle_holders *out,
                        uint64_t seed, fle_arena *arena, fle_arena *scratch);

#endif
