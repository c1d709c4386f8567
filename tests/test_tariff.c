/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the stage that says what conversations cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conversing.h"
#include "failing.h"

#define A1 "ec2:instance use1-az1 vpc-1 a us-east-1"
#define B2 "ec2:instance use1-az2 vpc-1 b us-east-1"
#define NAT2 "ec2:nat-gateway use1-az2 vpc-1 n us-east-1"

static const conversing_row to_the_internet = {
    A1,         "10.0.1.1",        NULL, "198.51.100.1", { NAT2 }, .path = "nat-gateway",
    .up = 1000, .down = 999999999,
};

static flowenrich_tariff *make_tariff(const char *rates)
{
    flowenrich_tariff *tariff;
    flowenrich_error error;

    if (flowenrich_tariff_new(&tariff, rates, strlen(rates), NULL, &error) != FLOWENRICH_OK)
        fail_msg("%s", error.message);
    return tariff;
}

static void charge(const flowenrich_tariff *tariff, flowenrich_batch *batch)
{
    flowenrich_error error;

    if (flowenrich_tariff_charge(tariff, batch, &error) != FLOWENRICH_OK)
        fail_msg("%s", error.message);
}

/* The item of a list, as text. */
static const char *item(const flowenrich_batch *batch, const char *path, size_t row, size_t i)
{
    static char texts[8][64];
    static size_t next;
    char *out = texts[next++ % 8];
    const fle_column *column = fle_batch_find(batch, fle_text_of(path));

    assert_non_null(column);
    if (column->item == FLOWENRICH_TYPE_U64) {
        snprintf(out, 64, "%llu", (unsigned long long)fle_list_u64(column, row, i));
    } else {
        const flowenrich_text text = fle_list_text(column, row, i);

        snprintf(out, 64, "%.*s", (int)text.len, text.data);
    }
    return out;
}

static void rows_get_lines_of_charges(void **state)
{
    static const struct {
        const char *meter, *payer, *bytes, *price, *amount, *rate;
    } lines[] = {
        { "cross-az", "a", "1000000999", "10000000", "10000009", "ec2@2026-01-01" },
        { "cross-az", "n", "1000000999", "10000000", "10000009", "ec2@2026-01-01" },
        { "nat-gateway", "n", "1000000999", "45000000", "45000044",
          "price-list-nat@2025-10-01" }, /* 45000044.955 */
        { "internet", "n", "1000", "90000000", "90", "rates-2026@2026-01-01" },
    };
    flowenrich_tariff *tariff = make_tariff("");
    flowenrich_batch *batch = conversing_batch(conversing_inventory(), &to_the_internet, 1);

    (void)state;
    for (size_t times = 0; times < 2; times++) { /* once more is the same again */
        charge(tariff, batch);
        assert_int_equal(fle_list_len(fle_batch_find(batch, FLE_TEXT("charges.meter")), 0), 4);
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
            assert_string_equal(item(batch, "charges.meter", 0, i), lines[i].meter);
            assert_string_equal(item(batch, "charges.payer", 0, i), lines[i].payer);
            assert_string_equal(item(batch, "charges.region", 0, i), "us-east-1");
            assert_string_equal(item(batch, "charges.currency", 0, i), "USD");
            assert_string_equal(item(batch, "charges.bytes", 0, i), lines[i].bytes);
            assert_string_equal(item(batch, "charges.price", 0, i), lines[i].price);
            assert_string_equal(item(batch, "charges.unit", 0, i), "1000000000");
            assert_string_equal(item(batch, "charges.amount", 0, i), lines[i].amount);
            assert_string_equal(item(batch, "charges.rate", 0, i), lines[i].rate);
        }
        assert_string_equal(enriching_value(batch, "uncosted_bytes", 0), "0");
    }
    flowenrich_tariff_free(tariff);
    assert_string_equal(item(batch, "charges.rate", 0, 0), "ec2@2026-01-01"); /* rows live on */
    flowenrich_batch_free(batch);
}

static void what_is_not_costed_is_counted_and_named(void **state)
{
    static const conversing_row rows[] = {
        { A1, "10.0.1.1", NULL, "10.9.0.1", .up = 5, .down = 6 },
        { A1, "10.0.1.1", B2, "10.0.2.1", .path = "same-vpc", .verdict = "denied", .up = 7 },
        { A1, "10.0.1.1", NULL, "198.51.100.1", .path = "nat-gateway", .up = 5, .down = 6 },
        { A1, "10.0.1.1", B2, "10.0.2.1", .path = "same-vpc", .verdict = "denied", .up = 7,
          .down = 8 },
    };
    flowenrich_tariff *tariff = make_tariff("");
    flowenrich_batch *batch = conversing_batch(conversing_inventory(), rows, 4);

    (void)state;
    charge(tariff, batch);
    assert_string_equal(enriching_value(batch, "uncosted_bytes", 0), "11");
    assert_string_equal(item(batch, "uncosted", 0, 0), "path-unknown");
    assert_string_equal(enriching_value(batch, "uncosted_bytes", 1), ""); /* refused: free */
    assert_int_equal(fle_list_len(fle_batch_find(batch, FLE_TEXT("charges.meter")), 1), 0);
    assert_string_equal(enriching_value(batch, "uncosted_bytes", 2), "11"); /* each byte once */
    assert_string_equal(item(batch, "uncosted", 2, 0), "zone-unknown");
    assert_string_equal(item(batch, "charges.meter", 2, 0), "nat-gateway");
    assert_string_equal(item(batch, "charges.payer", 2, 0), "");
    assert_string_equal(item(batch, "uncosted", 3, 0), "refused-in-part"); /* it was answered */
    assert_string_equal(enriching_value(batch, "uncosted_bytes", 3), "15");
    assert_int_equal(fle_list_len(fle_batch_find(batch, FLE_TEXT("charges.meter")), 3), 0);
    flowenrich_tariff_free(tariff);
    flowenrich_batch_free(batch);
}

/* What the lines of a row come to, exactly: bytes x price, of each meter and payer. */
static void add_exactly(const flowenrich_batch *batch, size_t row, uint64_t exact[8])
{
    const fle_column *bytes = fle_batch_find(batch, FLE_TEXT("charges.bytes"));
    const fle_column *price = fle_batch_find(batch, FLE_TEXT("charges.price"));

    for (size_t i = 0; i < fle_list_len(bytes, row); i++)
        exact[i] += fle_list_u64(bytes, row, i) * fle_list_u64(price, row, i);
}

/* However a conversation is cut into rows, it costs the same; so a reversal takes back all. */
static void deltas_add_up_to_the_whole(void **state)
{
    static const uint64_t ups[] = { 1, 999, 22, 123456, 1 }, downs[] = { 7, 1, 45, 98765, 11 };
    const size_t n = sizeof ups / sizeof *ups;
    conversing_row rows[6];
    flowenrich_tariff *tariff = make_tariff("");
    flowenrich_batch *batch;
    const fle_column *amounts;
    uint64_t parts[8] = { 0 }, whole[8] = { 0 };

    (void)state;
    rows[n] = to_the_internet;
    rows[n].up = rows[n].down = 0;
    for (size_t i = 0; i < n; i++) {
        rows[i] = to_the_internet;
        rows[n].up += rows[i].up = ups[i];
        rows[n].down += rows[i].down = downs[i];
    }
    batch = conversing_batch(conversing_inventory(), rows, n + 1);
    charge(tariff, batch);
    for (size_t i = 0; i < n; i++)
        add_exactly(batch, i, parts);
    add_exactly(batch, n, whole);
    assert_memory_equal(parts, whole, sizeof parts);
    amounts = fle_batch_find(batch, FLE_TEXT("charges.amount"));
    for (size_t line = 0; line < 4; line++) { /* what rows have cut off is below one each */
        uint64_t sum = 0;

        for (size_t i = 0; i < n; i++)
            sum += fle_list_u64(amounts, i, line);
        assert_in_range(fle_list_u64(amounts, n, line) - sum, 0, n - 1);
    }
    flowenrich_tariff_free(tariff);
    flowenrich_batch_free(batch);
}

static void other_rates_and_units_may_be_loaded(void **state)
{
    flowenrich_tariff *tariff =
        make_tariff("{unit: GiB, rates: [{meter: nat-gateway, region: all, since: 2020-01-01, "
                    "price: 1}]}");
    flowenrich_batch *batch = conversing_batch(conversing_inventory(), &to_the_internet, 1);
    flowenrich_error error;

    (void)state;
    charge(tariff, batch);
    assert_string_equal(item(batch, "charges.unit", 0, 2), "1073741824");
    assert_string_equal(item(batch, "charges.rate", 0, 2), "2020-01-01");
    assert_string_equal(item(batch, "charges.amount", 0, 2), "931323505"); /* 1000000999 / 2^30 */
    assert_int_equal(flowenrich_tariff_load(tariff, "unit: TB", 8, &error), FLOWENRICH_ERR_SYNTAX);
    assert_int_equal(error.column, 7);
    assert_int_equal(flowenrich_tariff_load(tariff, "{\"a\":1}", 7, &error), FLOWENRICH_ERR_SYNTAX);
    charge(tariff, batch); /* as it was before these */
    assert_string_equal(item(batch, "charges.amount", 0, 2), "931323505");
    flowenrich_tariff_free(tariff);
    flowenrich_batch_free(batch);
}

static void a_month_is_told_by_tiers(void **state)
{
    const uint64_t gigabyte = 1000000000;
    flowenrich_tariff *tariff = make_tariff("{usage: {internet: 10000}}");
    uint64_t left = UINT64_MAX, amount;
    flowenrich_error error;

    (void)state;
    /* Of 300 GB behind 10000, 240 are below the border of 10240: 240 x 0.09 + 60 x 0.085 = 26.7 */
    assert_int_equal(flowenrich_tariff_month(tariff, "internet", "us-east-1", CHARGING_DAY,
                                             300 * gigabyte, &left, &amount, &error),
                     FLOWENRICH_OK);
    assert_int_equal(amount, 26700000000);
    assert_int_equal(left, 0); /* the first 100 GB were used long ago */
    assert_int_equal(flowenrich_tariff_month(tariff, "intranet", "us-east-1", CHARGING_DAY, 1,
                                             &left, &amount, &error),
                     FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message, "there is no meter 'intranet'");
    assert_int_equal(flowenrich_tariff_month(tariff, "internet", "sa-east-1", CHARGING_DAY, 1,
                                             &left, &amount, &error),
                     FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message, "there is no rate 'internet' of sa-east-1 then");
    flowenrich_tariff_free(tariff);
}

static void the_free_bytes_of_a_month_are_free_once(void **state)
{
    const uint64_t gigabyte = 1000000000;
    flowenrich_tariff *tariff = make_tariff("");
    uint64_t left = UINT64_MAX, amount;

    (void)state;
    assert_int_equal(flowenrich_tariff_month(tariff, "internet", "us-east-1", CHARGING_DAY,
                                             60 * gigabyte, &left, &amount, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(amount, 0);
    assert_int_equal(left, 40 * gigabyte);
    assert_int_equal(flowenrich_tariff_month(tariff, "internet", "us-east-2", CHARGING_DAY,
                                             60 * gigabyte, &left, &amount, NULL),
                     FLOWENRICH_OK);
    assert_int_equal(amount, 1800000000); /* 20 GB x 0.09 */
    assert_int_equal(left, 0);
    flowenrich_tariff_free(tariff);
}

static void calls_that_cannot_be_are_refused(void **state)
{
    flowenrich_tariff *tariff = make_tariff("");
    flowenrich_batch *records;
    flowenrich_error error;

    (void)state;
    assert_int_equal(flowenrich_batch_new(&records, 1, NULL, NULL), FLOWENRICH_OK);
    assert_int_equal(flowenrich_tariff_charge(tariff, records, &error), FLOWENRICH_ERR_ARG);
    assert_string_equal(error.message,
                        "only conversations have costs: a record's bytes may be others' again");
    assert_int_equal(flowenrich_tariff_charge(NULL, records, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_tariff_charge(tariff, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_tariff_new(NULL, NULL, 0, NULL, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_tariff_load(tariff, NULL, 1, NULL), FLOWENRICH_ERR_ARG);
    assert_int_equal(flowenrich_tariff_month(tariff, NULL, "", 0, 0, NULL, NULL, NULL),
                     FLOWENRICH_ERR_ARG);
    flowenrich_batch_free(records);
    flowenrich_tariff_free(tariff);
    flowenrich_tariff_free(NULL);
}

static void memory_may_run_out_anywhere(void **state)
{
    failing f = { 0 };
    const flowenrich_allocator allocator = failing_allocator(&f);
    flowenrich_options options = FLOWENRICH_OPTIONS_INIT;
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    (void)state;
    options.allocator = &allocator;
    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        flowenrich_tariff *tariff;

        assert_in_range(n, 0, 100);
        f.succeed = n;
        status = flowenrich_tariff_new(&tariff, "unit: GB", 8, &options, NULL);
        assert_true(status == FLOWENRICH_OK || (status == FLOWENRICH_ERR_NOMEM && !tariff));
        flowenrich_tariff_free(tariff);
        assert_int_equal(f.live, 0);
    }
}

static void charging_may_run_out_of_memory(void **state)
{
    static const conversing_row rows[] = {
        { A1, "10.0.1.1", B2, "10.0.2.1", .path = "same-vpc", .up = 5 },
        { A1, "10.0.1.1", NULL, "10.9.0.1", .up = 5 },
    };
    failing f = { .succeed = SIZE_MAX };
    const flowenrich_allocator allocator = failing_allocator(&f);
    flowenrich_tariff *tariff = make_tariff("");
    flowenrich_status status = FLOWENRICH_ERR_NOMEM;

    (void)state;
    for (size_t n = 0; status != FLOWENRICH_OK; n++) {
        flowenrich_batch *batch = conversing_batch_in(&allocator, NULL, rows, 2);

        assert_in_range(n, 0, 100);
        f.succeed = n;
        status = flowenrich_tariff_charge(tariff, batch, NULL);
        f.succeed = SIZE_MAX;
        assert_true(status == FLOWENRICH_OK || status == FLOWENRICH_ERR_NOMEM);
        flowenrich_batch_free(batch);
        assert_int_equal(f.live, 0);
    }
    flowenrich_tariff_free(tariff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_get_lines_of_charges),
        cmocka_unit_test(what_is_not_costed_is_counted_and_named),
        cmocka_unit_test(deltas_add_up_to_the_whole),
        cmocka_unit_test(other_rates_and_units_may_be_loaded),
        cmocka_unit_test(a_month_is_told_by_tiers),
        cmocka_unit_test(the_free_bytes_of_a_month_are_free_once),
        cmocka_unit_test(calls_that_cannot_be_are_refused),
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(charging_may_run_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
