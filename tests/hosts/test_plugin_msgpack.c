/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of plugins/fluent-bit/msgpack.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chunks.h"

#define BYTES(text) text, sizeof(text) - 1

static void every_type_is_read(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *shown;
    } cases[] = {
        { BYTES("\xc0"), "null\n" },
        { BYTES("\xc2\xc3"), "false\ntrue\n" },
        { BYTES("\x00\x7f"), "0\n127\n" },
        { BYTES("\xe0\xff"), "-32\n-1\n" },
        { BYTES("\xcc\x80\xcd\x01\x00"), "128\n256\n" },
        { BYTES("\xce\xff\xff\xff\xff"), "4294967295\n" },
        { BYTES("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), "18446744073709551615\n" },
        { BYTES("\xcf\x00\x20\x00\x00\x00\x00\x00\x01"), "9007199254740993\n" }, /* no double */
        { BYTES("\xd0\x80\xd1\x80\x00"), "-128\n-32768\n" },
        { BYTES("\xd0\x05\xd1\x00\x05"), "5\n5\n" }, /* signed types may be above zero */
        { BYTES("\xd2\x80\x00\x00\x00"), "-2147483648\n" },
        { BYTES("\xd3\x80\x00\x00\x00\x00\x00\x00\x00"), "-9223372036854775808\n" },
        { BYTES("\xca\x3f\x00\x00\x00"), "0.5f\n" },
        { BYTES("\xcb\xbf\xf8\x00\x00\x00\x00\x00\x00"), "-1.5f\n" },
        { BYTES("\xa0\xa1x\xd9\x01y"), "\"\"\n\"x\"\n\"y\"\n" },
        { BYTES("\xda\x00\x01z\xdb\x00\x00\x00\x01!"), "\"z\"\n\"!\"\n" },
        { BYTES("\xc4\x01x\xc5\x00\x01y\xc6\x00\x00\x00\x01z"), "b\"x\"\nb\"y\"\nb\"z\"\n" },
        { BYTES("\xd4\x00x\xd5\x00xx\xd6\x00xxxx"), "<1>\n<2>\n<4>\n" },
        { BYTES("\xd7\x00xxxxxxxx\xd8\x05xxxxxxxxxxxxxxxx"), "<8>\n<16>\n" },
        { BYTES("\xc7\x03\x01xxx\xc8\x00\x01\x01x\xc9\0\0\0\0\x7f"), "<3>\n<1>\n<0>\n" },
        { BYTES("\x90\x92\x01\x02\xdc\x00\x01\x03\xdd\0\0\0\x01\x04"), "[]\n[1,2]\n[3]\n[4]\n" },
        { BYTES("\x80\x81\x01\x02\xde\0\x01\x03\x04\xdf\0\0\0\x01\x05\x06"),
          "{}\n{1:2}\n{3:4}\n{5:6}\n" },
        { BYTES("\xc1"), "?\n" }, /* the one byte that means nothing */
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *shown = chunks_show(cases[i].bytes, cases[i].len);

        if (strcmp(shown, cases[i].shown) != 0)
            fail_msg("case %zu is read as %s", i, shown);
        free(shown);
    }
}

static void what_is_cut_short_is_no_value(void **state)
{
    static const char bytes[] = "\x92\x92\xd7\x00xxxxxxxx\xdf\0\0\0\0\x83\xa1k\xd9\x01v\xa1l\xcb"
                                "xxxxxxxx\xa1m\xdc\0\x02\xc7\x01\x05x\xd1xx";
    const size_t len = sizeof bytes - 1;
    (void)state;

    for (size_t cut = 0; cut < len; cut++) {
        char *copy = calloc(1, cut + !cut); /* the sanitizer sees what is read behind its end */
        const char *at = copy;

        memcpy(copy, bytes, cut);
        if (msgpack_skip(&at, copy + cut, 1) || at != copy)
            fail_msg("%zu bytes are taken for a value", cut);
        free(copy);
    }
    for (const char *at = bytes; msgpack_skip(&at, bytes + len, 1);)
        assert_ptr_equal(at, bytes + len);
}

/* Of each kind of value, and of what is in it. */
static void what_is_taken_is_gone_with_all_that_is_in_it(void **state)
{
    static const char bytes[] =
        "\x05\xa1x\xd9\x01y\xcb????????\x82\xa1k\x91\x01\xa1l\x80\xd4\0x\xc0";
    static const msgpack_kind kinds[] = { MSGPACK_UNSIGNED, MSGPACK_STRING, MSGPACK_STRING,
                                          MSGPACK_FLOAT,    MSGPACK_MAP,    MSGPACK_EXTENSION,
                                          MSGPACK_NIL };
    const char *at = bytes, *end = bytes + sizeof bytes - 1;
    msgpack_value value;
    (void)state;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_true(msgpack_take(&at, end, &value));
        assert_int_equal(value.kind, kinds[i]);
    }
    assert_ptr_equal(at, end);
    assert_false(msgpack_take(&at, end, &value));
    at = "\x91"; /* what is in it isn't there */
    assert_false(msgpack_take(&at, at + 1, &value));
}

static void no_depth_and_no_number_is_too_much(void **state)
{
    enum { DEEP = 1000000 };
    static const char many[] = "\xdf\xff\xff\xff\xff\xdd\xff\xff\xff\xff";
    char *deep = calloc(1, DEEP);
    const char *at = deep;
    (void)state;

    memset(deep, '\x91', DEEP);
    deep[DEEP - 1] = '\x01';
    assert_true(msgpack_skip(&at, deep + DEEP, 1));
    assert_ptr_equal(at, deep + DEEP);
    free(deep);
    at = many;
    assert_false(msgpack_skip(&at, many + sizeof many - 1, 1));
    at = many;
    assert_false(msgpack_skip(&at, many + sizeof many - 1, UINT64_MAX));
}

static void heads_of_strings_are_written_as_short_as_can_be(void **state)
{
    static const struct {
        size_t n, len;
    } cases[] = {
        { 0, 1 },   { 31, 1 },    { 32, 2 },    { 255, 2 },
        { 256, 3 }, { 65535, 3 }, { 65536, 5 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[MSGPACK_MOST];

        assert_int_equal(msgpack_put_string_head(bytes, cases[i].n) - bytes, cases[i].len);
    }
}

/* The head of a map is written last, and may take more than was left for it. */
static void a_head_fits_its_members(void **state)
{
    static const size_t sizes[] = { 0, 1, 15, 16, 65535, 65536 };
    (void)state;

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const size_t n = sizes[i], members = 2 * n;
        char *bytes = calloc(1, members + MSGPACK_MOST), *end;
        const char *at = bytes;
        msgpack_value head;

        memset(bytes + 1, 7, members);
        end = msgpack_close_map(bytes, bytes + 1 + members, n);
        assert_true(msgpack_read(&at, end, &head));
        assert_int_equal(head.kind, MSGPACK_MAP);
        assert_int_equal(head.number, n);
        assert_int_equal(end - at, members);
        assert_true(members == 0 || (*at == 7 && end[-1] == 7));
        assert_int_equal(at - bytes, n < 16 ? 1 : n < 65536 ? 3 : 5);
        free(bytes);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read),
        cmocka_unit_test(what_is_cut_short_is_no_value),
        cmocka_unit_test(what_is_taken_is_gone_with_all_that_is_in_it),
        cmocka_unit_test(no_depth_and_no_number_is_too_much),
        cmocka_unit_test(heads_of_strings_are_written_as_short_as_can_be),
        cmocka_unit_test(a_head_fits_its_members),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
