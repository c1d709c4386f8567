/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/line.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "parse/line.h"

static void a_line_is_split_at_runs_of_spaces(void **state)
{
    static const struct {
        const char *text, *values; /* the values in brackets */
        bool doubled;
    } cases[] = {
        { "", "", false },
        { " ", "", false },
        { "a", "[a]", false },
        { "a b", "[a][b]", false },
        { "443 51234 1500", "[443][51234][1500]", false },
        { "a  b c", "[a][b][c]", true },
        { "a b   c", "[a][b][c]", true },
        { " a b", "[a][b]", false }, /* a space before */
        { "a b ", "[a][b]", false }, /* and behind */
        { "  a", "[a]", true },
        { "a\tb", "[a\tb]", false }, /* only spaces part values */
        { "\xd0\xb1 \xff", "[\xd0\xb1][\xff]", false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char values[64] = "";
        fle_line line;

        fle_line_split(&line, fle_text_of(cases[i].text));
        for (size_t k = 0; k < line.n; k++) {
            const flowenrich_text value = fle_line_value(&line, k);

            strcat(values, "[");
            strncat(values, value.data, value.len);
            strcat(values, "]");
        }
        if (strcmp(values, cases[i].values) != 0 || line.doubled != cases[i].doubled)
            fail_msg("'%s' is split into %s", cases[i].text, values);
        assert_false(line.has_nul);
    }
}

static void a_nul_byte_is_seen_wherever_it_is(void **state)
{
    fle_line line;
    (void)state;

    fle_line_split(&line, FLE_TEXT("a\0b c"));
    assert_true(line.has_nul);
    fle_line_split(&line, FLE_TEXT("a b\0"));
    assert_true(line.has_nul);
    fle_line_split(&line, FLE_TEXT("\0"));
    assert_true(line.has_nul);
}

static void values_past_the_last_that_is_kept_are_counted(void **state)
{
    char text[2 * (FLE_FORMAT_FIELDS + 9)];
    fle_line line;
    (void)state;

    memset(text, 'x', sizeof text);
    for (size_t i = 1; i < sizeof text; i += 2)
        text[i] = ' ';
    fle_line_split(&line, fle_text(text, sizeof text));
    assert_int_equal(line.n, FLE_FORMAT_FIELDS + 9);
    text[sizeof text - 2] = '\0';
    fle_line_split(&line, fle_text(text, sizeof text));
    assert_true(line.has_nul);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_split_at_runs_of_spaces),
        cmocka_unit_test(a_nul_byte_is_seen_wherever_it_is),
        cmocka_unit_test(values_past_the_last_that_is_kept_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
