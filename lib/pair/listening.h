/* SPDX-License-Identifier: Apache-2.0 */
/* Who listens where: what conversations taught of addresses and ports. */
#ifndef FLE_PAIR_LISTENING_H
#define FLE_PAIR_LISTENING_H

#include "pair/talks.h"

#define FLE_LISTENING_HOLDS 3600 /* seconds that an answer to a SYN teaches for */
#define FLE_LISTENING_FAN_IN 3   /* distinct ports that talk to one: it listens */

/* One end, in a space. */
typedef struct fle_listening_end {
    fle_address address;
    uint16_t space, port;
    uint8_t protocol;
    uint8_t n_peers;
    uint16_t peers[FLE_LISTENING_FAN_IN]; /* ports that talked to it */
    uint32_t answered;                    /* when it last answered a SYN; 0 = never */
    uint32_t seen;                        /* when it was last told of; 0 = no entry */
} fle_listening_end;

/*
 * A cache with places for four ends of one hash, of which the one that was told of
 * longest ago gives way. Its hash has no seed, or what is forgotten would depend on
 * that; and it needs none, since no look-up goes beyond four.
 */
typedef struct fle_listening {
    const fle_allocator *allocator;
    fle_listening_end *ends;
    size_t n_sets, most_sets; /* powers of two */
    size_t n;
} fle_listening;

/* 'max_bytes' is what it may take, at least a few KiB. False if memory ran out. */
bool fle_listening_init(fle_listening *listening, const fle_allocator *allocator, size_t max_bytes);
void fle_listening_free(fle_listening *listening);
size_t fle_listening_bytes(const fle_listening *listening);

/* Note that a pole answered a SYN, or that it was talked to by the other one's port. */
void fle_listening_answer(fle_listening *listening, const fle_conversation *c, fle_pole pole,
                          uint32_t when);
void fle_listening_meet(fle_listening *listening, const fle_conversation *c, fle_pole pole,
                        uint32_t when);

/* Did it answer a SYN lately, seen from that moment? Did many ports talk to it? */
bool fle_listening_has_answered(const fle_listening *listening, const fle_conversation *c,
                                fle_pole pole, uint32_t when);
bool fle_listening_has_fan_in(const fle_listening *listening, const fle_conversation *c,
                              fle_pole pole);

#endif
