/* SPDX-License-Identifier: Apache-2.0 */
/* Documents in the shape of data/rates/aws.yaml. */
#ifndef FLE_CHARGE_RATES_YAML_H
#define FLE_CHARGE_RATES_YAML_H

#include "base/yaml.h"
#include "charge/rates.h"

/*
 * Put what a document says before what 'rates' has. What is read lives in 'arena',
 * and so must the document. ERR_SYNTAX with line and column, ERR_NOMEM; '*rates'
 * is untouched then.
 */
flowenrich_status fle_rates_read(fle_rates *rates, const fle_yaml *document, fle_arena *arena,
                                 flowenrich_error *error);

#endif
