/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/encode/msgpack.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "encode/notation.h"
#include "unpacking.h"

/* Is it written as these bytes, in hexadecimal? */
static void expect(const fle_value *value, const char *wanted)
{
    char bytes[64], shown[2 * sizeof bytes + 1] = "";
    fle_output out = { bytes, sizeof bytes, 0 };

    fle_notation_msgpack.value(&out, value);
    assert_true(fle_output_fits(&out));
    for (size_t i = 0; i < out.len; i++)
        snprintf(shown + 2 * i, 3, "%02x", (unsigned)(unsigned char)bytes[i]);
    if (strcmp(shown, wanted) != 0)
        fail_msg("%s, not %s", shown, wanted);
}

/* As the specification has them, at each size's limits. */
static void a_whole_number_takes_as_few_bytes_as_it_needs(void **state)
{
    static const struct {
        uint64_t number;
        const char *bytes;
    } above[] = {
        { 0, "00" },
        { 127, "7f" },
        { 128, "cc80" },
        { 255, "ccff" },
        { 256, "cd0100" },
        { 65535, "cdffff" },
        { 65536, "ce00010000" },
        { UINT32_MAX, "ceffffffff" },
        { UINT64_C(1) << 32, "cf0000000100000000" },
        { UINT64_MAX, "cfffffffffffffffff" },
    };
    static const struct {
        int64_t number;
        const char *bytes;
    } below[] = {
        { -1, "ff" },
        { -32, "e0" },
        { -33, "d0df" },
        { -128, "d080" },
        { -129, "d1ff7f" },
        { -32768, "d18000" },
        { -32769, "d2ffff7fff" },
        { INT32_MIN, "d280000000" },
        { (int64_t)INT32_MIN - 1, "d3ffffffff7fffffff" },
        { INT64_MIN, "d38000000000000000" },
        { INT64_MAX, "cf7fffffffffffffff" },
    };
    fle_value value = { 0 };
    (void)state;

    value.type = FLOWENRICH_TYPE_U64;
    for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
        value.as.u64 = above[i].number;
        expect(&value, above[i].bytes);
    }
    value.type = FLOWENRICH_TYPE_TIME;
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        value.as.time = below[i].number;
        expect(&value, below[i].bytes);
    }
}

static void other_values_have_their_own_types(void **state)
{
    static const flowenrich_text texts[] = { { "app", 3 }, { "x", 1 }, { "", 0 }, { "", 0 } };
    static const uint64_t numbers[] = { 1, 300 };
    fle_address address;
    const struct {
        fle_value value;
        const char *bytes;
    } cases[] = {
        { { 0, { 0 } }, "c0" },
        { { FLOWENRICH_TYPE_BOOL, { .u64 = 0 } }, "c2" },
        { { FLOWENRICH_TYPE_BOOL, { .u64 = 1 } }, "c3" },
        { { FLOWENRICH_TYPE_F64, { .f64 = 0.5 } }, "cb3fe0000000000000" },
        { { FLOWENRICH_TYPE_F64, { .f64 = 1 } }, "01" }, /* as in JSON */
        { { FLOWENRICH_TYPE_F64, { .f64 = -0.0 } }, "00" },
        { { FLOWENRICH_TYPE_F64, { .f64 = -1e14 } }, "d3ffffa50cef85c000" },
        { { FLOWENRICH_TYPE_F64, { .f64 = 1e15 } }, "cb430c6bf526340000" },
        { { FLOWENRICH_TYPE_F64, { .f64 = INFINITY } }, "c0" },          /* as in JSON */
        { { FLOWENRICH_TYPE_F64, { .f64 = NAN } }, "c0" },
        { { FLOWENRICH_TYPE_U32, { .u64 = 443 } }, "cd01bb" },
        { { FLOWENRICH_TYPE_ADDRESS, { .address = &address } }, "a831302e302e302e35" },
        { { FLOWENRICH_TYPE_LIST, { .texts = { texts, 3 } } }, "93a3617070a178c0" }, /* unknown */
        { { FLOWENRICH_TYPE_LIST, { .texts = { texts, 0 } } }, "90" },
        { { FLOWENRICH_TYPE_MAP, { .texts = { texts, 4 } } }, "82a3617070a178a0a0" },
        { { FLE_NUMBERS, { .numbers = { numbers, 2 } } }, "9201cd012c" },
    };
    (void)state;

    assert_true(fle_address_parse("10.0.0.5", 8, &address));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(&cases[i].value, cases[i].bytes);
}

static void a_string_is_utf8_whatever_came_in(void **state)
{
    static const struct {
        const char *in;
        size_t len;
        const char *bytes;
    } cases[] = {
        { "", 0, "a0" },
        { "\0\"\\", 3, "a300225c" },               /* nothing is escaped */
        { "caf\xc3\xa9", 5, "a5636166c3a9" },      /* as it is */
        { "\xff", 1, "a3efbfbd" },                 /* never in UTF-8 */
        { "a\xc3", 2, "a461efbfbd" },              /* cut off */
        { "\xed\xa0\x80", 3, "a9efbfbdefbfbdefbfbd" }, /* half a surrogate */
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_value value = { FLOWENRICH_TYPE_TEXT, { .text = fle_text(cases[i].in, cases[i].len) } };

        expect(&value, cases[i].bytes);
    }
}

/* Of every length up to the largest heads: it reads back, and the head is the smallest. */
static void long_strings_have_longer_heads(void **state)
{
    static const struct {
        size_t len, head;
    } cases[] = { { 31, 1 }, { 32, 2 }, { 255, 2 }, { 256, 3 }, { 65535, 3 }, { 65536, 5 } };
    const size_t most = 65536 + 8;
    char *in = calloc(most, 1), *packed = malloc(most), *back = malloc(most);
    (void)state;

    assert_true(in && packed && back);
    memset(in, 'x', most);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_output out = { packed, most, 0 }, json = { back, most, 0 };

        fle_notation_msgpack.key(&out, fle_text(in, cases[i].len));
        if (out.len != cases[i].head + cases[i].len)
            fail_msg("%zu bytes take %zu", cases[i].len, out.len);
        assert_true(unpack(packed, out.len, &json));
        assert_int_equal(json.len, cases[i].len + 3); /* quotes and a newline */
    }
    free(in);
    free(packed);
    free(back);
}

/* What doesn't fit is counted as what it takes, and what is behind the buffer isn't touched. */
static void a_buffer_that_is_too_small_tells_what_is_needed(void **state)
{
    const fle_notation *notation = &fle_notation_msgpack;
    fle_value value = { FLOWENRICH_TYPE_U64, { .u64 = 300 } };
    size_t need = 0;
    (void)state;

    for (size_t capacity = 100; capacity-- > 0;) {
        char *bytes = malloc(capacity + 1);
        fle_output out = { bytes, capacity, 0 };
        size_t row, list;

        assert_non_null(bytes);
        bytes[capacity] = '!';
        notation->open(&out, FLE_ROW);
        row = out.len;
        notation->key(&out, FLE_TEXT("a"));
        notation->open(&out, FLE_LIST);
        list = out.len;
        for (size_t i = 0; i < 20; i++)
            notation->value(&out, &value);
        notation->close(&out, list, FLE_LIST, 20);
        notation->close(&out, row, FLE_ROW, 1);
        need = need ? need : out.len;
        assert_int_equal(out.len, need);
        assert_int_equal(bytes[capacity], '!');
        if (capacity >= need)
            assert_memory_equal(bytes, "\xdf\0\0\0\1\xa1\x61\xdc\0\x14\xcd\1\x2c", 13);
        free(bytes);
    }
    assert_int_equal(need, 5 + 2 + 3 + 20 * 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_number_takes_as_few_bytes_as_it_needs),
        cmocka_unit_test(other_values_have_their_own_types),
        cmocka_unit_test(a_string_is_utf8_whatever_came_in),
        cmocka_unit_test(long_strings_have_longer_heads),
        cmocka_unit_test(a_buffer_that_is_too_small_tells_what_is_needed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
