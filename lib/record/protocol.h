/* SPDX-License-Identifier: Apache-2.0 */
/* Names of IP protocols, from data/protocols.yaml. */
#ifndef FLE_RECORD_PROTOCOL_H
#define FLE_RECORD_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

#include "flowenrich.h"

#define FLE_PROTOCOL_ICMP 1
#define FLE_PROTOCOL_TCP 6
#define FLE_PROTOCOL_UDP 17
#define FLE_PROTOCOL_ICMPV6 58
#define FLE_PROTOCOL_SCTP 132

/* IANA's keyword in lower case, "tcp"; NULL if the number has none. */
const char *fle_protocol_name(uint32_t number);

/* The number of a keyword in any case, or of a decimal; UINT32_MAX if it is neither. */
uint32_t fle_protocol_find(flowenrich_text name);

/*
 * Do the ports of its records mean anything? Some logs lack the protocol (UINT32_MAX)
 * but have ports, which then do.
 */
bool fle_protocol_has_ports(uint32_t number);

#endif
