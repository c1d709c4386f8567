/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as rates: what is taken is in order, and more bytes never cost less. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "charge/legs.h"
#include "charge/offer.h"
#include "charge/rates_yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Every rate is found by what it is of: itself, or a later tier of its day. */
static void must_find(const fle_rates *rates)
{
    for (size_t i = 0; i < rates->n; i++) {
        const fle_rate *rate = &rates->items[i], *found;
        fle_rates used = *rates;

        must(i == 0 || fle_rate_compare(&rates->items[i - 1], rate) < 0);
        must(rate->price <= FLE_MAX_PRICE);
        used.usage[rate->meter] = rate->above;
        found = fle_rates_find(&used, rate->meter, rate->region, rate->to, rate->since);
        must(found == rate);
    }
}

static void must_not_cost_less(const fle_rates *rates)
{
    const flowenrich_text region = rates->n ? rates->items[0].region : FLE_TEXT("us-east-1");
    uint64_t before = 0;

    for (uint64_t bytes = 1; bytes < UINT64_MAX / 16; bytes *= 16) {
        uint64_t left = fle_rates_allowance(rates, FLE_METER_INTERNET, FLOWENRICH_TIME_END), amount;

        if (!fle_rates_month(rates, FLE_METER_INTERNET, region, FLOWENRICH_TIME_END, bytes, &left,
                             &amount))
            break;
        must(amount >= before);
        before = amount;
    }
}

/* A way has a bill by any rates, of lines that are in proportion to what was sent. */
static void must_charge(const fle_rates *rates)
{
    fle_way way = { .n = 3, .road = FLE_ROAD_DIRECT, .at = 1795132800, .up = 3, .down = 5 };
    fle_bill bill;

    way.points[0] = (fle_point){ .place = FLE_PLACE_VPC,
                                 .type = FLE_TEXT("rds:db"),
                                 .zone = FLE_TEXT("use1-az1"),
                                 .vpc = FLE_TEXT("vpc-1"),
                                 .region = FLE_TEXT("us-east-1") };
    way.points[1] = way.points[0];
    way.points[1].type = FLE_TEXT("ec2:nat-gateway");
    way.points[1].zone = FLE_TEXT("use1-az2");
    way.points[2].place = FLE_PLACE_INTERNET;
    fle_legs_charge(rates, &way, &bill);
    must(bill.n <= FLE_BILL_LINES && bill.up <= way.up && bill.down <= way.down);
    must((bill.up + bill.down == 0) == (bill.reasons == 0));
    for (size_t i = 0; i < bill.n; i++)
        must(bill.lines[i].rate->meter == bill.lines[i].meter && bill.lines[i].bytes <= 16);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = size ? (const char *)data : "";
    fle_rates rates = fle_rates_builtin;
    fle_allocator allocator;
    fle_arena arena;
    fle_yaml *document;
    flowenrich_error error;
    flowenrich_status status;

    fle_allocator_init(&allocator, NULL);
    fle_arena_init(&arena, &allocator);
    if (fle_offer_is(text, size))
        status = fle_offer_read(&rates, text, size, 1, &arena, &error);
    else {
        status = fle_yaml_read(&document, text, size, &arena, &error);
        if (status == FLOWENRICH_OK)
            status = fle_rates_read(&rates, document, &arena, &error);
    }
    must(status == FLOWENRICH_OK || error.status == status);
    must_find(&rates);
    must_not_cost_less(&rates);
    must_charge(&rates);
    fle_arena_free(&arena);
    return 0;
}
