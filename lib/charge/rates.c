/* SPDX-License-Identifier: Apache-2.0 */
/* Looking up what a gigabyte costs, and what bytes come to. */
#include "charge/rates.h"

#include <stdlib.h>

#include "base/number.h"
#include "record/identity.h"

#include "charge/rates_builtin.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *const fle_meter_names[FLE_N_METERS] = {
    [FLE_METER_CROSS_AZ] = "cross-az",
    [FLE_METER_PUBLIC_ADDRESS] = "public-address",
    [FLE_METER_INTER_REGION] = "inter-region",
    [FLE_METER_INTERNET] = "internet",
    [FLE_METER_NAT_GATEWAY] = "nat-gateway",
    [FLE_METER_TRANSIT_GATEWAY] = "transit-gateway",
    [FLE_METER_INTERFACE_ENDPOINT] = "interface-endpoint",
    [FLE_METER_PRIVATE_GATEWAY] = "virtual-private-gateway",
};

const char *const fle_uncosted_names[FLE_N_UNCOSTED] = {
    [FLE_UNCOSTED_PATH] = "path-unknown",
    [FLE_UNCOSTED_ZONE] = "zone-unknown",
    [FLE_UNCOSTED_REGION] = "region-unknown",
    [FLE_UNCOSTED_RATE] = "no-rate",
    [FLE_UNCOSTED_SERVICE] = "service-unlisted",
    [FLE_UNCOSTED_SENT_BY_SERVICE] = "sent-by-service",
    [FLE_UNCOSTED_PRIVATE_GATEWAY] = "virtual-private-gateway",
    [FLE_UNCOSTED_LOCAL_GATEWAY] = "local-gateway",
    [FLE_UNCOSTED_GATEWAY_PEERING] = "transit-gateway-peering",
    [FLE_UNCOSTED_OUTSIDE] = "transit-gateway-from-outside",
    [FLE_UNCOSTED_LOAD_BALANCER] = "load-balancer-capacity",
    [FLE_UNCOSTED_GATEWAY_LOAD_BALANCER] = "gateway-load-balancer",
    [FLE_UNCOSTED_ACCELERATOR] = "global-accelerator",
    [FLE_UNCOSTED_LATTICE] = "vpc-lattice",
    [FLE_UNCOSTED_LOCAL_ZONE] = "local-zone",
    [FLE_UNCOSTED_REFUSED] = "refused-in-part",
    [FLE_UNCOSTED_PUBLIC] = "internet-or-service",
};

const fle_rates fle_rates_builtin = {
    .currency = FLE_RATES_CURRENCY,
    .unit = FLE_RATES_UNIT,
    .items = builtin_rates,
    .n = COUNT(builtin_rates),
    .allowances = builtin_allowances,
    .n_allowances = COUNT(builtin_allowances),
    .kinds = builtin_kinds,
    .n_kinds = COUNT(builtin_kinds),
    .free_services = builtin_free_services,
    .n_free_services = COUNT(builtin_free_services),
};

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* By what they are of; those of one are beside one another. */
static int compare_subjects(const fle_rate *a, const fle_rate *b)
{
    int order = compare_numbers(a->meter, b->meter);

    if (!order)
        order = fle_text_compare(a->region, b->region);
    return order ? order : fle_text_compare(a->to, b->to);
}

int fle_rate_compare(const fle_rate *a, const fle_rate *b)
{
    int order = compare_subjects(a, b);

    if (!order)
        order = compare_numbers(a->since, b->since);
    return order ? order : compare_numbers(a->above, b->above);
}

/* The first rate of a subject, or where it would be. */
static size_t lower_bound(const fle_rates *rates, const fle_rate *subject)
{
    size_t low = 0, high = rates->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (compare_subjects(&rates->items[middle], subject) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * The rate of a subject that holds at a time from 'gigabytes' of the month on.
 * Those of one day belong together: of the last day that isn't after 'at', the
 * last tier that isn't above.
 */
static const fle_rate *find_subject(const fle_rates *rates, const fle_rate *subject,
                                    flowenrich_time at, uint64_t gigabytes)
{
    const fle_rate *found = NULL;

    for (size_t i = lower_bound(rates, subject); i < rates->n; i++) {
        const fle_rate *rate = &rates->items[i];

        if (compare_subjects(rate, subject) != 0 || rate->since > at)
            break;
        if (rate->above <= gigabytes)
            found = rate;
    }
    return found;
}

static const fle_rate *find(const fle_rates *rates, fle_rate subject, flowenrich_time at,
                            uint64_t gigabytes)
{
    const flowenrich_text all = FLE_TEXT("all"), region = subject.region, to = subject.to;
    const fle_rate *found = find_subject(rates, &subject, at, gigabytes);

    if (!found && to.len) {
        subject.to = all;
        found = find_subject(rates, &subject, at, gigabytes);
    }
    if (found || !fle_text_is(fle_partition_of(region), "aws"))
        return found;
    subject.region = all;
    subject.to = to;
    return find_subject(rates, &subject, at, gigabytes);
}

const fle_rate *fle_rates_find(const fle_rates *rates, fle_meter meter, flowenrich_text region,
                               flowenrich_text to, flowenrich_time at)
{
    return find(rates, (fle_rate){ .meter = meter, .region = region, .to = to }, at,
                rates->usage[meter]);
}

const fle_kind_rule *fle_rates_kind(const fle_rates *rates, flowenrich_text type)
{
    static const fle_kind_rule silent = { .processes = FLE_N_METERS, .hides = FLE_N_UNCOSTED };

    for (size_t i = rates->n_kinds; i-- > 0;) /* what was read last is before what is built in */
        if (fle_text_equal(rates->kinds[i].type, type))
            return &rates->kinds[i];
    return &silent;
}

bool fle_rates_is_free(const fle_rates *rates, flowenrich_text service)
{
    for (size_t i = 0; i < rates->n_free_services; i++)
        if (fle_text_equal(rates->free_services[i], service))
            return true;
    return false;
}

/*
 * Whole gigabytes and the rest apart, so that nothing is lost: the rest is below
 * 2^30 and a price below 2^34, which makes a product below 2^64.
 */
uint64_t fle_rates_amount(uint64_t bytes, uint64_t price, uint32_t unit)
{
    const uint64_t whole = bytes / unit, rest = bytes % unit * price / unit;

    if (price && whole > (UINT64_MAX - rest) / price)
        return UINT64_MAX;
    return whole * price + rest;
}

uint64_t fle_rates_allowance(const fle_rates *rates, fle_meter meter, flowenrich_time at)
{
    uint64_t gigabytes = 0;

    for (size_t i = 0; i < rates->n_allowances; i++)
        if (rates->allowances[i].meter == meter && rates->allowances[i].since <= at)
            gigabytes = rates->allowances[i].gigabytes;
    return gigabytes > rates->usage[meter] ? (gigabytes - rates->usage[meter]) * rates->unit : 0;
}

/* Where the tier ends that begins at 'rate'; UINT64_MAX if it is the last one. */
static uint64_t end_of_tier(const fle_rates *rates, const fle_rate *rate)
{
    const fle_rate *next = rate + 1;

    if (next == rates->items + rates->n || compare_subjects(next, rate) != 0 ||
        next->since != rate->since)
        return UINT64_MAX;
    return next->above;
}

bool fle_rates_month(const fle_rates *rates, fle_meter meter, flowenrich_text region,
                     flowenrich_time at, uint64_t bytes, uint64_t *allowance, uint64_t *amount)
{
    const fle_rate subject = { .meter = meter, .region = region };
    const uint64_t is_free = bytes < *allowance ? bytes : *allowance;
    uint64_t used = rates->usage[meter] * rates->unit + is_free;

    *amount = 0;
    *allowance -= is_free;
    for (bytes -= is_free; bytes > 0;) {
        const fle_rate *rate = find(rates, subject, at, used / rates->unit);
        uint64_t end, part = bytes;

        if (!rate)
            return false;
        end = end_of_tier(rates, rate);
        if (end != UINT64_MAX && end * rates->unit - used < part)
            part = end * rates->unit - used;
        *amount = fle_plus(*amount, fle_rates_amount(part, rate->price, rates->unit));
        used += part;
        bytes -= part;
    }
    return true;
}

static bool covers(flowenrich_text wide, flowenrich_text narrow)
{
    return fle_text_equal(wide, narrow) || (fle_text_is(wide, "all") && narrow.len);
}

/*
 * One of all regions covers those of each, at any time, since these would come
 * before it; one of the same subject only what began no earlier.
 */
static bool is_covered(const fle_rate *rate, const fle_rate *by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (by[i].meter == rate->meter && covers(by[i].region, rate->region) &&
            covers(by[i].to, rate->to) &&
            (by[i].since <= rate->since || compare_subjects(&by[i], rate) != 0))
            return true;
    return false;
}

static int compare(const void *a, const void *b)
{
    return fle_rate_compare(a, b);
}

bool fle_rates_add(fle_rates *rates, const fle_rate *added, size_t n, fle_arena *arena)
{
    fle_rate *all = fle_arena_alloc(arena, (rates->n + n + 1) * sizeof *all);
    size_t total = 0;

    if (!all)
        return false;
    for (size_t i = 0; i < rates->n; i++)
        if (!is_covered(&rates->items[i], added, n))
            all[total++] = rates->items[i];
    for (size_t i = 0; i < n; i++)
        all[total++] = added[i];
    qsort(all, total, sizeof *all, compare);
    rates->items = all;
    rates->n = total;
    return true;
}

bool fle_rates_price(flowenrich_text text, uint64_t *out)
{
    uint64_t price = 0;
    size_t i, decimals = 0, digits = 0;

    for (i = 0; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++, digits++)
        if ((price = price * 10 + (uint64_t)(text.data[i] - '0')) > FLE_MAX_PRICE)
            return false;
    if (i < text.len && text.data[i] == '.')
        for (i++; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++, digits++) {
            if (decimals == 9 && text.data[i] != '0')
                return false;
            if (decimals < 9 &&
                (price = price * 10 + (uint64_t)(text.data[i] - '0')) > FLE_MAX_PRICE)
                return false;
            decimals += decimals < 9;
        }
    if (i < text.len || digits == 0)
        return false;
    for (; decimals < 9; decimals++)
        if ((price *= 10) > FLE_MAX_PRICE)
            return false;
    *out = price;
    return true;
}
