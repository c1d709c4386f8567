/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/fluent-bit/members.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chunks.h"
#include "members.h"

static void an_object_becomes_its_members(void **state)
{
    static const struct {
        const char *json, *shown;
    } cases[] = {
        { "{}", "" },
        { "{\"a\":null,\"b\":true,\"c\":false}", "\"a\"\nnull\n\"b\"\ntrue\n\"c\"\nfalse\n" },
        { "{\"a\":{\"b\":[\"c\",{}],\"d\":[]}}", "\"a\"\n{\"b\":[\"c\",{}],\"d\":[]}\n" },
        { "{\"a\":0,\"b\":18446744073709551615}", "\"a\"\n0\n\"b\"\n18446744073709551615\n" },
        { "{\"a\":9007199254740993}", "\"a\"\n9007199254740993\n" }, /* a double has no such */
        { "{\"a\":-1,\"b\":-9223372036854775807}", "\"a\"\n-1\n\"b\"\n-9223372036854775807\n" },
        { "{\"a\":0.9,\"b\":1.25,\"c\":-0.5}",
          "\"a\"\n0.90000000000000002f\n\"b\"\n1.25f\n\"c\"\n-0.5f\n" },
        { "{\"a\":1.2345678901234567e-08}", "\"a\"\n1.2345678901234567e-08f\n" },
        { "{\"a\":18446744073709551616}", "\"a\"\n1.8446744073709552e+19f\n" },
        { "{\"a\":\"plain text of some length\"}", "\"a\"\n\"plain text of some length\"\n" },
        { "{\"\\\"\\\\\":\"long enough \\u001f\\t for a word \\/\"}",
          "\"\"\\\"\n\"long enough \x1f\t for a word /\"\n" },
        { "{\"a\":\"\xc3\xa4\xe2\x82\xac\"}", "\"a\"\n\"\xc3\xa4\xe2\x82\xac\"\n" },
    };
    members out = { 0 };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *shown;

        if (!members_read(&out, chunks_text(cases[i].json)))
            fail_msg("%s isn't read", cases[i].json);
        shown = chunks_show(out.bytes.data, out.bytes.len);
        if (strcmp(shown, cases[i].shown) != 0)
            fail_msg("%s becomes %s", cases[i].json, shown);
        free(shown);
    }
    members_free(&out);
}

/* A string's length decides its head, which stands before what is known only at its end. */
static void strings_of_any_length_come_through(void **state)
{
    static const size_t lens[] = { 0, 1, 7, 8, 9, 31, 32, 255, 256, 65535, 65536 };
    members out = { 0 };
    (void)state;

    for (size_t i = 0; i < 2 * sizeof lens / sizeof *lens; i++) {
        const size_t len = lens[i / 2];
        const char *end = i % 2 ? "\\n\"}" : "\"}", *at;
        buffer json = { 0 };
        msgpack_value value;

        buffer_append(&json, "{\"a\":\"", 6);
        for (size_t n = 0; n < len; n++)
            buffer_append(&json, "x", 1);
        buffer_append(&json, end, strlen(end));
        assert_true(members_read(&out, (flowenrich_text){ json.data, json.len }));
        at = out.bytes.data + 2;
        assert_true(msgpack_read(&at, out.bytes.data + out.bytes.len, &value));
        assert_int_equal(value.text.len, len + i % 2);
        assert_int_equal(value.text.len > 0 ? value.text.data[0] : 'x', len > 0 ? 'x'
                                                                        : i % 2 ? '\n'
                                                                                : 'x');
        assert_ptr_equal(at, out.bytes.data + out.bytes.len);
        buffer_free(&json);
    }
    members_free(&out);
}

static void what_is_no_object_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "{",
        "[]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1,}",
        "{\"a\":1}x",
        "{a:1}",
        "{\"a\":\"x}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u00\"}",
        "{\"a\":tru}",
        "{\"a\":-}",
        "{\"a\":[1}",
        "{\"a\":\"x\\",
        "{\"a\":1.2.3e5x}",
    };
    members out = { 0 };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (members_read(&out, chunks_text(cases[i])))
            fail_msg("%s is read", cases[i]);
    members_free(&out);
}

static void only_the_outermost_keys_are_keys(void **state)
{
    members out = { 0 };
    (void)state;

    assert_true(members_read(&out, chunks_text("{\"a\":{\"b\":1},\"cc\":\"b\"}")));
    assert_int_equal(out.n, 2);
    assert_true(members_have(&out, chunks_text("a")));
    assert_true(members_have(&out, chunks_text("cc")));
    assert_false(members_have(&out, chunks_text("b")));
    assert_false(members_have(&out, chunks_text("c")));
    members_free(&out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_becomes_its_members),
        cmocka_unit_test(strings_of_any_length_come_through),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(only_the_outermost_keys_are_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
