/* SPDX-License-Identifier: Apache-2.0 */
/* AWS's price list files: the offers of AmazonEC2, AmazonVPC and AWSDataTransfer. */
#ifndef FLE_CHARGE_OFFER_H
#define FLE_CHARGE_OFFER_H

#include "charge/rates.h"

/* Whether a document is JSON, as price lists are, and not YAML. */
bool fle_offer_is(const char *data, size_t len);

/*
 * Put the rates of a price list before what 'rates' has. What is read lives in
 * 'arena'. ERR_SYNTAX: it is no price list, or has no rate that is known; ERR_NOMEM.
 * '*rates' is untouched then.
 */
flowenrich_status fle_offer_read(fle_rates *rates, const char *data, size_t len, uint64_t hash_seed,
                                 fle_arena *arena, flowenrich_error *error);

#endif
