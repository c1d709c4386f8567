/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "catalog/facts.h"
#include "failing.h"

struct fixture {
    fle_allocator allocator;
    fle_arena scratch;
    fle_facts facts;
};

static int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);

    if (!x || !fle_allocator_init(&x->allocator, NULL))
        return -1;
    fle_arena_init(&x->scratch, &x->allocator);
    *state = x;
    return fle_facts_init(&x->facts, &x->allocator, 7) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;

    fle_facts_free(&x->facts);
    fle_arena_free(&x->scratch);
    free(x);
    return 0;
}

static void add(struct fixture *x, flowenrich_time time, fle_subject kind, const char *subject,
                fle_predicate predicate, const char *key, const char *value)
{
    fle_fact fact = { time, 0, 0, 0, (uint8_t)kind, (uint8_t)predicate, 0 };

    assert_true(fle_facts_intern(&x->facts, fle_text_of(subject), &fact.subject));
    assert_true(fle_facts_intern(&x->facts, fle_text_of(key), &fact.key));
    assert_true(fle_facts_intern(&x->facts, fle_text_of(value), &fact.value));
    assert_true(fle_facts_add(&x->facts, &fact));
}

static fle_about about(struct fixture *x, fle_subject kind, const char *subject)
{
    return fle_facts_about(&x->facts, kind, fle_facts_find(&x->facts, fle_text_of(subject)));
}

static void the_newest_value_counts_whatever_came_last(void **state)
{
    struct fixture *x = *state;
    fle_about interface;

    add(x, 20, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_INSTANCE, "", "i-new");
    add(x, 10, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_INSTANCE, "", "i-old");
    add(x, 30, FLE_SUBJECT_INTERFACE, "eni-2", FLE_FACT_INSTANCE, "", "i-other");
    add(x, 20, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_VPC, "", "vpc-a");
    add(x, 20, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_VPC, "", "vpc-b"); /* the greater one */
    add(x, 40, FLE_SUBJECT_SUBNET, "eni-1", FLE_FACT_INSTANCE, "", "i-subnet"); /* another kind */
    assert_true(fle_facts_sort(&x->facts, &x->scratch));
    interface = about(x, FLE_SUBJECT_INTERFACE, "eni-1");
    assert_int_equal(interface.n, 4);
    assert_true(fle_text_is(
        fle_facts_text(&x->facts, fle_about_newest(interface, FLE_FACT_INSTANCE)), "i-new"));
    assert_true(
        fle_text_is(fle_facts_text(&x->facts, fle_about_newest(interface, FLE_FACT_VPC)), "vpc-b"));
    assert_int_equal(fle_about_newest(interface, FLE_FACT_SUBNET), 0);
    assert_int_equal(about(x, FLE_SUBJECT_INTERFACE, "eni-3").n, 0);
    assert_int_equal(fle_facts_of(&x->facts, FLE_SUBJECT_INTERFACE).n, 5);
    assert_int_equal(fle_facts_of(&x->facts, FLE_SUBJECT_VPC).n, 0);
}

static void an_empty_set_replaces_one_that_was_not(void **state)
{
    struct fixture *x = *state;
    fle_about set;

    add(x, 10, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_GROUPS, "", "");
    add(x, 10, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_GROUPS, "", "sg-1");
    add(x, 10, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_TAGS, "", "");
    add(x, 10, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_TAGS, "app", "web");
    add(x, 20, FLE_SUBJECT_INTERFACE, "eni-1", FLE_FACT_GROUPS, "", "");
    assert_true(fle_facts_sort(&x->facts, &x->scratch));
    set = fle_about_newest_set(about(x, FLE_SUBJECT_INTERFACE, "eni-1"), FLE_FACT_GROUPS);
    assert_int_equal(set.n, 1);
    assert_true(fle_fact_is_mark(set.items));
    set = fle_about_newest_set(about(x, FLE_SUBJECT_INTERFACE, "eni-1"), FLE_FACT_TAGS);
    assert_int_equal(set.n, 2);
    assert_true(fle_fact_is_mark(&set.items[0]));
    assert_false(fle_fact_is_mark(&set.items[1]));
}

static void subjects_are_taken_one_after_another(void **state)
{
    struct fixture *x = *state;
    fle_about rest, next;

    add(x, 10, FLE_SUBJECT_VPC, "vpc-1", FLE_FACT_ACCOUNT, "", "1");
    add(x, 10, FLE_SUBJECT_VPC, "vpc-2", FLE_FACT_ACCOUNT, "", "2");
    add(x, 11, FLE_SUBJECT_VPC, "vpc-1", FLE_FACT_ACCOUNT, "", "3");
    assert_true(fle_facts_sort(&x->facts, &x->scratch));
    rest = fle_facts_of(&x->facts, FLE_SUBJECT_VPC);
    next = fle_about_next(&rest);
    assert_int_equal(next.n, 2);
    next = fle_about_next(&rest);
    assert_int_equal(next.n, 1);
    assert_int_equal(rest.n, 0);
    assert_int_equal(fle_about_next(&rest).n, 0);
}

static void a_text_is_kept_once(void **state)
{
    struct fixture *x = *state;
    uint32_t a, b, empty;

    assert_true(fle_facts_intern(&x->facts, FLE_TEXT("vpc-1"), &a));
    assert_true(fle_facts_intern(&x->facts, FLE_TEXT("vpc-1"), &b));
    assert_true(fle_facts_intern(&x->facts, FLE_TEXT(""), &empty));
    assert_int_equal(a, b);
    assert_int_equal(empty, 0);
    assert_int_equal(fle_facts_find(&x->facts, FLE_TEXT("vpc-1")), a);
    assert_int_equal(fle_facts_find(&x->facts, FLE_TEXT("vpc-2")), 0);
}

static void every_allocation_may_fail(void **state)
{
    bool done = false;
    (void)state;

    for (size_t n = 0; !done; n++) {
        failing f = { .succeed = n };
        const flowenrich_allocator allocator = failing_allocator(&f);
        const fle_fact fact = { 1, 0, 0, 0, FLE_SUBJECT_VPC, FLE_FACT_ACCOUNT, FLE_SEEN };
        fle_arena scratch;
        fle_facts facts;
        uint32_t id;

        fle_arena_init(&scratch, &allocator);
        done = fle_facts_init(&facts, &allocator, 0) &&
               fle_facts_intern(&facts, FLE_TEXT("vpc-1"), &id) && fle_facts_add(&facts, &fact) &&
               fle_facts_sort(&facts, &scratch);
        fle_facts_free(&facts);
        fle_arena_free(&scratch);
        assert_int_equal(f.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_newest_value_counts_whatever_came_last, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_empty_set_replaces_one_that_was_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(subjects_are_taken_one_after_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_text_is_kept_once, set_up, tear_down),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
