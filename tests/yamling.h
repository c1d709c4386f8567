/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of YAML share: an arena in memory that is counted, and documents in it. */
#ifndef TESTS_YAMLING_H
#define TESTS_YAMLING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "failing.h"

struct fixture {
    failing f;
    fle_allocator allocator;
    fle_arena arena;
    flowenrich_error error;
};

static inline int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    if (x == NULL)
        return -1;
    x->f.succeed = SIZE_MAX;
    x->allocator = failing_allocator(&x->f);
    fle_arena_init(&x->arena, &x->allocator);
    *state = x;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *x = *state;
    size_t live;

    fle_arena_free(&x->arena);
    live = x->f.live;
    free(x);
    return live == 0 ? 0 : -1;
}

static inline fle_yaml *read_yaml(struct fixture *x, const char *text)
{
    fle_yaml *root;

    if (fle_yaml_read(&root, text, strlen(text), &x->arena, &x->error) != FLOWENRICH_OK)
        fail_msg("%s\n%u:%u: %s", text, x->error.line, x->error.column, x->error.message);
    return root;
}

#endif
