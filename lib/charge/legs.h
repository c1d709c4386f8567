/* SPDX-License-Identifier: Apache-2.0 */
/* What the bytes of a conversation are charged for, leg by leg along their way. */
#ifndef FLE_CHARGE_LEGS_H
#define FLE_CHARGE_LEGS_H

#include "charge/rates.h"

/* What stands somewhere on the way. */
typedef enum fle_place {
    FLE_PLACE_UNKNOWN,  /* private, and nobody named it */
    FLE_PLACE_VPC,      /* an interface of ours */
    FLE_PLACE_SERVICE,  /* a service's public address */
    FLE_PLACE_EDGE,     /* CloudFront's */
    FLE_PLACE_STRANGER, /* a public address of EC2's: somebody's instance */
    FLE_PLACE_INTERNET, /* any other public address */
    FLE_PLACE_PUBLIC,   /* one of these four, but which isn't known */
    FLE_PLACE_LATTICE   /* VPC Lattice's link-local addresses */
} fle_place;

/* Which way the bytes went, as far as it decides a charge (docs/output.md, "Path"). */
typedef enum fle_road {
    FLE_ROAD_UNKNOWN,
    FLE_ROAD_DIRECT, /* within a VPC, or by an internet gateway */
    FLE_ROAD_PEERING,
    FLE_ROAD_TRANSIT_GATEWAY,
    FLE_ROAD_PRIVATE_GATEWAY,
    FLE_ROAD_LOCAL_GATEWAY
} fle_road;

/* An end or a hop. What isn't known is empty. */
typedef struct fle_point {
    fle_place place;
    bool is_public; /* it was spoken to by its public address */
    flowenrich_text type, zone, vpc, account, region, service;
    flowenrich_text owner; /* account of its VPC, which may be shared */
} fle_point;

#define FLE_WAY_POINTS 24

/* From client to server. */
typedef struct fle_way {
    fle_point points[FLE_WAY_POINTS];
    size_t n;
    fle_road road;
    bool is_v6;
    bool is_refused; /* some of it, of which the row doesn't say what */
    flowenrich_time at;
    uint64_t up, down; /* bytes */
} fle_way;

/* One line: of one meter, payer and rate. */
typedef struct fle_line {
    fle_meter meter;
    flowenrich_text payer; /* empty: whoever owns what was used isn't known */
    flowenrich_text region;
    const fle_rate *rate;
    uint64_t bytes;
} fle_line;

/* A direction of a leg makes two lines at most, and both of a point's make one. */
#define FLE_BILL_LINES (5 * FLE_WAY_POINTS)

typedef struct fle_bill {
    fle_line lines[FLE_BILL_LINES];
    size_t n;
    uint32_t reasons;  /* a bit for each fle_uncosted */
    uint64_t up, down; /* bytes of which something isn't costed */
} fle_bill;

/* Every wire leg in both directions, and what processes the bytes between them. */
void fle_legs_charge(const fle_rates *rates, const fle_way *way, fle_bill *bill);

#endif
