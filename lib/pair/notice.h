/* SPDX-License-Identifier: Apache-2.0 */
/* What a record says, as the pairer needs it. */
#ifndef FLE_PAIR_NOTICE_H
#define FLE_PAIR_NOTICE_H

#include "base/address.h"
#include "base/hash.h"

/*
 * The two ends of a conversation, in an order that both directions share: the one
 * with the lower address, then port, is called the low one.
 */
typedef enum fle_pole { FLE_LOW, FLE_HIGH, FLE_N_POLES } fle_pole;

static inline fle_pole fle_pole_other(fle_pole pole)
{
    return pole == FLE_LOW ? FLE_HIGH : FLE_LOW;
}

#define FLE_ANY_PROTOCOL 255 /* reserved by IANA: the log doesn't say */

/* The wire tuple, unordered. No padding: it is hashed and compared as bytes. */
typedef struct fle_key {
    fle_address address[FLE_N_POLES];
    uint16_t port[FLE_N_POLES]; /* 0 without ports */
    uint8_t protocol;
    uint8_t has_ports;
} fle_key;

/* Words, of which the last two overlap: less than a call. */
static inline bool fle_key_equal(const fle_key *a, const fle_key *b)
{
    const unsigned char *x = (const unsigned char *)a, *y = (const unsigned char *)b;
    const size_t last = sizeof *a - sizeof(uint64_t);
    uint64_t differing = fle_hash_word(x + last) ^ fle_hash_word(y + last);

    for (size_t i = 0; i < last; i += sizeof(uint64_t))
        differing |= fle_hash_word(x + i) ^ fle_hash_word(y + i);
    return differing == 0;
}

static inline uint32_t fle_key_hash(const fle_key *key, uint64_t seed)
{
    return (uint32_t)fle_hash_inline(key, sizeof *key, seed);
}

/*
 * One record. Directions are called by the pole that sent: what the low one sent is
 * direction FLE_LOW. 'place' is the pole whose side the observer looked from, as the
 * flow-direction or an overwritten address tells; FLE_N_POLES if nothing does.
 */
typedef struct fle_notice {
    fle_key key;
    uint32_t hash;
    uint32_t observer;         /* their numbers */
    uint16_t vpc[FLE_N_POLES]; /* that a transit gateway says the poles are in; 0 = it doesn't */
    uint32_t object;           /* hash of the file's name; 0 if it has none */
    uint32_t line;             /* there; 0 if it isn't known */
    uint16_t flow_log;
    uint8_t from;  /* fle_pole that sent it */
    uint8_t place; /* fle_pole, or FLE_N_POLES */
    uint8_t flags; /* of TCP; 0 if unknown */
    bool has_bytes;
    bool is_trusted;  /* it is known that nothing else counted the same */
    bool is_hop_only; /* its log has no addresses of packets, but of interfaces they pass */
    bool behind;      /* the observer's side was overwritten by its own address */
    bool is_blind;    /* and by whose address isn't told: the pole at 'place' is unknown */
    bool is_shadowed; /* another log of the observer tells the same, and more */
    bool rejected;
    bool denied;         /* and not only because it came after the close */
    bool is_unsure;      /* rejected, in a log that doesn't tell whether after the close */
    uint32_t start, end; /* seconds since 1970; both 0 if the log has no times */
    uint64_t bytes, packets;
    /* Of a pole that an interface stands for: an IPv4 address of it, 0 if there is none; and
     * whether it is as others see it, which the interface itself may write otherwise. */
    uint32_t shown[FLE_N_POLES];
    bool is_shown_by_others[FLE_N_POLES];
    /* The holder of a pole whose own logs may have another address there: nobody knows yet,
     * since it has logged nothing. 0 = none. */
    uint32_t maybe[FLE_N_POLES];
    size_t row;
} fle_notice;

#endif
