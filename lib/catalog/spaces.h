/* SPDX-License-Identifier: Apache-2.0 */
/* Address spaces: the VPCs, what they hold, and which can reach which. */
#ifndef FLE_CATALOG_SPACES_H
#define FLE_CATALOG_SPACES_H

#include "base/address.h"
#include "catalog/entries.h"
#include "catalog/journal.h"
#include "catalog/slots.h"
#include "record/directory.h"

/* Some elements of an array of what VPCs have. */
typedef struct fle_part {
    uint32_t first, n;
} fle_part;

/* A VPC, as it lies in an image. The number of its space is its index and one. */
typedef struct fle_vpc {
    uint32_t id;    /* its text */
    uint32_t place; /* its entry */
    fle_part cidrs, gateways, joins, tables, routed;
    uint8_t known[2]; /* have documents listed all of its blocks? of IPv4, of IPv6 */
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

/* A gateway endpoint's service: its text. */
typedef uint32_t fle_gateway;

/* A VPC is in a group with all it reaches: the two of a peering, or a transit gateway's. */
typedef struct fle_join {
    uint32_t to;                 /* the group */
    uint32_t link;               /* fle_link */
    flowenrich_time first, last; /* between which it may have been in it */
} fle_join;

/* Some time; any, if that is absent. */
typedef struct fle_span {
    flowenrich_time from, until;
} fle_span;

/* Where packets to a block go. Texts are by their places. */
typedef struct fle_way {
    uint32_t target;
    uint32_t service; /* instead of a block, of Amazon's whose blocks aren't known: "s3" */
    uint32_t group;   /* of a target that joins VPCs, as in fle_join */
    fle_cidr cidr;
    uint8_t by_list; /* by a prefix list */
    uint8_t reserved[2];
} fle_way;

/* A route table as documents and events had it from one time to another. */
typedef struct fle_ways {
    fle_span known;
    fle_part ways;
    uint32_t is_partial; /* not all of them are known */
    uint32_t reserved;
} fle_ways;

typedef struct fle_route_table {
    fle_part states; /* the newest first */
} fle_route_table;

/* Instead of a table, by its index in its VPC's. */
#define FLE_TABLE_MAIN UINT32_MAX /* the VPC's main one */
#define FLE_TABLE_UNKNOWN (UINT32_MAX - 1)

/* Which table was a subnet's, or as the main one a VPC's. Of each the newest first. */
typedef struct fle_routed {
    fle_span known;
    uint32_t id; /* of the subnet or the VPC: its text */
    uint32_t table;
} fle_routed;

/* What VPCs have, each some of every array. */
typedef struct fle_parts {
    const fle_block *cidrs;
    size_t n_cidrs;
    const fle_gateway *gateways;
    size_t n_gateways;
    const fle_join *joins; /* of each VPC in the order of groups and times */
    size_t n_joins;
    const fle_route_table *tables;
    size_t n_tables;
    const fle_ways *states;
    size_t n_states;
    const fle_way *ways;
    size_t n_ways;
    const fle_routed *routed;
    size_t n_routed;
} fle_parts;

#define FLE_ANY_TIME ((fle_span){ FLOWENRICH_TIME_ABSENT, FLOWENRICH_TIME_ABSENT })
#define FLE_NOW ((fle_span){ INT64_MAX, INT64_MAX }) /* as it was known last */

typedef struct fle_spaces {
    const fle_entries *entries; /* where texts and places lie */
    const fle_vpc *vpcs;        /* by id */
    size_t n_vpcs;
    fle_slots by_id;
    uint64_t seed;
    fle_parts parts;
    const fle_subnet *subnets; /* in one space the most specific first, of one length by base */
    size_t n_subnets;
    bool joins_loaded; /* was any document about joins loaded? */
    /* Of a later version than the whole one. */
    const fle_journal *journal; /* FLE_NOTED_VPC by the number of a space; NULL if there is none */
    const fle_vpc *newer;       /* VPCs that shadow others, and what they have */
    fle_parts newer_parts;
} fle_spaces;

/* A VPC, and where what it has lies. */
typedef struct fle_lot {
    const fle_vpc *vpc; /* NULL if there is none */
    const fle_parts *of;
} fle_lot;

static inline fle_lot fle_spaces_lot(const fle_spaces *spaces, uint32_t space)
{
    uint32_t index;

    if (space == 0 || space > spaces->n_vpcs)
        return (fle_lot){ NULL, &spaces->parts };
    if (spaces->journal) {
        fle_reading reading = fle_journal_begin(spaces->journal, FLE_NOTED_VPC, space);

        if (fle_journal_next(&reading, &index))
            return (fle_lot){ &spaces->newer[index], &spaces->newer_parts };
    }
    return (fle_lot){ &spaces->vpcs[space - 1], &spaces->parts };
}

/* How many of a part there are: what an image says may be anything. */
static inline size_t fle_part_count(fle_part part, size_t all)
{
    if (part.first >= all)
        return 0;
    return part.n < all - part.first ? part.n : all - part.first;
}

/* The VPC of a space; NULL if there is none. */
static inline const fle_vpc *fle_spaces_vpc(const fle_spaces *spaces, uint32_t space)
{
    return fle_spaces_lot(spaces, space).vpc;
}

/* Put what a snapshot is made of in order. False if memory ran out. */
bool fle_spaces_sort_subnets(const fle_entries *entries, fle_subnet *subnets, size_t n,
                             fle_arena *scratch);

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
