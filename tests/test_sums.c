/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what groups add up of conversations and their charges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aggregate/sums.h"
#include "conversing.h"

#define A1 "ec2:instance use1-az1 vpc-1 a us-east-1"
#define B2 "ec2:instance use1-az2 vpc-1 b us-east-1"

static flowenrich_batch *charged(const char *rates, const conversing_row *rows, size_t n)
{
    flowenrich_batch *batch = conversing_batch(conversing_inventory(), rows, n);
    flowenrich_tariff *tariff;

    assert_int_equal(flowenrich_tariff_new(&tariff, rates, strlen(rates), NULL, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(flowenrich_tariff_charge(tariff, batch, NULL), FLOWENRICH_OK);
    flowenrich_tariff_free(tariff);
    return batch;
}

static void sums_of_rows_are_those_of_conversations(void **state)
{
    static const conversing_row rows[] = {
        { A1, "10.0.1.1", B2, "10.0.2.1", .path = "same-vpc", .up = 1000000050, .down = 2 },
        { A1, "10.0.1.1", NULL, "10.9.0.1", .up = 3, .down = 4 },
    };
    flowenrich_batch *batch = charged("", rows, 2);
    fle_sum_columns columns;
    fle_sums sums;

    (void)state;
    fle_sums_open(&columns, batch);
    fle_sums_of_row(&columns, 0, &sums);
    assert_int_equal(sums.values[FLE_SUM_RECORDS], 1);
    assert_int_equal(sums.values[FLE_SUM_BYTES], 1000000052);
    assert_int_equal(sums.values[FLE_SUM_UPLOADED], 1000000050);
    assert_int_equal(sums.values[FLE_SUM_DOWNLOADED], 2);
    assert_int_equal(sums.values[FLE_SUM_AMOUNT], 20000001); /* twice 10000000.52 */
    assert_int_equal(sums.values[FLE_SUM_UNCOSTED], 0);
    assert_int_equal(fle_sums_lines(&columns, 0), 2);
    fle_sums_of_line(&columns, 0, 1, &sums);
    assert_int_equal(sums.values[FLE_SUM_BYTES], 1000000052);
    assert_int_equal(sums.values[FLE_SUM_AMOUNT], 10000000);
    fle_sums_of_row(&columns, 1, &sums);
    assert_int_equal(sums.values[FLE_SUM_UNCOSTED], 7);
    assert_int_equal(fle_sums_lines(&columns, 1), 0);
    flowenrich_batch_free(batch);
}

/* A gigabyte a byte at a time, in either unit: what each row cuts off isn't lost. */
static void what_is_cut_off_is_cut_off_once(void **state)
{
    static const struct {
        const char *rates;
        uint32_t pieces;
        uint64_t bytes, amount;
    } cases[] = {
        { "", 100000, 10000, 20000000 },              /* 10^9 bytes at 0.01, at both ends */
        { "unit: GiB", 65536, 16384, 20000000 },      /* 2^30 */
        { "unit: GiB", 65536, 16383, 19998779 },      /* 19998779.296875 */
        { "", 3, 33, 1 },                             /* 99 bytes: twice 0.99, not twice 0 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const conversing_row row = { A1,         "10.0.1.1",         B2,
                                     "10.0.2.1", .path = "same-vpc", .up = cases[i].bytes };
        flowenrich_batch *batch = charged(cases[i].rates, &row, 1);
        fle_sum_columns columns;
        fle_sums one, all = { { 0 }, 0 };

        fle_sums_open(&columns, batch);
        fle_sums_of_row(&columns, 0, &one);
        for (uint32_t n = 0; n < cases[i].pieces; n++)
            assert_true(fle_sums_add(&all, &one));
        if (all.values[FLE_SUM_AMOUNT] != cases[i].amount)
            fail_msg("case %zu: %llu", i, (unsigned long long)all.values[FLE_SUM_AMOUNT]);
        for (uint32_t n = 0; n < cases[i].pieces; n++)
            assert_true(fle_sums_take(&all, &one));
        for (size_t sum = 0; sum < FLE_N_SUMS; sum++)
            assert_int_equal(all.values[sum], 0);
        assert_int_equal(all.fraction, 0);
        flowenrich_batch_free(batch);
    }
}

static void sums_stay_within_their_bounds_and_say_so(void **state)
{
    fle_sums most = { { 0 }, 0 }, one = { { 0 }, 1 }, none = { { 0 }, 0 };

    (void)state;
    most.values[FLE_SUM_BYTES] = UINT64_MAX;
    one.values[FLE_SUM_BYTES] = 1;
    assert_false(fle_sums_add(&most, &one));
    assert_int_equal(most.values[FLE_SUM_BYTES], UINT64_MAX);
    assert_false(fle_sums_take(&none, &one));
    assert_int_equal(none.values[FLE_SUM_BYTES], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_rows_are_those_of_conversations),
        cmocka_unit_test(what_is_cut_off_is_cut_off_once),
        cmocka_unit_test(sums_stay_within_their_bounds_and_say_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
