/* SPDX-License-Identifier: Apache-2.0 */
/* The tariff, from the inside. */
#ifndef FLE_CHARGE_TARIFF_H
#define FLE_CHARGE_TARIFF_H

#include "base/yaml.h"

/* As flowenrich_tariff_load(), of a document that was read and lives as long as the tariff. */
flowenrich_status fle_tariff_read(flowenrich_tariff *tariff, const fle_yaml *document,
                                  flowenrich_error *error);

#endif
