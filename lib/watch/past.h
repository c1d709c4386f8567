/* SPDX-License-Identifier: Apache-2.0 */
/* What groups had in their last windows, in bounded memory. */
#ifndef FLE_WATCH_PAST_H
#define FLE_WATCH_PAST_H

#include "base/hash.h"
#include "base/text.h"

/* One group. */
typedef struct fle_past {
    flowenrich_text key;
    flowenrich_time newest; /* window, by its start */
    flowenrich_time since;  /* from this window on its past is known */
    flowenrich_time quiet;  /* before this window nothing more is told of it */
} fle_past;

/* All groups of one rule. */
typedef struct fle_pasts {
    const fle_allocator *allocator;
    uint64_t seed, max_bytes;
    size_t windows;        /* how many values a group has: of its newest window, and those before */
    uint32_t step;         /* seconds from one window to the next */
    flowenrich_time since; /* of groups that are new */
    flowenrich_time cleaned; /* the window that was newest when what is over was dropped */
    fle_arena keys;
    fle_map *by_key; /* NULL before the first group */
    fle_past *groups;
    size_t n, groups_capacity;
    uint64_t *values; /* of each group, the newest window's last */
    size_t values_capacity;
} fle_pasts;

void fle_pasts_init(fle_pasts *pasts, const fle_allocator *allocator, uint64_t seed, size_t windows,
                    uint64_t max_bytes);
void fle_pasts_free(fle_pasts *pasts);

/* How much is held. */
uint64_t fle_pasts_bytes(const fle_pasts *pasts);

/*
 * Find a group, or add it: without values, and 'quiet' over. Time goes on for it to 'window',
 * if that is newer; of a window that nobody told of, it had 0. NULL, and OK: there is no room.
 * Stays until the next call. ERR_NOMEM: it can only be freed.
 */
flowenrich_status fle_pasts_at(fle_pasts *pasts, flowenrich_text key, flowenrich_time window,
                               fle_past **out, flowenrich_error *error);

/*
 * The value of a group in a window, and how many windows before it are known, whose values
 * stand before it. NULL if the window is too old.
 */
uint64_t *fle_pasts_value(const fle_pasts *pasts, const fle_past *past, flowenrich_time window,
                          size_t *known);

/* What of the past a window is compared with. */
typedef struct fle_lookback {
    size_t n, least; /* so many windows before it, if 'least' are known */
    size_t season;   /* windows; 0: those just before it. Else 'n' is how many seasons before: */
    size_t around;   /* the most that each had at the same time, or so many windows off */
} fle_lookback;

/* How many windows back it looks. */
size_t fle_lookback_windows(const fle_lookback *back);

/*
 * Fill in the values that the value, before which 'known' older ones stand, is compared with.
 * Returns how many there are, up to 'n'; 0: too few are known.
 */
size_t fle_lookback_values(const fle_lookback *back, const uint64_t *value, size_t known,
                           uint64_t *out);

/* The value in the middle; of an even number, between the two. Sorts them. 'n' isn't 0. */
uint64_t fle_median(uint64_t *values, size_t n);

/*
 * How far from their median values are, in the middle, and at least as far as counts scatter
 * by chance: by the root of the median, and 1. Changes the values.
 */
uint64_t fle_deviation(uint64_t *values, size_t n, uint64_t median);

#endif
