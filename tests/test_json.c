/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/json.c. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/text.h"
#include "encode/json.h"

static void a_string_is_escaped_and_always_utf8(void **state)
{
    static const struct {
        const char *in;
        size_t len;
        const char *out;
    } cases[] = {
        { "", 0, "\"\"" },
        { "eni-1", 5, "\"eni-1\"" },
        { "a\"b\\c/", 6, "\"a\\\"b\\\\c/\"" },
        { "\b\t\n\f\r", 5, "\"\\b\\t\\n\\f\\r\"" },
        { "\0\x01\x1f\x7f", 4, "\"\\u0000\\u0001\\u001f\x7f\"" },
        { "caf\xc3\xa9", 5, "\"caf\xc3\xa9\"" },
        { "\xf0\x9f\x9a\x80!", 5, "\"\xf0\x9f\x9a\x80!\"" }, /* a rocket, outside the BMP */
        { "\xe2\x80\xa8", 3, "\"\xe2\x80\xa8\"" },           /* line separator: fine in JSON */
        { "\xff", 1, "\"\xef\xbf\xbd\"" },                   /* never in UTF-8 */
        { "a\xc3", 2, "\"a\xef\xbf\xbd\"" },                 /* cut off */
        { "\xc3\"", 2, "\"\xef\xbf\xbd\\\"\"" },             /* cut off by a quote */
        { "\xc0\xaf", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"" },   /* overlong */
        { "\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" }, /* half a surrogate */
        { "x\x80y\x80", 4, "\"x\xef\xbf\xbdy\xef\xbf\xbd\"" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[64];
        fle_output out = { buf, sizeof buf, 0 };

        fle_json_string(&out, fle_text(cases[i].in, cases[i].len));
        if (!fle_text_is(fle_text(buf, out.len), cases[i].out))
            fail_msg("row %zu: %.*s, not %s", i, (int)out.len, buf, cases[i].out);
    }
}

/* Every pair of bytes, in the middle of others: valid JSON, and what was valid comes back. */
static void a_string_of_any_two_bytes_is_valid_json(void **state)
{
    (void)state;

    for (unsigned pair = 0; pair < 0x10000; pair++) {
        const char in[] = { 'a', (char)(pair >> 8), (char)(pair & 0xff), 'z' };
        const bool ascii = (pair & 0x8080) == 0;
        char buf[64];
        fle_output out = { buf, sizeof buf, 0 };
        json_t *value;

        fle_json_string(&out, fle_text(in, sizeof in));
        value = json_loadb(buf, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        if (!json_is_string(value) ||
            (ascii && (json_string_length(value) != sizeof in ||
                       memcmp(json_string_value(value), in, sizeof in) != 0)))
            fail_msg("%04x: %.*s", pair, (int)out.len, buf);
        json_decref(value);
    }
}

static void whole_numbers_are_written_to_their_limits(void **state)
{
    char buf[64], expected[64];
    (void)state;

    for (uint64_t number = 1; number > 0 && number < UINT64_MAX / 10; number *= 10)
        for (uint64_t near = number - 1; near <= number + 1; near++) {
            fle_output out = { buf, sizeof buf, 0 };

            fle_json_u64(&out, near);
            snprintf(expected, sizeof expected, "%" PRIu64, near);
            if (!fle_text_is(fle_text(buf, out.len), expected))
                fail_msg("%.*s, not %s", (int)out.len, buf, expected);
        }
    for (int i = 0; i < 2; i++) {
        fle_output out = { buf, sizeof buf, 0 };

        if (i == 0)
            fle_json_u64(&out, UINT64_MAX);
        else
            fle_json_i64(&out, INT64_MIN);
        assert_true(fle_text_is(fle_text(buf, out.len),
                                i == 0 ? "18446744073709551615" : "-9223372036854775808"));
    }
}

static void a_value_of_each_type_has_its_form(void **state)
{
    static const flowenrich_text texts[] = { { "a", 1 }, { "\"", 1 }, { "b", 1 }, { "", 0 } };
    static const fle_address v4 = {
        { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 1, 5 }
    };
    const struct {
        fle_value value;
        const char *out;
    } cases[] = {
        { { 0, { 0 } }, "null" },
        { { FLOWENRICH_TYPE_U32, { .u64 = 7 } }, "7" },
        { { FLOWENRICH_TYPE_U64, { .u64 = UINT64_MAX } }, "18446744073709551615" },
        { { FLOWENRICH_TYPE_TIME, { .time = -1 } }, "-1" },
        { { FLOWENRICH_TYPE_F64, { .f64 = 0.9 } }, "0.9" },
        { { FLOWENRICH_TYPE_F64, { .f64 = INFINITY } }, "null" },
        { { FLOWENRICH_TYPE_BOOL, { .u64 = 1 } }, "true" },
        { { FLOWENRICH_TYPE_BOOL, { .u64 = 0 } }, "false" },
        { { FLOWENRICH_TYPE_ADDRESS, { .address = &v4 } }, "\"10.0.1.5\"" },
        { { FLOWENRICH_TYPE_TEXT, { .text = { "x", 1 } } }, "\"x\"" },
        { { FLOWENRICH_TYPE_LIST, { .texts = { texts, 3 } } }, "[\"a\",\"\\\"\",\"b\"]" },
        { { FLOWENRICH_TYPE_LIST, { .texts = { NULL, 0 } } }, "[]" },
        { { FLOWENRICH_TYPE_MAP, { .texts = { texts, 4 } } }, "{\"a\":\"\\\"\",\"b\":\"\"}" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[64];
        fle_output out = { buf, sizeof buf, 0 };

        fle_json_value(&out, &cases[i].value);
        if (!fle_text_is(fle_text(buf, out.len), cases[i].out))
            fail_msg("row %zu: %.*s, not %s", i, (int)out.len, buf, cases[i].out);
    }
}

static void what_does_not_fit_is_counted_and_leaves_the_rest_alone(void **state)
{
    static const char in[] = "a\n\xc3\xa9\xff";
    static const char whole[] = "\"a\\n\xc3\xa9\xef\xbf\xbd\"";
    (void)state;

    for (size_t cap = 0; cap <= sizeof whole; cap++) {
        char buf[sizeof whole + 1];
        fle_output out = { buf, cap, 0 };

        memset(buf, '#', sizeof buf);
        fle_json_string(&out, fle_text(in, sizeof in - 1));
        assert_int_equal(out.len, sizeof whole - 1);
        assert_int_equal(fle_output_fits(&out), cap >= sizeof whole - 1);
        for (size_t i = cap; i < sizeof buf; i++)
            assert_int_equal(buf[i], '#');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_is_escaped_and_always_utf8),
        cmocka_unit_test(a_string_of_any_two_bytes_is_valid_json),
        cmocka_unit_test(whole_numbers_are_written_to_their_limits),
        cmocka_unit_test(a_value_of_each_type_has_its_form),
        cmocka_unit_test(what_does_not_fit_is_counted_and_leaves_the_rest_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
