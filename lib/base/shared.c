/* SPDX-License-Identifier: Apache-2.0 */
/* An arena that several hold: one adds to it, the others keep what they point to. */
#include "base/shared.h"

fle_shared *fle_shared_new(const fle_allocator *allocator)
{
    fle_shared *shared = fle_alloc_zeroed(allocator, sizeof *shared);

    if (!shared)
        return NULL;
    shared->allocator = *allocator;
    atomic_init(&shared->references, 1);
    fle_arena_init(&shared->arena, &shared->allocator);
    return shared;
}

fle_shared *fle_shared_ref(fle_shared *shared)
{
    if (shared)
        atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    return shared;
}

void fle_shared_free(fle_shared *shared)
{
    fle_allocator allocator;

    /* Whoever drops the last one sees all that the others did before. */
    if (!shared || atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel) > 1)
        return;
    allocator = shared->allocator;
    fle_arena_free(&shared->arena);
    fle_free(&allocator, shared);
}

bool fle_shared_is_own(const fle_shared *shared)
{
    return atomic_load_explicit(&shared->references, memory_order_acquire) == 1;
}
