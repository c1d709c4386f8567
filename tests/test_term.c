/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what filters are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/term.h"

#define ROWS 130 /* two blocks and what is left */

/* Row i has i, but each fifth has nothing. */
static flowenrich_batch *make_batch(void)
{
    static const flowenrich_text names[] = { { "even", 4 }, { "odd", 3 } };
    flowenrich_batch *batch;

    assert_int_equal(flowenrich_batch_new(&batch, ROWS, NULL, NULL), FLOWENRICH_OK);
    batch->rows = ROWS;
    fle_batch_add(batch, FLE_TEXT("bytes"), FLOWENRICH_TYPE_U64);
    fle_batch_add(batch, FLE_TEXT("srcport"), FLOWENRICH_TYPE_U32);
    fle_batch_add(batch, FLE_TEXT("start"), FLOWENRICH_TYPE_TIME);
    fle_batch_add_codes(batch, FLE_TEXT("scope"), names, 2);
    for (size_t row = 0; row < ROWS; row++)
        if (row % 5 != 0) {
            fle_column_set_u64(&batch->columns[0], row, row);
            fle_column_set_u32(&batch->columns[1], row, (uint32_t)row);
            fle_column_set_time(&batch->columns[2], row, (flowenrich_time)row - 65);
            fle_column_set_u32(&batch->columns[3], row, row % 2);
        }
    return batch;
}

static bool is_chosen(fle_term *term, const flowenrich_batch *batch, size_t row, uint64_t asked)
{
    const size_t first = row / 64 * 64;

    return (fle_term_rows(term, batch, first, asked) >> (row - first) & 1) != 0;
}

static bool holds(fle_compare compare, int64_t value, int64_t wanted)
{
    const bool results[] = { value == wanted, value<wanted, value <= wanted, value> wanted,
                             value >= wanted };

    return results[compare];
}

/* Each block by itself, at the values' edges. */
static void numbers_are_compared_a_block_at_a_time(void **state)
{
    static const struct {
        const char *path, *wanted;
        int64_t number; /* of the row */
    } cases[] = {
        { "bytes", "0", 0 },         { "bytes", "63", 63 }, { "bytes", "64", 64 },
        { "bytes", "129", 129 },     { "srcport", "1", 1 }, { "srcport", "128", 128 },
        { "start", "0", 65 },        { "start", "1970-01-01T00:01:04Z", 129 },
        { "start", "1969-12-31T23:58:56Z", 1 }, { "bytes", "18446744073709551615", 1000 },
    };
    flowenrich_batch *batch = make_batch();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned compare = FLE_EQUAL; compare <= FLE_AT_LEAST; compare++) {
            fle_wanted wanted;
            fle_term term = { .kind = FLE_TERM_VALUE,
                              .path = fle_text_of(cases[i].path),
                              .compare = (fle_compare)compare,
                              .wanted = &wanted };

            fle_wanted_read(&wanted, term.path, fle_text_of(cases[i].wanted));
            fle_term_open(&term, batch);
            assert_int_equal(term.codes, 0);
            for (size_t row = 0; row < ROWS; row++)
                if (is_chosen(&term, batch, row, UINT64_MAX) !=
                    (row % 5 != 0 && holds(term.compare, (int64_t)row, cases[i].number)))
                    fail_msg("%s %u %s: row %zu", cases[i].path, compare, cases[i].wanted, row);
        }
    flowenrich_batch_free(batch);
}

static void a_code_is_decided_once(void **state)
{
    flowenrich_batch *batch = make_batch();
    uint8_t decided[3] = { 0 };
    fle_wanted wanted;
    fle_term term = { .kind = FLE_TERM_VALUE, .path = FLE_TEXT("scope"), .wanted = &wanted };

    (void)state;
    fle_wanted_read(&wanted, term.path, FLE_TEXT("odd"));
    fle_term_open(&term, batch);
    assert_int_equal(term.codes, 3);
    term.decided = decided;
    for (size_t row = 0; row < ROWS; row++)
        assert_int_equal(is_chosen(&term, batch, row, UINT64_MAX), row % 5 != 0 && row % 2 == 1);
    wanted.text = FLE_TEXT("even"); /* too late to be noticed */
    assert_true(is_chosen(&term, batch, 1, UINT64_MAX));
    flowenrich_batch_free(batch);
}

/* Terms are joined, and asked only about rows that aren't decided. */
static void terms_are_joined(void **state)
{
    flowenrich_batch *batch = make_batch();
    fle_wanted wanted[2];
    fle_term low = {
        .kind = FLE_TERM_VALUE, .path = FLE_TEXT("bytes"), .compare = FLE_LESS, .wanted = &wanted[0]
    };
    fle_term high = {
        .kind = FLE_TERM_VALUE, .path = FLE_TEXT("bytes"), .compare = FLE_MORE, .wanted = &wanted[1]
    };
    fle_term absent = { .kind = FLE_TERM_PRESENT, .path = FLE_TEXT("bytes") };
    fle_term joined = { .child = &low }, not = { .kind = FLE_TERM_NOT, .child = &joined };

    (void)state;
    fle_wanted_read(&wanted[0], low.path, FLE_TEXT("40"));
    fle_wanted_read(&wanted[1], high.path, FLE_TEXT("20"));
    low.next = &high;
    fle_term_open(&low, batch);
    fle_term_open(&high, batch);
    fle_term_open(&absent, batch);
    for (size_t row = 0; row < ROWS; row++) {
        const bool is_present = row % 5 != 0;

        joined.kind = FLE_TERM_ALL;
        assert_int_equal(is_chosen(&joined, batch, row, UINT64_MAX),
                         is_present && row > 20 && row < 40);
        assert_false(is_chosen(&joined, batch, row, 0));
        joined.kind = FLE_TERM_ANY;
        assert_int_equal(is_chosen(&joined, batch, row, UINT64_MAX), is_present);
        assert_int_equal(is_chosen(&not, batch, row, UINT64_MAX), !is_present);
        assert_false(is_chosen(&not, batch, row, 0));
        assert_int_equal(is_chosen(&absent, batch, row, UINT64_MAX), is_present);
    }
    flowenrich_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_compared_a_block_at_a_time),
        cmocka_unit_test(a_code_is_decided_once),
        cmocka_unit_test(terms_are_joined),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
