/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/convert.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parse/convert.h"

static void numbers_are_digits_within_their_range(void **state)
{
    static const struct {
        const char *text;
        bool is_u64, is_port;
        uint64_t value;
    } cases[] = {
        { "0", true, true, 0 },
        { "443", true, true, 443 },
        { "00443", true, true, 443 },                     /* zeros in front */
        { "0000000000000000000000443", true, true, 443 }, /* more of them than digits fit */
        { "65535", true, true, 65535 },
        { "65536", true, false, 65536 },
        { "4294967296", true, false, 4294967296u },
        { "9999999999999999999", true, false, 9999999999999999999u }, /* the last without a check */
        { "18446744073709551615", true, false, UINT64_MAX },
        { "18446744073709551616", false, false, 0 },
        { "99999999999999999999", false, false, 0 },
        { "184467440737095516150", false, false, 0 },
        { "", false, false, 0 },
        { "-1", false, false, 0 }, /* AWS writes no signs */
        { "+1", false, false, 0 },
        { "1.0", false, false, 0 },
        { "1e3", false, false, 0 },
        { "0x10", false, false, 0 },
        { "12a", false, false, 0 },
        { "\xb2", false, false, 0 }, /* a superscript two, in Latin-1 */
        { "NULL", false, false, 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_text text = fle_text_of(cases[i].text);
        uint64_t u64 = 0;
        uint32_t u32 = 0;

        if (fle_convert_u64(text, &u64) != cases[i].is_u64 ||
            fle_convert_u32(text, 65535, &u32) != cases[i].is_port)
            fail_msg("'%s' is taken or refused wrongly", cases[i].text);
        if ((cases[i].is_u64 && u64 != cases[i].value) ||
            (cases[i].is_port && u32 != cases[i].value))
            fail_msg("'%s' is read as another number", cases[i].text);
    }
}

static void milliseconds_become_seconds(void **state)
{
    static const struct {
        const char *text;
        flowenrich_time time; /* FLOWENRICH_TIME_ABSENT if it is none */
        bool was_milliseconds;
    } cases[] = {
        { "1418530010", 1418530010, false },
        { "999999999", 999999999, false }, /* nine digits: 2001 */
        { "0", 0, false },
        { "99999999999", 99999999999, false }, /* the last that is seconds */
        { "100000000000", 100000000, true },
        { "1512564058000", 1512564058, true }, /* AWS's SKIPDATA of 2017 */
        { "1512564058999", 1512564058, true },
        { "9223372036854775807", INT64_MAX / 1000, true },
        { "9223372036854775808", FLOWENRICH_TIME_ABSENT, false },
        { "2026-11-20T09:00:00Z", FLOWENRICH_TIME_ABSENT, false },
        { "-5", FLOWENRICH_TIME_ABSENT, false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_time time = FLOWENRICH_TIME_ABSENT;
        bool was_milliseconds = false;

        fle_convert_time(fle_text_of(cases[i].text), &time, &was_milliseconds);
        if (time != cases[i].time || was_milliseconds != cases[i].was_milliseconds)
            fail_msg("'%s' is read wrongly", cases[i].text);
    }
}

static void percent_encoding_is_undone_and_what_is_none_is_kept(void **state)
{
    static const struct {
        const char *text, *decoded;
    } cases[] = {
        { "plain", "plain" },     { "", "" },
        { "%2D", "-" }, /* a tag whose value is a hyphen */
        { "a%20b%3dc", "a b=c" }, { "%D0%B1", "\xd0\xb1" },
        { "%2525", "%25" }, /* once, not twice */
        { "%7A%7a", "zz" },       { "%", "%" },
        { "100%", "100%" },       { "%4", "%4" },
        { "%zz", "%zz" },         { "%g0%0g", "%g0%0g" },
        { "%%41", "%A" },
    };
    char out[32];
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t len = fle_convert_percent(fle_text_of(cases[i].text), out);

        if (!fle_text_is(fle_text(out, len), cases[i].decoded))
            fail_msg("'%s' is decoded as '%.*s'", cases[i].text, (int)len, out);
    }
    assert_int_equal(fle_convert_percent(FLE_TEXT("a%00b"), out), 3);
    assert_memory_equal(out, "a\0b", 3);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_digits_within_their_range),
        cmocka_unit_test(milliseconds_become_seconds),
        cmocka_unit_test(percent_encoding_is_undone_and_what_is_none_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
