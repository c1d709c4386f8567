/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of cli/gunzip.c, with the inflater that it is built with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "gunzip.h"

#define GZIP_ONLY (16 + MAX_WBITS)
#define MOST ((size_t)1 << 20)

/* Add a member at a level; with a name, a comment and more in its header, or without. */
static void pack(unsigned char *packed, size_t *len, const void *data, size_t n, int level,
                 const char *name)
{
    gz_header header = { .os = 3 };
    z_stream stream = { 0 };

    assert_int_equal(
        deflateInit2(&stream, level, Z_DEFLATED, GZIP_ONLY, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY),
        Z_OK);
    if (name) {
        header.name = header.comment = header.extra = (Bytef *)(uintptr_t)name;
        header.extra_len = (uInt)strlen(name);
        header.hcrc = 1;
    }
    assert_int_equal(deflateSetHeader(&stream, &header), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)n;
    stream.next_out = packed + *len;
    stream.avail_out = (uInt)(MOST - *len);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    *len += stream.total_out;
    deflateEnd(&stream);
}

/* Unpack, in pieces of so many bytes and into so many at a time. Returns how many came out. */
static size_t unpack(gunzip *unpacker, const unsigned char *packed, size_t len, size_t piece,
                     size_t room, unsigned char *out)
{
    size_t n = 0;

    gunzip_begin(unpacker);
    for (size_t at = 0; at < len; at += piece) {
        const unsigned char *data = packed + at;
        size_t left = len - at < piece ? len - at : piece, more;

        while ((more = gunzip_step(unpacker, &data, &left, out + n, room)) > 0) {
            n += more;
            assert_true(n + room <= MOST);
        }
        if (left > 0)
            assert_true(unpacker->state > GUNZIP_INSIDE);
    }
    return n;
}

/* Lines as they are logged, which pack well, and bytes that don't. */
static size_t make_text(char *text, size_t n)
{
    uint32_t draw = 1;
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        draw = draw * 1664525 + 1013904223;
        len += (size_t)sprintf(text + len, "2 123456789010 eni-1 10.0.0.%u 10.1.0.7 %u OK\n",
                               draw >> 24, draw >> 16);
    }
    for (size_t i = 0; i < n; i++)
        text[len++] = (char)((draw = draw * 1664525 + 1013904223) >> 24);
    return len;
}

typedef struct fixture {
    gunzip unpacker;
    unsigned char *packed, *out;
    char *text;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->packed = malloc(MOST);
    f->out = malloc(MOST);
    f->text = malloc(MOST);
    assert_true(f->packed && f->out && f->text);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;

    gunzip_free(&f->unpacker);
    free(f->packed);
    free(f->out);
    free(f->text);
    free(f);
    return 0;
}

static void members_come_out_however_they_are_cut(void **state)
{
    static const size_t pieces[] = { 1, 2, 3, 7, 64, 1000, MOST };
    static const size_t rooms[] = { 1, 3, 300, 65536 };
    fixture *f = *state;
    const size_t n = make_text(f->text, 200);
    size_t len = 0;

    pack(f->packed, &len, f->text, n, 6, NULL);
    pack(f->packed, &len, "", 0, 6, NULL);
    pack(f->packed, &len, f->text, n, 0, "flow.log"); /* stored, with all that a header may have */
    memset(f->packed + len, 0, 100);
    len += 100;
    pack(f->packed, &len, f->text, n, 1, NULL);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        for (size_t j = 0; j < sizeof rooms / sizeof *rooms; j++) {
            const size_t got = unpack(&f->unpacker, f->packed, len, pieces[i], rooms[j], f->out);

            if (got != 3 * n || f->unpacker.state != GUNZIP_BETWEEN || f->unpacker.used != len)
                fail_msg("pieces of %zu, room for %zu: %zu of %zu bytes", pieces[i], rooms[j], got,
                         3 * n);
            for (size_t member = 0; member < 3; member++)
                assert_memory_equal(f->out + member * n, f->text, n);
        }
}

static void what_breaks_off_says_so_and_gives_what_was_before(void **state)
{
    fixture *f = *state;
    const size_t n = make_text(f->text, 50);
    size_t len = 0;

    pack(f->packed, &len, f->text, n, 6, "flow.log");
    for (size_t cut = 1; cut < len; cut++) {
        const size_t got = unpack(&f->unpacker, f->packed, cut, 100, 1000, f->out);

        if (f->unpacker.state != GUNZIP_INSIDE)
            fail_msg("cut after %zu of %zu bytes: state %d", cut, len, (int)f->unpacker.state);
        assert_true(got <= n);
        assert_memory_equal(f->out, f->text, got);
    }
}

/* A byte that is changed may be one that says nothing of the text: a time, a system, a name. */
static void what_is_damaged_never_passes_for_another_text(void **state)
{
    fixture *f = *state;
    const size_t n = make_text(f->text, 50);
    size_t len = 0, broken = 0;

    pack(f->packed, &len, f->text, n, 6, NULL);
    for (size_t at = 0; at < len; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            size_t got;

            f->packed[at] ^= (unsigned char)(1U << bit);
            got = unpack(&f->unpacker, f->packed, len, 100, 1000, f->out);
            broken += f->unpacker.state != GUNZIP_BETWEEN;
            if (f->unpacker.state == GUNZIP_BETWEEN &&
                (got != n || memcmp(f->out, f->text, n) != 0))
                fail_msg("byte %zu, bit %u: other bytes came out, and nobody said so", at, bit);
            f->packed[at] ^= (unsigned char)(1U << bit);
        }
    assert_true(broken > 8 * (len - 10)); /* nearly all but the header's */
}

static void what_follows_and_is_no_gzip_is_told(void **state)
{
    fixture *f = *state;
    size_t len = 0;

    pack(f->packed, &len, "a line\n", 7, 6, NULL);
    memcpy(f->packed + len, "garbage", 7);
    assert_int_equal(unpack(&f->unpacker, f->packed, len + 7, 5, 1000, f->out), 7);
    assert_int_equal(f->unpacker.state, GUNZIP_BEHIND);
    assert_int_equal(f->unpacker.used, len);
}

/* A megabyte of the same byte comes out within the room that there is. */
static void what_grows_much_stays_within_its_room(void **state)
{
    fixture *f = *state;
    size_t len = 0;

    memset(f->text, 'x', MOST / 2);
    pack(f->packed, &len, f->text, MOST / 2, 9, NULL);
    assert_true(len < MOST / 500);
    assert_int_equal(unpack(&f->unpacker, f->packed, len, MOST, 100, f->out), MOST / 2);
    assert_memory_equal(f->out, f->text, MOST / 2);
    assert_int_equal(f->unpacker.state, GUNZIP_BETWEEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(members_come_out_however_they_are_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_breaks_off_says_so_and_gives_what_was_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_damaged_never_passes_for_another_text, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_follows_and_is_no_gzip_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_grows_much_stays_within_its_room, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
