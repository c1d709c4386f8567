/* SPDX-License-Identifier: Apache-2.0 */
/* An arena that several hold: one adds to it, the others keep what they point to. */
#ifndef FLE_BASE_SHARED_H
#define FLE_BASE_SHARED_H

#include <stdatomic.h>

#include "base/alloc.h"

typedef struct fle_shared {
    fle_allocator allocator;
    atomic_size_t references;
    fle_arena arena; /* for whoever made it to add to */
} fle_shared;

/* One with a reference to it; NULL if memory ran out. */
fle_shared *fle_shared_new(const fle_allocator *allocator);

/* Both take NULL. */
fle_shared *fle_shared_ref(fle_shared *shared);
void fle_shared_free(fle_shared *shared);

/* Does nobody else hold it? Then nobody else will. */
bool fle_shared_is_own(const fle_shared *shared);

#endif
