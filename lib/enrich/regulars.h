/* SPDX-License-Identifier: Apache-2.0 */
/* Regulars: interfaces that log again and again, and what one snapshot has of them. */
#ifndef FLE_ENRICH_REGULARS_H
#define FLE_ENRICH_REGULARS_H

#include "base/lines.h"
#include "record/directory.h"

#define FLE_REGULARS_LEAST ((size_t)1 << 10)
#define FLE_REGULARS_MOST ((size_t)1 << 14)
#define FLE_REGULAR_ID 24 /* bytes of the longest id that is kept: AWS's have 21 */

/* Two cache lines: what every record of an interface asks for. */
typedef struct fle_regular {
    char id[FLE_REGULAR_ID];
    uint32_t id_len;
    uint32_t age;               /* of fle_regulars; others are forgotten */
    const fle_entry *interface; /* NULL if no document has it */
    flowenrich_text vpc;        /* by documents; empty if they don't tell */
    uint32_t turn;              /* in which it was asked for last */
    uint32_t space;
    bool has_own;
    fle_address own;                /* the only private IPv4 address that it ever had */
    uint32_t answered;              /* the age of fle_kept in which there is an answer; or 0 */
    fle_lasting held;               /* it may have had its own at any time that touches this */
    struct fle_kept_answer *answer; /* where it is the end itself */
    fle_lasting lasting;            /* of that */
} fle_regular;

/* So many at most, by a hash of their ids; who came last stays. */
typedef struct fle_regulars {
    const fle_allocator *allocator;
    uint64_t seed;
    fle_lines table; /* of fle_regular */
    uint32_t age, turn;
} fle_regulars;

void fle_regulars_init(fle_regulars *regulars, const fle_allocator *allocator, uint64_t seed);
void fle_regulars_free(fle_regulars *regulars);

/* Make room for those of so many records; if it has to grow, none are known. False: no memory. */
bool fle_regulars_open(fle_regulars *regulars, uint64_t many);

/* Forget all of them. */
void fle_regulars_clear(fle_regulars *regulars);

/*
 * Find at most FLE_AHEAD of them by their ids, or make them of what the snapshot, which may be
 * NULL, has. NULL where there is no room. They stand where they are until the next call.
 */
void fle_regulars_find(fle_regulars *regulars, const flowenrich_snapshot *snapshot,
                       const flowenrich_text *ids, size_t n, fle_regular **out);

/* What a snapshot, which may be NULL, has of an interface: that alone is filled in. */
void fle_regular_read(fle_regular *regular, const flowenrich_snapshot *snapshot,
                      flowenrich_text id);

/* Is an address known to be its own, or not to be? '*is_own' tells, if the former. */
static inline bool fle_regular_knows(const fle_regular *regular, const fle_address *address,
                                     bool *is_own)
{
    if (!regular || !regular->has_own || !fle_address_is_v4(address))
        return false;
    *is_own = memcmp(regular->own.bytes, address->bytes, sizeof address->bytes) == 0;
    return true;
}

#endif
