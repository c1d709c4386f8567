/* SPDX-License-Identifier: Apache-2.0 */
/* AWS's price list files: the offers of AmazonEC2, AmazonVPC and AWSDataTransfer. */
#include "charge/offer.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json_scan.h"
#include "base/json_tree.h"

/* A product whose price is a rate: of which meters, from where to where. */
typedef struct product {
    fle_meter meters[2]; /* the second may be FLE_N_METERS */
    flowenrich_text region, to;
} product;

typedef struct reader {
    const fle_allocator *allocator;
    fle_arena *arena;  /* for what stays */
    fle_arena scratch; /* for one product, or the terms of one */
    fle_map *by_sku;
    product *products;
    size_t n_products, products_capacity;
    fle_rate *found;
    size_t n_found, found_capacity;
    flowenrich_text offer, published, currency;
    flowenrich_text version; /* "AmazonEC2@20260911124544" */
    flowenrich_error *error;
} reader;

bool fle_offer_is(const char *data, size_t len)
{
    fle_json_scan scan = { data, data + len, NULL };

    return fle_json_scan_char(&scan, '{', "") &&
           (fle_json_scan_space(&scan), fle_json_scan_peek(&scan) == '"');
}

static flowenrich_status refuse(reader *r, const fle_json_scan *scan, const char *begin)
{
    return fle_error_at(r->error, FLOWENRICH_ERR_SYNTAX, 0, 0, (size_t)(scan->at - begin),
                        "the price list is broken: %s should stand at byte %zu", scan->expected,
                        (size_t)(scan->at - begin));
}

/* Hand each member of an object on. What is broken is refused with its place in 'whole'. */
static flowenrich_status each(reader *r, flowenrich_text object, const char *whole,
                              flowenrich_status (*take)(reader *, flowenrich_text key,
                                                        flowenrich_text value, void *ctx),
                              void *ctx)
{
    fle_json_scan scan = { object.data, object.data + object.len, NULL };
    bool first = true, more = true;
    flowenrich_status status = FLOWENRICH_OK;

    if (!fle_json_scan_char(&scan, '{', "an object"))
        return refuse(r, &scan, whole);
    while (status == FLOWENRICH_OK) {
        flowenrich_text key, value;

        if (!fle_json_scan_element(&scan, '}', &first, &more))
            return refuse(r, &scan, whole);
        if (!more)
            break;
        if (!fle_json_scan_key(&scan, &key) || !fle_json_scan_value(&scan, &value))
            return refuse(r, &scan, whole);
        status = take(r, key, value, ctx);
    }
    return status;
}

/* Read a small part as a tree, which is good until the next one. */
static flowenrich_status read_tree(reader *r, flowenrich_text text, const fle_json **out)
{
    size_t at = 0;

    fle_arena_clear(&r->scratch);
    return fle_json_read(out, text.data, text.len, &at, &r->scratch, r->error);
}

/* Without the prefix of a region: "USE2-NatGateway-Bytes", and of us-east-1 "NatGateway-Bytes". */
static flowenrich_text without_prefix(flowenrich_text usage)
{
    for (size_t i = 0; i < usage.len; i++) {
        const char c = usage.data[i];

        if (c == '-' && i > 0)
            return fle_text(usage.data + i + 1, usage.len - i - 1);
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
            break;
    }
    return usage;
}

static flowenrich_text attribute(const fle_json *attributes, const char *key)
{
    return fle_json_text(fle_json_get(attributes, key));
}

/*
 * What a product is a rate of: told by its usage type, which for those of one name
 * is the same in all offers, and by what keeps products of other services apart.
 */
static bool tell_meters(const fle_json *attributes, product *out)
{
    static const struct {
        const char *usage, *operation;
        fle_meter meter;
    } processing[] = {
        { "NatGateway-Bytes", "NatGateway", FLE_METER_NAT_GATEWAY },
        { "VpcEndpoint-Bytes", "VpcEndpoint", FLE_METER_INTERFACE_ENDPOINT },
        { "TransitGateway-Bytes", "TransitGatewayVPC", FLE_METER_TRANSIT_GATEWAY },
    };
    const flowenrich_text usage = without_prefix(attribute(attributes, "usagetype"));
    const flowenrich_text transfer = attribute(attributes, "transferType");

    out->region = attribute(attributes, "regionCode");
    out->to = fle_text(NULL, 0);
    out->meters[1] = FLE_N_METERS;
    for (size_t i = 0; i < sizeof processing / sizeof *processing; i++)
        if (fle_text_is(usage, processing[i].usage) &&
            fle_text_is(attribute(attributes, "operation"), processing[i].operation)) {
            out->meters[0] = processing[i].meter;
            return out->region.len > 0;
        }
    out->region = attribute(attributes, "fromRegionCode");
    if (fle_text_is(transfer, "IntraRegion") && fle_text_is(usage, "DataTransfer-Regional-Bytes")) {
        out->meters[0] = FLE_METER_CROSS_AZ;
        out->meters[1] = FLE_METER_PUBLIC_ADDRESS;
    } else if (fle_text_is(transfer, "AWS Outbound") &&
               fle_text_is(usage, "DataTransfer-Out-Bytes") &&
               fle_text_is(attribute(attributes, "toLocation"), "External")) {
        out->meters[0] = FLE_METER_INTERNET;
    } else if (fle_text_is(transfer, "InterRegion Outbound") &&
               fle_text_is(without_prefix(usage), "AWS-Out-Bytes")) {
        out->meters[0] = FLE_METER_INTER_REGION;
        out->to = attribute(attributes, "toRegionCode");
        return out->region.len > 0 && out->to.len > 0;
    } else {
        return false;
    }
    return out->region.len > 0;
}

static flowenrich_status take_product(reader *r, flowenrich_text sku, flowenrich_text value,
                                      void *ctx)
{
    const fle_json *tree;
    const flowenrich_status status = read_tree(r, value, &tree);
    product *products, made;

    (void)ctx;
    if (status != FLOWENRICH_OK || !tell_meters(fle_json_get(tree, "attributes"), &made) ||
        fle_map_find(r->by_sku, sku.data, sku.len))
        return status;
    products = fle_grow(r->allocator, r->products, &r->products_capacity, r->n_products + 1,
                        sizeof *products);
    if (!products)
        return fle_error_nomem(r->error);
    r->products = products;
    if (!fle_arena_text(r->arena, made.region.data, made.region.len, &made.region) ||
        !fle_arena_text(r->arena, made.to.data, made.to.len, &made.to) ||
        !fle_map_add(r->by_sku, sku.data, sku.len, (uint32_t)r->n_products))
        return fle_error_nomem(r->error);
    products[r->n_products++] = made;
    return status;
}

static flowenrich_status add_rate(reader *r, const fle_rate *rate)
{
    fle_rate *found =
        fle_grow(r->allocator, r->found, &r->found_capacity, r->n_found + 1, sizeof *found);

    if (!found)
        return fle_error_nomem(r->error);
    r->found = found;
    found[r->n_found++] = *rate;
    return FLOWENRICH_OK;
}

/* A price by the gigabyte, in the currency that is asked for: others aren't rates of ours. */
static bool read_dimension(reader *r, const fle_json *dimension, fle_rate *rate)
{
    const fle_json *prices = fle_json_get(dimension, "pricePerUnit");
    flowenrich_text price = { NULL, 0 };
    uint64_t above;

    for (size_t i = 0; fle_json_is_object(prices) && i < prices->n; i++)
        if (fle_text_equal(prices->items[i].key, r->currency))
            price = fle_json_text(&prices->items[i]);
    if (!fle_text_is(fle_json_text(fle_json_get(dimension, "unit")), "GB") ||
        !fle_text_u64(fle_json_text(fle_json_get(dimension, "beginRange")), &above) ||
        above > UINT32_MAX || !fle_rates_price(price, &rate->price))
        return false;
    rate->above = (uint32_t)above;
    return true;
}

static flowenrich_status add_term(reader *r, const fle_json *term, const product *of)
{
    const fle_json *dimensions = fle_json_get(term, "priceDimensions");
    const flowenrich_text since = fle_json_text(fle_json_get(term, "effectiveDate"));
    fle_rate rate = { .region = of->region, .to = of->to, .version = r->version };
    flowenrich_status status = FLOWENRICH_OK;

    if (!fle_json_is_object(dimensions) || !fle_date_parse(since.data, since.len, &rate.since))
        return status;
    for (size_t i = 0; i < dimensions->n; i++) {
        if (!read_dimension(r, &dimensions->items[i], &rate))
            continue;
        for (size_t j = 0; j < 2 && status == FLOWENRICH_OK; j++) {
            rate.meter = of->meters[j];
            if (rate.meter != FLE_N_METERS)
                status = add_rate(r, &rate);
        }
    }
    return status;
}

static flowenrich_status take_sku(reader *r, flowenrich_text sku, flowenrich_text value, void *ctx)
{
    const uint32_t *number = fle_map_find(r->by_sku, sku.data, sku.len);
    flowenrich_status status = FLOWENRICH_OK;
    const fle_json *tree;

    (void)ctx;
    if (!number)
        return status;
    status = read_tree(r, value, &tree);
    for (size_t i = 0; status == FLOWENRICH_OK && fle_json_is_object(tree) && i < tree->n; i++)
        status = add_term(r, &tree->items[i], &r->products[*number]);
    return status;
}

/* The parts of a file, whatever order they stand in. */
typedef struct parts {
    flowenrich_text products, terms, on_demand;
} parts;

static flowenrich_status take_part(reader *r, flowenrich_text key, flowenrich_text value, void *ctx)
{
    parts *of = ctx;

    if (fle_text_is(key, "products"))
        of->products = value;
    else if (fle_text_is(key, "terms"))
        of->terms = value;
    else if (fle_text_is(key, "OnDemand"))
        of->on_demand = value;
    else if (fle_text_is(key, "offerCode") && value.len > 1)
        r->offer = fle_text(value.data + 1, value.len - 2);
    else if (fle_text_is(key, "version") && value.len > 1)
        r->published = fle_text(value.data + 1, value.len - 2);
    return FLOWENRICH_OK;
}

static flowenrich_status make_version(reader *r)
{
    const size_t len = r->offer.len + 1 + r->published.len;
    char *data = fle_arena_alloc(r->arena, len);

    if (!data)
        return fle_error_nomem(r->error);
    memcpy(data, r->offer.data, r->offer.len);
    data[r->offer.len] = '@';
    if (r->published.len)
        memcpy(data + r->offer.len + 1, r->published.data, r->published.len);
    r->version = fle_text(data, len);
    return FLOWENRICH_OK;
}

static flowenrich_status read_parts(reader *r, const char *data, size_t len)
{
    parts of = { 0 };
    flowenrich_status status = each(r, fle_text(data, len), data, take_part, &of);

    if (status != FLOWENRICH_OK)
        return status;
    if (!r->offer.len || !of.products.len || !of.terms.len)
        return fle_error(r->error, FLOWENRICH_ERR_SYNTAX, "the JSON is no price list: it lacks %s",
                         !r->offer.len      ? "offerCode"
                         : !of.products.len ? "products"
                                            : "terms");
    status = make_version(r);
    if (status == FLOWENRICH_OK)
        status = each(r, of.products, data, take_product, NULL);
    if (status == FLOWENRICH_OK)
        status = each(r, of.terms, data, take_part, &of);
    if (status == FLOWENRICH_OK && of.on_demand.len)
        status = each(r, of.on_demand, data, take_sku, NULL);
    return status;
}

static int compare(const void *a, const void *b)
{
    return fle_rate_compare(a, b);
}

/* Of several products of one price one is kept; of different ones none, since which isn't told. */
static void drop_doubles(reader *r)
{
    size_t kept = 0;

    qsort(r->found, r->n_found, sizeof *r->found, compare);
    for (size_t i = 0, next; i < r->n_found; i = next) {
        bool same = true;

        for (next = i + 1; next < r->n_found; next++) {
            if (fle_rate_compare(&r->found[i], &r->found[next]) != 0)
                break;
            same = same && r->found[next].price == r->found[i].price;
        }
        if (same)
            r->found[kept++] = r->found[i];
    }
    r->n_found = kept;
}

flowenrich_status fle_offer_read(fle_rates *rates, const char *data, size_t len, uint64_t hash_seed,
                                 fle_arena *arena, flowenrich_error *error)
{
    reader r = {
        .allocator = arena->allocator, .arena = arena, .currency = rates->currency, .error = error
    };
    flowenrich_status status;

    fle_arena_init(&r.scratch, arena->allocator);
    r.by_sku = fle_map_new(arena->allocator, hash_seed);
    status = r.by_sku ? read_parts(&r, data, len) : fle_error_nomem(error);
    if (status == FLOWENRICH_OK && r.n_found > 0)
        drop_doubles(&r);
    if (status == FLOWENRICH_OK && r.n_found == 0)
        status = fle_error(error, FLOWENRICH_ERR_SYNTAX,
                           "the price list of %.*s has no rate in %.*s that is known here: "
                           "AmazonEC2, AmazonVPC and AWSDataTransfer have some",
                           (int)(r.offer.len < 40 ? r.offer.len : 40), r.offer.data,
                           (int)(r.currency.len < 8 ? r.currency.len : 8), r.currency.data);
    if (status == FLOWENRICH_OK && !fle_rates_add(rates, r.found, r.n_found, arena))
        status = fle_error_nomem(error);
    fle_free(arena->allocator, r.products);
    fle_free(arena->allocator, r.found);
    fle_map_free(r.by_sku);
    fle_arena_free(&r.scratch);
    return status;
}
