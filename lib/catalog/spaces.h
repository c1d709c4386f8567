/* SPDX-License-Identifier: Apache-2.0 */
/* Address spaces: the VPCs, what they hold, and which can reach which. */
#ifndef FLE_CATALOG_SPACES_H
#define FLE_CATALOG_SPACES_H

#include "base/address.h"
#include "base/hash.h"
#include "record/directory.h"

/* A VPC. The number of its space is its index and one. */
typedef struct fle_vpc {
    flowenrich_text id;
    const fle_cidr *cidrs;
    size_t n_cidrs;
    bool known[2]; /* have documents listed all of its blocks? of IPv4, of IPv6 */
    bool has_interfaces;
    fle_identity place;
} fle_vpc;

typedef struct fle_subnet {
    uint32_t space;
    fle_cidr cidr;
    const fle_identity *place;
} fle_subnet;

/* A gateway endpoint. */
typedef struct fle_gateway {
    uint32_t space;
    flowenrich_text service;
} fle_gateway;

/* A VPC is in a group with all it reaches: the two of a peering, or a transit gateway's. */
typedef struct fle_join {
    uint32_t from, to; /* space and group */
    fle_link link;
} fle_join;

/* Arrays are in the order of their first member. */
typedef struct fle_spaces {
    fle_vpc *vpcs; /* by id */
    size_t n_vpcs;
    fle_map *by_id;
    fle_subnet *subnets; /* in one space the most specific first, of one length by base */
    size_t n_subnets;
    fle_gateway *gateways;
    size_t n_gateways;
    fle_join *memberships;
    size_t n_joins;
    bool joins_loaded; /* was any document about joins loaded? */
} fle_spaces;

/* Put the arrays in order. False if memory ran out. */
bool fle_spaces_sort(fle_spaces *spaces, fle_arena *scratch);

/* The space of a VPC, 0 if it isn't known. */
uint32_t fle_spaces_find(const fle_spaces *spaces, flowenrich_text vpc);

/* Is an address in a block of a space's VPC, or of one of its subnets? */
bool fle_spaces_holds(const fle_spaces *spaces, uint32_t space, const fle_address *address);

/* The subnet that holds an address; the VPC if there is none, or more than one. */
const fle_identity *fle_spaces_place(const fle_spaces *spaces, uint32_t space,
                                     const fle_address *address);

/* Have documents listed all blocks of all VPCs, for addresses of this family? */
bool fle_spaces_all_known(const fle_spaces *spaces, const fle_address *address);

bool fle_spaces_has_gateway(const fle_spaces *spaces, uint32_t space, flowenrich_text service);

/* Are two spaces in one group? No space is joined to itself. */
bool fle_spaces_are_joined(const fle_spaces *spaces, uint32_t a, uint32_t b);

/* What joins two spaces; none also if several kinds do. */
fle_link fle_spaces_link(const fle_spaces *spaces, uint32_t a, uint32_t b);

#endif
