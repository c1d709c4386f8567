/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/json_scan.h"

static void values_are_taken_whole(void **state)
{
    static const struct {
        const char *text;
        const char *value;
    } cases[] = {
        { "{}", "{}" },
        { " [ ] ,", "[ ]" },
        { "{\"a\" : [1, {\"b\":\"]}\"} , null]\n}x", "{\"a\" : [1, {\"b\":\"]}\"} , null]\n}" },
        { "\"a\\\"b\\\\\"c\"", "\"a\\\"b\\\\\"" }, /* an even run of backslashes ends it */
        { "\"\\\\\\\"\" ", "\"\\\\\\\"\"" },
        { "-12.5e+3,", "-12.5e+3" },
        { "0", "0" },
        { "1E9]", "1E9" },
        { "true}", "true" },
        { "false", "false" },
        { "null", "null" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_json_scan scan = { cases[i].text, cases[i].text + strlen(cases[i].text), NULL };
        flowenrich_text value;

        if (!fle_json_scan_value(&scan, &value) || !fle_text_is(value, cases[i].value))
            fail_msg("%s", cases[i].text);
    }
}

static void what_is_missing_is_named_with_its_place(void **state)
{
    static const struct {
        const char *text;
        size_t at;
        const char *expected;
    } cases[] = {
        { "", 0, "a value" },
        { "  ", 2, "a value" },
        { "x", 0, "a value" },
        { "tru", 0, "a value" },
        { "{", 1, "a string" },
        { "{1", 1, "a string" },
        { "{\"a\"", 4, "':'" },
        { "{\"a\" 1", 5, "':'" },
        { "{\"a\":", 5, "a value" },
        { "{\"a\":}", 5, "a value" },
        { "{\"a\":1", 6, "',' or '}'" },
        { "{\"a\":1]", 6, "',' or '}'" },
        { "{\"a\":1,}", 7, "a string" },
        { "[1", 2, "',' or ']'" },
        { "[1 2", 3, "',' or ']'" },
        { "[1,]", 3, "a value" },
        { "\"abc", 4, "the end of a string" },
        { "\"abc\\\"", 6, "the end of a string" },
        { "-", 1, "a digit" },
        { "1.", 2, "a digit" },
        { "1e", 2, "a digit" },
        { "1e+", 3, "a digit" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_json_scan scan = { cases[i].text, cases[i].text + strlen(cases[i].text), NULL };
        flowenrich_text value;

        if (fle_json_scan_value(&scan, &value) || strcmp(scan.expected, cases[i].expected) != 0 ||
            scan.at != cases[i].text + cases[i].at)
            fail_msg("'%s': %s", cases[i].text, scan.expected ? scan.expected : "taken");
    }
}

static void brackets_nest_to_64(void **state)
{
    char text[2 * FLE_JSON_DEPTH + 2];
    flowenrich_text value;

    (void)state;
    for (size_t depth = FLE_JSON_DEPTH; depth <= FLE_JSON_DEPTH + 1; depth++) {
        fle_json_scan scan = { text, text + 2 * depth, NULL };

        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_int_equal(fle_json_scan_value(&scan, &value), depth == FLE_JSON_DEPTH);
    }
}

/* A mixed stack of brackets is closed in its own order. */
static void brackets_close_in_order(void **state)
{
    static const char text[] = "[{\"a\":[{\"b\":[[],{}]}]}]";
    fle_json_scan scan = { text, text + sizeof text - 1, NULL };
    flowenrich_text value;

    (void)state;
    assert_true(fle_json_scan_value(&scan, &value));
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char swapped[sizeof text];

        memcpy(swapped, text, sizeof text);
        if (text[i] != ']' && text[i] != '}')
            continue;
        swapped[i] = text[i] == ']' ? '}' : ']';
        scan = (fle_json_scan){ swapped, swapped + sizeof text - 1, NULL };
        assert_false(fle_json_scan_value(&scan, &value));
    }
}

static void escapes_are_resolved(void **state)
{
    static const struct {
        const char *raw;
        const char *text; /* NULL: refused */
        size_t bad;
    } cases[] = {
        { "", "", 0 },
        { "plain", "plain", 0 },
        { "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t", 0 },
        { "a\\nb\\nc", "a\nb\nc", 0 },
        { "\\u0041\\u00e9\\u20AC", "A\xc3\xa9\xe2\x82\xac", 0 },
        { "\\ud83d\\ude00!", "\xf0\x9f\x98\x80!", 0 },
        { "\\ud83d!", "\xef\xbf\xbd!", 0 },                     /* half a pair */
        { "\\ude00", "\xef\xbf\xbd", 0 },                       /* the other half */
        { "\\ud83d\\u0041", "\xef\xbf\xbd" "A", 0 },            /* half, then a letter */
        { "\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80", 0 },
        { "\\x41", NULL, 0 },
        { "ab\\", NULL, 2 },
        { "ab\\u12", NULL, 2 },
        { "a\\u12g4", NULL, 1 },
        { "\\u 123", NULL, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_text raw = fle_text_of(cases[i].raw);
        char out[64];
        size_t len = 99;
        const bool ok = fle_json_scan_unescape(raw, out, &len);

        if (ok != (cases[i].text != NULL) ||
            (ok ? !fle_text_is(fle_text(out, len), cases[i].text) : len != cases[i].bad))
            fail_msg("%s: %zu", cases[i].raw, len);
    }
}

static void a_zero_byte_can_be_escaped(void **state)
{
    char out[8];
    size_t len;

    (void)state;
    assert_true(fle_json_scan_unescape(FLE_TEXT("a\\u0000b"), out, &len));
    assert_int_equal(len, 3);
    assert_memory_equal(out, "a\0b", 3);
    assert_false(fle_json_scan_unescape(fle_text("\\\0", 2), out, &len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_taken_whole),
        cmocka_unit_test(what_is_missing_is_named_with_its_place),
        cmocka_unit_test(brackets_nest_to_64),
        cmocka_unit_test(brackets_close_in_order),
        cmocka_unit_test(escapes_are_resolved),
        cmocka_unit_test(a_zero_byte_can_be_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
