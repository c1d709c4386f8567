/* SPDX-License-Identifier: Apache-2.0 */
/* Meters: what one observer counted of a conversation, in one flow log. */
#ifndef FLE_PAIR_METERS_H
#define FLE_PAIR_METERS_H

#include "pair/notice.h"
#include "pair/slab.h"

/*
 * A meter counts both directions, as seen from one pole's side: what forwards, and
 * logs packets as they come in and as they go out, has two.
 *
 * The last quarter of an hour that it counted is kept for each direction, in steps. Where
 * nobody knows of which flow log records are, one of a time that was counted before comes from
 * a second log, or is the same delivered again: another meter counts it, an alternative to
 * this one and never added to it.
 */
typedef struct fle_meter {
    uint64_t bytes[FLE_N_POLES];
    uint64_t steps[FLE_N_POLES]; /* counted; bit i: that many steps before the newest */
    uint32_t packets[FLE_N_POLES];
    uint16_t packets_high[FLE_N_POLES]; /* 48 bits in all */
    uint32_t observer;
    uint32_t next;
    uint32_t newest[FLE_N_POLES]; /* the last step counted, and 1; 0 if nothing was */
    uint32_t flow_log : 16;
    uint32_t place : 2;                     /* fle_pole, FLE_N_POLES = any */
    uint32_t alternative : 2;               /* 0 is the first */
    uint32_t rejected : 1;                  /* counts what was rejected */
    uint32_t denied : 1;                    /* and not only because it came late */
    uint32_t unsure : 1;                    /* or nobody knows whether it did */
    uint32_t own : 1;                       /* logged the pole's address as its own */
    uint32_t behind : 1;                    /* logged it under its own address */
    uint32_t told : 1;                      /* what it has was in rows before; else it wasn't */
    uint32_t blind : 1;                     /* whose its side of the packets is isn't told */
    uint32_t hop_only : 1;                  /* or may be another address of its own */
    uint32_t heard_low : 1, heard_high : 1; /* logged what that pole sent, counted or not */
} fle_meter;

#define FLE_METERS_MOST 64 /* of one conversation */

#define FLE_METER_STEP 15u /* seconds */

/* The meters of one conversation: the first two are had without a look at each other. */
typedef struct fle_meters {
    uint32_t first, second;
} fle_meters;

static inline fle_meter *fle_meter_at(const fle_slab *slab, uint32_t number)
{
    return fle_slab_at(slab, number, sizeof(fle_meter));
}

/* The meter after one, FLE_NONE after the last; begin with meters->first. */
static inline uint32_t fle_meter_after(const fle_slab *slab, const fle_meters *meters,
                                       uint32_t number)
{
    return number == meters->first ? meters->second : fle_meter_at(slab, number)->next;
}

static inline uint64_t fle_meter_packets(const fle_meter *meter, fle_pole from)
{
    return (uint64_t)meter->packets_high[from] << 32 | meter->packets[from];
}

static inline bool fle_meter_heard(const fle_meter *meter, fle_pole from)
{
    return from == FLE_LOW ? meter->heard_low : meter->heard_high;
}

/* Do two count for one and the same, told or not, rejected or not? */
static inline bool fle_meter_is_same(const fle_meter *a, const fle_meter *b)
{
    return a->observer == b->observer && a->flow_log == b->flow_log && a->place == b->place &&
           a->alternative == b->alternative;
}

/*
 * Was what a pole sent rejected at one meter, and not only after the close? Where the log
 * doesn't tell, it wasn't where the same observer let something of that direction through.
 */
bool fle_meters_deny(const fle_slab *slab, const fle_meters *meters, const fle_meter *meter,
                     fle_pole from);

/* Did this observer count what a pole sent, all of it before a record's time? */
bool fle_meters_are_before(const fle_slab *slab, const fle_meters *meters,
                           const fle_notice *notice);

/*
 * Did one direction have nothing but headers, of 'least' bytes a packet, and the other nothing but
 * a SYN's options more? So somebody was refused: who answers a SYN has options, too.
 */
bool fle_meters_are_refusal(const fle_slab *slab, const fle_meters *meters, uint32_t least);

/* Has this observer a meter here? */
bool fle_meters_have(const fle_slab *slab, const fle_meters *meters, uint32_t observer);

/* Has its observer one of another flow log? */
bool fle_meters_have_other(const fle_slab *slab, const fle_meters *meters,
                           const fle_notice *notice);

/* What becomes of a record that is to be counted. */
typedef enum fle_counted {
    FLE_COUNTED,
    FLE_COUNTED_APART, /* by an alternative: its time was counted before */
    FLE_NOT_COUNTED,   /* there are too many meters, or alternatives */
    FLE_COUNT_NOMEM
} fle_counted;

fle_counted fle_meters_count(fle_slab *slab, fle_meters *meters, const fle_notice *notice);

/* From now on all that was counted was in rows. */
void fle_meters_tell(fle_slab *slab, fle_meters *meters);

/*
 * Count with others what was counted of a leg: 'shared' is the pole of the others' that both
 * have, and its poles may be the other way round. Who looked from the other end is in between.
 */
void fle_meters_move(fle_slab *slab, fle_meters *from, fle_meters *to, fle_pole shared, bool turns);

void fle_meters_give(fle_slab *slab, fle_meters *meters);

#endif
