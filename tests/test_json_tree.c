/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/base/json_tree.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_tree.h"
#include "failing.h"

struct fixture {
    fle_allocator allocator;
    fle_arena arena;
    flowenrich_error error;
};

static int set_up(void **state)
{
    static struct fixture f;

    fle_allocator_init(&f.allocator, NULL);
    fle_arena_init(&f.arena, &f.allocator);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fle_arena_free(&((struct fixture *)*state)->arena);
    return 0;
}

/* A copy of exactly this length, so that a sanitizer sees a byte too many. */
static const char *exactly(struct fixture *f, const char *text)
{
    char *copy = fle_arena_alloc(&f->arena, strlen(text));

    memcpy(copy, text, strlen(text));
    return copy;
}

static const fle_json *read(struct fixture *f, const char *text)
{
    const fle_json *value;
    size_t at = 0;

    if (fle_json_read(&value, exactly(f, text), strlen(text), &at, &f->arena, &f->error))
        fail_msg("%s: %s", text, f->error.message);
    return value;
}

static void every_kind_of_value_is_read(void **state)
{
    const fle_json *value =
        read(*state, "{\"s\": \"x\", \"n\": 12, \"t\": true, \"z\": null, \"a\": [1, [], {}]}");
    uint64_t number;

    assert_true(fle_json_is_object(value));
    assert_true(fle_text_is(fle_json_text(fle_json_get(value, "s")), "x"));
    assert_true(fle_json_number(fle_json_get(value, "n"), &number));
    assert_int_equal(number, 12);
    assert_true(fle_text_is(fle_json_text(fle_json_get(value, "t")), "true"));
    assert_int_equal(fle_json_text(fle_json_get(value, "z")).len, 0);
    assert_int_equal(fle_json_count(fle_json_get(value, "a")), 3);
    assert_true(fle_json_is_object(fle_json_at(fle_json_get(value, "a"), 2)));
}

static void escapes_are_resolved_in_keys_and_texts(void **state)
{
    const fle_json *value = read(*state, "{\"a\\u0041\\n\": \"\\ud83d\\ude00 \\\\ \\\"\"}");

    assert_true(fle_text_is(fle_json_text(fle_json_get(value, "aA\n")), "\xf0\x9f\x98\x80 \\ \""));
}

static void of_a_key_given_twice_the_last_counts(void **state)
{
    const fle_json *value = read(*state, "{\"a\": \"1\", \"a\": \"2\"}");

    assert_true(fle_text_is(fle_json_text(fle_json_get(value, "a")), "2"));
}

static void what_is_missing_is_empty_all_the_way_down(void **state)
{
    const fle_json *value = read(*state, "[\"x\"]");
    uint64_t number;

    assert_null(fle_json_get(value, "a"));
    assert_null(fle_json_get(fle_json_get(NULL, "a"), "b"));
    assert_null(fle_json_at(value, 1));
    assert_int_equal(fle_json_count(NULL), 0);
    assert_int_equal(fle_json_text(NULL).len, 0);
    assert_false(fle_json_number(fle_json_at(value, 0), &number));
}

static void several_values_come_one_after_another(void **state)
{
    static const char text[] = "\xef\xbb\xbf {\"a\":1}\n[2]{} \n";
    struct fixture *f = *state;
    const fle_json *value;
    size_t at = 0, n = 0;

    for (;; n++) {
        assert_int_equal(fle_json_read(&value, text, sizeof text - 1, &at, &f->arena, &f->error),
                         FLOWENRICH_OK);
        if (!value)
            break;
    }
    assert_int_equal(n, 3);
    assert_int_equal(at, sizeof text - 1);
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text;
        uint32_t line, column;
    } cases[] = {
        { "x", 1, 1 },
        { "\n  <html>", 2, 3 },
        { "{\"a\": 1,\n \"b\" 2}", 2, 6 },
        { "{\"a\": }", 1, 7 },
        { "[1, 2", 1, 6 },
        { "[\"abc", 1, 6 },
        { "[\"a\\q\"]", 1, 4 },
        { "[1.]", 1, 4 },
        { "[tru]", 1, 2 },
        { "{1: 2}", 1, 2 },
        { "[1,]", 1, 4 },
        { "\xff\xfe{", 1, 1 },
    };
    struct fixture *f = *state;
    const fle_json *value;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t at = 0;

        assert_int_equal(fle_json_read(&value, exactly(f, cases[i].text), strlen(cases[i].text),
                                       &at, &f->arena, &f->error),
                         FLOWENRICH_ERR_SYNTAX);
        assert_null(value);
        if (f->error.line != cases[i].line || f->error.column != cases[i].column)
            fail_msg("%s: at %u:%u: %s", cases[i].text, f->error.line, f->error.column,
                     f->error.message);
    }
}

static void depth_is_bounded(void **state)
{
    struct fixture *f = *state;
    char text[200];
    const fle_json *value;
    size_t at = 0;

    memset(text, '[', 100);
    memset(text + 100, ']', 100);
    assert_int_equal(fle_json_read(&value, text, sizeof text, &at, &f->arena, &f->error),
                     FLOWENRICH_ERR_SYNTAX);
    at = 0;
    assert_int_equal(fle_json_read(&value, text + 40, 120, &at, &f->arena, &f->error),
                     FLOWENRICH_OK);
}

static void every_beginning_of_a_document_is_refused(void **state)
{
    static const char text[] = "{\"a\": [\"\\u00e9\", -1.5e+3, null, {\"b\": false}]}";
    struct fixture *f = *state;
    const fle_json *value;

    for (size_t len = 1; len < sizeof text - 1; len++) {
        char *copy = fle_arena_alloc(&f->arena, len);
        size_t at = 0;

        memcpy(copy, text, len);
        assert_int_equal(fle_json_read(&value, copy, len, &at, &f->arena, &f->error),
                         FLOWENRICH_ERR_SYNTAX);
    }
}

static void every_allocation_may_fail(void **state)
{
    static const char text[] = "{\"a\\n\": [1, 2, 3, 4, 5, 6, 7, 8, 9], \"b\": \"\\t\"}";
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;
    (void)state;

    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        failing f = { .succeed = n };
        const flowenrich_allocator from = failing_allocator(&f);
        fle_allocator allocator;
        fle_arena arena;
        const fle_json *value;
        size_t at = 0;

        fle_allocator_init(&allocator, &from);
        fle_arena_init(&arena, &allocator);
        status = fle_json_read(&value, text, sizeof text - 1, &at, &arena, NULL);
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        fle_arena_free(&arena);
        assert_int_equal(f.live, 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_of_value_is_read),
        TEST(escapes_are_resolved_in_keys_and_texts),
        TEST(of_a_key_given_twice_the_last_counts),
        TEST(what_is_missing_is_empty_all_the_way_down),
        TEST(several_values_come_one_after_another),
        TEST(what_is_no_json_is_refused_with_its_place),
        TEST(depth_is_bounded),
        TEST(every_beginning_of_a_document_is_refused),
        TEST(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
