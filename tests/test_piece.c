/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of where a payload that is still coming can be cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "piping.h"

#define DATE "2026-03-02T12:00:00.000Z "
#define SPACES "                                                                " /* 64 */

/* '|' is where the piece ends; it isn't part of the payload. */
static void a_piece_ends_where_another_begins(void **state)
{
    static const char *const cases[] = {
        "{\"a\":1}\n|{\"b\":2}\n",
        "{\"a\":1}\r\n|{\"b\":2}\r\n",
        "{\"a\":1}\n \t\n|{\"b\":2}\n",
        "\xef\xbb\xbf {\"a\":1}\n|{}",
        "{\"a\":[\n{\"b\":1},\n{\"b\":2}\n]}\n|{\"c\":3}", /* within an array there is a comma */
        "{\n\"a\": {\n}\n}\n|{\"c\":3}",
        "{\"a\":1}{\"b\":2}\n|{\"c\":3}",
        "{\"a\":1}\n[{\"b\":2}]\n",
        "{\"a\":1}\n {\"b\":2}\n", /* the line doesn't begin with it */
        "{\"a\":1}\n",
        "[{\"a\":1}]\n[{\"b\":2}]\n", /* one value after all: an array may hold anything */
        DATE "1 2 3\n|" DATE "4 5 6\n",
        DATE "1 2 3\n4 5 6\n|" DATE "7 8 9\n", /* a time must be there to tell what it is */
        DATE "1 2 3\n",
        "\x1f\x8b\x08\n{\"a\":1}\n{\"b\":2}\n",
        "",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *bar = strchr(cases[i], '|');
        const size_t wanted = bar ? (size_t)(bar - cases[i]) : 0;
        size_t searched = 0, found;
        char held[256];

        snprintf(held, sizeof held, "%.*s%s", (int)wanted, cases[i], bar ? bar + 1 : cases[i]);
        found = fle_piece_last(fle_text(held, strlen(held)), &searched);
        if (found != wanted)
            fail_msg("%s: the last ends at %zu", cases[i], found);
        strcat(held, SPACES);
        searched = 0;
        found = fle_piece_find(fle_text(held, strlen(held)), 0, &searched);
        if (found != wanted)
            fail_msg("%s: the first ends at %zu", cases[i], found);
    }
}

/* However much has come when it is looked for. */
static void the_same_piece_is_found_in_any_cut(void **state)
{
    static const char *const cases[] = {
        "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}" SPACES "{\"e\":5}\n",
        DATE "1 2 3\n" DATE "4 5 6\n" DATE "7 8 9\n" DATE "7 8 9\n" SPACES,
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t len = strlen(cases[i]);

        for (size_t least = 0; least < 20; least++) {
            size_t searched = 0;
            const size_t whole = fle_piece_find(fle_text(cases[i], len), least, &searched);

            assert_true(whole > least);
            for (size_t step = 1; step < len; step++) {
                size_t found = 0;

                searched = 0;
                for (size_t has = step; found == 0; has = has + step < len ? has + step : len)
                    found = fle_piece_find(fle_text(cases[i], has), least, &searched);
                if (found != whole)
                    fail_msg("%s: %zu at steps of %zu", cases[i], found, step);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_ends_where_another_begins),
        cmocka_unit_test(the_same_piece_is_found_in_any_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
