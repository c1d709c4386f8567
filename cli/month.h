/* SPDX-License-Identifier: Apache-2.0 */
/* What a month would cost that goes on like the logs. */
#ifndef CLI_MONTH_H
#define CLI_MONTH_H

#include <stdint.h>

#include "flowenrich.h"
#include "outcome.h"

typedef struct month {
    flowenrich_time first, last; /* of the logs; FLOWENRICH_TIME_ABSENT if they have no times */
    uint64_t listed;             /* nano-units of a month for the internet, at the listed rate */
    uint64_t tiered;             /* the same by the tiers that so much reaches */
    uint64_t allowance;          /* of the month's free bytes, those not used so far */
    char currency[16];
} month;

void month_init(month *of, flowenrich_time first, flowenrich_time last);

/* Nano-units, or bytes, of a month that come to so many in the time of the logs. */
uint64_t month_sum(const month *of, uint64_t sum);

/* Groups by meter, region and currency: what tiers would make of the internet's. */
outcome month_add(month *of, const flowenrich_tariff *tariff, flowenrich_batch *groups);

/* What the tables can't say of themselves. */
void month_tell(const month *of);

#endif
