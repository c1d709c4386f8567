/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations, and the table in which they are found. */
#ifndef FLE_PAIR_TALKS_H
#define FLE_PAIR_TALKS_H

#include "pair/index.h"
#include "pair/meters.h"

/* What was seen of a conversation, by its records' actions. */
typedef enum fle_seen_bit {
    FLE_SEEN_ACCEPTED = 1, /* from the low pole; times 2 from the high one */
    FLE_SEEN_DENIED = 4,   /* the same */
    FLE_SEEN_LATE = 16,    /* rejected, but only because it came after the close */
    FLE_SEEN_UNSURE = 64   /* rejected, and nobody knows whether it came after that */
} fle_seen_bit;

typedef enum fle_mark {
    FLE_MARK_CLOSED = 1,       /* its last row is out: what comes now is late */
    FLE_MARK_OPEN_ROW = 2,     /* something came since its last row */
    FLE_MARK_TWIN = 4,         /* others of its key are, or were, in the table */
    FLE_MARK_QUEUED = 8,       /* on the list of those that late records came to */
    FLE_MARK_LATE = 16,        /* began when it should have been over */
    FLE_MARK_REUSED = 32,      /* the same tuple again, too soon to be told apart */
    FLE_MARK_AMBIGUOUS = 64,   /* more than one that it could have been joined to */
    FLE_MARK_ANSWERED = 128,   /* accepted both ways, and counted for who listens */
    FLE_MARK_SHOWN = 256,      /* 'way' has addresses */
    FLE_MARK_LISTED_LOW = 512, /* among the legs, by its low end; times 2 by its high one */
    FLE_MARK_LISTED_HIGH = 1024,
    FLE_MARK_LEG = 2048,     /* it is a leg of 'leg', which has all that was counted */
    FLE_MARK_LOOSE = 4096,   /* a leg that hangs in no wheel any more */
    FLE_MARK_GONE = 8192,    /* out of the table: its row is to be taken; or a leg that hangs */
    FLE_MARK_FRONT = 16384,  /* before a load balancer */
    FLE_MARK_OUTSIDE = 32768 /* another one says its bytes */
} fle_mark;

/* 96 bytes. What records look at while it goes on are the first 64. */
typedef struct fle_conversation {
    fle_key key;
    uint8_t sent[FLE_N_POLES]; /* flags of TCP that a pole was seen to send */
    uint32_t start;            /* of what isn't in a row yet */
    uint32_t end;              /* of the last record */
    fle_meters meters;
    uint32_t records; /* that aren't in a row yet */
    uint16_t marks;
    uint8_t seen; /* bits of fle_seen_bit */
    uint8_t told; /* the verdict of its last row, by fle_verdict_tell(); 0 before the first */

    uint32_t first;              /* start of the record that it began with */
    uint16_t space[FLE_N_POLES]; /* numbers of VPCs; 0 = unknown */
    uint32_t next;               /* in its wheel */
    uint32_t leg;                /* the first of its legs; of a leg, what it is one of */
    /* What the pole's own record says of where its packets go; or, in logs that don't tell
     * that, the address by which others see it, as four bytes. Of a leg: the next one, and what
     * the leg is. */
    uint32_t way[FLE_N_POLES];
    uint32_t sequence; /* of its next row */
    uint32_t salt;     /* of its id, beside key and first start */
} fle_conversation;

#define FLE_CONVERSATION_HOT offsetof(fle_conversation, first)

/* Its earliest start: a record that isn't in a row yet may be earlier than the first. */
static inline uint32_t fle_conversation_begin(const fle_conversation *c)
{
    return (c->marks & FLE_MARK_OPEN_ROW) && c->start < c->first ? c->start : c->first;
}

/* What 'way' of a leg has besides the next one. */
#define FLE_LEG_IS_NAME 1u     /* it is only another name, of all of its records */
#define FLE_LEG_TURNS 2u       /* its poles are the other way round */
#define FLE_LEG_SHARES_HIGH 4u /* its high pole is the one that both have, else the low one */
#define FLE_LEG_IS_OUTSIDE 8u  /* a NAT gateway's, under its own address */

static inline void fle_conversation_add_leg(fle_conversation *whole, uint32_t number,
                                            fle_conversation *leg, uint32_t leg_number, uint32_t is)
{
    leg->way[FLE_LOW] = whole->leg;
    leg->way[FLE_HIGH] = is;
    leg->leg = number;
    whole->leg = leg_number;
}

/* The next leg of the same one; FLE_NONE after the last. */
static inline uint32_t fle_leg_next(const fle_conversation *leg)
{
    return leg->way[FLE_LOW];
}

/* The pole of a leg that isn't the one that both have. */
static inline fle_pole fle_leg_own_pole(const fle_conversation *leg)
{
    return leg->way[FLE_HIGH] & FLE_LEG_SHARES_HIGH ? FLE_LOW : FLE_HIGH;
}

static inline bool fle_leg_is_outside(const fle_conversation *leg)
{
    return leg->way[FLE_HIGH] & FLE_LEG_IS_OUTSIDE;
}

static inline bool fle_leg_turns(const fle_conversation *leg)
{
    return leg->way[FLE_HIGH] & FLE_LEG_TURNS;
}

/* Is it a leg at all, and only a name? */
static inline bool fle_conversation_is_name(const fle_conversation *c)
{
    return (c->marks & FLE_MARK_LEG) && (c->way[FLE_HIGH] & FLE_LEG_IS_NAME);
}

typedef struct fle_table {
    uint64_t hash_seed;
    fle_slab conversations, meters;
    fle_index by_key;
} fle_table;

bool fle_table_init(fle_table *table, const fle_allocator *allocator, uint64_t hash_seed);
void fle_table_free(fle_table *table);

static inline fle_conversation *fle_table_at(const fle_table *table, uint32_t number)
{
    return fle_slab_at(&table->conversations, number, sizeof(fle_conversation));
}

/* Go through the conversations of a key. Start with that key's hash and 'at' of the same. */
typedef struct fle_matches {
    const fle_table *table;
    const fle_key *key;
    uint32_t hash;
    size_t at;
} fle_matches;

static inline void fle_matches_begin(fle_matches *matches, const fle_table *table,
                                     const fle_key *key, uint32_t hash)
{
    *matches = (fle_matches){ table, key, hash, fle_index_begin(&table->by_key, hash) };
}

/* FLE_NONE after the last. */
static inline uint32_t fle_matches_next(fle_matches *matches)
{
    const fle_table *table = matches->table;

    for (;;) {
        const uint32_t number = fle_index_next(&table->by_key, matches->hash, &matches->at);

        if (number == FLE_NONE || fle_key_equal(&fle_table_at(table, number)->key, matches->key))
            return number;
    }
}

/* A new conversation of a record's key, with nothing counted. FLE_NONE if memory ran out. */
uint32_t fle_table_open(fle_table *table, const fle_notice *notice);

/* Take a conversation out of the table; it stays where it is until it is given back. */
void fle_table_detach(fle_table *table, uint32_t number);
void fle_table_give(fle_table *table, uint32_t number);

size_t fle_table_bytes(const fle_table *table);

#endif
