/* SPDX-License-Identifier: Apache-2.0 */
/* The pairer, from the inside. */
#ifndef FLE_PAIR_PAIRER_H
#define FLE_PAIR_PAIRER_H

#include "pair/copies.h"
#include "pair/gone.h"
#include "pair/homes.h"
#include "pair/noting.h"
#include "pair/prints.h"
#include "pair/verdict.h"
#include "pair/wheel.h"
#include "record/listeners.h"

/* A conversation of which a row is to be taken. */
typedef struct fle_due {
    int64_t due;
    uint64_t id;
    uint32_t number;
    fle_verdict verdict;
    bool final, late;
    bool gone;     /* out of the table: nothing more comes to it */
    bool reversed; /* its reversal is out, the row isn't yet */
} fle_due;

typedef struct fle_dues {
    fle_due *items;
    size_t n, capacity;
    size_t at; /* those before are taken */
} fle_dues;

/* Conversations that late records came to, by number. */
typedef struct fle_late_ones {
    uint32_t *items;
    size_t n, capacity;
} fle_late_ones;

/* What is counted, in the order of flowenrich_pairer_stats(). */
typedef enum fle_pair_stat {
    FLE_PAIR_RECORDS,
    FLE_PAIR_NO_ADDRESS,
    FLE_PAIR_NO_TIME,
    FLE_PAIR_DUPLICATES,
    FLE_PAIR_DUPLICATE_MESSAGES,
    FLE_PAIR_CONVERSATIONS,
    FLE_PAIR_ROWS,
    FLE_PAIR_REVERSALS,
    FLE_PAIR_EVICTED,
    FLE_PAIR_LATE_RECORDS,
    FLE_PAIR_LATE_CONVERSATIONS,
    FLE_PAIR_REUSED,
    FLE_PAIR_AMBIGUOUS,
    FLE_PAIR_OTHER_SPACE,
    FLE_PAIR_OVERLAPPING,
    FLE_PAIR_UNCOUNTED,
    FLE_PAIR_LEGS,
    FLE_PAIR_OUTSIDE,
    FLE_PAIR_N_STATS
} fle_pair_stat;

struct flowenrich_pairer {
    fle_allocator allocator;
    uint64_t hash_seed, max_bytes;
    uint32_t active, idle, lateness, slack, mismatch_percent; /* idle, lateness: 0 = by 'window' */
    uint32_t window;                                          /* the longest record so far */
    int64_t watermark;
    flowenrich_snapshot *snapshot;
    fle_arena arena; /* the configuration */
    fle_listeners listeners;
    fle_table table;
    fle_observers observers;
    fle_ways ways;
    fle_listening listening;
    fle_objects objects;
    fle_copies copies;
    fle_gone gone;
    fle_homes homes;
    fle_index legs;          /* that sides of load balancers may be, by the end that both have */
    fle_prints prints;       /* of what NAT gateways counted */
    int64_t unprinted_until; /* of this time, some with prints were let go of */
    fle_wheel open, closed;
    fle_late_ones late;
    fle_dues dues;
    size_t detached_meters; /* of conversations out of the table */
    uint64_t stats[FLE_PAIR_N_STATS];
};

/* ---- joining.c ---- */

/*
 * Add a record to its conversation, which is made if there is none. 'noting' has the row.
 * False if memory ran out.
 */
bool fle_pairer_join(flowenrich_pairer *pairer, const fle_noting *noting, const fle_notice *notice);

/* ---- balanced.c ---- */

/*
 * See whether a conversation is one side of a load balancer's: together with the other side it is
 * one. When it begins or its observer is new, and as long as it is before one. False if memory
 * ran out.
 */
bool fle_pairer_meet(flowenrich_pairer *pairer, uint32_t number, const fle_notice *notice);

/* Who surely had a pole's address, as far as that is known; NULL if nobody is. */
const fle_entry *fle_pairer_holder(const flowenrich_pairer *pairer, const fle_conversation *c,
                                   fle_pole pole);

/* Look at a leg's record as one of what it is a leg of, whose number it is. */
uint32_t fle_pairer_turn(const flowenrich_pairer *pairer, uint32_t number, fle_notice *notice);

/*
 * Does another conversation say the same bytes, although it isn't sure which one? False if memory
 * ran out.
 */
bool fle_pairer_repeats(const flowenrich_pairer *pairer, uint32_t number, bool *out);

/* Let a conversation, by all of its names, be found by one of its ends. False if memory ran out. */
bool fle_pairer_list(flowenrich_pairer *pairer, uint32_t number, fle_pole pole);

/* Go through those that are listed by an end of a conversation, by any of its names. */
typedef struct fle_sides {
    uint32_t number;
    fle_pole pole;
    uint32_t by; /* itself, or a name of it */
    size_t at;
    bool has_begun;
} fle_sides;

static inline fle_sides fle_pairer_sides(uint32_t number, fle_pole pole)
{
    return (fle_sides){ number, pole, number, 0, false };
}

/* FLE_NONE after the last, which may come twice; '*shared' is the pole that both have. */
uint32_t fle_pairer_next_side(const flowenrich_pairer *pairer, fle_sides *sides, fle_pole *shared);

/*
 * Let one be a leg of another, which has both true ends: its pole 'ours' is the whole's 'theirs'.
 * Who looked from its other pole is in between. False if memory ran out.
 */
bool fle_pairer_fold(flowenrich_pairer *pairer, uint32_t leg_number, fle_pole ours, uint32_t number,
                     fle_pole theirs);

/* Let nobody find it any more by its ends. */
void fle_pairer_unlist(flowenrich_pairer *pairer, uint32_t number);

/* ---- inside.c ---- */

/*
 * List a conversation that may be a leg to a gateway, or go through one: by who talks there. False
 * if memory ran out.
 */
bool fle_pairer_list_inside(flowenrich_pairer *pairer, uint32_t number, const fle_notice *notice);

/*
 * Make legs to gateways legs of what goes through them, before what is over is told. False if
 * memory ran out.
 */
bool fle_pairer_join_inside(flowenrich_pairer *pairer, uint32_t number);

/* ---- outside.c ---- */

/*
 * Keep prints of what NAT gateways counted of a conversation; take them out before anything of it
 * changes. False if memory ran out; there were none.
 */
bool fle_pairer_print(flowenrich_pairer *pairer, uint32_t number);
bool fle_pairer_unprint(flowenrich_pairer *pairer, uint32_t number);

/* Make all prints anew, if somebody is known for a gateway only now. False if memory ran out. */
bool fle_pairer_know_gateways(flowenrich_pairer *pairer);

/* Did a gateway log it under its own address? */
bool fle_pairer_is_outside(const flowenrich_pairer *pairer, const fle_conversation *c);

/*
 * Before a conversation that is over is told: let what a NAT gateway said outside be a leg of the
 * only one whose packets these can be. False if memory ran out.
 */
bool fle_pairer_join_outside(flowenrich_pairer *pairer, uint32_t number);

/* ---- aliases.c ---- */

/*
 * Let a conversation that begins be found, too, by what may stand for its ends in logs of theirs.
 * False if memory ran out.
 */
bool fle_pairer_alias(flowenrich_pairer *pairer, uint32_t number, const fle_notice *notice);

/*
 * Let a conversation that begins with a record be found by all that the one before it is found by.
 * False if memory ran out.
 */
bool fle_pairer_inherit(flowenrich_pairer *pairer, uint32_t before, uint32_t number,
                        const fle_notice *notice);

/* The leg of a conversation by which it is found as by a leg of another; FLE_NONE if none is. */
uint32_t fle_pairer_leg_like(const flowenrich_pairer *pairer, uint32_t number, uint32_t leg);

/* ---- due.c ---- */

/* Seconds without a record after which the same tuple is another conversation. */
uint32_t fle_pairer_silence(const flowenrich_pairer *pairer);

/* Seconds without a record after which a conversation is over, and for which it is kept then. */
uint32_t fle_pairer_idle(const flowenrich_pairer *pairer);
uint32_t fle_pairer_lateness(const flowenrich_pairer *pairer);

/* Hang a conversation up where it will be due. */
void fle_pairer_hang(flowenrich_pairer *pairer, uint32_t number);

/*
 * Rows are told in no order of memory: have that come which those some places behind 'at' in the
 * list need, of which 'n' are there.
 */
void fle_pairer_expect(const flowenrich_pairer *pairer, size_t at, size_t n);

/* Give back a conversation that is out of the table. */
void fle_pairer_give(flowenrich_pairer *pairer, uint32_t number);

/* Put all that is due until a moment on the list. False if memory ran out. */
bool fle_pairer_collect(flowenrich_pairer *pairer, int64_t watermark);

/* Let go of conversations until what there are fits. False if memory ran out. */
bool fle_pairer_evict(flowenrich_pairer *pairer);

#endif
