/* SPDX-License-Identifier: Apache-2.0 */
/* Route tables: where a VPC's packets go by their destination, over time. */
#ifndef FLE_CATALOG_ROUTES_H
#define FLE_CATALOG_ROUTES_H

#include "catalog/spaces.h"

/* All of these as they lie in an image: texts by their places, ranges by first and number. */
typedef struct fle_way {
    uint32_t target;
    uint32_t service; /* instead of a block, of Amazon's whose blocks aren't known: "s3" */
    uint32_t group;   /* of a target that joins VPCs, as in fle_join */
    fle_cidr cidr;
    uint8_t by_list; /* by a prefix list */
    uint8_t reserved[2];
} fle_way;

/* A table as documents had it from one time to another. */
typedef struct fle_ways {
    flowenrich_time first, last;
    uint32_t ways, n_ways;
    uint32_t is_partial; /* a prefix list isn't known */
    uint32_t reserved;
} fle_ways;

typedef struct fle_route_table {
    uint32_t space;
    uint32_t is_main;
    uint32_t states, n_states; /* the newest first */
} fle_route_table;

/* A subnet that has a table of its own. */
typedef struct fle_routed {
    uint32_t subnet;
    uint32_t table;
} fle_routed;

typedef struct fle_routes {
    const fle_route_table *tables;
    size_t n_tables;
    const fle_ways *states;
    size_t n_states;
    const fle_way *ways;
    size_t n_ways;
    const fle_routed *routed; /* by subnet; of one several, if it ever had several tables */
    size_t n_routed;
} fle_routes;

/*
 * Does any table of a space lead an address into another one, by something that joins them?
 * Yes also where the tables aren't known.
 */
bool fle_routes_lead(const fle_routes *routes, const fle_spaces *spaces, uint32_t from, uint32_t to,
                     const fle_address *address, fle_span when);

#endif
