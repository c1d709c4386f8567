/* SPDX-License-Identifier: Apache-2.0 */
/* The way a conversation took: who logged it, in the order of the way. */
#ifndef FLE_PAIR_COURSE_H
#define FLE_PAIR_COURSE_H

#include "pair/homes.h"
#include "pair/talks.h"

/* One observer. */
typedef struct fle_stop {
    uint32_t observer;
    bool heard[FLE_N_POLES]; /* logged what that pole sent */
    bool faces[FLE_N_POLES]; /* looked from that pole's side */
    bool owns[FLE_N_POLES];  /* logged that pole's address as its own */
    bool denied;
    bool is_hop;
} fle_stop;

/* Which leg of a NAT gateway's a conversation is, if it is one. */
typedef enum fle_leg { FLE_LEG_NONE, FLE_LEG_INSIDE, FLE_LEG_OUTSIDE } fle_leg;

typedef struct fle_course {
    fle_stop stops[FLE_METERS_MOST]; /* from the low pole to the high one */
    size_t n;
    uint32_t end[FLE_N_POLES];   /* the observer that is the pole; 0 if none is known */
    bool contested[FLE_N_POLES]; /* more than one says so */
    fle_leg leg;
    bool is_blind;   /* only those logged it that don't tell whose packets they pass on */
    bool is_denied;  /* somebody refused it */
    bool is_dropped; /* what came to a NAT gateway from outside, which never answered */
} fle_course;

void fle_course_find(fle_course *course, const fle_conversation *c, const fle_slab *meters,
                     const fle_observers *observers, const fle_homes *homes);

#endif
