/* SPDX-License-Identifier: Apache-2.0 */
/* How a group lies in memory, and its arithmetic. */
#ifndef FLE_AGGREGATE_GROUP_H
#define FLE_AGGREGATE_GROUP_H

#include "aggregate/sketches.h"
#include "aggregate/sums.h"
#include "base/number.h"

/*
 * A group: the u32 words of its key, its error, its sums, the first and last time it was seen,
 * its sketches, and for each sum what is above 64 bits.
 *
 * Sums are kept modulo 2^72, signed, and only cut to what can be shown when they are: so they
 * are the same in any order, though a reversal may come before what it takes back, and rows of
 * hostile input may add up to more than 2^64.
 *
 * Offsets are multiples of four; numbers are read and written by memcpy(), since half of
 * them may not lie on a multiple of eight.
 */
typedef struct fle_layout {
    size_t key_words;
    size_t n_sums;
    uint8_t sums[FLE_N_SUMS];    /* which, in order */
    uint16_t places[FLE_N_SUMS]; /* of each sum: its number in 'sums' and one; 0: it isn't kept */
    size_t error, values, fraction, times, sketches, carries; /* offsets; 'fraction' 0: has none */
    const fle_sketches *sketch; /* which sketches there are, and how they are handled */
    size_t width;
} fle_layout;

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

/* Add a row, or take it out, as it says. */
void fle_group_count(const fle_layout *layout, unsigned char *group, const fle_sums *sums);

/* Give back what its sketches hold. */
void fle_group_drop(const fle_layout *layout, unsigned char *group);

/* Add what another has, but for its error. False if memory ran out. */
bool fle_group_add(const fle_layout *layout, unsigned char *group, const unsigned char *more);

/* Let another give what this one is short of: sums below 0 are added there and are 0 here. */
void fle_group_settle(const fle_layout *layout, unsigned char *group, unsigned char *other);

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

static inline uint64_t fle_group_error(const fle_layout *layout, const unsigned char *group)
{
    return fle_load(group + layout->error);
}

static inline void fle_group_set_error(const fle_layout *layout, unsigned char *group,
                                       uint64_t error)
{
    fle_store_number(group + layout->error, error);
}

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
