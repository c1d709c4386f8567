/* SPDX-License-Identifier: Apache-2.0 */
/* What things are called: addresses, networks and ids, as text. */
#include "place.h"

static void put_ipv4(text *to, uint32_t address)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        text_number(to, address >> shift & 255);
        if (shift > 0)
            text_char(to, '.');
    }
}

/* A subnet is a /18: single addresses from 4 on, as with AWS, /28 prefixes in the upper half.
 * Elastic addresses are Amazon's, and public. */
static uint32_t ipv4_of(const fleet *in, const slot *what)
{
    const uint32_t base =
        (10u << 24) + (in->vpcs[what->vpc].octet << 16) + ((uint32_t)what->subnet << 14);

    if (what->kind == ELASTIC)
        return (54u << 24) + (((uint32_t)what->vpc + 64) << 16) + ((uint32_t)what->subnet << 14) +
               what->number;
    return what->kind == BLOCK ? base + 8192 + what->number * 16 : base + 4 + what->number;
}

/* The host part is spread over 48 bits and ends in 1, so that text never has a zero to shorten. */
static void put_ipv6(text *to, size_t vpc_index, size_t subnet_index, uint32_t number)
{
    const uint64_t host = mixed(number + 1) & 0xffffffffffffu;

    text_format(to, "2600:1f18:%x:%x:%x:%x:%x:1", (unsigned)vpc_index + 0x4000,
                (unsigned)(0x1200 + subnet_index), (unsigned)(host >> 32 & 0xffff) | 1,
                (unsigned)(host >> 16 & 0xffff) | 1, (unsigned)number + 1);
}

void put_slot(text *to, const fleet *in, uint32_t index)
{
    const slot *const what = &in->slots[index];

    if (what->kind == SIX) {
        put_ipv6(to, what->vpc, what->subnet, what->number);
        return;
    }
    put_ipv4(to, ipv4_of(in, what));
    if (what->kind == BLOCK)
        text_string(to, "/28");
}

void put_place(text *to, const fleet *in, place what)
{
    if (what.slot == RAW4)
        put_ipv4(to, what.offset);
    else if (what.slot == RAW6)
        put_ipv6(to, what.offset >> 16, 0, what.offset & 0xffff);
    else if (in->slots[what.slot].kind == SIX)
        put_slot(to, in, what.slot);
    else
        put_ipv4(to, ipv4_of(in, &in->slots[what.slot]) + what.offset);
}

/* Ids tell nothing of what they name, nor of its age. */
static void put_id(text *to, const fleet *in, const char *kind, uint64_t number)
{
    text_string(to, kind);
    text_string(to, "-0");
    text_hex(to, mixed(in->seed ^ number), 16);
}

void put_eni(text *to, const fleet *in, uint32_t number)
{
    put_id(to, in, "eni", number);
}

void put_instance(text *to, const fleet *in, uint32_t number)
{
    put_id(to, in, "i", number + (UINT64_C(1) << 32));
}

void put_attachment(text *to, const fleet *in, uint32_t number)
{
    put_id(to, in, "eni-attach", number + (UINT64_C(2) << 32));
}

void put_allocation(text *to, const fleet *in, uint32_t slot_index)
{
    put_id(to, in, "eipalloc", slot_index + (UINT64_C(6) << 32));
}

void put_association_id(text *to, const fleet *in, uint32_t held)
{
    put_id(to, in, "eipassoc", held + (UINT64_C(7) << 32));
}

void put_vpc(text *to, const fleet *in, size_t vpc_index)
{
    put_id(to, in, "vpc", vpc_index + (UINT64_C(3) << 32));
}

void put_subnet(text *to, const fleet *in, size_t vpc_index, size_t subnet_index)
{
    put_id(to, in, "subnet", vpc_index * SUBNETS + subnet_index + (UINT64_C(4) << 32));
}

void put_flow_log(text *to, const fleet *in, size_t vpc_index, size_t which)
{
    put_id(to, in, "fl", vpc_index * 2 + which + (UINT64_C(5) << 32));
}

void put_account(text *to, size_t vpc_index)
{
    text_string(to, vpc_index % 2 == 0 ? "111122223333" : "444455556666");
}

void put_zone_id(text *to, size_t subnet_index)
{
    text_string(to, "use1-az");
    text_number(to, subnet_index % 3 + 1);
}

void put_zone(text *to, size_t subnet_index)
{
    text_string(to, REGION);
    text_char(to, (char)('a' + subnet_index % 3));
}
