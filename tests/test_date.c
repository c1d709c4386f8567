/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"

static void dates_are_read_in_the_spellings_of_aws(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "2026-11-20T09:00:00Z", 1795165200 },
        { "2026-11-20t09:00:00z", 1795165200 },
        { "2026-11-20 09:00:00", 1795165200 },      /* no offset is UTC */
        { "2026-11-20T09:00:00.999Z", 1795165200 }, /* a fraction is dropped */
        { "2026-11-20T09:00:00.000000+00:00", 1795165200 },
        { "2026-11-20 09:00:00-00:00", 1795165200 },
        { "2026-11-20T10:30:00+01:30", 1795165200 },
        { "2026-11-20T10:30:00+0130", 1795165200 },
        { "2026-11-19T21:00:00-12:00", 1795165200 },
        { "2026-11-20T09:00:60Z", 1795165260 }, /* a leap second */
        { "Fri, 20 Nov 2026 09:00:00 GMT", 1795165200 },
        { "Fri, 20 Nov 2026 09:00:00 UTC", 1795165200 },
        { "2014-11-19-23-29-02", 1416439742 }, /* ip-ranges.json */
        { "1969-12-31T23:59:59Z", -1 },
        { "2000-02-29T00:00:00Z", 951782400 },
        { "1900-03-01T00:00:00Z", -2203891200 },
        { "0000-01-01T00:00:00Z", -62167219200 },
        { "0000-01-01T00:00:00+23:59", -62167305540 },
        { "9999-12-31T23:59:59Z", 253402300799 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_time seconds = FLOWENRICH_TIME_ABSENT;

        if (!fle_date_parse(cases[i].text, strlen(cases[i].text), &seconds) ||
            seconds != cases[i].seconds)
            fail_msg("'%s' is %lld", cases[i].text, (long long)seconds);
    }
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "-",
        "1795165200",
        "2026-11-20",
        "2026-11-20T09:00Z",
        "2026-11-20T09:00:00Z ",
        " 2026-11-20T09:00:00Z",
        "2026-11-20T09:00:00ZZ",
        "2026-11-20T9:00:00Z",
        "26-11-20T09:00:00Z",
        "2026/11/20T09:00:00Z",
        "2026-11-20X09:00:00Z",
        "2026-11-20T09:00:00.Z", /* a fraction without digits */
        "2026-11-20T09:00:00,5Z",
        "2026-11-20T09:00:00+1",
        "2026-11-20T09:00:00+01",
        "2026-11-20T09:00:00+01:",
        "2026-11-20T09:00:00+24:00",
        "2026-11-20T09:00:00+01:60",
        "2026-11-20T09:00:00 UTC",
        "2026-00-20T09:00:00Z",
        "2026-13-20T09:00:00Z",
        "2026-11-00T09:00:00Z",
        "2026-11-31T09:00:00Z",
        "2026-02-29T09:00:00Z",
        "1900-02-29T09:00:00Z", /* every hundredth year isn't a leap year */
        "2000-02-30T09:00:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T09:60:00Z",
        "2026-11-20T09:00:61Z",
        "+026-11-20T09:00:00Z",
        "2014-11-19-23-29",
        "2014-11-19-23-29-02Z",
        "2014-11-19-23:29:02",
        "Fri, 20 Nov 2026 09:00:00",
        "Fri, 20 Nov 2026 09:00:00 CET",
        "Fri, 20 Nov 2026 09:00:00 GMT+1",
        "Fri 20 Nov 2026 09:00:00 GMT",
        "Day, 20 Nov 2026 09:00:00 GMT",
        "Fri, 20 Nev 2026 09:00:00 GMT",
        "Fri, 31 Nov 2026 09:00:00 GMT",
        "Friday, 20-Nov-26 09:00:00 GMT",
        "Fr",
        "Fri, 20 N",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_time seconds = 1;

        if (fle_date_parse(cases[i], strlen(cases[i]), &seconds))
            fail_msg("'%s' is taken", cases[i]);
        assert_int_equal(seconds, 1);
    }
    assert_false(fle_date_parse(NULL, 0, &(flowenrich_time){ 0 }));
    assert_false(fle_date_parse("2026-11-20T09:00:00\0", 20, &(flowenrich_time){ 0 }));
}

static void a_date_ends_where_its_length_says(void **state)
{
    const char *text = "2026-11-20T09:00:00Z";
    flowenrich_time seconds;

    (void)state;
    assert_true(fle_date_parse(text, 19, &seconds));
    assert_false(fle_date_parse(text, 18, &seconds));
    assert_false(fle_date_parse(text, 4, &seconds));
}

static void dates_are_written_to_be_read(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } cases[] = {
        { 0, "1970-01-01 00:00:00 UTC" },
        { 1795165203, "2026-11-20 09:00:03 UTC" },
        { -1, "1969-12-31 23:59:59 UTC" },
        { -62167219200, "0000-01-01 00:00:00 UTC" },
        { 253402300800, "10000-01-01 00:00:00 UTC" },
        { INT64_MAX, "292277026596-12-04 15:30:07 UTC" },
        { INT64_MIN, "-292277022657-01-27 08:29:52 UTC" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FLE_DATE_TEXT];

        assert_int_equal(fle_date_format(cases[i].seconds, text), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
    }
}

/* Count the days one by one through a thousand years, the way a calendar is read. */
static void every_day_has_its_number(void **state)
{
    static const unsigned lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t days = -719528; /* of 0000-01-01 */

    (void)state;
    for (unsigned year = 0; year < 2500; year++)
        for (unsigned month = 1; month <= 12; month++) {
            const unsigned leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            const unsigned length = lengths[month - 1] + (month == 2 && leap);

            for (unsigned day = 1; day <= length; day++, days++) {
                if (fle_date_seconds(year, month, day, 1, 2, 3) != days * 86400 + 3723)
                    fail_msg("%u-%u-%u", year, month, day);
            }
        }
}

static void what_was_written_reads_back_the_same(void **state)
{
    (void)state;
    for (int64_t seconds = -62167219200; seconds < 253402300800; seconds += 1234567) {
        char text[FLE_DATE_TEXT];
        const size_t len = fle_date_format(seconds, text) - strlen(" UTC");
        flowenrich_time back = 0;

        if (!fle_date_parse(text, len, &back) || back != seconds)
            fail_msg("%s", text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_in_the_spellings_of_aws),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(a_date_ends_where_its_length_says),
        cmocka_unit_test(dates_are_written_to_be_read),
        cmocka_unit_test(every_day_has_its_number),
        cmocka_unit_test(what_was_written_reads_back_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
