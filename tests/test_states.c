/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/states.h"
#include "failing.h"

#define MOST 8

struct fixture {
    failing f;
    flowenrich_allocator table;
    fle_allocator allocator;
    fle_arena arena;
    fle_facts facts; /* for their texts: each key's is its number */
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
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;
    size_t left;

    fle_arena_free(&x->arena);
    left = x->f.live;
    free(x);
    return left == 0 ? 0 : -1;
}

/* What a document said; facts come newest first. */
struct seen {
    flowenrich_time time;
    uint32_t key, value;
};

static fle_states find(struct fixture *x, fle_predicate predicate, const struct seen *seen,
                       size_t n, fle_fact facts[MOST])
{
    const fle_about observed = { facts, n };
    fle_states states;

    for (size_t i = 0; i < n; i++) {
        memset(&facts[i], 0, sizeof facts[i]);
        facts[i].time = seen[i].time;
        facts[i].key = seen[i].key;
        facts[i].value = seen[i].value;
        facts[i].predicate = (uint8_t)predicate;
    }
    assert_true(fle_states_find(&states, &x->facts, observed, &x->arena));
    return states;
}

static void a_value_is_the_last_one_seen_before(void **state)
{
    /* of one time the first fact counts; 7 was seen twice */
    static const struct seen seen[] = {
        { 40, 0, 5 }, { 30, 0, 0 }, { 20, 0, 7 }, { 10, 0, 7 }, { 10, 0, 6 }
    };
    static const struct {
        flowenrich_time time;
        uint32_t value;
    } cases[] = {
        { INT64_MIN, 7 }, { 9, 7 }, { 10, 7 }, { 29, 7 }, { 30, 0 }, { 39, 0 }, { INT64_MAX, 5 },
    };
    fle_fact facts[MOST];
    const fle_states states = find(*state, FLE_FACT_INSTANCE, seen, 5, facts);

    assert_int_equal(states.n, 3);
    assert_int_equal(states.items[0].first, 10);
    assert_int_equal(states.items[0].last, 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_states_value(&states, cases[i].time) != cases[i].value)
            fail_msg("case %zu: %u", i, fle_states_value(&states, cases[i].time));
}

static void a_set_changes_when_one_of_it_does(void **state)
{
    static const struct seen seen[] = {
        { 40, 0, 0 }, { 40, 1, 3 }, { 40, 1, 3 }, /* the same document twice */
        { 30, 0, 0 }, { 30, 1, 3 },               /* as at 40 */
        { 20, 0, 0 },                             /* empty */
    };
    fle_fact facts[MOST];
    const fle_states states = find(*state, FLE_FACT_TAGS, seen, 6, facts);

    assert_int_equal(states.n, 2);
    assert_int_equal(fle_states_at(&states, 29).n, 1);
    assert_int_equal(fle_states_at(&states, 30).n, 2);
    assert_int_equal(states.items[1].last, 40);
}

static void nothing_was_never_observed(void **state)
{
    fle_fact facts[MOST];
    const fle_states states = find(*state, FLE_FACT_TAGS, NULL, 0, facts);

    assert_int_equal(states.n, 0);
    assert_int_equal(fle_states_at(&states, 0).n, 0);
    assert_int_equal(fle_states_value(&states, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_value_is_the_last_one_seen_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_set_changes_when_one_of_it_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_was_never_observed, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
