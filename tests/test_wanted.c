/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of values that filters compare with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/wanted.h"

static void numbers_may_have_a_unit(void **state)
{
    static const struct {
        const char *text;
        bool is_number;
        uint64_t number;
    } cases[] = {
        { "0640", true, 640 },
        { "18446744073709551615", true, UINT64_MAX },
        { "18446744073709551616", false, 0 },
        { "1kB", true, 1000 },
        { "1KB", true, 1000 },
        { "1KiB", true, 1024 },
        { "2MB", true, 2000000 },
        { "2MiB", true, 2097152 },
        { "1GB", true, 1000000000 },
        { "1GiB", true, 1073741824 },
        { "1TB", true, 1000000000000 },
        { "16777215TiB", true, UINT64_C(16777215) << 40 },
        { "16777216TiB", false, 0 }, /* 2^64 */
        { "MB", false, 0 },
        { "1 MB", false, 0 },
        { "1mb", false, 0 },
        { "-1", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_wanted wanted;

        fle_wanted_read(&wanted, FLE_TEXT("bytes"), fle_text_of(cases[i].text));
        if (wanted.is_number != cases[i].is_number ||
            (wanted.is_number && wanted.number != cases[i].number))
            fail_msg("%s: %llu", cases[i].text, (unsigned long long)wanted.number);
    }
}

static void fractions_are_what_a_compiler_makes_of_them(void **state)
{
    static const struct {
        const char *text;
        bool is_fraction;
        double fraction;
    } cases[] = {
        { "0.1", true, 0.1 },      { "0.7", true, 0.7 },
        { "3", true, 3 },          { "123456789.012345", true, 123456789.012345 },
        { ".5", false, 0 },        { "5.", false, 0 },
        { "1.2.3", false, 0 },     { "1e3", false, 0 },
        { "", false, 0 },          { "0.1234567890123456", false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_wanted wanted;

        fle_wanted_read(&wanted, FLE_TEXT("direction.confidence"), fle_text_of(cases[i].text));
        if (wanted.is_fraction != cases[i].is_fraction ||
            (wanted.is_fraction &&
             memcmp(&wanted.fraction, &cases[i].fraction, sizeof wanted.fraction) != 0))
            fail_msg("%s: %.17g", cases[i].text, wanted.fraction);
    }
}

static void patterns_match_texts(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool fits;
    } cases[] = {
        { "*", "", true },          { "*", "a", true },         { "a", "a", true },
        { "a", "ab", false },       { "a*", "ab", true },       { "*b", "ab", true },
        { "*b", "ba", false },      { "a*b*c", "a-b-b-c", true }, { "a*b*c", "a-c-b", false },
        { "*ab", "aab", true },     { "**", "x", true },        { "a*a", "a", false },
        { "*abab*", "aababab", true }, { "a.c", "abc", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_value value = { FLOWENRICH_TYPE_TEXT, { .text = fle_text_of(cases[i].text) } };
        fle_wanted wanted;

        fle_wanted_read(&wanted, FLE_TEXT("action"), fle_text_of(cases[i].pattern));
        if (fle_wanted_fits(&wanted, FLE_MATCHES, &value) != cases[i].fits)
            fail_msg("%s, %s", cases[i].pattern, cases[i].text);
    }
}

/* Of each kind, by every comparison: the letters are those that hold. */
static void values_compare_as_their_kind_does(void **state)
{
    static const fle_address low = { { FLE_V4_PREFIX, 10, 0, 0, 1 } };
    static const fle_address high = { { FLE_V4_PREFIX, 10, 0, 0, 2 } };
    static const struct {
        fle_value a, b;
        const char *holds; /* of = < [ > ] */
    } cases[] = {
        { { FLOWENRICH_TYPE_U32, { .u64 = 1 } }, { FLOWENRICH_TYPE_U64, { .u64 = 2 } }, "<[" },
        { { FLOWENRICH_TYPE_U64, { .u64 = 2 } }, { FLOWENRICH_TYPE_U32, { .u64 = 2 } }, "=[]" },
        { { FLOWENRICH_TYPE_TIME, { .time = 1 } }, { FLOWENRICH_TYPE_TIME, { .time = -1 } }, ">]" },
        { { FLOWENRICH_TYPE_TIME, { .time = 1 } }, { FLOWENRICH_TYPE_U64, { .u64 = 1 } }, "" },
        { { FLOWENRICH_TYPE_F64, { .f64 = 0.5 } }, { FLOWENRICH_TYPE_F64, { .f64 = 0.5 } }, "=[]" },
        { { FLOWENRICH_TYPE_BOOL, { .u64 = 1 } }, { FLOWENRICH_TYPE_BOOL, { .u64 = 1 } }, "=[]" },
        { { FLOWENRICH_TYPE_ADDRESS, { .address = &low } },
          { FLOWENRICH_TYPE_ADDRESS, { .address = &high } },
          "<[" },
        { { FLOWENRICH_TYPE_TEXT, { .text = { "b", 1 } } },
          { FLOWENRICH_TYPE_TEXT, { .text = { "a", 1 } } },
          ">]" },
        { { 0, { .u64 = 0 } }, { 0, { .u64 = 0 } }, "" }, /* absent */
        { { FLOWENRICH_TYPE_U64, { .u64 = 0 } }, { 0, { .u64 = 0 } }, "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char holds[8] = "";

        for (unsigned compare = FLE_EQUAL; compare <= FLE_AT_LEAST; compare++)
            if (fle_values_fit(&cases[i].a, (fle_compare)compare, &cases[i].b))
                strncat(holds, &"=<[>]"[compare], 1);
        if (strcmp(holds, cases[i].holds) != 0)
            fail_msg("case %zu: %s", i, holds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_may_have_a_unit),
        cmocka_unit_test(fractions_are_what_a_compiler_makes_of_them),
        cmocka_unit_test(patterns_match_texts),
        cmocka_unit_test(values_compare_as_their_kind_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
