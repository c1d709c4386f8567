/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "failing.h"

static void texts_are_equal_by_bytes(void **state)
{
    (void)state;
    assert_true(fle_text_is(FLE_TEXT("tcp"), "tcp"));
    assert_false(fle_text_is(FLE_TEXT("tcp"), "tcp6"));
    assert_false(fle_text_is(FLE_TEXT("tcp"), "TCP"));
    assert_true(fle_text_is(fle_text(NULL, 0), ""));
    assert_true(fle_text_equal(fle_text("a\0b", 3), fle_text("a\0b", 3)));
    assert_false(fle_text_equal(fle_text("a\0b", 3), fle_text("a\0c", 3)));
    assert_true(fle_text_starts(FLE_TEXT("eni-1"), "eni-"));
    assert_true(fle_text_starts(FLE_TEXT("eni-"), "eni-"));
    assert_false(fle_text_starts(FLE_TEXT("eni"), "eni-"));
}

static void texts_are_ordered_by_bytes(void **state)
{
    static const flowenrich_text ordered[] = {
        { NULL, 0 }, { "A", 1 }, { "a", 1 }, { "a\0", 2 }, { "ab", 2 }, { "b", 1 }, { "\xff", 1 },
    };
    const int n = sizeof ordered / sizeof *ordered;

    (void)state;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            const int order = fle_text_compare(ordered[i], ordered[j]);

            if ((order > 0) - (order < 0) != (i > j) - (i < j))
                fail_msg("%d and %d: %d", i, j, order);
        }
}

static void decimals_are_read_to_the_last_bit(void **state)
{
    static const struct {
        const char *text;
        uint64_t value;
        bool ok;
    } cases[] = {
        { "0", 0, true },
        { "007", 7, true },
        { "18446744073709551615", UINT64_MAX, true },
        { "000018446744073709551615", UINT64_MAX, true },
        { "18446744073709551616", 0, false }, /* UINT64_MAX + 1 */
        { "18446744073709551620", 0, false }, /* overflows in the product */
        { "99999999999999999999", 0, false },
        { "", 0, false },
        { "-1", 0, false },
        { "+1", 0, false },
        { " 1", 0, false },
        { "1 ", 0, false },
        { "1.0", 0, false },
        { "0x10", 0, false },
        { "\xb2", 0, false }, /* a superscript digit in Latin-1 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 0;

        if (fle_text_u64(fle_text_of(cases[i].text), &value) != cases[i].ok ||
            value != cases[i].value)
            fail_msg("'%s'", cases[i].text);
    }
}

static void characters_of_utf_8_are_told_from_other_bytes(void **state)
{
    static const struct {
        const char *bytes;
        size_t width;
    } cases[] = {
        { "a", 1 },
        { "\x7f", 1 },
        { "\xc2\x80", 2 }, /* the first of two bytes */
        { "\xdf\xbf", 2 }, /* the last */
        { "\xe0\xa0\x80", 3 },
        { "\xef\xbf\xbf", 3 },
        { "\xf0\x90\x80\x80", 4 },
        { "\xf4\x8f\xbf\xbf", 4 }, /* U+10FFFF */
        { "\xf4\x90\x80\x80", 0 }, /* past it */
        { "\xf8\x88\x80\x80", 0 }, /* five bytes are no longer UTF-8 */
        { "\xc1\xbf", 0 },         /* overlong */
        { "\xe0\x9f\xbf", 0 },
        { "\xf0\x8f\xbf\xbf", 0 },
        { "\xed\x9f\xbf", 3 },
        { "\xed\xa0\x80", 0 }, /* a surrogate */
        { "\xed\xbf\xbf", 0 },
        { "\xee\x80\x80", 3 },
        { "\x80", 0 }, /* begins in the middle */
        { "\xbf", 0 },
        { "\xff", 0 },
        { "\xe2\x82", 0 }, /* cut off */
        { "\xe2\x82"
          "a",
          0 },
        { "\xe2"
          "a\xac",
          0 },
        { "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fle_utf8_width(cases[i].bytes, strlen(cases[i].bytes)) != cases[i].width)
            fail_msg("case %zu", i);
    assert_int_equal(fle_utf8_width("\0", 1), 1);
}

static void a_buffer_holds_what_was_appended(void **state)
{
    failing f = { .succeed = SIZE_MAX };
    const fle_allocator allocator = failing_allocator(&f);
    fle_buffer buffer;

    (void)state;
    fle_buffer_init(&buffer, &allocator);
    fle_buffer_string(&buffer, "a");
    fle_buffer_char(&buffer, '=');
    fle_buffer_u64(&buffer, 0);
    fle_buffer_text(&buffer, FLE_TEXT(" b="));
    fle_buffer_u64(&buffer, UINT64_MAX);
    fle_buffer_append(&buffer, " c=\0", 4);
    fle_buffer_i64(&buffer, INT64_MIN);
    fle_buffer_char(&buffer, ' ');
    fle_buffer_i64(&buffer, INT64_MAX);
    fle_buffer_append(&buffer, NULL, 0);
    assert_false(buffer.failed);
    assert_true(fle_text_equal(fle_text(buffer.data, buffer.len),
                               FLE_TEXT("a=0 b=18446744073709551615 c=\0"
                                        "-9223372036854775808 9223372036854775807")));
    fle_buffer_clear(&buffer);
    assert_int_equal(buffer.len, 0);
    fle_buffer_free(&buffer);
    assert_int_equal(f.live, 0);
    assert_int_equal(f.misled, 0);
}

static void reserved_room_needs_no_memory_later(void **state)
{
    failing f = { .succeed = 1 };
    const fle_allocator allocator = failing_allocator(&f);
    fle_buffer buffer;

    (void)state;
    fle_buffer_init(&buffer, &allocator);
    assert_true(fle_buffer_reserve(&buffer, 1000));
    for (int i = 0; i < 1000; i++)
        fle_buffer_char(&buffer, 'x');
    assert_false(buffer.failed);
    assert_int_equal(buffer.len, 1000);
    fle_buffer_free(&buffer);
}

static void a_failed_buffer_stays_failed_until_cleared(void **state)
{
    failing f = { .succeed = 1 };
    const fle_allocator allocator = failing_allocator(&f);
    fle_buffer buffer;

    (void)state;
    fle_buffer_init(&buffer, &allocator);
    fle_buffer_string(&buffer, "abc");
    while (!buffer.failed)
        fle_buffer_string(&buffer, "more");
    assert_memory_equal(buffer.data, "abcmore", 7);
    f.succeed = SIZE_MAX;
    fle_buffer_char(&buffer, 'x'); /* there is room, but what is before it is missing */
    assert_true(buffer.failed);
    fle_buffer_clear(&buffer);
    fle_buffer_string(&buffer, "again");
    assert_false(buffer.failed);
    assert_false(fle_buffer_reserve(&buffer, SIZE_MAX)); /* overflows */
    fle_buffer_free(&buffer);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_equal_by_bytes),
        cmocka_unit_test(texts_are_ordered_by_bytes),
        cmocka_unit_test(decimals_are_read_to_the_last_bit),
        cmocka_unit_test(characters_of_utf_8_are_told_from_other_bytes),
        cmocka_unit_test(a_buffer_holds_what_was_appended),
        cmocka_unit_test(reserved_room_needs_no_memory_later),
        cmocka_unit_test(a_failed_buffer_stays_failed_until_cleared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
