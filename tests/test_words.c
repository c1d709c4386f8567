/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what keys show, and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "keying.h"

/* What a key shows, as a batch of one row. */
static flowenrich_batch *shown(const keying *f, size_t row, fle_column **column)
{
    const unsigned char *group = (const unsigned char *)f->words[row];
    flowenrich_batch *out;

    assert_int_equal(flowenrich_batch_new(&out, 1, NULL, NULL), FLOWENRICH_OK);
    *column = fle_batch_add(out, FLE_TEXT("x"), fle_keys_column_type(&f->keys.paths[0]));
    assert_non_null(*column);
    assert_true(fle_keys_show(&f->keys, &group, 1, 0, out, *column));
    return out;
}

/* Rows in the order of their values: so are their keys, and each shows its value. */
static void assert_ordered(keying *f)
{
    const fle_column *in = &f->batch->columns[0];

    keying_fill(f);
    for (size_t a = 0; a < f->batch->rows; a++) {
        fle_column *column;
        flowenrich_batch *out = shown(f, a, &column);

        assert_true(fle_keys_is_valid(&f->keys, f->words[a]));
        assert_int_equal(fle_column_valid(column, 0), fle_column_valid(in, a));
        if (in->type == FLOWENRICH_TYPE_TEXT)
            assert_true(
                fle_text_equal(fle_batch_text(out, column, 0), fle_batch_text(f->batch, in, a)));
        else if (fle_column_valid(in, a))
            assert_memory_equal(column->values, (const char *)in->values + a * fle_column_width(in),
                                fle_column_width(in));
        flowenrich_batch_free(out);
        for (size_t b = 0; b < f->batch->rows; b++) {
            const int order = fle_keys_compare(&f->keys, f->words[a], f->words[b]);

            if ((order > 0) - (order < 0) != (a > b) - (a < b))
                fail_msg("rows %zu and %zu: %d", a, b, order);
            if (a < b &&
                fle_keys_hint(&f->keys, f->words[a]) > fle_keys_hint(&f->keys, f->words[b]))
                fail_msg("the hint of row %zu is beyond that of row %zu", a, b);
        }
    }
    keying_tear_down(f);
}

static void numbers_are_ordered_and_shown_as_they_were(void **state)
{
    static const uint64_t numbers[] = { 0, 255, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX };
    keying f;

    (void)state;
    keying_set_up(&f, "meters");
    for (size_t i = 0; i < 5; i++)
        assert_true(enriched_u64(f.batch, "meters", i + 1, numbers[i])); /* row 0 has none */
    f.batch->rows = 6;
    assert_ordered(&f);
    keying_set_up(&f, "dstport");
    for (size_t i = 0; i < 3; i++)
        assert_true(enriched_u32(f.batch, "dstport", i + 1, (uint32_t)numbers[i]));
    f.batch->rows = 4;
    assert_ordered(&f);
}

static void times_before_1970_come_first(void **state)
{
    static const flowenrich_time times[] = { INT64_MIN + 1, -1, 0, 1, INT64_MAX };
    keying f;

    (void)state;
    keying_set_up(&f, "start");
    for (size_t i = 0; i < 5; i++)
        assert_true(enriched_time(f.batch, "start", i, times[i]));
    f.batch->rows = 5;
    assert_ordered(&f);
}

static void fractions_are_ordered(void **state)
{
    static const double values[] = { -1e9, -0.5, 0, 0.5, 0.9 };
    fle_column *column;
    keying f;

    (void)state;
    keying_set_up(&f, "direction.confidence");
    column = fle_batch_add(f.batch, FLE_TEXT("direction.confidence"), FLOWENRICH_TYPE_F64);
    assert_non_null(column);
    for (size_t i = 0; i < 5; i++)
        fle_column_set_f64(column, i, values[i]);
    f.batch->rows = 5;
    assert_ordered(&f);
}

static void texts_are_ordered_by_their_bytes(void **state)
{
    static const char *const texts[] = { "", "a", "aa", "b", "caf\xc3\xa9" };
    keying f;

    (void)state;
    keying_set_up(&f, "action");
    for (size_t i = 0; i < 5; i++)
        assert_true(enriched_text(f.batch, "action", i + 1, texts[i]));
    f.batch->rows = 6;
    assert_ordered(&f);
}

static void addresses_of_both_families_are_ordered(void **state)
{
    static const char *const addresses[] = { "::1", "10.0.0.1", "10.0.0.2", "192.0.2.1",
                                             "2001:db8::1" };
    keying f;

    (void)state;
    keying_set_up(&f, "srcaddr");
    for (size_t i = 0; i < 5; i++)
        assert_true(enriched_address(f.batch, "srcaddr", i + 1, addresses[i]));
    f.batch->rows = 6;
    assert_ordered(&f);
}

static void networks_are_those_of_the_length_asked_for(void **state)
{
    static const struct {
        const char *path, *address, *network;
    } cases[] = {
        { "srcaddr/24", "10.1.2.3", "10.1.2.0/24" },
        { "srcaddr/0", "10.1.2.3", "0.0.0.0/0" },
        { "srcaddr/20", "10.1.255.3", "10.1.240.0/20" },
        { "srcaddr/48", "10.1.2.3", "10.1.2.3/32" }, /* no longer than an address */
        { "srcaddr/48", "2001:db8:1:2::3", "2001:db8:1::/48" },
        { "srcaddr/128", "2001:db8::3", "2001:db8::3/128" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *out;
        fle_column *column;
        keying f;

        keying_set_up(&f, cases[i].path);
        assert_true(enriched_address(f.batch, "srcaddr", 0, cases[i].address));
        f.batch->rows = 1;
        keying_fill(&f);
        out = shown(&f, 0, &column);
        if (!fle_text_is(fle_batch_text(out, column, 0), cases[i].network))
            fail_msg("%s of %s", cases[i].path, cases[i].address);
        flowenrich_batch_free(out);
        keying_tear_down(&f);
    }
}

static void a_key_that_no_values_have_is_not_valid(void **state)
{
    static const uint32_t keys[][2] = {
        { 1, FLE_WORD_ABSENT }, /* a word of nothing */
        { 1, FLE_WORD_CODE },   /* there is only code 0 */
        { 0, FLE_WORD_NUMBER }, /* of a text */
        { 0, 3 },               /* no kind */
        { 0, FLE_WORD_CODE | FLE_WORD_CODE << 2 }, /* of a second path */
    };
    keying f;

    (void)state;
    keying_set_up(&f, "action");
    assert_true(enriched_text(f.batch, "action", 0, "ACCEPT"));
    f.batch->rows = 1;
    keying_fill(&f);
    assert_true(fle_keys_is_valid(&f.keys, f.words[0]));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (fle_keys_is_valid(&f.keys, keys[i]))
            fail_msg("key %zu", i);
    keying_tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_ordered_and_shown_as_they_were),
        cmocka_unit_test(times_before_1970_come_first),
        cmocka_unit_test(fractions_are_ordered),
        cmocka_unit_test(texts_are_ordered_by_their_bytes),
        cmocka_unit_test(addresses_of_both_families_are_ordered),
        cmocka_unit_test(networks_are_those_of_the_length_asked_for),
        cmocka_unit_test(a_key_that_no_values_have_is_not_valid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
