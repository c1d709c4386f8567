/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/base/pack.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/pack.h"

static fle_allocator allocator;

static void a_number_takes_as_few_bytes_as_it_can(void **state)
{
    static const struct {
        uint64_t number;
        size_t len;
    } cases[] = {
        { 0, 1 },           { 1, 1 },
        { 127, 1 }, /* seven bits */
        { 128, 2 },         { 16383, 2 },
        { 16384, 3 },       { UINT32_MAX, 5 },
        { UINT64_MAX >> 1, 9 }, /* nine times seven bits */
        { UINT64_MAX, 10 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_buffer bytes;
        flowenrich_text rest;
        uint64_t number = 42;

        fle_buffer_init(&bytes, &allocator);
        fle_pack_number(&bytes, cases[i].number);
        rest = fle_text(bytes.data, bytes.len);
        if (bytes.len != cases[i].len || !fle_unpack_number(&rest, &number) || rest.len != 0 ||
            number != cases[i].number)
            fail_msg("%llu: %zu bytes, read back as %llu", (unsigned long long)cases[i].number,
                     bytes.len, (unsigned long long)number);
        for (size_t len = 0; len < bytes.len; len++) {
            rest = fle_text(bytes.data, len);
            if (fle_unpack_number(&rest, &number) || rest.len != len)
                fail_msg("%llu: read from %zu of its bytes", (unsigned long long)cases[i].number,
                         len);
        }
        fle_buffer_free(&bytes);
    }
}

static void texts_and_numbers_are_read_one_by_one(void **state)
{
    flowenrich_text rest, text;
    fle_buffer bytes;
    uint64_t number;

    (void)state;
    fle_buffer_init(&bytes, &allocator);
    fle_pack_text(&bytes, FLE_TEXT("app"));
    fle_pack_number(&bytes, 300);
    fle_pack_text(&bytes, FLE_TEXT(""));
    rest = fle_text(bytes.data, bytes.len);
    assert_true(fle_unpack_text(&rest, &text) && fle_text_is(text, "app"));
    assert_true(fle_unpack_number(&rest, &number) && number == 300);
    assert_true(fle_unpack_text(&rest, &text) && text.len == 0);
    assert_int_equal(rest.len, 0);
    fle_buffer_free(&bytes);
}

static void numbers_may_be_negative(void **state)
{
    static const struct {
        int64_t number;
        size_t len;
    } cases[] = {
        { 0, 1 }, { -1, 1 }, { 63, 1 }, { -64, 1 }, { 64, 2 }, { INT64_MAX, 10 }, { INT64_MIN, 10 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_text rest;
        fle_buffer bytes;
        int64_t number = 42;

        fle_buffer_init(&bytes, &allocator);
        fle_pack_signed(&bytes, cases[i].number);
        rest = fle_text(bytes.data, bytes.len);
        if (bytes.len != cases[i].len || !fle_unpack_signed(&rest, &number) ||
            number != cases[i].number || fle_unpack_signed(&rest, &number))
            fail_msg("%lld: %zu bytes, read back as %lld", (long long)cases[i].number, bytes.len,
                     (long long)number);
        fle_buffer_free(&bytes);
    }
}

static void bytes_are_taken_as_they_are(void **state)
{
    flowenrich_text rest = FLE_TEXT("abc");
    char two[2];

    (void)state;
    assert_true(fle_unpack_bytes(&rest, two, 2) && memcmp(two, "ab", 2) == 0);
    assert_false(fle_unpack_bytes(&rest, two, 2));
    assert_true(fle_text_is(rest, "c"));
}

static void what_we_would_not_write_is_refused(void **state)
{
    static const struct {
        const char *why;
        flowenrich_text bytes;
        bool text;
    } cases[] = {
        { "nothing", { "", 0 }, false },
        { "zero in two bytes", { "\x80\x00", 2 }, false },
        { "one in two bytes", { "\x81\x00", 2 }, false },
        { "2^64", { "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02", 10 }, false },
        { "eleven bytes", { "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x81\x01", 11 }, false },
        { "a text without its end", { "\x03" "ap", 3 }, true },
        { "a text of 2^64 - 1", { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" "a", 11 }, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_text rest = cases[i].bytes, text;
        uint64_t number;

        if (cases[i].text ? fle_unpack_text(&rest, &text) : fle_unpack_number(&rest, &number))
            fail_msg("%s was read", cases[i].why);
        if (rest.len != cases[i].bytes.len)
            fail_msg("%s was taken", cases[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_takes_as_few_bytes_as_it_can),
        cmocka_unit_test(texts_and_numbers_are_read_one_by_one),
        cmocka_unit_test(numbers_may_be_negative),
        cmocka_unit_test(bytes_are_taken_as_they_are),
        cmocka_unit_test(what_we_would_not_write_is_refused),
    };

    fle_allocator_init(&allocator, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
