/* SPDX-License-Identifier: Apache-2.0 */
/* IP addresses and CIDRs: 16 bytes, IPv4 as ::ffff:a.b.c.d. */
#ifndef FLE_BASE_ADDRESS_H
#define FLE_BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "flowenrich.h"

#define FLE_ADDRESS_TEXT 46 /* the longest, with a zero */

typedef struct fle_address {
    uint8_t bytes[16];
} fle_address;

#define FLE_V4_PREFIX 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff

static inline bool fle_address_is_v4(const fle_address *address)
{
    static const uint8_t prefix[] = { FLE_V4_PREFIX };

    return memcmp(address->bytes, prefix, sizeof prefix) == 0;
}

/* A CIDR; 'bits' counts in the 128-bit form, so IPv4's /24 is 120. Host bits are zero. */
typedef struct fle_cidr {
    fle_address base;
    uint8_t bits;
} fle_cidr;

/* Exactly one address fills the text: dotted IPv4 without leading zeros, or IPv6 (RFC 4291). */
bool fle_address_parse(const char *data, size_t len, fle_address *out);
/* RFC 5952, with a zero; returns the length. */
size_t fle_address_format(const fle_address *address, char out[FLE_ADDRESS_TEXT]);
int fle_address_compare(const fle_address *a, const fle_address *b);
bool fle_address_is_rfc1918(const fle_address *address); /* IPv4 only */
/*
 * Not routed on the internet: RFC 1918, 100.64/10, link local, loopback, multicast, unique
 * local, 0/8, 198.18/15, 240/4. Documentation's ranges are taken for public: samples use them so.
 */
bool fle_address_is_private(const fle_address *address);

/* Clear all but the first 'bits' bits, of 128. */
void fle_address_keep(fle_address *address, unsigned bits);

/* "10.0.0.0/8", or a lone address; set host bits are cleared (AWS's own example has some). */
bool fle_cidr_parse(const char *data, size_t len, fle_cidr *out);
/* A CIDR has to do with its own family only: "::/0" holds no IPv4. */
bool fle_cidr_holds(const fle_cidr *cidr, const fle_address *address);
bool fle_cidr_overlaps(const fle_cidr *a, const fle_cidr *b);
int fle_cidr_compare(const fle_cidr *a, const fle_cidr *b); /* base, then shorter first */

#endif
