/* SPDX-License-Identifier: Apache-2.0 */
/* What things are called: addresses, networks and ids, as text. */
#ifndef SIM_PLACE_H
#define SIM_PLACE_H

#include "fleet.h"
#include "text.h"

#define REGION "us-east-1"

/* Instead of a slot's number: addresses that no slot stands for. */
#define RAW4 (UINT32_MAX - 1) /* `offset` is the IPv4 address */
#define RAW6 (UINT32_MAX - 2) /* `offset` is the VPC and a number in it nobody gets */

/* One address: a slot, and the place in it if that is a prefix. */
typedef struct place {
    uint32_t slot, offset;
} place;

void put_place(text *to, const fleet *in, place what);
/* "10.0.1.5", "10.0.32.16/28", "2600:…": what a slot is. */
void put_slot(text *to, const fleet *in, uint32_t slot_index);

void put_eni(text *to, const fleet *in, uint32_t number);
void put_instance(text *to, const fleet *in, uint32_t number);
void put_attachment(text *to, const fleet *in, uint32_t number);
/* Of a slot and of a tenure of an elastic address. */
void put_allocation(text *to, const fleet *in, uint32_t slot_index);
void put_association_id(text *to, const fleet *in, uint32_t held);
void put_vpc(text *to, const fleet *in, size_t vpc_index);
void put_subnet(text *to, const fleet *in, size_t vpc_index, size_t subnet_index);
void put_account(text *to, size_t vpc_index);
void put_flow_log(text *to, const fleet *in, size_t vpc_index, size_t which);

/* "use1-az1": of a subnet. */
void put_zone_id(text *to, size_t subnet_index);
void put_zone(text *to, size_t subnet_index);

#endif
