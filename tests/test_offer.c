/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of reading AWS's price lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "charge/offer.h"
#include "yamling.h"

#define NOW 1795132800 /* 2026-11-20 */

#define HEAD "{\"offerCode\":\"AmazonEC2\",\"version\":\"2026\","

/* In the shape that AWS's user guide shows, with the attributes that its products have. */
static flowenrich_text read_offer(void)
{
    static char offer[16384];
    FILE *file = fopen("tests/offer.json", "rb");
    size_t len;

    assert_non_null(file);
    len = fread(offer, 1, sizeof offer, file);
    fclose(file);
    assert_in_range(len, 1, sizeof offer - 1);
    return fle_text(offer, len);
}

static fle_rates nothing(void)
{
    fle_rates rates;

    memset(&rates, 0, sizeof rates);
    rates.currency = FLE_TEXT("USD");
    rates.unit = FLE_GB;
    return rates;
}

static void products_become_rates(void **state)
{
    static const struct {
        fle_meter meter;
        const char *region, *to;
        uint64_t usage, price;
    } cases[] = {
        { FLE_METER_NAT_GATEWAY, "eu-west-1", "", 0, 48000000 },
        { FLE_METER_INTERFACE_ENDPOINT, "eu-west-1", "", 0, 10000000 },
        { FLE_METER_INTERFACE_ENDPOINT, "eu-west-1", "", 2000000, 6000000 },
        { FLE_METER_TRANSIT_GATEWAY, "eu-west-1", "", 0, 20000000 },
        { FLE_METER_CROSS_AZ, "us-east-1", "", 0, 11000000 },
        { FLE_METER_PUBLIC_ADDRESS, "us-east-1", "", 0, 11000000 }, /* one product of both */
        { FLE_METER_INTERNET, "eu-west-1", "", 0, 90000000 },
        { FLE_METER_INTERNET, "eu-west-1", "", 60000, 85000000 }, /* the third is by the hour */
        { FLE_METER_INTER_REGION, "eu-west-1", "us-west-2", 0, 20000000 },
    };
    const flowenrich_text offer = read_offer();
    struct fixture *x = *state;
    fle_rates rates = nothing();

    assert_true(fle_offer_is(offer.data, offer.len));
    if (fle_offer_read(&rates, offer.data, offer.len, 7, &x->arena, &x->error) != FLOWENRICH_OK)
        fail_msg("%s", x->error.message);
    assert_int_equal(rates.n, sizeof cases / sizeof *cases);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fle_rate *rate;

        rates.usage[cases[i].meter] = cases[i].usage;
        rate = fle_rates_find(&rates, cases[i].meter, fle_text_of(cases[i].region),
                              fle_text_of(cases[i].to), NOW);
        if (!rate || rate->price != cases[i].price ||
            !fle_text_is(rate->version, "AmazonEC2@20260911124544"))
            fail_msg("case %zu", i);
    }
}

/* Before the day of a price list, the rates that were there hold. */
static void earlier_rates_stay(void **state)
{
    const flowenrich_text offer = read_offer();
    struct fixture *x = *state;
    fle_rates rates = fle_rates_builtin;
    const flowenrich_text east = FLE_TEXT("us-east-1"), none = FLE_TEXT("");

    assert_int_equal(fle_offer_read(&rates, offer.data, offer.len, 7, &x->arena, &x->error),
                     FLOWENRICH_OK);
    assert_int_equal(fle_rates_find(&rates, FLE_METER_CROSS_AZ, east, none, NOW)->price, 11000000);
    assert_non_null(fle_rates_find(&rates, FLE_METER_CROSS_AZ, FLE_TEXT("sa-east-1"), none, NOW));
    assert_int_equal(
        fle_rates_find(&rates, FLE_METER_NAT_GATEWAY, FLE_TEXT("eu-west-1"), none, NOW)->price,
        48000000);
}

/* A price list of two products that are one rate. */
static flowenrich_text two_products(const char *price_a, const char *price_b)
{
    static const char product[] = "\"%s\":{\"attributes\":{\"usagetype\":\"NatGateway-Bytes\","
                                  "\"operation\":\"NatGateway\",\"regionCode\":\"x\"}}%s";
    static const char term[] =
        "\"%s\":{\"t\":{\"effectiveDate\":\"2026-09-01T00:00:00Z\",\"priceDimensions\":{\"d\":"
        "{\"unit\":\"GB\",\"beginRange\":\"0\",\"pricePerUnit\":{\"USD\":\"%s\"}}}}}%s";
    static char out[2048];
    size_t len = (size_t)snprintf(out, sizeof out, "%s", HEAD "\"products\":{");

    len += (size_t)snprintf(out + len, sizeof out - len, product, "A", ",");
    len += (size_t)snprintf(out + len, sizeof out - len, product, "B", "},");
    len += (size_t)snprintf(out + len, sizeof out - len, "\"terms\":{\"OnDemand\":{");
    len += (size_t)snprintf(out + len, sizeof out - len, term, "A", price_a, ",");
    len += (size_t)snprintf(out + len, sizeof out - len, term, "B", price_b, "}}}");
    return fle_text(out, len);
}

static void products_that_contradict_each_other_say_nothing(void **state)
{
    struct fixture *x = *state;
    fle_rates rates = nothing();
    flowenrich_text text = two_products("0.01", "0.02");

    assert_int_equal(fle_offer_read(&rates, text.data, text.len, 0, &x->arena, &x->error),
                     FLOWENRICH_ERR_SYNTAX);
    text = two_products("0.01", "0.0100");
    assert_int_equal(fle_offer_read(&rates, text.data, text.len, 0, &x->arena, &x->error),
                     FLOWENRICH_OK);
    assert_int_equal(rates.n, 1);
}

static void what_is_no_price_list_is_refused(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        { "{\"a\":1}", "the JSON is no price list: it lacks offerCode" },
        { HEAD "\"products\":{}}", "the JSON is no price list: it lacks terms" },
        { HEAD "\"products\":{},\"terms\":{}}",
          "the price list of AmazonEC2 has no rate in USD that is known here: AmazonEC2, AmazonVPC "
          "and AWSDataTransfer have some" },
        { "{\"a\":1", NULL },
        { HEAD "\"products\":[],\"terms\":{}}", NULL },
        { HEAD "\"products\":{\"A\":{\"attributes\":\"\\x\"}},\"terms\":{}}", NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *x = *state;
        fle_rates rates = nothing();
        const fle_rates before = rates;

        assert_int_equal(
            fle_offer_read(&rates, cases[i].text, strlen(cases[i].text), 0, &x->arena, &x->error),
            FLOWENRICH_ERR_SYNTAX);
        if (cases[i].message && strcmp(x->error.message, cases[i].message) != 0)
            fail_msg("%s", x->error.message);
        assert_memory_equal(&rates, &before, sizeof rates);
    }
    assert_false(fle_offer_is("version: 1", 10));
    assert_false(fle_offer_is("{version: 1}", 12)); /* YAML */
    assert_false(fle_offer_is("", 0));
}

static void memory_may_run_out_anywhere(void **state)
{
    const flowenrich_text offer = read_offer();
    struct fixture *x = *state;
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        fle_rates rates = fle_rates_builtin;
        fle_arena arena;

        assert_in_range(n, 0, 200);
        fle_arena_init(&arena, &x->allocator);
        x->f.succeed = n;
        status = fle_offer_read(&rates, offer.data, offer.len, 7, &arena, &x->error);
        x->f.succeed = SIZE_MAX;
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        fle_arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(products_become_rates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(earlier_rates_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(products_that_contradict_each_other_say_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_price_list_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_run_out_anywhere, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
