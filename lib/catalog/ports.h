/* SPDX-License-Identifier: Apache-2.0 */
/* The ports that load balancers and their targets listen on. */
#ifndef FLE_CATALOG_PORTS_H
#define FLE_CATALOG_PORTS_H

#include "base/hash.h"

typedef struct fle_port {
    uint32_t owner; /* its number in 'by_owner' */
    uint16_t number;
    uint8_t protocol;
    bool is_target; /* the owner sends to it; else he listens on it */
} fle_port;

/* By owner, whose key is an ARN, an instance's id or an address in writing. */
typedef struct fle_ports {
    fle_map *by_owner;
    fle_port *items;
    size_t n;
} fle_ports;

#endif
