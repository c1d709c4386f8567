/* SPDX-License-Identifier: Apache-2.0 */
/* Which way the packets went (docs/output.md, "Path"). */
#ifndef FLE_ENRICH_ROUTE_H
#define FLE_ENRICH_ROUTE_H

#include "enrich/observer.h"

typedef enum fle_route {
    FLE_ROUTE_SAME_VPC,
    FLE_ROUTE_INTERNET_GATEWAY,
    FLE_ROUTE_GATEWAY_ENDPOINT,
    FLE_ROUTE_VPC_ENDPOINT,
    FLE_ROUTE_VIRTUAL_PRIVATE_GATEWAY,
    FLE_ROUTE_PEERING,
    FLE_ROUTE_PEERING_CROSS_REGION,
    FLE_ROUTE_LOCAL_GATEWAY,
    FLE_ROUTE_NAT_GATEWAY,
    FLE_ROUTE_TRANSIT_GATEWAY,
    FLE_ROUTE_LOAD_BALANCER,
    FLE_N_ROUTES /* not known */
} fle_route;

/* What said so. */
typedef enum fle_route_by {
    FLE_ROUTE_BY_NEXT_HOP,
    FLE_ROUTE_BY_TRAFFIC_PATH,
    FLE_ROUTE_BY_HOPS,    /* of a conversation */
    FLE_ROUTE_BY_GATEWAY, /* a transit gateway's own records of a conversation */
    FLE_ROUTE_BY_KIND,
    FLE_ROUTE_BY_TABLE, /* of the sender's routes */
    FLE_ROUTE_BY_ADDRESSES
} fle_route_by;

extern const flowenrich_text fle_route_names[FLE_N_ROUTES];

fle_route fle_route_of(const fle_context *context, const fle_facts *facts, size_t row,
                       fle_route_by *by);

#endif
