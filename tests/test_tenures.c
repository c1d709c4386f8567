/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/tenures.h"
#include "failing.h"

#define NONE 0
#define MOST 8

/* When it was seen attached to what; in the order of time. */
struct seen {
    flowenrich_time time;
    uint32_t instance;
};

struct fixture {
    failing f;
    flowenrich_allocator table;
    fle_allocator allocator;
    fle_arena arena, scratch;
    fle_identity identities[MOST];
};

static int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    *state = x;
    if (!x)
        return -1;
    x->f.succeed = SIZE_MAX;
    x->table = failing_allocator(&x->f);
    fle_allocator_init(&x->allocator, &x->table);
    fle_arena_init(&x->arena, &x->allocator);
    fle_arena_init(&x->scratch, &x->allocator);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;
    size_t left;

    fle_arena_free(&x->arena);
    fle_arena_free(&x->scratch);
    left = x->f.live;
    free(x);
    return left == 0 ? 0 : -1;
}

/* Facts are kept newest first. */
static bool find(struct fixture *x, const struct seen *seen, size_t n, fle_tenures *tenures)
{
    fle_fact facts[MOST] = { { 0, 0, 0, 0, 0, 0 } };
    const fle_about attached = { facts, n };

    for (size_t i = 0; i < n; i++) {
        facts[i].time = seen[n - 1 - i].time;
        facts[i].value = seen[n - 1 - i].instance;
    }
    if (!fle_tenures_find(tenures, attached, &x->arena, &x->scratch))
        return false;
    for (size_t i = 0; i < tenures->n; i++)
        tenures->items[i].identity = &x->identities[tenures->items[i].instance];
    return true;
}

static void what_is_logged_belongs_to_whom_it_was_attached_to(void **state)
{
    static const struct {
        struct seen seen[4];
        size_t n;
        flowenrich_time from, until;
        uint32_t instance; /* NONE: unknown */
    } cases[] = {
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 150, 160, 1 },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 100, 200, 1 },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 300, 900, 2 },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 10, 20, 1 },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 250, 260, NONE },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 190, 201, NONE },
        { { { 100, 1 }, { 200, 1 }, { 300, 2 }, { 400, 2 } }, 4, 150, 350, NONE },
        /* while it isn't attached, nothing is logged */
        { { { 100, NONE }, { 200, 1 } }, 2, 110, 120, 1 },
        { { { 100, NONE }, { 200, 1 } }, 2, 40, 160, 1 },
        { { { 100, NONE }, { 200, 1 } }, 2, 40, 99, NONE },
        { { { 100, 1 }, { 200, NONE } }, 2, 150, 260, 1 },
        { { { 100, 1 }, { 200, NONE } }, 2, 201, 260, NONE },
        { { { 100, 1 }, { 200, NONE }, { 300, 2 } }, 3, 150, 199, 1 },
        { { { 100, 1 }, { 200, NONE }, { 300, 2 } }, 3, 210, 220, 2 },
        { { { 100, 1 }, { 200, NONE }, { 300, 2 } }, 3, 190, 210, NONE },
        /* two documents of one time: what says more comes first among the facts */
        { { { 100, NONE }, { 100, 1 }, { 300, 2 } }, 3, 90, 95, 1 },
        { { { 100, 1 }, { 300, 2 } }, 2, INT64_MIN, INT64_MIN, NONE }, /* no times */
    };
    struct fixture *x = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_identity *expected =
            cases[i].instance == NONE ? NULL : &x->identities[cases[i].instance];
        fle_tenures tenures;

        assert_true(find(x, cases[i].seen, cases[i].n, &tenures));
        if (fle_tenures_ask(&tenures, cases[i].from, cases[i].until) != expected)
            fail_msg("case %zu: [%lld, %lld] isn't %u's", i, (long long)cases[i].from,
                     (long long)cases[i].until, (unsigned)cases[i].instance);
    }
}

static void an_interface_that_never_moved_has_no_tenures(void **state)
{
    static const struct seen seen[] = { { 100, 1 }, { 200, 1 } };
    fle_tenures tenures;

    for (size_t n = 0; n <= sizeof seen / sizeof *seen; n++) {
        assert_true(find(*state, seen, n, &tenures));
        assert_int_equal(tenures.n, 0);
        assert_null(fle_tenures_ask(&tenures, 100, 200));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_logged_belongs_to_whom_it_was_attached_to, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_interface_that_never_moved_has_no_tenures, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
