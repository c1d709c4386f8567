/* SPDX-License-Identifier: Apache-2.0 */
/* How a group lies in memory, and its arithmetic. */
#ifndef FLE_AGGREGATE_GROUP_H
#define FLE_AGGREGATE_GROUP_H

#include "aggregate/sketches.h"
#include "aggregate/sums.h"
#include "base/number.h"

/*
 * A group: the u32 words of its key, its error, its sums, the fraction of its amount, the first
 * and last time it was seen, its sketches.
 *
 * Sums are kept modulo 2^72, signed, and only cut to what can be shown when they are: so they
 * are the same in any order, though a reversal may come before what it takes back, and rows of
 * hostile input may add up to more than 2^64. But nearly all groups are small: until one of them
 * needs more, its error and sums have 32 bits, none of them below 0. Then all of them lie in a
 * fle_wide, where its sums were is a pointer to it, and its error is FLE_IS_WIDE.
 *
 * Offsets are multiples of four; numbers are read and written by memcpy(), since half of
 * them may not lie on a multiple of eight.
 */
typedef struct fle_layout {
    size_t key_words;
    size_t n_sums;
    uint8_t sums[FLE_N_SUMS];    /* which, in order */
    uint16_t places[FLE_N_SUMS]; /* of each sum: its number in 'sums' and one; 0: it isn't kept */
    size_t error, values, fraction, times, sketches; /* offsets; 'fraction' 0: has none */
    const fle_sketches *sketch; /* which sketches there are, and how they are handled */
    size_t width;
} fle_layout;

#define FLE_IS_WIDE UINT32_MAX
#define FLE_BYTES_OF_WIDE 192

/* A sum: what is above 64 bits is in 'high'. Of 2^71 or more, nobody tells how much more it is. */
typedef struct fle_number {
    uint64_t low;
    int8_t high;
} fle_number;

typedef struct fle_wide {
    uint64_t error;
    fle_number sums[FLE_N_SUMS];
} fle_wide;

_Static_assert(sizeof(fle_wide) <= FLE_BYTES_OF_WIDE, "it counts for less than it takes");

/* Of these sums, as bits, those that are the sum of two others among them. */
uint32_t fle_sums_told_by(uint32_t sums);

/*
 * Of groups that keep the sums whose bits are set; 'sketches' may have none. Bytes and packets
 * that aren't kept are those of both directions.
 */
void fle_layout_init(fle_layout *layout, size_t key_words, uint32_t sums,
                     const fle_sketches *sketches);

static inline uint64_t fle_load(const unsigned char *from)
{
    uint64_t value;

    memcpy(&value, from, sizeof value);
    return value;
}

static inline void fle_store_number(unsigned char *to, uint64_t value)
{
    memcpy(to, &value, sizeof value);
}

/* Behind its key a group that was just added is all zero: let it be without times. */
void fle_group_begin(const fle_layout *layout, unsigned char *group);

/* Add a row, or take it out, as it says. False if memory ran out. */
bool fle_group_count(const fle_layout *layout, unsigned char *group, const fle_sums *sums);

/* Its sum number 'i', as it is kept. Setting it is false if memory ran out. */
fle_number fle_group_number(const fle_layout *layout, const unsigned char *group, size_t i);
bool fle_group_set_number(const fle_layout *layout, unsigned char *group, size_t i,
                          fle_number number);

/* What it counts for in a budget beside its width, on any machine alike. */
static inline uint64_t fle_group_more(const fle_layout *layout, const unsigned char *group)
{
    uint64_t more =
        layout->sketch->n > 0 ? fle_sketches_bytes(layout->sketch, group + layout->sketches) : 0;
    uint32_t error;

    memcpy(&error, group + layout->error, sizeof error);
    return error == FLE_IS_WIDE ? more + FLE_BYTES_OF_WIDE : more;
}

/* Give back what it holds. */
void fle_group_drop(const fle_layout *layout, unsigned char *group);

/* Add what another has, but for its error. False if memory ran out. */
bool fle_group_add(const fle_layout *layout, unsigned char *group, const unsigned char *more);

/*
 * Let another give what this one is short of: sums below 0 are added there and are 0 here. False
 * if memory ran out.
 */
bool fle_group_settle(const fle_layout *layout, unsigned char *group, unsigned char *other);

/* A sum as it is shown: how far it is from 0, at most UINT64_MAX, and on which side. */
typedef struct fle_shown {
    uint64_t value;
    bool is_negative;
    bool is_cut; /* it is more than can be shown */
} fle_shown;

fle_shown fle_group_sum(const fle_layout *layout, const unsigned char *group, fle_sum sum);
flowenrich_time fle_group_first(const fle_layout *layout, const unsigned char *group);
flowenrich_time fle_group_last(const fle_layout *layout, const unsigned char *group);
void fle_group_set_times(const fle_layout *layout, unsigned char *group, flowenrich_time first,
                         flowenrich_time last);

uint64_t fle_group_error(const fle_layout *layout, const unsigned char *group);
/* False if memory ran out. */
bool fle_group_set_error(const fle_layout *layout, unsigned char *group, uint64_t error);

/*
 * An error of which a part is known better: 'less' of it is only 'more'. What can't be told stays
 * the most there is.
 */
static inline uint64_t fle_group_error_but(uint64_t error, uint64_t less, uint64_t more)
{
    return error == UINT64_MAX ? error : fle_plus(error - less, more);
}

/* Bytes and error together: no group of this key has more. */
uint64_t fle_group_rank(const fle_layout *layout, const unsigned char *group);

#endif
