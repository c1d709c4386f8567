/* SPDX-License-Identifier: Apache-2.0 */
/* The stage that says what conversations cost. */
#include "charge/tariff.h"

#include "base/error.h"
#include "base/number.h"
#include "charge/offer.h"
#include "charge/rates_yaml.h"
#include "charge/way.h"
#include "record/list.h"

struct flowenrich_tariff {
    fle_allocator allocator;
    uint64_t hash_seed;
    fle_arena arena; /* what was loaded */
    fle_rates rates;
};

/* What is added to a batch, and of what type: that of the items, if it is a list. */
typedef enum output {
    OUT_METER,
    OUT_PAYER,
    OUT_REGION,
    OUT_CURRENCY,
    OUT_RATE,
    OUT_PRICE,
    OUT_UNIT,
    OUT_BYTES,
    OUT_AMOUNT,
    OUT_UNCOSTED,
    OUT_UNCOSTED_BYTES,
    N_OUTPUTS
} output;

static const struct {
    const char *path;
    uint32_t type;
} outputs[N_OUTPUTS] = {
    [OUT_METER] = { "charges.meter", FLOWENRICH_TYPE_TEXT },
    [OUT_PAYER] = { "charges.payer", FLOWENRICH_TYPE_TEXT },
    [OUT_REGION] = { "charges.region", FLOWENRICH_TYPE_TEXT },
    [OUT_CURRENCY] = { "charges.currency", FLOWENRICH_TYPE_TEXT },
    [OUT_RATE] = { "charges.rate", FLOWENRICH_TYPE_TEXT },
    [OUT_PRICE] = { "charges.price", FLOWENRICH_TYPE_U64 },
    [OUT_UNIT] = { "charges.unit", FLOWENRICH_TYPE_U64 },
    [OUT_BYTES] = { "charges.bytes", FLOWENRICH_TYPE_U64 },
    [OUT_AMOUNT] = { "charges.amount", FLOWENRICH_TYPE_U64 },
    [OUT_UNCOSTED] = { "uncosted", FLOWENRICH_TYPE_TEXT },
    [OUT_UNCOSTED_BYTES] = { "uncosted_bytes", FLOWENRICH_TYPE_U64 },
};

/* A batch that is being charged. */
typedef struct charging {
    const fle_rates *rates;
    flowenrich_batch *batch;
    fle_column *columns[N_OUTPUTS];
    flowenrich_text currency;
    struct {
        const fle_rate *rate;
        flowenrich_text version;
    } versions[FLE_N_METERS]; /* the last ones that were copied into the batch */
} charging;

flowenrich_status flowenrich_tariff_new(flowenrich_tariff **out, const char *rates, size_t len,
                                        const flowenrich_options *options, flowenrich_error *error)
{
    flowenrich_options opt = FLOWENRICH_OPTIONS_INIT;
    flowenrich_tariff *tariff;
    fle_allocator allocator;
    flowenrich_status status;

    if (!out)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'out' is NULL");
    *out = NULL;
    status = fle_options_import(&opt, sizeof opt, options, error);
    if (status != FLOWENRICH_OK)
        return status;
    fle_allocator_init(&allocator, opt.allocator);
    tariff = fle_alloc_zeroed(&allocator, sizeof *tariff);
    if (!tariff)
        return fle_error_nomem(error);
    tariff->allocator = allocator;
    tariff->hash_seed = opt.hash_seed;
    tariff->rates = fle_rates_builtin;
    fle_arena_init(&tariff->arena, &tariff->allocator);
    if (len > 0)
        status = flowenrich_tariff_load(tariff, rates, len, error);
    if (status != FLOWENRICH_OK) {
        flowenrich_tariff_free(tariff);
        return status;
    }
    *out = tariff;
    return fle_error_ok(error);
}

void flowenrich_tariff_free(flowenrich_tariff *tariff)
{
    fle_allocator allocator;

    if (!tariff)
        return;
    allocator = tariff->allocator;
    fle_arena_free(&tariff->arena);
    fle_free(&allocator, tariff);
}

flowenrich_status fle_tariff_read(flowenrich_tariff *tariff, const fle_yaml *document,
                                  flowenrich_error *error)
{
    return fle_rates_read(&tariff->rates, document, &tariff->arena, error);
}

flowenrich_status flowenrich_tariff_load(flowenrich_tariff *tariff, const char *rates, size_t len,
                                         flowenrich_error *error)
{
    flowenrich_status status;
    fle_yaml *document;

    if (!tariff || (!rates && len > 0))
        return fle_error(error, FLOWENRICH_ERR_ARG, "'tariff' or 'rates' is NULL");
    if (fle_offer_is(rates, len))
        status =
            fle_offer_read(&tariff->rates, rates, len, tariff->hash_seed, &tariff->arena, error);
    else {
        status = fle_yaml_read(&document, rates, len, &tariff->arena, error);
        if (status == FLOWENRICH_OK)
            status = fle_tariff_read(tariff, document, error);
    }
    return status == FLOWENRICH_OK ? fle_error_ok(error) : status;
}

static bool add_columns(charging *c)
{
    for (size_t i = 0; i < N_OUTPUTS; i++) {
        const flowenrich_text path = fle_text_of(outputs[i].path);

        if (!(i == OUT_UNCOSTED_BYTES ? fle_batch_add(c->batch, path, outputs[i].type)
                                      : fle_batch_add_list(c->batch, path, outputs[i].type)))
            return false;
    }
    for (size_t i = 0; i < N_OUTPUTS; i++) {
        c->columns[i] = fle_batch_find(c->batch, fle_text_of(outputs[i].path));
        memset(c->columns[i]->validity, 0, (c->batch->rows + 7) / 8);
    }
    return fle_arena_text(&c->batch->arena, c->rates->currency.data, c->rates->currency.len,
                          &c->currency);
}

/* A rate's version, in the batch's memory: the tariff may be gone before its rows are. */
static bool keep_version(charging *c, const fle_line *line, flowenrich_text *out)
{
    if (c->versions[line->meter].rate != line->rate) {
        const flowenrich_text version = line->rate->version;

        if (!fle_arena_text(&c->batch->arena, version.data, version.len,
                            &c->versions[line->meter].version))
            return false;
        c->versions[line->meter].rate = line->rate;
    }
    *out = c->versions[line->meter].version;
    return true;
}

static bool write_line(charging *c, size_t row, const fle_line *line)
{
    const uint64_t price = line->rate->price;
    const uint64_t amount = fle_rates_amount(line->bytes, price, c->rates->unit);
    fle_column *const *to = c->columns;
    flowenrich_batch *batch = c->batch;
    flowenrich_text version;

    return keep_version(c, line, &version) &&
           fle_list_add_kept(batch, to[OUT_METER], row,
                             fle_text_of(fle_meter_names[line->meter])) &&
           fle_list_add_kept(batch, to[OUT_PAYER], row, line->payer) &&
           fle_list_add_kept(batch, to[OUT_REGION], row, line->region) &&
           fle_list_add_kept(batch, to[OUT_CURRENCY], row, c->currency) &&
           fle_list_add_kept(batch, to[OUT_RATE], row, version) &&
           fle_list_add_u64(batch, to[OUT_PRICE], row, price) &&
           fle_list_add_u64(batch, to[OUT_UNIT], row, c->rates->unit) &&
           fle_list_add_u64(batch, to[OUT_BYTES], row, line->bytes) &&
           fle_list_add_u64(batch, to[OUT_AMOUNT], row, amount);
}

static bool write_bill(charging *c, size_t row, const fle_bill *bill)
{
    for (size_t i = 0; i < bill->n; i++)
        if (!write_line(c, row, &bill->lines[i]))
            return false;
    for (size_t i = 0; i < FLE_N_UNCOSTED; i++)
        if (bill->reasons >> i & 1 && !fle_list_add_kept(c->batch, c->columns[OUT_UNCOSTED], row,
                                                         fle_text_of(fle_uncosted_names[i])))
            return false;
    fle_column_set_u64(c->columns[OUT_UNCOSTED_BYTES], row, fle_plus(bill->up, bill->down));
    return true;
}

flowenrich_status flowenrich_tariff_charge(const flowenrich_tariff *tariff, flowenrich_batch *batch,
                                           flowenrich_error *error)
{
    charging c;
    fle_way_columns columns;
    fle_way way;
    fle_bill bill;

    if (!tariff || !batch)
        return fle_error(error, FLOWENRICH_ERR_ARG, "'tariff' or 'batch' is NULL");
    if (batch->level != FLE_LEVEL_CONVERSATION)
        return fle_error(error, FLOWENRICH_ERR_ARG,
                         "only conversations have costs: a record's bytes may be others' again");
    memset(&c, 0, sizeof c);
    c.rates = &tariff->rates;
    c.batch = batch;
    if (!add_columns(&c))
        return fle_error_nomem(error);
    fle_way_open(&columns, batch);
    for (size_t row = 0; row < batch->rows; row++) {
        if (!fle_way_read(&way, &columns, batch, row))
            continue;
        fle_legs_charge(&tariff->rates, &way, &bill);
        if (!write_bill(&c, row, &bill))
            return fle_error_nomem(error);
    }
    return fle_error_ok(error);
}

flowenrich_status flowenrich_tariff_month(const flowenrich_tariff *tariff, const char *meter,
                                          const char *region, flowenrich_time at, uint64_t bytes,
                                          uint64_t *free_bytes, uint64_t *amount,
                                          flowenrich_error *error)
{
    fle_meter number = 0;
    uint64_t most;

    if (!tariff || !meter || !region || !free_bytes || !amount)
        return fle_error(error, FLOWENRICH_ERR_ARG, "an argument is NULL");
    while (number < FLE_N_METERS && strcmp(fle_meter_names[number], meter) != 0)
        number++;
    if (number == FLE_N_METERS)
        return fle_error(error, FLOWENRICH_ERR_ARG, "there is no meter '%.40s'", meter);
    most = fle_rates_allowance(&tariff->rates, number, at);
    if (*free_bytes > most)
        *free_bytes = most;
    if (!fle_rates_month(&tariff->rates, number, fle_text_of(region), at, bytes, free_bytes,
                         amount))
        return fle_error(error, FLOWENRICH_ERR_ARG, "there is no rate '%s' of %.40s then", meter,
                         region);
    return fle_error_ok(error);
}
