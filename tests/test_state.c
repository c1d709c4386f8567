/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of saved states: all of them comes back, and nothing of a wrong one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "aggregate/aggregator.h"
#include "base/hash.h"
#include "grouping.h"

#define N_ROWS 200
#define SUM_LEN 8

typedef struct state_bytes {
    unsigned char *data;
    size_t len;
} state_bytes;

static state_bytes save(const flowenrich_aggregator *aggregator)
{
    state_bytes saved = { NULL, 0 };

    assert_int_equal(flowenrich_aggregator_save(aggregator, NULL, 0, &saved.len, NULL),
                     FLOWENRICH_ERR_LIMIT);
    saved.data = malloc(saved.len);
    assert_int_equal(
        flowenrich_aggregator_save(aggregator, saved.data, saved.len, &saved.len, NULL),
        FLOWENRICH_OK);
    return saved;
}

static flowenrich_aggregator_options asked(uint64_t max_bytes)
{
    static const char *const measures[] = { "bytes", "packets", "distinct(dstport)", "p50(bytes)",
                                            "top(srcaddr)" };
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;

    opt.measures = measures;
    opt.measure_count = sizeof measures / sizeof *measures;
    opt.window = 300;
    opt.slide = 60;
    opt.max_bytes = max_bytes;
    return opt;
}

static flowenrich_aggregator *filled(uint64_t max_bytes)
{
    static grouping_row rows[N_ROWS];
    flowenrich_aggregator *aggregator;

    aggregator = grouping_new(asked(max_bytes));
    grouping_rows(rows, N_ROWS, 7, 6, 50);
    rows[0].start = FLOWENRICH_TIME_ABSENT;
    grouping_add(aggregator, rows, N_ROWS / 2);
    assert_int_equal(flowenrich_aggregator_advance(aggregator, 1700003600, NULL), FLOWENRICH_OK);
    fle_buffer out = grouping_buffer();
    grouping_take(aggregator, &out);
    fle_buffer_free(&out);
    grouping_add(aggregator, rows + N_ROWS / 2, N_ROWS / 2); /* some too late */
    return aggregator;
}

static fle_buffer all_of(flowenrich_aggregator *aggregator)
{
    fle_buffer out = grouping_buffer();

    assert_int_equal(flowenrich_aggregator_advance(aggregator, FLOWENRICH_TIME_END, NULL),
                     FLOWENRICH_OK);
    grouping_take(aggregator, &out);
    return out;
}

static void all_comes_back(void **state)
{
    static const uint64_t budgets[] = { 0, 6000 };
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        flowenrich_aggregator *from = filled(budgets[i]), *into;
        flowenrich_aggregator_options opt = asked(budgets[i]);
        const state_bytes saved = save(from);
        fle_buffer expected, out;

        opt.hash_seed = 99;
        into = grouping_new(opt);
        assert_int_equal(grouping_stat(from, "evicted") > 0, i == 1);
        assert_int_equal(flowenrich_aggregator_load(into, saved.data, saved.len, NULL),
                         FLOWENRICH_OK);
        assert_int_equal(grouping_stat(into, "too_late"), grouping_stat(from, "too_late"));
        expected = all_of(from);
        out = all_of(into);
        assert_true(out.len > 1000);
        assert_true(
            fle_text_equal(fle_text(out.data, out.len), fle_text(expected.data, expected.len)));
        fle_buffer_free(&expected);
        fle_buffer_free(&out);
        flowenrich_aggregator_free(from);
        flowenrich_aggregator_free(into);
        free(saved.data);
    }
}

static void seal(state_bytes *saved)
{
    const uint64_t sum = fle_hash(saved->data, saved->len - SUM_LEN, 0);

    for (unsigned i = 0; i < SUM_LEN; i++)
        saved->data[saved->len - SUM_LEN + i] = (unsigned char)(sum >> 8 * i);
}

static flowenrich_status load(const state_bytes *saved)
{
    flowenrich_aggregator *into = grouping_new(asked(0));
    flowenrich_status status;

    status = flowenrich_aggregator_load(into, saved->data, saved->len, NULL);
    if (status != FLOWENRICH_OK) /* nothing of it was added */
        assert_int_equal(grouping_stat(into, "held"), 0);
    flowenrich_aggregator_free(into);
    return status;
}

static void damaged_and_cut_off_states_are_refused(void **state)
{
    flowenrich_aggregator *from = filled(0);
    state_bytes saved = save(from);
    (void)state;

    for (size_t i = 0; i < saved.len; i++) {
        const state_bytes cut = { saved.data, i };

        saved.data[i] ^= 1;
        assert_int_equal(load(&saved), FLOWENRICH_ERR_CORRUPT);
        saved.data[i] ^= 1;
        if (i % 16 == 0)
            assert_int_equal(load(&cut), FLOWENRICH_ERR_CORRUPT);
    }
    free(saved.data);
    flowenrich_aggregator_free(from);
}

/* Whoever makes states may make a right checksum, too: what is then read must hold together. */
static void wrong_states_with_a_right_checksum_do_no_harm(void **state)
{
    flowenrich_aggregator *from = filled(6000);
    state_bytes saved = save(from);
    size_t refused = 0;
    (void)state;

    for (size_t i = 0; i < saved.len - SUM_LEN; i++)
        for (unsigned bit = 0; bit < 8; bit += 3) {
            flowenrich_status status;

            saved.data[i] ^= (unsigned char)(1U << bit);
            seal(&saved);
            status = load(&saved);
            refused += status != FLOWENRICH_OK;
            assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_CORRUPT ||
                        status == FLOWENRICH_ERR_ARG || status == FLOWENRICH_ERR_UNSUPPORTED);
            saved.data[i] ^= (unsigned char)(1U << bit);
        }
    assert_true(refused > 100);
    free(saved.data);
    flowenrich_aggregator_free(from);
}

static void other_versions_are_refused_by_what_they_are(void **state)
{
    static const struct {
        unsigned char version;
        const char *says;
    } cases[] = {
        { 1, "earlier" }, /* which kept sums that are told by others */
        { FLE_STATE_VERSION + 1, "later" },
    };
    flowenrich_aggregator *from = filled(0);
    state_bytes saved = save(from);
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_error error;

        saved.data[8] = cases[i].version;
        seal(&saved);
        assert_int_equal(load(&saved), FLOWENRICH_ERR_UNSUPPORTED);
        assert_int_equal(flowenrich_aggregator_load(from, saved.data, saved.len, &error),
                         FLOWENRICH_ERR_UNSUPPORTED);
        if (!strstr(error.message, cases[i].says))
            fail_msg("version %u: '%s'", cases[i].version, error.message);
    }
    free(saved.data);
    flowenrich_aggregator_free(from);
}

static void states_of_other_questions_are_refused(void **state)
{
    flowenrich_aggregator_options opt = FLOWENRICH_AGGREGATOR_OPTIONS_INIT;
    flowenrich_aggregator *from = filled(0), *into = grouping_new(opt);
    const state_bytes saved = save(from);
    (void)state;

    assert_int_equal(flowenrich_aggregator_load(into, saved.data, saved.len, NULL),
                     FLOWENRICH_ERR_ARG);
    free(saved.data);
    flowenrich_aggregator_free(from);
    flowenrich_aggregator_free(into);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_comes_back),
        cmocka_unit_test(damaged_and_cut_off_states_are_refused),
        cmocka_unit_test(wrong_states_with_a_right_checksum_do_no_harm),
        cmocka_unit_test(other_versions_are_refused_by_what_they_are),
        cmocka_unit_test(states_of_other_questions_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
