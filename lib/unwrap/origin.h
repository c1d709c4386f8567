/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of the bytes being read, gathered on the way down to them. */
#ifndef FLE_UNWRAP_ORIGIN_H
#define FLE_UNWRAP_ORIGIN_H

#include "base/alloc.h"
#include "flowenrich.h"
#include "unwrap/members.h"

typedef struct fle_origin {
    flowenrich_source source;
    flowenrich_text record;
    flowenrich_time time;
} fle_origin;

/* A copy of the caller's source in 'arena', with what its key and stream tell. False: no memory. */
bool fle_origin_init(fle_origin *origin, const flowenrich_source *source, fle_arena *arena);

/*
 * Add what an object tells, with texts in 'arena'. Nearer to the records is
 * better, but for the record's name: whoever gave the outermost wants the answer.
 */
bool fle_origin_add(fle_origin *origin, const fle_members *members, fle_arena *arena);

#endif
