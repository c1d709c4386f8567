/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/parse/arrow_values.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arrow_writing.h"
#include "parse/arrow_values.h"

static fle_arrow_value read_at(const written *w, int64_t row)
{
    fle_arrow_values values;
    fle_arrow_value value;

    assert_int_not_equal(fle_arrow_open(&values, w->schema_pointers[0], w->array_pointers[0], 0),
                         FLE_ARROW_IS_OTHER);
    fle_arrow_read(&values, row, &value);
    return value;
}

/* Row 1 of each column, as a number. */
static void numbers_of_any_width_are_read(void **state)
{
    static const int8_t c[] = { 0, -5 };
    static const uint8_t C[] = { 0, 200 };
    static const int16_t s[] = { 0, -300 };
    static const uint16_t S[] = { 0, 65535 };
    static const int32_t i[] = { 0, -70000 };
    static const uint32_t I[] = { 0, UINT32_MAX };
    static const int64_t l[] = { 0, INT64_MIN };
    static const uint64_t L[] = { 0, UINT64_MAX };
    static const struct {
        const char *format;
        const void *values;
        fle_arrow_class is;
        uint64_t expected;
    } cases[] = {
        { "c", c, FLE_ARROW_IS_SIGNED, (uint64_t)-5 },
        { "C", C, FLE_ARROW_IS_UNSIGNED, 200 },
        { "s", s, FLE_ARROW_IS_SIGNED, (uint64_t)-300 },
        { "S", S, FLE_ARROW_IS_UNSIGNED, 65535 },
        { "i", i, FLE_ARROW_IS_SIGNED, (uint64_t)-70000 },
        { "I", I, FLE_ARROW_IS_UNSIGNED, UINT32_MAX },
        { "l", l, FLE_ARROW_IS_SIGNED, (uint64_t)INT64_MIN },
        { "L", L, FLE_ARROW_IS_UNSIGNED, UINT64_MAX },
    };
    (void)state;

    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        fle_arrow_value value;
        written w;

        written_begin(&w, 2);
        written_add(&w, "x", cases[at].format, NULL, cases[at].values, NULL, NULL);
        value = read_at(&w, 1);
        if (value.is != cases[at].is || value.as.u64 != cases[at].expected)
            fail_msg("format '%s'", cases[at].format);
    }
}

static void times_are_seconds(void **state)
{
    static const int64_t times[] = { 1795168800999999999, -1, -1000000000 };
    static const struct {
        const char *format;
        int64_t row, expected;
    } cases[] = {
        { "tsn:", 0, 1795168800 }, { "tsn:UTC", 1, -1 },       { "tsn:UTC", 2, -1 },
        { "tss:", 1, -1 },         { "tsm:+02:00", 2, -1000000 }, { "tsu:", 2, -1000 },
    };
    (void)state;

    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        fle_arrow_value value;
        written w;

        written_begin(&w, 3);
        written_add(&w, "x", cases[at].format, NULL, times, NULL, NULL);
        value = read_at(&w, cases[at].row);
        assert_int_equal(value.is, FLE_ARROW_IS_TIME);
        if (value.as.i64 != cases[at].expected)
            fail_msg("case %zu: %lld", at, (long long)value.as.i64);
    }
}

static void must_read(const written *w, int64_t row, const char *expected)
{
    const fle_arrow_value value = read_at(w, row);

    assert_int_equal(value.is, FLE_ARROW_IS_TEXT);
    if (!fle_text_is(value.as.text, expected))
        fail_msg("'%.*s', not '%s'", (int)value.as.text.len, value.as.text.data, expected);
}

static void texts_of_any_kind_are_read(void **state)
{
    static const int32_t narrow[] = { 1, 3, 3, 6 };
    static const int64_t wide[] = { 1, 3, 3, 6 };
    static const struct {
        int32_t len;
        char text[12];
        int32_t far_len;
        char head[4];
        int32_t buffer, offset;
    } views[] = { { 2, "bc", 13, { 'f', 'a', 'r', ' ' }, 0, 2 } };
    static const int8_t codes[] = { 2, 0 };
    written w, words;
    (void)state;

    written_begin(&w, 3);
    written_add(&w, "x", "u", NULL, narrow, "abcdef", NULL);
    must_read(&w, 0, "bc");
    must_read(&w, 1, "");
    must_read(&w, 2, "def");

    written_begin(&w, 3);
    written_add(&w, "x", "Z", NULL, wide, "abcdef", NULL);
    must_read(&w, 2, "def");

    written_begin(&w, 2);
    written_add(&w, "x", "vu", NULL, views, "a far away text", NULL);
    must_read(&w, 0, "bc");
    must_read(&w, 1, "far away text");

    written_begin(&w, 2);
    written_add(&w, "x", "c", NULL, codes, NULL, NULL);
    written_begin(&words, 3);
    written_text(&words, "", narrow, "abcdef");
    w.schemas[0].dictionary = &words.schemas[0];
    w.arrays[0].dictionary = &words.arrays[0];
    must_read(&w, 0, "def");
    must_read(&w, 1, "bc");
    words.arrays[0].offset = 2; /* a slice of a dictionary */
    must_read(&w, 1, "def");
}

static void nulls_and_offsets_are_minded(void **state)
{
    static const uint8_t validity[] = { 0x0d };
    static const uint64_t values[] = { 0, 1, 2, 3 };
    static const uint8_t bits[] = { 0x08 };
    fle_arrow_values opened;
    fle_arrow_value value;
    written w;
    (void)state;

    written_begin(&w, 3);
    written_add(&w, "x", "L", validity, values, NULL, NULL)->offset = 1;
    assert_int_equal(read_at(&w, 0).is, FLE_ARROW_IS_ABSENT);
    assert_int_equal(read_at(&w, 1).as.u64, 2);
    fle_arrow_open(&opened, &w.schemas[0], &w.arrays[0], 2);
    fle_arrow_read(&opened, 0, &value);
    assert_int_equal(value.as.u64, 3);

    written_begin(&w, 4);
    written_add(&w, "x", "b", validity, bits, NULL, NULL);
    assert_int_equal(read_at(&w, 0).as.u64, 0);
    assert_int_equal(read_at(&w, 1).is, FLE_ARROW_IS_ABSENT);
    assert_int_equal(read_at(&w, 3).as.u64, 1);

    written_begin(&w, 1);
    written_add(&w, "x", "n", NULL, NULL, NULL, NULL)->n_buffers = 0;
    assert_int_equal(read_at(&w, 0).is, FLE_ARROW_IS_ABSENT);
    w.schemas[0].format = "+l";
    assert_int_equal(fle_arrow_open(&opened, &w.schemas[0], &w.arrays[0], 0), FLE_ARROW_IS_OTHER);
}

static void metadata_is_found_by_its_key(void **state)
{
    union {
        int32_t align;
        char bytes[64];
    } metadata;
    static const int32_t lens[] = { 2, 1, 3, 2, 0 }; /* pairs; then a, xyz; bc and nothing */
    struct ArrowSchema schema = { 0 };
    char *at = metadata.bytes;
    (void)state;

    assert_int_equal(fle_arrow_metadata(&schema, "a").len, 0);
    memcpy(at, &lens[0], 4), at += 4;
    memcpy(at, &lens[1], 4), at += 4, *at++ = 'a';
    memcpy(at, &lens[2], 4), at += 4, memcpy(at, "xyz", 3), at += 3;
    memcpy(at, &lens[3], 4), at += 4, memcpy(at, "bc", 2), at += 2;
    memcpy(at, &lens[4], 4);
    schema.metadata = metadata.bytes;
    assert_true(fle_text_is(fle_arrow_metadata(&schema, "a"), "xyz"));
    assert_int_equal(fle_arrow_metadata(&schema, "bc").len, 0);
    assert_int_equal(fle_arrow_metadata(&schema, "b").len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_any_width_are_read),
        cmocka_unit_test(times_are_seconds),
        cmocka_unit_test(texts_of_any_kind_are_read),
        cmocka_unit_test(nulls_and_offsets_are_minded),
        cmocka_unit_test(metadata_is_found_by_its_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
