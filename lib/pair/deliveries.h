/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were read: one that is delivered again says little that is new. */
#ifndef FLE_PAIR_DELIVERIES_H
#define FLE_PAIR_DELIVERIES_H

#include "record/batch.h"

/*
 * Objects by a hash of their bucket and key, or messages by one of their identity, which has no
 * seed: what is taken for one object may not depend on it. The last 32,768 to 65,536 are known.
 */
typedef struct fle_objects {
    const fle_allocator *allocator;
    fle_map *known[2]; /* the younger ones first */
    fle_arena keys[2];
    uint64_t now, line; /* the object that is being read, and its last line */
    bool is_again;      /* it was read before */
} fle_objects;

/* False if memory ran out; free it in any case. */
bool fle_objects_init(fle_objects *objects, const fle_allocator *allocator);
void fle_objects_free(fle_objects *objects);
size_t fle_objects_bytes(const fle_objects *objects);

/*
 * See whether a line is one of an object that was read before. Lines that come one after
 * another are of one delivery as long as their numbers grow. False if memory ran out.
 */
bool fle_objects_read(fle_objects *objects, flowenrich_text bucket, flowenrich_text key,
                      uint64_t line);

/* Was a message with that identity, if it has one, read before? False if memory ran out. */
bool fle_objects_deliver(fle_objects *objects, flowenrich_text identity, bool *is_again);

#endif
