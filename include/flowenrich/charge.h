/* SPDX-License-Identifier: Apache-2.0 */
/** @file What conversations cost. */
#ifndef FLOWENRICH_CHARGE_H
#define FLOWENRICH_CHARGE_H

#include "batch.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What bytes cost: rates by region and day, and the rules who is charged for what.
 *
 * AWS's own rates are built in, as far as there is a source for them (data/rates).
 * docs/costs.md says which, how they are applied, and what can't be known.
 */
typedef struct flowenrich_tariff flowenrich_tariff;

/**
 * Make a tariff.
 *
 * @param rates  A document as for flowenrich_tariff_load(). May be NULL if `len` is 0: what
 *               is built in.
 * @return as flowenrich_tariff_load(), or ERR_ARG.
 */
FLOWENRICH_API flowenrich_status flowenrich_tariff_new(flowenrich_tariff **out, const char *rates,
                                                       size_t len,
                                                       const flowenrich_options *options,
                                                       flowenrich_error *error);
FLOWENRICH_API void flowenrich_tariff_free(flowenrich_tariff *tariff);

/**
 * Load rates, which go before those that are there.
 *
 * Either YAML in the shape of data/rates/aws.yaml, which may also change the unit (GB
 * or GiB), the month's usage before, who is charged for which kind of resource, and
 * which services are free; or a price list file of AWS's (the offers of AmazonEC2,
 * AmazonVPC and AWSDataTransfer, as JSON).
 *
 * @return OK; ERR_SYNTAX, with line and column of YAML; ERR_UNSUPPORTED (YAML, in a library
 *         without libyaml); ERR_ARG; ERR_NOMEM. The tariff is as it was after a failure.
 */
FLOWENRICH_API flowenrich_status flowenrich_tariff_load(flowenrich_tariff *tariff,
                                                        const char *rates, size_t len,
                                                        flowenrich_error *error);

/**
 * Say what the bytes of conversations cost.
 *
 * Adds lines to each row, as parallel lists: `charges.meter`, `.payer` (account; empty if it
 * isn't known), `.region`, `.currency`, `.rate` (the source of the price and since when it
 * holds), `.bytes`, `.price` (nano-units of the currency for `.unit` bytes) and `.amount` =
 * bytes x price / unit in nano-units, rounded down. To add up lines without adding up what
 * was cut off, add up their bytes: flowenrich_aggregator_add() does.
 *
 * What couldn't be costed is in `uncosted_bytes`, and why in `uncosted`. Bytes that were
 * refused have neither. A row's amounts depend on that row alone, so a reversal has those
 * of the rows that it takes back.
 *
 * @param batch  Conversations whose ends are named.
 * @return OK; ERR_ARG (rows of another kind); ERR_NOMEM: the batch can only be cleared.
 */
FLOWENRICH_API flowenrich_status flowenrich_tariff_charge(const flowenrich_tariff *tariff,
                                                          flowenrich_batch *batch,
                                                          flowenrich_error *error);

/**
 * What the bytes of one month cost in a region, tier by tier, behind the usage before.
 *
 * Lines are charged by the tier that the usage before has reached, whatever came between:
 * who of many conversations got the cheaper gigabytes is nobody's doing. This is for their
 * sum.
 *
 * @param meter      "internet", as `charges.meter` has it.
 * @param region     "us-east-1": the sender's.
 * @param at         By the rates of then. FLOWENRICH_TIME_END: by the last.
 * @param free_bytes In: of the month's free bytes, which are shared by all regions, how
 *                   many are left at most: UINT64_MAX at first. Out: how many are left.
 * @param amount     Receives nano-units of the currency.
 * @return OK; ERR_ARG: no such meter, or it has no rate there at that time.
 */
FLOWENRICH_API flowenrich_status flowenrich_tariff_month(const flowenrich_tariff *tariff,
                                                         const char *meter, const char *region,
                                                         flowenrich_time at, uint64_t bytes,
                                                         uint64_t *free_bytes, uint64_t *amount,
                                                         flowenrich_error *error);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_CHARGE_H */
