/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of what groups add up of conversations and their charges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aggregate/group.h"
#include "conversing.h"

static fle_allocator allocator;
static const fle_sketches no_sketches = { .allocator = &allocator };

#define A1 "ec2:instance use1-az1 vpc-1 a us-east-1"
#define B2 "ec2:instance use1-az2 vpc-1 b us-east-1"

static const fle_stretch whole = { 0, 0, 0 };

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
    fle_sums_of_row(&columns, 0, whole, &sums);
    assert_int_equal(sums.values[FLE_SUM_RECORDS], 1);
    assert_int_equal(sums.values[FLE_SUM_BYTES], 1000000052);
    assert_int_equal(sums.values[FLE_SUM_UPLOADED], 1000000050);
    assert_int_equal(sums.values[FLE_SUM_DOWNLOADED], 2);
    assert_int_equal(sums.values[FLE_SUM_AMOUNT], 20000001); /* twice 10000000.52 */
    assert_int_equal(sums.values[FLE_SUM_UNCOSTED], 0);
    assert_int_equal(fle_sums_lines(&columns, 0), 2);
    fle_sums_of_line(&columns, 0, 1, whole, &sums);
    assert_int_equal(sums.values[FLE_SUM_BYTES], 1000000052);
    assert_int_equal(sums.values[FLE_SUM_AMOUNT], 10000000);
    fle_sums_of_row(&columns, 1, whole, &sums);
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
        unsigned char group[256] = { 0 };
        fle_sum_columns columns;
        fle_layout layout;
        fle_sums one;

        fle_allocator_init(&allocator, NULL);
        fle_layout_init(&layout, 0, (1U << FLE_N_SUMS) - 1, &no_sketches);
        assert_true(layout.width <= sizeof group);
        fle_sums_open(&columns, batch);
        fle_sums_of_row(&columns, 0, whole, &one);
        for (uint32_t n = 0; n < cases[i].pieces; n++)
            fle_group_count(&layout, group, &one);
        if (fle_group_sum(&layout, group, FLE_SUM_AMOUNT).value != cases[i].amount)
            fail_msg("case %zu: %llu", i,
                     (unsigned long long)fle_group_sum(&layout, group, FLE_SUM_AMOUNT).value);
        one.is_reversal = true;
        for (uint32_t n = 0; n < cases[i].pieces; n++)
            fle_group_count(&layout, group, &one);
        for (fle_sum sum = 0; sum < FLE_N_SUMS; sum++)
            assert_int_equal(fle_group_sum(&layout, group, sum).value, 0);
        assert_int_equal(fle_load(group + layout.fraction), 0);
        fle_group_drop(&layout, group);
        flowenrich_batch_free(batch);
    }
}

/* However a row is divided, its parts add up to it, the amount to its last fraction. */
static void parts_of_a_row_add_up_to_it(void **state)
{
    static const uint32_t cuts[] = { 0, 1, 7, 30, 59, 60 };
    const conversing_row row = { A1,         "10.0.1.1",         B2,
                                 "10.0.2.1", .path = "same-vpc", .up = UINT64_MAX / 3,
                                 .down = 7 };
    flowenrich_batch *batch = charged("unit: GiB", &row, 1);
    unsigned char group[256] = { 0 }, at_once[256] = { 0 };
    fle_sum_columns columns;
    fle_layout layout;
    fle_sums sums;

    (void)state;
    fle_allocator_init(&allocator, NULL);
    fle_layout_init(&layout, 0, (1U << FLE_N_SUMS) - 1, &no_sketches);
    fle_sums_open(&columns, batch);
    fle_sums_of_row(&columns, 0, whole, &sums);
    fle_group_count(&layout, at_once, &sums);
    for (size_t i = 0; i + 1 < sizeof cuts / sizeof *cuts; i++) {
        fle_sums_of_row(&columns, 0, (fle_stretch){ cuts[i], cuts[i + 1], 60 }, &sums);
        assert_int_equal(sums.values[FLE_SUM_RECORDS], i == 0);
        assert_true(sums.values[FLE_SUM_DOWNLOADED] <= 7);
        fle_group_count(&layout, group, &sums);
    }
    for (fle_sum sum = 0; sum < FLE_N_SUMS; sum++)
        assert_int_equal(fle_group_sum(&layout, group, sum).value,
                         fle_group_sum(&layout, at_once, sum).value);
    assert_int_equal(fle_load(group + layout.fraction), fle_load(at_once + layout.fraction));
    fle_group_drop(&layout, group);
    fle_group_drop(&layout, at_once);
    flowenrich_batch_free(batch);
}

static void what_is_denied_is_counted(void **state)
{
    static const struct {
        uint32_t level;
        const char *action, *verdict;
        uint64_t rejects;
    } cases[] = {
        { FLE_LEVEL_RECORD, "REJECT", NULL, 1 },
        { FLE_LEVEL_RECORD, "ACCEPT", NULL, 0 },
        { FLE_LEVEL_RECORD, NULL, NULL, 0 },
        { FLE_LEVEL_RECORD, "REJECT", "late_or_untracked", 0 }, /* after the connection's end */
        { FLE_LEVEL_CONVERSATION, NULL, "denied", 1 },
        { FLE_LEVEL_CONVERSATION, NULL, "dropped_at_nat", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        flowenrich_batch *batch;
        fle_sum_columns columns;
        fle_sums sums;

        assert_int_equal(flowenrich_batch_new(&batch, 1, NULL, NULL), FLOWENRICH_OK);
        batch->level = cases[i].level;
        batch->rows = 1;
        conversing_text(batch, "action", 0, cases[i].action);
        conversing_text(batch, "verdict", 0, cases[i].verdict);
        fle_sums_open(&columns, batch);
        fle_sums_of_row(&columns, 0, whole, &sums);
        if (sums.values[FLE_SUM_REJECTS] != cases[i].rejects)
            fail_msg("case %zu", i);
        flowenrich_batch_free(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_rows_are_those_of_conversations),
        cmocka_unit_test(what_is_cut_off_is_cut_off_once),
        cmocka_unit_test(parts_of_a_row_add_up_to_it),
        cmocka_unit_test(what_is_denied_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
