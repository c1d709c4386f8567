/* SPDX-License-Identifier: Apache-2.0 */
/* IP addresses and CIDRs: 16 bytes, IPv4 as ::ffff:a.b.c.d. */
#include "base/address.h"

#define V4_BITS 96 /* of the prefix that makes an address IPv4 */

static const uint8_t v4_prefix[] = { FLE_V4_PREFIX };

/* Read a decimal of at most three digits, without leading zeros; NULL if there is none. */
static const char *read_decimal(const char *s, const char *end, unsigned most, uint8_t *out)
{
    const char *const start = s;
    unsigned value = 0;

    while (s < end && s - start < 3 && *s >= '0' && *s <= '9')
        value = value * 10 + (unsigned)(*s++ - '0');
    if (s == start || value > most || (*start == '0' && s - start > 1))
        return NULL;
    *out = (uint8_t)value;
    return s;
}

static bool parse_v4(const char *s, const char *end, uint8_t out[4])
{
    for (int i = 0; i < 4; i++) {
        if (i > 0 && (s == end || *s++ != '.'))
            return false;
        s = read_decimal(s, end, 255, &out[i]);
        if (s == NULL)
            return false;
    }
    return s == end;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Read one to four hexadecimal digits into two bytes; NULL if there are none. */
static const char *read_group(const char *s, const char *end, uint8_t out[2])
{
    const char *const start = s;
    unsigned value = 0;

    while (s < end && s - start < 4 && hex_value(*s) >= 0)
        value = value << 4 | (unsigned)hex_value(*s++);
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
    return s > start ? s : NULL;
}

/*
 * Groups are written from the front; where '::' stood is remembered, and at the
 * end what came after it is moved to the back.
 */
static bool parse_v6(const char *s, const char *end, uint8_t out[16])
{
    size_t filled = 0, gap = SIZE_MAX;

    memset(out, 0, 16);
    if (end - s >= 2 && s[0] == ':' && s[1] == ':') {
        gap = 0;
        s += 2;
    }
    while (s < end) {
        const char *const group = s;

        if (filled > 14)
            return false;
        s = read_group(s, end, out + filled);
        if (s == NULL)
            return false;
        if (s < end && *s == '.') { /* the last four bytes as IPv4 */
            if (filled > 12 || !parse_v4(group, end, out + filled))
                return false;
            filled += 4;
            break;
        }
        filled += 2;
        if (s == end)
            break;
        if (*s++ != ':' || s == end)
            return false;
        if (*s == ':') {
            if (gap != SIZE_MAX)
                return false;
            gap = filled;
            s++;
        }
    }
    if (gap == SIZE_MAX)
        return filled == 16;
    if (filled > 14) /* '::' stands for one group at least */
        return false;
    memmove(out + 16 - (filled - gap), out + gap, filled - gap);
    memset(out + gap, 0, 16 - filled);
    return true;
}

bool fle_address_parse(const char *data, size_t len, fle_address *out)
{
    fle_address address;

    if (len == 0 || len >= FLE_ADDRESS_TEXT)
        return false;
    /* Only IPv4 has a dot behind the first four characters. */
    if (memchr(data, '.', len < 4 ? len : 4) != NULL) {
        memcpy(address.bytes, v4_prefix, sizeof v4_prefix);
        if (!parse_v4(data, data + len, address.bytes + sizeof v4_prefix))
            return false;
    } else if (!parse_v6(data, data + len, address.bytes)) {
        return false;
    }
    *out = address;
    return true;
}

#define TEN(tens)                                                                                  \
    tens "0.", tens "1.", tens "2.", tens "3.", tens "4.", tens "5.", tens "6.", tens "7.",        \
        tens "8.", tens "9."
#define HUNDRED(hundreds)                                                                          \
    TEN(hundreds "0"), TEN(hundreds "1"), TEN(hundreds "2"), TEN(hundreds "3"), TEN(hundreds "4"), \
        TEN(hundreds "5"), TEN(hundreds "6"), TEN(hundreds "7"), TEN(hundreds "8"),                \
        TEN(hundreds "9")

/* Four bytes at a time, of which what is too much is written over by the next ones. */
static char *write_v4(char *to, const uint8_t bytes[4])
{
    static const char parts[256][5] = {
        TEN(""),  TEN("1"), TEN("2"),     TEN("3"),  TEN("4"),  TEN("5"),  TEN("6"),  TEN("7"),
        TEN("8"), TEN("9"), HUNDRED("1"), TEN("20"), TEN("21"), TEN("22"), TEN("23"), TEN("24"),
        "250.",   "251.",   "252.",       "253.",    "254.",    "255.",
    };

    for (int i = 0; i < 4; i++) {
        memcpy(to, parts[bytes[i]], 4);
        to += 2 + (bytes[i] > 9) + (bytes[i] > 99);
    }
    return to - 1; /* no dot behind the last */
}

static char *write_hex(char *to, unsigned value)
{
    int shift = 12;

    while (shift > 0 && value >> shift == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[value >> shift & 0xf];
    return to;
}

static unsigned group_at(const uint8_t *bytes, int group)
{
    return (unsigned)bytes[2 * group] << 8 | bytes[2 * group + 1];
}

/* The longest run of two or more zero groups, the first of equals; returns its length, or 0. */
static int longest_zeros(const uint8_t *bytes, int *start)
{
    int longest = 1;

    for (int i = 0; i < 8; i++) {
        int run = 0;

        while (i + run < 8 && group_at(bytes, i + run) == 0)
            run++;
        if (run > longest) {
            longest = run;
            *start = i;
        }
    }
    return longest > 1 ? longest : 0;
}

static char *write_v6(char *to, const uint8_t *bytes)
{
    int gap = 8;
    const int gap_len = longest_zeros(bytes, &gap);

    for (int i = 0; i < 8; i++) {
        if (i == gap) {
            *to++ = ':';
            i += gap_len - 1;
            if (i == 7)
                *to++ = ':';
            continue;
        }
        if (i > 0)
            *to++ = ':';
        to = write_hex(to, group_at(bytes, i));
    }
    return to;
}

size_t fle_address_format(const fle_address *address, char out[FLE_ADDRESS_TEXT])
{
    char *const end = fle_address_is_v4(address) ? write_v4(out, address->bytes + sizeof v4_prefix)
                                                 : write_v6(out, address->bytes);

    *end = '\0';
    return (size_t)(end - out);
}

int fle_address_compare(const fle_address *a, const fle_address *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

static bool is_rfc1918(const uint8_t v4[4])
{
    return v4[0] == 10 || (v4[0] == 172 && (v4[1] & 0xf0) == 16) || (v4[0] == 192 && v4[1] == 168);
}

bool fle_address_is_rfc1918(const fle_address *address)
{
    return fle_address_is_v4(address) && is_rfc1918(address->bytes + sizeof v4_prefix);
}

/*
 * Of IANA's special-purpose registries, what can turn up in a flow log. Branches,
 * and not a table of CIDRs, since this is asked of every address of every record.
 */
static bool is_private_v4(const uint8_t v4[4])
{
    switch (v4[0]) {
    case 0:   /* "this network": DHCP's source */
    case 127: /* loopback */
        return true;
    case 100: /* carrier-grade NAT; VPCs may use it */
        return (v4[1] & 0xc0) == 64;
    case 169: /* link local; instance metadata, DNS, time */
        return v4[1] == 254;
    case 198: /* benchmarking; VPCs may use it */
        return (v4[1] & 0xfe) == 18;
    default: /* from 224 on: multicast, reserved, broadcast */
        return v4[0] >= 224 || is_rfc1918(v4);
    }
}

static const fle_cidr private_v6[] = {
    { { { 0 } }, 128 },          /* unspecified */
    { { { [15] = 1 } }, 128 },   /* loopback */
    { { { 0xfc } }, 7 },         /* unique local */
    { { { 0xfe, 0x80 } }, 10 },  /* link local */
    { { { 0xff } }, 8 },         /* multicast */
};

bool fle_address_is_private(const fle_address *address)
{
    if (fle_address_is_v4(address))
        return is_private_v4(address->bytes + sizeof v4_prefix);
    for (size_t i = 0; i < sizeof private_v6 / sizeof *private_v6; i++)
        if (fle_cidr_holds(&private_v6[i], address))
            return true;
    return false;
}

void fle_address_keep(fle_address *address, unsigned bits)
{
    const size_t whole = bits / 8;

    if (whole >= sizeof address->bytes)
        return;
    address->bytes[whole] &= (uint8_t)(0xff00u >> bits % 8);
    memset(address->bytes + whole + 1, 0, sizeof address->bytes - whole - 1);
}

bool fle_cidr_parse(const char *data, size_t len, fle_cidr *out)
{
    const char *const slash = len > 0 ? memchr(data, '/', len) : NULL;
    const size_t address_len = slash ? (size_t)(slash - data) : len;
    fle_cidr cidr = { .bits = 128 };

    if (!fle_address_parse(data, address_len, &cidr.base))
        return false;
    if (slash != NULL) {
        /* Of "::ffff:10.0.0.0/104" the bits count as in any other IPv6. */
        const bool dotted = memchr(data, ':', address_len) == NULL;
        uint8_t bits;

        if (read_decimal(slash + 1, data + len, dotted ? 32 : 128, &bits) != data + len)
            return false;
        cidr.bits = (uint8_t)(dotted ? bits + V4_BITS : bits);
        fle_address_keep(&cidr.base, cidr.bits);
    }
    *out = cidr;
    return true;
}

static bool is_v4_cidr(const fle_cidr *cidr)
{
    return cidr->bits >= V4_BITS && fle_address_is_v4(&cidr->base);
}

static bool same_start(const fle_address *a, const fle_address *b, unsigned bits)
{
    const size_t whole = bits < 128 ? bits / 8 : sizeof a->bytes;
    const unsigned rest = bits < 128 ? bits % 8 : 0;

    return memcmp(a->bytes, b->bytes, whole) == 0 &&
           (rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0);
}

bool fle_cidr_holds(const fle_cidr *cidr, const fle_address *address)
{
    return same_start(&cidr->base, address, cidr->bits) &&
           is_v4_cidr(cidr) == fle_address_is_v4(address);
}

bool fle_cidr_overlaps(const fle_cidr *a, const fle_cidr *b)
{
    return same_start(&a->base, &b->base, a->bits < b->bits ? a->bits : b->bits) &&
           is_v4_cidr(a) == is_v4_cidr(b);
}

int fle_cidr_compare(const fle_cidr *a, const fle_cidr *b)
{
    const int order = fle_address_compare(&a->base, &b->base);

    return order != 0 ? order : (int)a->bits - (int)b->bits;
}
