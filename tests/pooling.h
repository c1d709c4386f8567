/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of what lies in an arena. */
#ifndef TESTS_POOLING_H
#define TESTS_POOLING_H

#include <stdlib.h>

#include "base/alloc.h"

struct pooling {
    fle_allocator allocator;
    fle_arena arena;
};

static int pooling_set_up(void **state)
{
    struct pooling *x = calloc(1, sizeof *x);

    if (!x || !fle_allocator_init(&x->allocator, NULL))
        return -1;
    fle_arena_init(&x->arena, &x->allocator);
    *state = x;
    return 0;
}

static int pooling_tear_down(void **state)
{
    struct pooling *x = *state;

    fle_arena_free(&x->arena);
    free(x);
    return 0;
}

#endif
