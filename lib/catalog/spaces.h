/* SPDX-License-Identifier: Apache-2.0 */
/* Address spaces: the VPCs, what they hold, and which can reach which. */
#ifndef FLE_CATALOG_SPACES_H
#define FLE_CATALOG_SPACES_H

#include "base/address.h"
#include "catalog/entries.h"
#include "catalog/slots.h"
#include "record/directory.h"

/* A VPC, as it lies in an image. The number of its space is its index and one. */
typedef struct fle_vpc {
    uint32_t id;             /* its text */
    uint32_t place;          /* its entry */
    uint32_t cidrs, n_cidrs; /* the first of its blocks */
    uint8_t known[2];        /* have documents listed all of its blocks? of IPv4, of IPv6 */
    uint8_t has_interfaces;
    uint8_t reserved;
} fle_vpc;

typedef struct fle_subnet {
    uint32_t space;
    uint32_t place;
    fle_cidr cidr;
    uint8_t reserved[3];
} fle_subnet;

/* A block of a VPC, and between which times it may have been one. */
typedef struct fle_block {
    flowenrich_time from, until;
    fle_cidr cidr;
    uint8_t reserved[7];
} fle_block;

/* A gateway endpoint. */
typedef struct fle_gateway {
    uint32_t space;
    uint32_t service; /* its text */
} fle_gateway;

/* A VPC is in a group with all it reaches: the two of a peering, or a transit gateway's. */
typedef struct fle_join {
    uint32_t from, to; /* space and group */
    uint32_t link;     /* fle_link */
    uint32_t reserved;
    flowenrich_time first, last; /* between which it may have been one */
} fle_join;

/* Some time; any, if that is absent. */
typedef struct fle_span {
    flowenrich_time from, until;
} fle_span;

#define FLE_ANY_TIME ((fle_span){ FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT })
#define FLE_NOW ((fle_span){ INT64_MAX, INT64_MAX }) /* as it was known last */

/* Arrays are in the order of their first member. */
typedef struct fle_spaces {
    const fle_entries *entries; /* where texts and places lie */
    const fle_vpc *vpcs;        /* by id */
    size_t n_vpcs;
    fle_slots by_id;
    uint64_t seed;
    const fle_block *cidrs; /* of VPCs */
    size_t n_cidrs;
    const fle_subnet *subnets; /* in one space the most specific first, of one length by base */
    size_t n_subnets;
    const fle_gateway *gateways;
    size_t n_gateways;
    const fle_join *memberships;
    size_t n_joins;
    bool joins_loaded; /* was any document about joins loaded? */
} fle_spaces;

/* The VPC of a space; NULL if there is none. */
static inline const fle_vpc *fle_spaces_vpc(const fle_spaces *spaces, uint32_t space)
{
    return space > 0 && space <= spaces->n_vpcs ? &spaces->vpcs[space - 1] : NULL;
}

/* Put what a snapshot is made of in order. False if memory ran out. */
bool fle_spaces_sort_subnets(const fle_entries *entries, fle_subnet *subnets, size_t n,
                             fle_arena *scratch);
bool fle_spaces_sort_gateways(fle_gateway *gateways, size_t n, fle_arena *scratch);
bool fle_spaces_sort_joins(fle_join *joins, size_t n, fle_arena *scratch);

/* The space of a VPC, 0 if it isn't known. */
uint32_t fle_spaces_find(const fle_spaces *spaces, flowenrich_text vpc);

/*
 * May an address have been in a block of a space's VPC then? Where it never is in any, one of
 * its subnets does, too.
 */
bool fle_spaces_holds(const fle_spaces *spaces, uint32_t space, const fle_address *address,
                      fle_span when);

/* The subnet that holds an address; the VPC if there is none, or more than one; or NULL. */
const fle_entry *fle_spaces_place(const fle_spaces *spaces, uint32_t space,
                                  const fle_address *address);

/* Have documents listed all blocks of all VPCs, for addresses of this family? */
bool fle_spaces_all_known(const fle_spaces *spaces, const fle_address *address);

bool fle_spaces_has_gateway(const fle_spaces *spaces, uint32_t space, flowenrich_text service);

/* May two spaces have been in one group then? No space is joined to itself. */
bool fle_spaces_are_joined(const fle_spaces *spaces, uint32_t a, uint32_t b, fle_span when);

/* May they have been in the group with this number? */
bool fle_spaces_are_joined_by(const fle_spaces *spaces, uint32_t a, uint32_t b, uint32_t group,
                              fle_span when);

/* What joins two spaces; none also if several kinds do. */
fle_link fle_spaces_link(const fle_spaces *spaces, uint32_t a, uint32_t b);

#endif
