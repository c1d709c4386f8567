/* SPDX-License-Identifier: Apache-2.0 */
/* The ports that load balancers and their targets listen on. */
#ifndef FLE_CATALOG_PORTS_H
#define FLE_CATALOG_PORTS_H

#include "catalog/slots.h"

/* As it lies in an image. */
typedef struct fle_port {
    uint32_t owner; /* its index in 'owners' */
    uint16_t number;
    uint8_t protocol;
    uint8_t is_target; /* the owner sends to it; else he listens on it */
} fle_port;

/* By owner: an ARN, an instance's id or an address in writing. */
typedef struct fle_ports {
    const uint32_t *owners; /* their texts */
    size_t n_owners;
    fle_slots by_owner;
    const fle_port *items;
    size_t n;
} fle_ports;

#endif
