/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of rates: which holds, and what bytes come to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "charging.h"
#include "yamling.h"

#define TEXT(literal) { literal, sizeof(literal) - 1 }
#define RATE(meter, above, region, to, since, price)                                               \
    { meter, above, TEXT(region), TEXT(to), since, TEXT(""), price }

/* In the order of the search. */
static const fle_rate items[] = {
    RATE(FLE_METER_CROSS_AZ, 0, "all", "", 100, 1),
    RATE(FLE_METER_INTER_REGION, 0, "us-east-1", "all", 100, 2),
    RATE(FLE_METER_INTER_REGION, 0, "us-east-1", "us-west-2", 100, 3),
    RATE(FLE_METER_INTERNET, 0, "us-east-1", "", 100, 90),
    RATE(FLE_METER_INTERNET, 10, "us-east-1", "", 100, 80),
    RATE(FLE_METER_INTERNET, 0, "us-east-1", "", 200, 70),
    RATE(FLE_METER_INTERNET, 20, "us-east-1", "", 200, 60),
};
static const fle_allowance allowances[] = { { FLE_METER_INTERNET, 5, 100 } };

static fle_rates make_rates(void)
{
    fle_rates rates = { FLE_TEXT("USD"), FLE_GB, items, 7, allowances, 1, NULL, 0, NULL, 0, { 0 } };

    return rates;
}

static void the_latest_rate_that_is_not_later_holds(void **state)
{
    static const struct {
        fle_meter meter;
        const char *region, *to;
        flowenrich_time at;
        uint64_t usage, price; /* 0: none */
    } cases[] = {
        { FLE_METER_INTERNET, "us-east-1", "", 100, 0, 90 },
        { FLE_METER_INTERNET, "us-east-1", "", 199, 9, 90 },
        { FLE_METER_INTERNET, "us-east-1", "", 199, 10, 80 },
        { FLE_METER_INTERNET, "us-east-1", "", 200, 10, 70 }, /* tiers are of one day */
        { FLE_METER_INTERNET, "us-east-1", "", FLOWENRICH_TIME_END, 20, 60 },
        { FLE_METER_INTERNET, "us-east-1", "", 99, 0, 0 },
        { FLE_METER_INTERNET, "us-east-2", "", 200, 0, 0 },
        { FLE_METER_CROSS_AZ, "eu-north-1", "", 100, 0, 1 }, /* of all */
        { FLE_METER_CROSS_AZ, "cn-north-1", "", 100, 0, 0 }, /* China isn't among all */
        { FLE_METER_INTER_REGION, "us-east-1", "us-west-2", 100, 0, 3 },
        { FLE_METER_INTER_REGION, "us-east-1", "us-west-1", 100, 0, 2 },
        { FLE_METER_NAT_GATEWAY, "us-east-1", "", 100, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fle_rates rates = make_rates();
        const fle_rate *rate;

        rates.usage[cases[i].meter] = cases[i].usage;
        rate = fle_rates_find(&rates, cases[i].meter, fle_text_of(cases[i].region),
                              fle_text_of(cases[i].to), cases[i].at);
        if ((rate ? rate->price : 0) != cases[i].price)
            fail_msg("case %zu: %lu", i, (unsigned long)(rate ? rate->price : 0));
    }
}

static void an_amount_is_rounded_down_once(void **state)
{
    static const struct {
        uint64_t bytes, price;
        uint32_t unit;
        uint64_t amount;
    } cases[] = {
        { 1000000000, 45000000, FLE_GB, 45000000 },    /* a gigabyte: 0.045 */
        { 1, 45000000, FLE_GB, 0 },                    /* 0.045 nano-dollars */
        { 23, 45000000, FLE_GB, 1 },                   /* 1.035 */
        { 1073741824, 45000000, FLE_GIB, 45000000 },
        { 1073741823, 45000000, FLE_GIB, 44999999 },   /* 44999999.96 */
        { UINT64_MAX, 0, FLE_GB, 0 },
        { UINT64_MAX, 1000000000, FLE_GB, UINT64_MAX }, /* a dollar a gigabyte: one for one */
        { UINT64_MAX, FLE_MAX_PRICE, FLE_GB, UINT64_MAX },
        { FLE_GIB - 1, FLE_MAX_PRICE, FLE_GIB, 15999999985 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint64_t amount = fle_rates_amount(cases[i].bytes, cases[i].price, cases[i].unit);

        if (amount != cases[i].amount)
            fail_msg("case %zu: %llu", i, (unsigned long long)amount);
    }
}

static void a_month_goes_through_its_tiers(void **state)
{
    static const struct {
        uint64_t gigabytes, usage, amount; /* at prices of 90 up to 10, 80 from there on */
    } cases[] = {
        { 5, 0, 0 },                       /* the first five are free */
        { 6, 0, 90 },
        { 12, 0, 5 * 90 + 2 * 80 },
        { 5, 3, 3 * 90 },                  /* of the five, three were used */
        { 7, 8, 2 * 90 + 5 * 80 },
        { 1, 10, 80 },
    };
    const flowenrich_text east = FLE_TEXT("us-east-1");
    fle_rates rates = make_rates();
    uint64_t left = 0, amount;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rates.usage[FLE_METER_INTERNET] = cases[i].usage;
        left = fle_rates_allowance(&rates, FLE_METER_INTERNET, 150);
        assert_true(fle_rates_month(&rates, FLE_METER_INTERNET, east, 150,
                                    cases[i].gigabytes * FLE_GB, &left, &amount));
        if (amount != cases[i].amount)
            fail_msg("case %zu: %llu", i, (unsigned long long)amount);
    }
    assert_int_equal(fle_rates_allowance(&rates, FLE_METER_INTERNET, 99), 0);
    assert_false(
        fle_rates_month(&rates, FLE_METER_INTERNET, FLE_TEXT("us-east-2"), 150, 1, &left, &amount));
}

/* What an all of later documents covers is gone, in any order. */
static void added_rates_cover_what_was_there(void **state)
{
    struct fixture *x = *state;
    const fle_rate added[] = {
        RATE(FLE_METER_NAT_GATEWAY, 0, "us-east-1", "", 0, 45),
        RATE(FLE_METER_INTERNET, 0, "all", "", 0, 50),
        RATE(FLE_METER_INTER_REGION, 0, "us-east-1", "us-west-2", 100, 4),
        RATE(FLE_METER_INTER_REGION, 0, "us-east-1", "all", 101, 5), /* and all pairs of before */
        RATE(FLE_METER_CROSS_AZ, 0, "all", "", 101, 6),              /* what was before, stays */
    };
    fle_rates rates = make_rates();

    assert_true(fle_rates_add(&rates, added, 5, &x->arena));
    assert_int_equal(rates.n, 7); /* five, an earlier one across zones, and an earlier of all */
    for (size_t i = 1; i < rates.n; i++)
        assert_true(fle_rate_compare(&rates.items[i - 1], &rates.items[i]) < 0);
    assert_int_equal(
        fle_rates_find(&rates, FLE_METER_INTERNET, FLE_TEXT("us-east-1"), FLE_TEXT(""), 300)->price,
        50);
    assert_int_equal(
        fle_rates_find(&rates, FLE_METER_CROSS_AZ, FLE_TEXT("x"), FLE_TEXT(""), 100)->price, 1);
    x->f.succeed = 0;
    while (fle_rates_add(&rates, added, 5, &x->arena)) /* until the arena's block is full */
        ;
}

static void a_price_is_a_decimal(void **state)
{
    static const struct {
        const char *text;
        uint64_t price; /* UINT64_MAX: none */
    } cases[] = {
        { "0.045", 45000000 },  { "0.0450000000", 45000000 }, { "16", 16000000000 },
        { ".5", 500000000 },    { "1.", 1000000000 },         { "0", 0 },
        { "", UINT64_MAX },     { ".", UINT64_MAX },          { "16.000000001", UINT64_MAX },
        { "-1", UINT64_MAX },   { "1e-3", UINT64_MAX },       { "0.0000000001", UINT64_MAX },
        { "1,5", UINT64_MAX },  { "99999999999999999999", UINT64_MAX },
        { "0.000000001", 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t price = UINT64_MAX;

        if (!fle_rates_price(fle_text_of(cases[i].text), &price))
            price = UINT64_MAX;
        if (price != cases[i].price)
            fail_msg("%s: %llu", cases[i].text, (unsigned long long)price);
    }
}

static void built_in_rates_are_in_order(void **state)
{
    (void)state;
    for (size_t i = 1; i < fle_rates_builtin.n; i++)
        if (fle_rate_compare(&fle_rates_builtin.items[i - 1], &fle_rates_builtin.items[i]) >= 0)
            fail_msg("entry %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_rate_that_is_not_later_holds),
        cmocka_unit_test(an_amount_is_rounded_down_once),
        cmocka_unit_test(a_month_goes_through_its_tiers),
        cmocka_unit_test_setup_teardown(added_rates_cover_what_was_there, set_up, tear_down),
        cmocka_unit_test(a_price_is_a_decimal),
        cmocka_unit_test(built_in_rates_are_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
