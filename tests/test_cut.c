/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of cli/cut.c: where a log may be cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cut.h"

#define NAMES "version srcaddr bytes\n"

static void a_log_of_lines_can_be_cut(void **state)
{
    static const struct {
        const char *text;
        bool can;
        size_t header;
    } cases[] = {
        { NAMES "2 10.0.0.1 5\n", true, sizeof NAMES - 1 },
        { "version srcaddr bytes\r\n2 10.0.0.1 5\r\n", true, sizeof NAMES },
        { "2 123456789010 eni-1 10.0.0.1\n", true, 0 },
        { "10.0.0.1 10.0.0.2 5\n", true, 0 },
        { "2 123456789010 eni-1 10.0.0.1", false, 0 },                 /* the line isn't over */
        { "version srcaddr my own\n", false, 0 },                      /* half of it is known */
        { "version version\n", false, 0 },                             /* no header can be that */
        { "2026-11-20T10:00:00.000Z 2 123456789010 eni-1\n", false, 0 }, /* an export */
        { "{\"version\": 2}\n", false, 0 },
        { "\xef\xbb\xbf" NAMES, false, 0 },
        { "H4sIAAAAAAAAA0vKz0ksSszRBQA\n", false, 0 },
        { "eni-1 10.0.0.1\n", false, 0 }, /* may be anything */
        { "\n", false, 0 },
        { "", false, 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t header = 99;

        if (cut_begin(cases[i].text, strlen(cases[i].text), &header) != cases[i].can ||
            header != cases[i].header)
            fail_msg("%s: its header has %zu bytes", cases[i].text, header);
    }
}

static void a_part_begins_with_a_record_and_no_header_is_before_it(void **state)
{
    static const struct {
        const char *text;
        size_t header, cut;
        uint64_t lines;
    } cases[] = {
        { "2 a\n2 b\n2 c\n", 0, 8, 2 },
        { "2 a\n2 b\n2 c", 0, 4, 1 }, /* the last line isn't over */
        { "2 a\n", 0, 0, 0 },
        { NAMES "2 a\n2 b\n", sizeof NAMES - 1, sizeof NAMES + 3, 1 },
        { NAMES "2 a\n" NAMES "2 b\n", sizeof NAMES - 1, 2 * sizeof NAMES + 2, 2 }, /* the same */
        { NAMES "2 a\nversion bytes srcaddr\n2 b\n", sizeof NAMES - 1, 0, 0 },
        { "2 a\n" NAMES "2 b\n", 0, 0, 0 },
        { "2 a\nversion  bytes\n2 b\n", 0, 0, 0 },
        { "2 a\n version bytes\n2 b\n", 0, 0, 0 },
        { "2 a\nversion\n2 b\n", 0, 0, 0 },
        { "2 a\n{}\n2 b\n", 0, 0, 0 },
        { "2 a\neni-1 10.0.0.1\n2 b\n", 0, 19, 2 }, /* no name begins with a digit */
        { "2 a\neni-1 - x\n2 b\n", 0, 14, 2 },
        { "2 a\n- a\n", 0, 0, 0 },                      /* could be anything's first line */
        { "2 a\n\n2 b\n", 0, 5, 2 },
        { "2 a\n2026-11-20T10:00:00Z 2\n", 0, 0, 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t lines = 0;
        const size_t cut = cut_find(cases[i].text, strlen(cases[i].text), cases[i].header, &lines);

        if (cut != cases[i].cut || (cut > 0 && lines != cases[i].lines))
            fail_msg("%s: cut at %zu, behind %u lines", cases[i].text, cut, (unsigned)lines);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_of_lines_can_be_cut),
        cmocka_unit_test(a_part_begins_with_a_record_and_no_header_is_before_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
