/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/record/arrow_text.c. */
#include "arrow_reading.h"
#include "record/arrow_text.h"

static void utf8_is_told_from_other_bytes(void **state)
{
    static const struct {
        const char *text, *mended; /* NULL: it needs none */
    } cases[] = {
        { "", NULL },
        { "caf\xc3\xa9", NULL },
        { "eight or more: caf\xc3\xa9", NULL },
        { "\xc3\xa9", NULL },
        { "eight or more: caf\xc3", "eight or more: caf\xef\xbf\xbd" },
        { "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, /* half of a pair */
        { "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" }, /* longer than it need be */
    };
    fle_allocator allocator;
    fle_buffer mended;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    fle_buffer_init(&mended, &allocator);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const flowenrich_text text = fle_text_of(cases[i].text);

        if (fle_arrow_is_utf8(text) != !cases[i].mended)
            fail_msg("case %zu", i);
        fle_buffer_clear(&mended);
        fle_arrow_append_mended(&mended, text);
        if (!fle_text_is(fle_text(mended.data, mended.len),
                         cases[i].mended ? cases[i].mended : cases[i].text))
            fail_msg("case %zu was mended wrongly", i);
    }
    fle_buffer_free(&mended);
}

static void words_are_numbered_once(void **state)
{
    fle_allocator allocator;
    fle_arrow_words words;
    uint32_t number;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    assert_true(fle_arrow_words_init(&words, &allocator, 1));
    assert_true(fle_arrow_words_add(&words, FLE_TEXT("a"), &number));
    assert_int_equal(number, 0);
    assert_true(fle_arrow_words_add(&words, FLE_TEXT("b"), &number));
    assert_int_equal(number, 1);
    assert_true(fle_arrow_words_add(&words, FLE_TEXT("a"), &number));
    assert_int_equal(number, 0);
    assert_int_equal(words.n, 2);
    fle_arrow_words_free(&words);
}

static void texts_stand_one_behind_another(void **state)
{
    const flowenrich_text texts[] = { FLE_TEXT("one"), FLE_TEXT(""), FLE_TEXT("\xffx") };
    struct ArrowArray array;
    fle_allocator allocator;
    fle_arrow_chunk *chunk;
    (void)state;

    fle_allocator_init(&allocator, NULL);
    chunk = fle_arrow_chunk_new(&allocator);
    assert_int_equal(fle_arrow_texts(&array, chunk, texts, 3), FLOWENRICH_OK);
    assert_int_equal(array.length, 3);
    assert_true(fle_text_is(arrow_text("u", &array, 0), "one"));
    assert_true(fle_text_is(arrow_text("u", &array, 1), ""));
    assert_true(fle_text_is(arrow_text("u", &array, 2), "\xef\xbf\xbdx"));
    assert_int_equal(fle_arrow_texts(&array, chunk, NULL, 0), FLOWENRICH_OK);
    assert_int_equal(arrow_i32(&array, 1, 0), 0);
    assert_non_null(array.buffers[2]);
    fle_arrow_chunk_free(chunk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_told_from_other_bytes),
        cmocka_unit_test(words_are_numbered_once),
        cmocka_unit_test(texts_stand_one_behind_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
