/* SPDX-License-Identifier: Apache-2.0 */
/* Why so few ends are named, and what would help: one sentence. */
#ifndef CLI_DIAGNOSIS_H
#define CLI_DIAGNOSIS_H

#include <stdbool.h>

#include "inventory.h"
#include "sightings.h"
#include "stats.h"

#define DIAGNOSIS_TEXT 768

/* @return Whether under half of the ends that should have an owner are named; then 'out' is set. */
bool diagnose(char out[DIAGNOSIS_TEXT], const stats *ends, const sightings *seen,
              const inventory *known);

#endif
