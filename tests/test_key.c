/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of lib/aggregate/key.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "keying.h"

static bool same(const keying *f, size_t a, size_t b)
{
    return memcmp(f->words[a], f->words[b], sizeof f->words[a]) == 0;
}

static void equal_values_have_equal_words(void **state)
{
    static const char *const texts[] = { "ACCEPT", "REJECT", "ACCEPT", "", "ACCEPT" };
    keying f;

    (void)state;
    keying_set_up(&f, "action");
    for (size_t i = 0; i < 5; i++)
        assert_true(enriched_text(f.batch, "action", i, texts[i]));
    f.batch->rows = 6; /* the last one has none */
    keying_fill(&f);
    for (size_t a = 0; a < 6; a++)
        for (size_t b = 0; b < 6; b++)
            assert_int_equal(same(&f, a, b), a == b || (a % 2 == 0 && b % 2 == 0));
    assert_int_equal(fle_key_word(&f.keys, f.words[5], 0), FLE_WORD_ABSENT);
    assert_int_equal(fle_key_word(&f.keys, f.words[3], 0), FLE_WORD_CODE); /* empty isn't absent */
    keying_tear_down(&f);
}

/* What fits into a word takes no value. */
static void small_numbers_and_ipv4_addresses_are_words(void **state)
{
    keying f;

    (void)state;
    keying_set_up(&f, "srcaddr");
    assert_true(enriched_address(f.batch, "srcaddr", 0, "10.1.2.3"));
    assert_true(enriched_address(f.batch, "srcaddr", 1, "2001:db8::1"));
    f.batch->rows = 2;
    keying_fill(&f);
    assert_int_equal(f.words[0][0], 0x0a010203);
    assert_int_equal(fle_key_word(&f.keys, f.words[0], 0), FLE_WORD_NUMBER);
    assert_int_equal(fle_key_word(&f.keys, f.words[1], 0), FLE_WORD_CODE);
    assert_int_equal(f.keys.values.n, 1);
    keying_tear_down(&f);
    keying_set_up(&f, "packets_lost_no_route");
    assert_true(enriched_u64(f.batch, "packets_lost_no_route", 0, UINT32_MAX));
    assert_true(enriched_u64(f.batch, "packets_lost_no_route", 1, UINT64_C(1) << 32));
    f.batch->rows = 2;
    keying_fill(&f);
    assert_int_equal(f.words[0][0], UINT32_MAX);
    assert_int_equal(f.keys.values.n, 1);
    keying_tear_down(&f);
}

/* An answer is looked up once, whichever rows have it; those that say nothing are absent. */
static void what_ends_are_known_by_is_a_word(void **state)
{
    static const struct {
        const char *path;
        fle_word words[ENRICHED_ROWS];
        const char *value; /* of the first row */
    } cases[] = {
        { "client.tags.app", { FLE_WORD_CODE, FLE_WORD_ABSENT, FLE_WORD_ABSENT }, "x" },
        { "client.arns", { FLE_WORD_CODE, FLE_WORD_ABSENT, FLE_WORD_ABSENT }, "arn:1,arn:2" },
        { "client.tags", { FLE_WORD_CODE, FLE_WORD_ABSENT, FLE_WORD_ABSENT },
          "app=x,team.name=\"q\"" },
        { "client.reason", { FLE_WORD_ABSENT, FLE_WORD_ABSENT, FLE_WORD_CODE }, NULL },
        { "nothing.of.the.kind", { FLE_WORD_ABSENT, FLE_WORD_ABSENT, FLE_WORD_ABSENT }, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        keying f;

        keying_set_up(&f, cases[i].path);
        flowenrich_batch_free(f.batch);
        f.batch = enriched_new(NULL);
        assert_non_null(f.batch);
        for (size_t again = 0; again < 2; again++) {
            keying_fill(&f);
            for (size_t row = 0; row < ENRICHED_ROWS; row++)
                if (fle_key_word(&f.keys, f.words[row], 0) != cases[i].words[row])
                    fail_msg("%s of row %zu", cases[i].path, row);
            if (cases[i].value)
                assert_true(
                    fle_text_is(fle_values_at(&f.keys.values, f.words[0][0]), cases[i].value));
        }
        keying_tear_down(&f);
    }
}

static void keys_are_translated_by_their_values(void **state)
{
    static const char *const texts[] = { "a", "b", "c" };
    uint32_t codes[3] = { 0 };
    keying from, to;

    (void)state;
    keying_set_up(&from, "action");
    keying_set_up(&to, "action");
    for (size_t i = 0; i < 3; i++) {
        assert_true(enriched_text(from.batch, "action", i, texts[i]));
        assert_true(enriched_text(to.batch, "action", 2 - i, texts[i]));
    }
    from.batch->rows = to.batch->rows = 3;
    keying_fill(&from);
    keying_fill(&to);
    for (size_t i = 0; i < 3; i++) {
        assert_true(fle_keys_translate(&to.keys, &from.keys.values, codes, from.words[i]));
        assert_memory_equal(from.words[i], to.words[2 - i], sizeof to.words[i]);
    }
    keying_tear_down(&from);
    keying_tear_down(&to);
}

/* A value counts for as much as it takes when a group first holds it. */
static void values_count_once(void **state)
{
    keying f;

    (void)state;
    keying_set_up(&f, "action");
    assert_true(enriched_text(f.batch, "action", 0, "ACCEPT"));
    f.batch->rows = 1;
    keying_fill(&f);
    assert_true(fle_keys_hold(&f.keys, f.words[0]) > 6);
    assert_int_equal(fle_keys_hold(&f.keys, f.words[0]), 0);
    keying_tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_values_have_equal_words),
        cmocka_unit_test(small_numbers_and_ipv4_addresses_are_words),
        cmocka_unit_test(what_ends_are_known_by_is_a_word),
        cmocka_unit_test(keys_are_translated_by_their_values),
        cmocka_unit_test(values_count_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
