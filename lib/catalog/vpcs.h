/* SPDX-License-Identifier: Apache-2.0 */
/* What VPCs have, of facts: each VPC's is made by itself. */
#ifndef FLE_CATALOG_VPCS_H
#define FLE_CATALOG_VPCS_H

#include "catalog/facts.h"
#include "catalog/spaces.h"

struct fle_publishing;

/* An array that grows in an arena. What it was before it moved stays there for who reads it. */
typedef struct fle_growing {
    void *items;
    size_t n, capacity;
} fle_growing;

/* Room for more elements behind those there are; NULL if memory ran out. */
void *fle_growing_room(fle_growing *array, fle_arena *arena, size_t more, size_t size);

typedef struct fle_vpc_writer {
    fle_arena *arena;
    fle_growing vpcs; /* that shadow others */
    fle_growing cidrs, gateways, joins, tables, states, ways, routed;
} fle_vpc_writer;

/* What has been written so far, until more is. */
fle_parts fle_vpc_writer_view(const fle_vpc_writer *writer);

/* Something that a VPC has, or is joined by. */
typedef struct fle_member {
    uint32_t space, subject;
    fle_subject kind;
} fle_member;

typedef struct fle_members {
    const fle_member *items;
    size_t n;
} fle_members;

/* Those of all VPCs that facts tell of, in order. False if memory ran out. */
bool fle_members_find(const struct fle_publishing *p, fle_members *out);

/* Those of one VPC. */
fle_members fle_members_of(fle_members all, uint32_t space);

/* Write what a VPC has, with the number of its id, and let it know. False if memory ran out. */
bool fle_vpc_write(struct fle_publishing *p, fle_vpc_writer *writer, uint32_t id,
                   fle_members members, fle_vpc *vpc);

/* Its route tables, and which of them were whose: a part of that. */
bool fle_tables_write(struct fle_publishing *p, fle_vpc_writer *writer, uint32_t id,
                      fle_members members, fle_vpc *vpc);

#endif
