/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/ledger.h"
#include "failing.h"

struct fixture {
    failing f;
    flowenrich_allocator table;
    fle_allocator allocator;
    fle_facts facts;
    fle_ledger ledger;
    fle_arena arena;
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
    if (!fle_facts_init(&x->facts, &x->allocator, 1))
        return -1;
    fle_ledger_init(&x->ledger, &x->facts, 1);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;
    size_t left;

    fle_ledger_free(&x->ledger);
    fle_arena_free(&x->arena);
    fle_facts_free(&x->facts);
    left = x->f.live;
    free(x);
    return left == 0 ? 0 : -1;
}

static uint32_t number(struct fixture *x, const char *text)
{
    uint32_t id = 0;

    assert_true(fle_facts_intern(&x->facts, fle_text_of(text), &id));
    return id;
}

static void add(struct fixture *x, const char *interface, fle_predicate predicate,
                const char *value, flowenrich_time time)
{
    const fle_fact fact = { .time = time,
                            .subject = number(x, interface),
                            .value = number(x, value),
                            .kind = FLE_SUBJECT_INTERFACE,
                            .predicate = (uint8_t)predicate };

    assert_true(fle_facts_add(&x->facts, &fact));
}

static fle_about about(struct fixture *x, const char *interface)
{
    fle_about found;

    assert_true(fle_ledger_about(&x->ledger, FLE_SUBJECT_INTERFACE, number(x, interface), &x->arena,
                                 &found));
    return found;
}

static void new_facts_lie_among_those_in_order(void **state)
{
    struct fixture *x = *state;

    add(x, "eni-1", FLE_FACT_INSTANCE, "i-1", 10);
    add(x, "eni-2", FLE_FACT_INSTANCE, "i-1", 10);
    assert_true(fle_facts_sort(&x->facts, &x->arena));
    add(x, "eni-1", FLE_FACT_INSTANCE, "i-2", 30);
    add(x, "eni-1", FLE_FACT_INSTANCE, "i-1", 20);
    add(x, "eni-2", FLE_FACT_INSTANCE, "i-1", 10); /* known */
    add(x, "eni-1", FLE_FACT_INSTANCE, "i-2", 30); /* the same again */
    assert_true(fle_ledger_update(&x->ledger, 2));
    assert_int_equal(x->facts.n, 4);
    assert_int_equal(about(x, "eni-1").n, 3);
    assert_int_equal(fle_about_newest(about(x, "eni-1"), FLE_FACT_INSTANCE), number(x, "i-2"));
    assert_int_equal(about(x, "eni-1").items[1].time, 20);
    assert_int_equal(about(x, "eni-2").n, 1);
    assert_int_equal(about(x, "eni-3").n, 0);
}

static void who_names_a_thing_is_found_by_that(void **state)
{
    struct fixture *x = *state;
    const fle_chained *at;

    add(x, "eni-1", FLE_FACT_INSTANCE, "i-1", 10);
    assert_true(fle_facts_sort(&x->facts, &x->arena));
    add(x, "eni-2", FLE_FACT_INSTANCE, "i-1", 10);
    add(x, "eni-3", FLE_FACT_DESCRIPTION, "i-1", 10); /* names nothing */
    assert_true(fle_ledger_update(&x->ledger, 1));
    at = fle_chains_first(&x->ledger.naming, number(x, "i-1"));
    assert_int_equal(at->item, number(x, "eni-2"));
    at = fle_chains_next(&x->ledger.naming, at);
    assert_int_equal(at->item, number(x, "eni-1"));
    assert_null(fle_chains_next(&x->ledger.naming, at));
}

static void who_has_an_arn_is_found_by_that(void **state)
{
    struct fixture *x = *state;

    assert_null(fle_ledger_owners(&x->ledger, FLE_TEXT("arn:1")));
    assert_true(fle_ledger_own(&x->ledger, FLE_TEXT("arn:1"), 7));
    assert_int_equal(fle_ledger_owners(&x->ledger, FLE_TEXT("arn:1"))->item, 7);
}

static void without_memory_no_fact_is_lost(void **state)
{
    struct fixture *x = *state;
    bool done = false;

    add(x, "eni-1", FLE_FACT_INSTANCE, "i-1", 10);
    add(x, "eni-2", FLE_FACT_INSTANCE, "i-1", 10);
    for (size_t succeed = 0; !done; succeed++) {
        x->f.succeed = succeed;
        done = fle_ledger_update(&x->ledger, 1);
    }
    assert_int_equal(x->facts.n, 2);
    x->f.succeed = SIZE_MAX;
    assert_int_equal(about(x, "eni-2").n, 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(new_facts_lie_among_those_in_order),
        CASE(who_names_a_thing_is_found_by_that),
        CASE(who_has_an_arn_is_found_by_that),
        CASE(without_memory_no_fact_is_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
