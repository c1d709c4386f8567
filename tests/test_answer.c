/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/answer.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "record/answer.h"

struct fixture {
    fle_allocator allocator;
    fle_arena arena;
    flowenrich_answer answer;
};

static int set_up(void **state)
{
    static struct fixture f;

    fle_allocator_init(&f.allocator, NULL);
    fle_arena_init(&f.arena, &f.allocator);
    fle_answer_init(&f.answer, &f.arena);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fle_arena_free(&((struct fixture *)*state)->arena);
    return 0;
}

static flowenrich_status set(struct fixture *f, const char *path, const char *value)
{
    return flowenrich_answer_set(&f->answer, path, value, strlen(value));
}

static void a_single_value_is_replaced_and_a_set_grows(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(set(f, "type", "a"), FLOWENRICH_OK);
    assert_int_equal(set(f, "type", "b"), FLOWENRICH_OK);
    assert_int_equal(set(f, "security_group_ids", "sg-1"), FLOWENRICH_OK);
    assert_int_equal(set(f, "security_group_ids", "sg-2"), FLOWENRICH_OK);
    assert_true(fle_text_is(fle_answer_text(&f->answer, FLE_ATTR_TYPE), "b"));
    assert_int_equal(fle_answer_texts(&f->answer, FLE_ATTR_SECURITY_GROUP_IDS).n, 2);
}

static void tags_are_kept_by_key_whatever_their_order(void **state)
{
    struct fixture *f = *state;
    fle_texts tags;

    assert_int_equal(set(f, "tags.team", "x"), FLOWENRICH_OK);
    assert_int_equal(set(f, "tags.app", "shop"), FLOWENRICH_OK);
    assert_int_equal(set(f, "tags.team", "y"), FLOWENRICH_OK);
    assert_int_equal(set(f, "tags.zone", "z"), FLOWENRICH_OK);
    tags = fle_answer_texts(&f->answer, FLE_ATTR_TAGS);
    assert_int_equal(tags.n, 6);
    assert_true(fle_text_is(tags.items[0], "app"));
    assert_true(fle_text_is(tags.items[3], "y"));
    assert_true(fle_text_is(fle_identity_tag(&f->answer.identity, FLE_TEXT("zone")), "z"));
    assert_int_equal(fle_identity_tag(&f->answer.identity, FLE_TEXT("zon")).len, 0);
}

static void an_answer_is_given_once_something_was_said(void **state)
{
    struct fixture *f = *state;

    assert_false(fle_answer_is_given(&f->answer));
    assert_int_equal(set(f, "type", ""), FLOWENRICH_OK); /* nothing said */
    assert_false(fle_answer_is_given(&f->answer));
    assert_int_equal(set(f, "type", "k8s:pod"), FLOWENRICH_OK);
    assert_true(fle_answer_is_given(&f->answer));
    assert_true(fle_text_is(fle_answer_text(&f->answer, FLE_ATTR_SURE), "sighted"));
    flowenrich_answer_sure(&f->answer, FLOWENRICH_SURE_EXACT);
    assert_true(fle_text_is(fle_answer_text(&f->answer, FLE_ATTR_SURE), "exact"));
}

static void a_refusal_has_a_reason_and_no_owner(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(flowenrich_answer_refuse(&f->answer, "pool", 4), FLOWENRICH_OK);
    assert_true(fle_answer_is_given(&f->answer));
    assert_true(fle_text_is(fle_answer_text(&f->answer, FLE_ATTR_REASON), "pool"));
    assert_int_equal(fle_answer_text(&f->answer, FLE_ATTR_BY).len, 0);
}

static void paths_that_are_no_attribute_are_refused(void **state)
{
    static const char *const paths[] = { "", "tags", "tags.", "by", "sure", "reason", "color" };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (set(f, paths[i], "x") != FLOWENRICH_ERR_ARG)
            fail_msg("'%s' was taken", paths[i]);
    assert_false(fle_answer_is_given(&f->answer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_single_value_is_replaced_and_a_set_grows, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(tags_are_kept_by_key_whatever_their_order, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_answer_is_given_once_something_was_said, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_refusal_has_a_reason_and_no_owner, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paths_that_are_no_attribute_are_refused, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
